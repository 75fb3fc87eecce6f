"""Trains the tagger: config and PolNeAR -> run folder with a checkpoint.

    python -m training.attribution_train --config configs/attribution.yaml --polnear PATH

A killed run goes on from the last epoch's checkpoint when started again with its config.
"""

import json
import time
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from rich.console import Console
from torch.optim.lr_scheduler import LambdaLR

from stance.attribution.encoding import open_tokenizer, special_ids
from stance.settings import load_config
from training.attribution_config import AttributionConfig, OptimConfig
from training.attribution_network import TaggerForTraining, build_network, seed_everything
from training.attribution_polnear import AnnotatedArticle, read_split
from training.attribution_windows import LabelledArticle, batches, label_articles
from training.base_models import fetch_base

__all__ = ["CHECKPOINT", "split_held_out", "train"]

CHECKPOINT = "checkpoint.pt"

_console = Console(stderr=True)


def split_held_out(
    articles: list[AnnotatedArticle], count: int
) -> tuple[list[AnnotatedArticle], list[AnnotatedArticle]]:
    """(to train on, held out): every n-th article by name is held out, so all outlets are in."""
    step = max(1, len(articles) // count)
    held = set(range(step // 2, len(articles), step))
    train_on = [a for i, a in enumerate(articles) if i not in held]
    return train_on, [a for i, a in enumerate(articles) if i in held]


def train(config: AttributionConfig, polnear: Path) -> Path:
    """Train to the end; returns the folder of the checkpoint (`pytorch` names, fp32).

    Raises:
        InputError: PolNeAR cannot be read.
        ArtifactError: the base weights cannot be had.
    """
    rng = seed_everything(config.seed)
    base = fetch_base(config.base)
    tokenizer = open_tokenizer(base / "tokenizer.json")
    articles = read_split(polnear, "train")[: config.articles]
    chosen, _ = split_held_out(articles, config.held_out)
    labelled = label_articles(chosen, tokenizer)
    config.output.mkdir(parents=True, exist_ok=True)
    (config.output / "config.json").write_text(config.model_dump_json(indent=1), "utf-8")
    run = _Run(config, build_network(base), labelled, special_ids(tokenizer))
    run.resume(rng)
    while run.step < run.total:
        run.one_epoch(rng)
    return config.output


class _Run:
    """Network, optimizer and where the run stands."""

    def __init__(
        self,
        config: AttributionConfig,
        network: TaggerForTraining,
        articles: list[LabelledArticle],
        special: tuple[int, int, int],
    ) -> None:
        self.config, self.articles, self.special = config, articles, special
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.network = network.to(self.device)
        self.total = sum(config.optim.cycles)
        self.optimizer = torch.optim.AdamW(
            _groups(network, config), weight_decay=config.optim.weight_decay, fused=True
        )
        self.schedule = LambdaLR(self.optimizer, lambda step: _rate(step, config.optim))
        self.epoch = self.step = 0

    def one_epoch(self, rng: np.random.Generator) -> None:
        """Train one epoch and write the checkpoint."""
        self.network.train()
        optim, windows = self.config.optim, self.config.windows
        began, seen = time.monotonic(), 0
        for batch in batches(self.articles, windows, optim.batch_size, self.special, rng):
            if self.step >= self.total:
                break
            with torch.autocast(
                self.device.type, torch.bfloat16, enabled=self.config.precision == "bf16"
            ):
                parts = self.network.losses(
                    batch, self.config.loss, windows.false_cues, self.device
                )
            self.optimizer.zero_grad(set_to_none=True)
            parts["loss"].backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
            self.optimizer.step()
            self.schedule.step()
            self.step += 1
            seen += int(batch.attention_mask.sum())
            if self.step % 20 == 0:
                self._log(parts, seen / (time.monotonic() - began))
        self.epoch += 1
        self._save(rng)

    def _log(self, parts: dict[str, torch.Tensor], speed: float) -> None:
        row = {"step": self.step, **{k: round(v.item(), 4) for k, v in parts.items()}}
        with (self.config.output / "metrics.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(row) + "\n")
        _console.print(f"step {self.step}/{self.total}  {speed:,.0f} tokens/s  {row}")

    def _save(self, rng: np.random.Generator) -> None:
        state = {
            "network": self.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
            "step": self.step,
            "epoch": self.epoch,
            "rng": json.dumps(rng.bit_generator.state),
            "torch_rng": torch.get_rng_state(),
        }
        path = self.config.output / CHECKPOINT
        torch.save(state, path.with_suffix(".tmp"))
        path.with_suffix(".tmp").replace(path)

    def resume(self, rng: np.random.Generator) -> None:
        """Go on from the last checkpoint of this run folder, if there is one."""
        path = self.config.output / CHECKPOINT
        if not path.is_file():
            return
        state = torch.load(path, weights_only=True, map_location=self.device)
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        self.step, self.epoch = state["step"], state["epoch"]
        rng.bit_generator.state = json.loads(state["rng"])
        torch.set_rng_state(state["torch_rng"].cpu())
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
    old = [p for p in network.encoder.bert.parameters() if p.requires_grad]
    known = {id(p) for p in network.encoder.bert.parameters()}
    new = [p for p in network.parameters() if id(p) not in known]
    return [
        {"params": old, "lr": config.optim.learning_rate},
        {"params": new, "lr": config.optim.head_rate},
    ]


def main(
    config: Annotated[Path, typer.Option(help="configs/attribution.yaml or another")],
    polnear: Annotated[Path, typer.Option(help="folder that holds PolNeAR's train and dev")],
) -> None:
    """Train the tagger on PolNeAR's train split."""
    _console.print(f"done: {train(load_config(config, AttributionConfig), polnear)}")


if __name__ == "__main__":
    typer.run(main)
