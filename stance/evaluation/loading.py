"""A config's files -> datasets, the training statements of the baselines, and what is not there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stance.evaluation.config import DatasetConfig, EvaluateConfig
from stance.evaluation.datasets import FIXTURES, Dataset, load_dataset, shown
from stance.evaluation.labelled import Labelled, read_labelled
from stance.manifest import sha256

__all__ = ["Data", "load_data", "read_train"]


@dataclass(frozen=True, slots=True)
class Data:
    """What an evaluation reads.

    Attributes:
        skipped: name of what is not there -> why.
        files: path -> SHA-256 of what belongs to no dataset.
    """

    datasets: Sequence[Dataset]
    train: Sequence[Labelled] | None
    skipped: dict[str, str]
    files: Mapping[str, str] = field(default_factory=dict)


def load_data(config: EvaluateConfig, *, fixtures: bool = True, source: Path | None = None) -> Data:
    """Read the datasets and the training files of a config.

    Args:
        fixtures: whether the seed article's statements are one of the datasets.
        source: the file that the config came from, for the report.

    Raises:
        InputError: a file that is not optional is missing, or any file has a fault.
    """
    wanted = dict(config.datasets)
    if fixtures:
        wanted = {"fixtures": DatasetConfig(path=FIXTURES), **wanted}
    skipped = {
        name: f"{missing[0]} is not there"
        for name, data in wanted.items()
        if data.optional and (missing := [p for p in (data.path, data.texts) if _absent(p)])
    }
    datasets = [load_dataset(n, data) for n, data in wanted.items() if n not in skipped]
    train = read_train(config)
    if train is None:
        skipped["train"] = "no training split named: no baselines, no nearest training statements"
    others = [*config.train, *([source] if source else [])]
    return Data(datasets, train, skipped, {shown(path): sha256(path) for path in others})


def read_train(config: EvaluateConfig) -> list[Labelled] | None:
    """The statements of all training files, in their order; None where none is named.

    Raises:
        InputError: a file is missing or has a fault.
    """
    return [item for path in config.train for item in read_labelled(path)] or None


def _absent(path: Path | None) -> bool:
    return path is not None and not path.exists()
