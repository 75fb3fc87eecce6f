"""Baselines that any useful model must beat."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.labelled import Labelled
from stance.evaluation.tfidf import Tfidf, fit_tfidf, kept_tfidf
from stance.labels import LABELS
from stance.records import Statement

__all__ = ["BASELINES", "Majority", "TfidfBaseline", "open_baseline"]


class Majority:
    """Always the commonest label, with the labels' shares as probabilities."""

    name = "majority"
    version = ""
    probabilistic = True
    conformal: Mapping[str, float] = {}
    files: Mapping[str, str] = {}

    def __init__(self, train: Sequence[Labelled]) -> None:
        columns = [item.label.column for item in train]
        self._shares = np.bincount(columns, minlength=len(LABELS)) / len(columns)

    def predict(self, statements: Sequence[Statement]) -> NDArray[np.float64]:
        """The same row for each statement, float64 (n, 3)."""
        return np.tile(self._shares, (len(statements), 1))


class TfidfBaseline:
    """Logistic regression on TF-IDF of words and word pairs, context included."""

    name = "tfidf"
    version = ""
    probabilistic = True
    conformal: Mapping[str, float] = {}
    files: Mapping[str, str] = {}

    def __init__(self, fitted: Tfidf) -> None:
        self._fitted = fitted

    def predict(self, statements: Sequence[Statement]) -> NDArray[np.float64]:
        """Probabilities, float64 (n, 3); 0 for a label that training never saw."""
        return self._fitted.predict_proba(statements)


BASELINES = ("majority", "tfidf")
"""The words that name one of them."""


def open_baseline(
    name: str, train: Sequence[Labelled], keep: Path | None = None
) -> Majority | TfidfBaseline:
    """The baseline of a name, fitted to training statements.

    Args:
        keep: the folder of `kept_tfidf`; without one nothing is read or written.
    """
    if name == Majority.name:
        return Majority(train)
    return TfidfBaseline(kept_tfidf(train, keep) if keep else fit_tfidf(train))
