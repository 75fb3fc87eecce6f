"""Trains a teacher or a student: config -> run folder with a checkpoint, metrics and curves.

    python -m training.train --config configs/train.yaml
    torchrun --nproc-per-node 4 -m training.train --config configs/teacher.yaml

An explicit loop under `accelerate`, so that one CPU, one GPU and several nodes run the same
code. Started again with the same config, base and data, a killed run goes on from its last
checkpoint, and a finished one returns its metrics.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import torch
import typer
from accelerate import Accelerator, PartialState
from accelerate.utils import broadcast_object_list, set_seed
from torch.utils.data import DataLoader
from transformers import PreTrainedModel

from stance.cli import reports_errors
from stance.errors import ConfigError
from stance.evaluation.labelled import read_labelled
from stance.progress import track
from stance.settings import load_config
from training.base_models import fetch_base
from training.batches import Batch, TrainingSet
from training.config import TrainConfig
from training.data import load_examples, read_soft_labels
from training.hints import HintLoss
from training.losses import batch_loss, forward_batch
from training.network import build_network, save_checkpoint
from training.optimizer import build_optimizer, build_scheduler
from training.provenance import stages_of, training_inputs
from training.run_folder import RunFolder
from training.scoring import score
from training.seeds import seed_step
from training.teacher_states import TeacherStates

__all__ = ["train"]

_START_BATCHES = 60
"""What the hints' maps are fitted on before the first step: some 4,000 statements."""

_Value = TypeVar("_Value")


