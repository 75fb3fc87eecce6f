"""Corpus -> training examples: labelled statements, unlabelled ones, and their soft labels."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from stance.encoding import render
from stance.errors import ConfigError, InputError
from stance.evaluation.labelled import Labelled, read_labelled, read_rows
from stance.inputs import check_text
from stance.labels import Stance
from stance.records import Statement
from training.config import DataConfig
from training.derive import distract, perturb, recombine

__all__ = [
    "Example",
    "check_distilled",
    "example_key",
    "group_of",
    "load_examples",
    "read_soft_labels",
    "read_training",
]


@dataclass(frozen=True, slots=True)
class Example:
    """One training example.

    Attributes:
        label: None for an unlabelled statement.
        original: what a perturbed copy was made of. The teacher judges that, since the copy
            means the same; so a student learns to read over what the copy has for noise.
        set: of the contrast set or pair that it is a member of, or the batch it was written in.
    """

    statement: Statement
    label: Stance | None
    original: Statement | None = None
    set: str | None = None

    @property
    def judged(self) -> Statement:
        """The statement whose soft label this example has."""
        return self.original or self.statement


def example_key(statement: Statement) -> str:
    """Identifies what the model reads of a statement: 16 hex digits of its SHA-256."""
    text, second = render(statement)
    return hashlib.sha256(f"{text}\x1f{second or ''}".encode()).hexdigest()[:16]


def read_training(config: DataConfig) -> list[Labelled]:
    """The labelled training statements of all files, or their shares, in their order."""
    return [
        item
        for path in config.train
        for item in read_labelled(path)
        if _place(_set_of(item) or item.id) < config.share.get(path, 1.0)
    ]


def load_examples(config: DataConfig, seed: int, *, unlabelled: bool) -> list[Example]:
    """Labelled training statements and, for distillation, the unlabelled ones."""
    labelled = _sample_groups(read_training(config), config.fraction)
    examples = [Example(item.statement, item.label, set=_set_of(item)) for item in labelled]
    for copy in range(config.perturbed_copies):
        copies = perturb([item.statement for item in labelled], seed + copy)
        examples += [
            replace(e, statement=s, original=e.statement)
            for s, e in zip(copies, examples[: len(labelled)], strict=True)
        ]
    # Of no seed: what a teacher has labelled serves trainings of every seed.
    for place, statement in distract([i.statement for i in labelled], config.distracted, seed=0):
        examples.append(Example(statement, labelled[place].label))
    if unlabelled:
        extra = [s for path in config.unlabelled for s in _read_unlabelled(path)]
        # A file that is named twice gives its recombinations once.
        unique = list(dict.fromkeys(item.statement for item in labelled))
        extra += recombine(unique, config.recombined, seed)
        examples += [Example(statement, None) for statement in extra]
    if not config.use_context:
        examples = [_without_context(e) for e in examples]
    return examples


def check_distilled(path: Path) -> None:
    """See that a teacher's file is there.

    Raises:
        ConfigError: it is missing; the message says which step writes it.
    """
    if not path.is_file():
        raise ConfigError(f"{path} is missing; `make distill` writes and uses it")


def read_soft_labels(path: Path) -> dict[str, NDArray[np.float32]]:
    """Teacher logits by `example_key`.

    Raises:
        ConfigError: as from `check_distilled`.
    """
    check_distilled(path)
    table = pq.read_table(path)
    logits = np.stack([table[name].to_numpy() for name in Stance], axis=1).astype(np.float32)
    return dict(zip(table["key"].to_pylist(), logits, strict=True))


def _without_context(example: Example) -> Example:
    return replace(
        example,
        statement=replace(example.statement, context=None, target=None),
        original=example.original and replace(example.original, context=None, target=None),
    )


def group_of(item: Labelled) -> str:
    """What must not be torn apart: the item's conflict, or its contrast set, or itself."""
    return item.attributes.get("conflict") or item.attributes.get("set") or item.id


def _set_of(item: Labelled) -> str | None:
    return item.attributes.get("pair") or item.attributes.get("set")


def _place(name: str) -> float:
    """Where a name's hash stands in [0, 1): the same in every run, and on every machine."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) / 16**8


def _sample_groups(items: Sequence[Labelled], fraction: float) -> list[Labelled]:
    """Whole conflicts, as in the splits, so that a smaller corpus is a narrower one; or sets."""
    if fraction == 1.0:
        return list(items)
    names = sorted(
        {group_of(item) for item in items},
        key=lambda name: hashlib.sha256(name.encode()).hexdigest(),
    )
    kept = set(names[: round(fraction * len(names)) or 1])
    return [item for item in items if group_of(item) in kept]


def _read_unlabelled(path: Path) -> list[Statement]:
    statements = []
    for number, row in read_rows(path):
        if fault := check_text(row.get("text"), "text"):
            raise InputError(f"{path}:{number}: field 'text': {fault}")
        statements.append(
            Statement(
                row["text"], context=row.get("context") or None, target=row.get("target") or None
            )
        )
    return statements
