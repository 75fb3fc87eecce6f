"""Contrast sets (Gardner et al. 2020): near-twins with different labels, for training only.

A set is one statement after several contexts, or several wordings of one statement. They are a
file of their own, since the corpus proper allows no near-duplicates.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field
from sklearn.metrics import cohen_kappa_score

from stance.evaluation.labelled import read_models
from stance.labels import Stance
from stance.records import Statement
from training.corpus_duplicates import similar_statements
from training.corpus_schema import Coded, CorpusRow

__all__ = ["SETS_FILES", "SetRow", "labels_by_set", "read_sets", "set_figures"]

SETS_FILES = ("contrast_sets.jsonl", "contrast_sets_assurances.jsonl")
"""The second: diplomatic assurances, and other subjects in words of stance (k9, k0)."""


class SetRow(Coded):
    """One member of a contrast set.

    Attributes:
        set: shared by the members of a set.
        kind: "context" where the members share the text, "wording" where they share the context.
    """

    id: str = Field(pattern=r"^k\d-\d{4}[a-z]$")
    set: str = Field(pattern=r"^k\d-\d{4}$")
    kind: Literal["context", "wording"]
    text: str = Field(min_length=2)
    context: str | None


def read_sets(folder: Path) -> list[SetRow]:
    """All members of all sets.

    Raises:
        InputError: a row breaks the schema; names file, line and field.
    """
    return [row for name in SETS_FILES for _, row in read_models(folder / name, SetRow)]


def labels_by_set(members: Iterable[tuple[str, Stance]]) -> dict[str, set[Stance]]:
    """The labels in each contrast set, from the set and label of each member."""
    labels: dict[str, set[Stance]] = defaultdict(set)
    for name, label in members:
        labels[name].add(label)
    return labels


def set_figures(
    sets: Sequence[SetRow], tested: Sequence[CorpusRow | Statement], near_duplicate: float
) -> dict[str, float]:
    """Figures of the sets, among them how many members are too like what is tested on.

    Args:
        tested: everything that is tested on.
    """
    members = labels_by_set((row.set, row.label) for row in sets)
    first = [row.coder_a.column for row in sets]
    second = [row.coder_b.column for row in sets]
    return {
        "contrast sets": len(members),
        "contrast sets' statements": len(sets),
        "contrast sets of one label": sum(len(labels) == 1 for labels in members.values()),
        "contrast sets' duplicate ids": len(sets) - len({row.id for row in sets}),
        "contrast sets' near-duplicates of tests": len(
            similar_statements(sets, tested, near_duplicate)
        ),
        "contrast sets' kappa": float(cohen_kappa_score(first, second)),
    }