class Trainer:
    """Network, data, optimizer and where the run stands."""

    def __init__(self, config: TrainConfig, accelerator: Accelerator, run: RunFolder) -> None:
        set_seed(config.seed)
        self.config, self.accelerator, self.run = config, accelerator, run
        network, tokenizer = build_network(config)
        self.tokenizer = tokenizer
        examples = load_examples(config.data, config.seed, unlabelled=config.distill is not None)
        soft = read_soft_labels(config.distill.soft_labels) if config.distill else None
        hidden = config.distill.hidden if config.distill else None
        states = TeacherStates.load(hidden) if hidden else None
        self.data = TrainingSet.build(examples, tokenizer, config.max_length, soft, states)
        self.dev = read_labelled(config.data.dev)
        self.plans = self.data.plans(
            config.optim.batch_size,
            [config.seed + 1000 * epoch for epoch in range(config.optim.epochs)],
            whole_sets=config.contrast_weight > 0,
        )
        self.epoch_steps = _epoch_steps(self.plans, config, accelerator.num_processes)
        steps = self.epoch_steps * config.optim.epochs
        self.total_steps = min(steps, config.optim.max_steps or steps)
        hints = self._start_hints(network, states) if states else None
        optimizer = build_optimizer(network, hints, config.optim)
        self.scheduler = build_scheduler(optimizer, self.total_steps, config.optim.warmup)
        self.network, self.optimizer = accelerator.prepare(network, optimizer)
        self.hints = accelerator.prepare(hints) if hints is not None else None
        self.step = 0

    def _start_hints(self, network: PreTrainedModel, states: TeacherStates) -> HintLoss:
        """Before `prepare`, which sends one process's maps to all."""
        device = self.accelerator.device
        network.to(device).train(mode=False)
        hints = HintLoss(network.config.hidden_size, states).to(device)
        first = DataLoader(
            self.data.rows,
            batch_sampler=self.plans[0][:_START_BATCHES],
            collate_fn=self.data.collate,
        )
        with torch.inference_mode():
            batches = (batch.to(device) for batch in first)
            hints.start((forward_batch(network, b, hidden=True).hidden_states, b) for b in batches)
        return hints

    def fit(self) -> dict[str, Any]:
        """Train to the end; returns the dev metrics that `metrics.json` holds."""
        self._resume()
        with track("training", self.total_steps, self.step, log=True) as advance:
            for batch in self._batches():
                if self.step >= self.total_steps:  # it may have been resumed there
                    break
                loss = self._train_step(batch)
                self.step += 1
                advance(1, f"loss {loss:.3f}")
                if self.accelerator.is_main_process:
                    rate = float(self.scheduler.get_last_lr()[0])
                    self.run.log(self.step, loss=loss, lr=rate)
                if self.step % self.config.checkpoint_every == 0:
                    self._checkpoint()
        return self._finish()

    def _batches(self) -> Iterator[Batch]:
        """Batches from the current step on; an epoch's order depends on seed and epoch only."""
        world, seen = self.accelerator.num_processes, 0
        for plan in self.plans:
            mine = plan[self.accelerator.process_index :: world][: self.epoch_steps]
            skip = min(max(0, self.step - seen), len(mine))
            seen += len(mine)
            yield from DataLoader(
                self.data.rows, batch_sampler=mine[skip:], collate_fn=self.data.collate
            )

    def _train_step(self, batch: Batch) -> float:
        self.network.train()
        seed_step(self.config.seed, self.step, self.accelerator.process_index)
        batch = batch.to(self.accelerator.device)
        with self.accelerator.autocast():
            loss = batch_loss(self.network, batch, self.config, self.hints)
        self.accelerator.backward(loss)
        self.accelerator.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.scheduler.step()
        self.optimizer.zero_grad()
        return float(loss.detach())

    def _evaluate(self) -> dict[str, float]:
        network = self.accelerator.unwrap_model(self.network)
        return score(network, self.tokenizer, self.dev, self.config)

    @property
    def _hint_maps(self) -> HintLoss | None:
        return self.accelerator.unwrap_model(self.hints) if self.hints else None

    def _checkpoint(self) -> None:
        if not self.accelerator.is_main_process:
            return
        network = self.accelerator.unwrap_model(self.network)
        state = {
            "network": network.state_dict(),
            "hints": self._hint_maps.state_dict() if self._hint_maps else {},
            "optimizer": self.optimizer.state_dict(),
            "scheduler": self.scheduler.state_dict(),
            "step": self.step,
            "processes": self.accelerator.num_processes,
        }
        self.run.save_state(state)

    def _resume(self) -> None:
        # The main process sends its state, which the disk of another machine may not have.
        saved = self.run.load_state() if self.accelerator.is_main_process else None
        state = _from_main(saved)
        if state is None:
            return
        if state["processes"] != self.accelerator.num_processes:  # a step is as many batches
            raise ConfigError(
                f"{self.run.path} was begun by {state['processes']} processes: start as many, or "
                "remove the folder"
            )
        self.accelerator.unwrap_model(self.network).load_state_dict(state["network"])
        if self._hint_maps:
            self._hint_maps.load_state_dict(state["hints"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.scheduler.load_state_dict(state["scheduler"])
        self.step = state["step"]
        self.accelerator.print(f"resumed at step {self.step} of {self.total_steps}")

    def _finish(self) -> dict[str, Any]:
        metrics: dict[str, Any] = {}
        if self.accelerator.is_main_process:
            network = self.accelerator.unwrap_model(self.network)
            save_checkpoint(network, self.tokenizer, self.run.checkpoint)
            metrics = {"dev": self._evaluate(), "steps": self.step, "examples": len(self.data.rows)}
            metrics = self.run.finish(metrics)
        return _from_main(metrics)


def train(config: TrainConfig) -> dict[str, Any]:
    """Run one training, or what is left of it; returns the metrics that `metrics.json` holds.

    Deterministic for a seed on one kind of machine.

    Raises:
        ArtifactError: the base weights cannot be had.
        ConfigError: too few batches for so many processes, or no soft labels.
        InputError: a data file is missing or broken.
    """
    torch.use_deterministic_algorithms(True, warn_only=True)
    accelerator = Accelerator(mixed_precision="bf16" if config.precision == "bf16" else "no")
    with _one_at_first(accelerator):
        base = fetch_base(config.base)
    run, finished = RunFolder(config.output), None
    if accelerator.is_main_process:
        inputs = training_inputs(config, base)
        finished = run.begin(config, inputs, stages_of(config, base, inputs))
    finished = _from_main(finished)
    if finished is not None:
        accelerator.print(f"{config.output} is finished: same config, base and data")
        return finished
    return Trainer(config, accelerator, run).fit()


@contextmanager
def _one_at_first(accelerator: Accelerator) -> Iterator[None]:
    """The main process does it first, then one on each machine, then the rest.

    So nothing is written twice into one place, whether or not the machines share a disk.
    """
    with accelerator.main_process_first(), accelerator.local_main_process_first():
        yield


def _from_main(value: _Value) -> _Value:
    """The main process's value, in every process."""
    values: list[_Value] = broadcast_object_list([value])
    return values[0]


def _epoch_steps(plans: Sequence[Sequence[object]], config: TrainConfig, processes: int) -> int:
    """Steps of an epoch: each process takes as many batches, and a few are left over.

    Raises:
        ConfigError: a process would have none, and the others wait for it for ever.
    """
    batches = min(map(len, plans), default=0)
    if plans and batches < processes:
        raise ConfigError(
            f"{batches} batches of {config.optim.batch_size} for {processes} processes: "
            "start fewer, or lower optim.batch_size"
        )
    return batches // processes


def main(
    config: Annotated[Path, typer.Option(help="A YAML file like configs/train.yaml.")],
) -> None:
    """Train a model and print its metrics on dev."""
    metrics = train(load_config(config, TrainConfig))
    if PartialState().is_main_process:
        typer.echo(json.dumps(metrics, indent=2))


if __name__ == "__main__":
    typer.run(reports_errors(main))
