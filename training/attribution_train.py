"""Trains the tagger: config and PolNeAR -> run folder with a checkpoint.

    python -m training.attribution_train --config configs/attribution.yaml --polnear PATH

Started again with the same config, base and articles, a killed run goes on from the last epoch's
end, and a finished one is left as it is.
"""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from rich.console import Console
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch.optim.lr_scheduler import LambdaLR

from stance.attribution.extract import Extractor
from stance.cli import reports_errors
from stance.errors import ArtifactError, ConfigError
from stance.evaluation.labelled import read_articles
from stance.records import Span
from stance.settings import load_config
from training.attribution_articles import labelled_articles, marked
from training.attribution_config import AttributionConfig, OptimConfig
from training.attribution_labels import LabelledArticle, label_articles
from training.attribution_network import TaggerForTraining, build_network, tokenizer_of
from training.attribution_polnear import AnnotatedArticle, read_split
from training.attribution_soft import read_soft_labels, read_unlabelled
from training.attribution_windows import Batch, batches, window_ids
from training.base_models import fetch_base
from training.device import training_device
from training.provenance import files_sha256, weights_sha256
from training.run_folder import CONFIG_FILE, RunFolder
from training.seeds import seed_step

__all__ = ["WEIGHTS", "load_trained", "split_held_out", "train"]

WEIGHTS = "model.safetensors"
"""Name of the file in the run's checkpoint folder: `pytorch` names, single precision."""

_LOG_EVERY = 20
_console = Console(stderr=True)


