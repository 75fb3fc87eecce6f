"""Hyper-parameter search (optional): many short trainings, the best by dev macro-F1.

    python -m training.search --config configs/search.yaml

A killed search goes on after the trials it has finished. It prints the best values; putting them
into the training config is left to the reader of its table, who should know that the best of
many looks at dev is a little too good there.
"""

import hashlib
from pathlib import Path
from typing import Annotated, Self

import optuna
import typer
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState
from pydantic import Field, model_validator

from stance.cli import reports_errors
from stance.settings import Strict, load_config
from training.config import TrainConfig
from training.train import train

__all__ = ["Range", "SearchConfig", "search"]


class Range(Strict):
    """Lowest and highest value, both positive."""

    low: float = Field(gt=0)
    high: float = Field(gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"low {self.low} is above high {self.high}")
        return self


class SearchConfig(Strict):
    """What is tried.

    Attributes:
        train: the training config that trials vary.
        output: folder of the trials and of their journal.
        trials: in all, those of earlier calls included.
        fraction: share of the training data that a trial sees.
        learning_rate: tried on a logarithmic scale.
        weight, temperature: of distillation; unused where `train` does not distil.
    """

    seed: int = 13
    train: Path
    output: Path
    trials: int = Field(ge=1)
    fraction: float = Field(gt=0, le=1)
    learning_rate: Range
    layer_decay: Range
    weight: Range
    temperature: Range


def search(config: SearchConfig) -> optuna.Study:
    """Run the trials that are still to be done; the study holds all of them."""
    base = load_config(config.train, TrainConfig)
    study = _open_study(config, base)
    done = [t for t in study.trials if t.state == TrialState.COMPLETE]
    # A sampler begins its random stream anew in each call: the same seed would repeat trials.
    study.sampler = optuna.samplers.TPESampler(seed=config.seed + len(study.trials))

    def objective(trial: optuna.Trial) -> float:
        return float(train(_varied(base, trial, config))["dev"]["macro_f1"])

    study.optimize(objective, n_trials=max(0, config.trials - len(done)))
    return study


def _open_study(config: SearchConfig, base: TrainConfig) -> optuna.Study:
    """The study of exactly these settings: scores of others are not to be compared with."""
    settings = config.model_dump_json(exclude={"trials"}) + base.model_dump_json()
    config.output.mkdir(parents=True, exist_ok=True)
    return optuna.create_study(
        direction="maximize",
        study_name=hashlib.sha256(settings.encode()).hexdigest()[:16],
        storage=JournalStorage(JournalFileBackend(str(config.output / "trials.log"))),
        load_if_exists=True,
    )


def _varied(base: TrainConfig, trial: optuna.Trial, config: SearchConfig) -> TrainConfig:
    def draw(name: str, among: Range, *, log: bool = False) -> float:
        return trial.suggest_float(name, among.low, among.high, log=log)

    optim = base.optim.model_copy(
        update={
            "learning_rate": draw("learning_rate", config.learning_rate, log=True),
            "layer_decay": draw("layer_decay", config.layer_decay),
        }
    )
    distill = base.distill and base.distill.model_copy(
        update={
            "weight": draw("weight", config.weight),
            "temperature": draw("temperature", config.temperature),
        }
    )
    return base.model_copy(
        update={
            "output": config.output / f"trial_{trial.number:03}",
            "data": base.data.model_copy(update={"fraction": config.fraction}),
            "optim": optim,
            "distill": distill,
        }
    )


def main(config: Annotated[Path, typer.Option(help="configs/search.yaml")]) -> None:
    """Search, then print the trials, the best first."""
    study = search(load_config(config, SearchConfig))
    finished = [trial for trial in study.trials if trial.value is not None]
    for trial in sorted(finished, key=lambda t: -(t.value or 0.0)):
        values = "  ".join(f"{name} {value:.4g}" for name, value in trial.params.items())
        typer.echo(f"{trial.value:.4f}  trial {trial.number}  {values}")


if __name__ == "__main__":
    typer.run(reports_errors(main))