def split_held_out(
    articles: list[AnnotatedArticle], count: int
) -> tuple[list[AnnotatedArticle], list[AnnotatedArticle]]:
    """(to train on, held out): every n-th article by name is held out, so all outlets are in."""
    step = max(1, len(articles) // count)
    held = set(range(step // 2, len(articles), step))
    train_on = [a for i, a in enumerate(articles) if i not in held]
    return train_on, [a for i, a in enumerate(articles) if i in held]


def train(config: AttributionConfig, polnear: Path) -> dict[str, Any]:
    """Train to the end, or what is left of it; returns what `metrics.json` holds.

    Deterministic for a seed on one kind of machine.

    Raises:
        InputError: PolNeAR cannot be read.
        ArtifactError: the base weights cannot be had.
        ConfigError: `held_out` leaves nothing to train on.
    """
    base = fetch_base(config.base)
    articles = read_split(polnear, "train")[: config.articles]
    chosen, _ = split_held_out(articles, config.held_out)
    if not chosen:
        raise ConfigError(f"held_out: {config.held_out} of {len(articles)} articles: none is left")
    inputs = {
        "base_sha256": weights_sha256(base),
        "articles": hashlib.sha256(repr(articles).encode()).hexdigest(),
    }
    for path in (config.soft_labels, *config.unlabelled, *config.labelled):
        if path is not None:
            inputs[path.name] = files_sha256([path])
    run = RunFolder(config.output)
    finished = run.begin(config, inputs)
    if finished is not None:
        _console.print(f"{config.output} is finished: same config, base and articles")
        return finished
    # Gradients of indexed features are summed in the order of threads otherwise.
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.manual_seed(config.seed)
    tokenizer = tokenizer_of(base)
    for path in config.unlabelled:
        chosen += read_unlabelled(path)
    labelled = label_articles(chosen, tokenizer)
    if config.soft_labels is not None:
        soft = read_soft_labels(config.soft_labels, chosen)
        labelled = [replace(one, soft=own) for one, own in zip(labelled, soft, strict=True)]
    network = build_network(base, config.layers, config.frozen)
    if config.labelled:
        reach = network.config.reach_left, network.config.reach_right
        labelled += _marked_by(base, config.labelled, tokenizer, reach)
    return _Training(config, run, network, labelled, window_ids(tokenizer)).fit()


def _marked_by(
    base: Path, files: Sequence[Path], tokenizer: Tokenizer, reach: Span
) -> list[LabelledArticle]:
    """Articles whose statements are labelled, marked with the help of a tagger."""
    extractor = Extractor.load(base)
    once = {
        path: labelled_articles(marked(read_articles(path), extractor), tokenizer, reach)
        for path in dict.fromkeys(files)
    }
    return [article for path in files for article in once[path]]


def load_trained(run: Path) -> tuple[AttributionConfig, TaggerForTraining, Tokenizer]:
    """Config, network and tokenizer of a finished run.

    Raises:
        ArtifactError: the run folder has no checkpoint.
    """
    weights = RunFolder(run).checkpoint / WEIGHTS
    if not weights.is_file():
        raise ArtifactError(f"{weights} is missing; run training.attribution_train first")
    config = load_config(run / CONFIG_FILE, AttributionConfig)
    base = fetch_base(config.base)
    network = build_network(base, config.layers, config.frozen)
    network.load_state_dict(load_file(weights))
    return config, network, tokenizer_of(base)


class _Training:
    """Network, optimizer and where the run stands."""

    def __init__(
        self,
        config: AttributionConfig,
        run: RunFolder,
        network: TaggerForTraining,
        articles: list[LabelledArticle],
        special: tuple[int, int, int, int],
    ) -> None:
        self.config, self.run, self.articles, self.special = config, run, articles, special
        self.device = torch.device(training_device())
        self.network = network.to(self.device)
        self.total = sum(config.optim.cycles)
        self.optimizer = torch.optim.AdamW(
            _groups(network, config), weight_decay=config.optim.weight_decay, fused=True
        )
        self.schedule = LambdaLR(self.optimizer, lambda step: _rate(step, config.optim))
        self.epoch = self.step = 0

    def fit(self) -> dict[str, Any]:
        """Go on to the last step; saves the state after each epoch, and the weights at the end."""
        self._resume()
        while self.step < self.total:
            self._one_epoch()
            self.epoch += 1
            self._save()
        self.run.checkpoint.mkdir(exist_ok=True)
        weights = {name: t.contiguous() for name, t in self.network.state_dict().items()}
        save_file(weights, self.run.checkpoint / WEIGHTS)
        return self.run.finish({"steps": self.step, "articles": len(self.articles)})

    def _one_epoch(self) -> None:
        self.network.train()
        optim, windows = self.config.optim, self.config.windows
        # An epoch's windows depend on seed and epoch, not on what was drawn before.
        rng = np.random.default_rng([self.config.seed, self.epoch])
        began, seen = time.monotonic(), 0
        for batch in batches(self.articles, windows, optim.batch_size, self.special, rng):
            if self.step >= self.total:
                break
            parts = self._train_step(batch)
            self.step += 1
            seen += int(batch.attention_mask.sum())
            if self.step % _LOG_EVERY == 0 or self.step == self.total:
                self._log(parts, seen / (time.monotonic() - began))

    def _train_step(self, batch: Batch) -> dict[str, torch.Tensor]:
        seed_step(self.config.seed, self.step)
        bf16 = self.config.precision == "bf16"
        with torch.autocast(self.device.type, torch.bfloat16, enabled=bf16):
            parts = self.network.losses(
                batch, self.config.loss, self.config.windows.false_cues, self.device
            )
        self.optimizer.zero_grad(set_to_none=True)
        parts["loss"].backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.schedule.step()
        return parts

    def _log(self, parts: dict[str, torch.Tensor], speed: float) -> None:
        row = {name: round(value.item(), 4) for name, value in parts.items()}
        self.run.log(self.step, **row)
        _console.print(f"step {self.step}/{self.total}  {speed:,.0f} tokens/s  {row}")

    def _save(self) -> None:
        state = {
            "network": self.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
            "step": self.step,
            "epoch": self.epoch,
        }
        self.run.save_state(state)

    def _resume(self) -> None:
        state = self.run.load_state()
        if state is None:
            return
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        self.step, self.epoch = state["step"], state["epoch"]
        _console.print(f"going on at step {self.step}, epoch {self.epoch}")


def _rate(step: int, optim: OptimConfig) -> float:
    """Factor of the learning rates at a step, in [0, 1]."""
    peak = 1.0
    for length in optim.cycles:
        if step < length:
            warmup = max(1, round(optim.warmup * length))
            return peak * min((step + 1) / warmup, 1 - step / length)
        step -= length
        peak *= optim.restart
    return 0.0


def _groups(network: TaggerForTraining, config: AttributionConfig) -> list[dict[str, object]]:
    body = set(network.encoder.body.parameters())
    old = [p for p in network.encoder.body.parameters() if p.requires_grad]
    new = [p for p in network.parameters() if p not in body]
    return [
        {"params": old, "lr": config.optim.learning_rate},
        {"params": new, "lr": config.optim.head_rate},
    ]


def main(
    config: Annotated[Path, typer.Option(help="configs/attribution.yaml or another")],
    polnear: Annotated[Path, typer.Option(help="folder that holds PolNeAR's train and dev")],
) -> None:
    """Train the tagger on PolNeAR's train split."""
    settings = load_config(config, AttributionConfig)
    train(settings, polnear)
    _console.print(f"done: {settings.output}")


if __name__ == "__main__":
    typer.run(reports_errors(main))
