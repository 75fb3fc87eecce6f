"""Baselines that any useful model must beat."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.labelled import Labelled
from stance.evaluation.tfidf import Tfidf, fit_tfidf, tfidf_model
from stance.labels import LABELS
from stance.records import Statement

__all__ = ["BASELINES", "Majority", "TfidfBaseline", "tfidf_model"]


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


def _tfidf(train: Sequence[Labelled]) -> TfidfBaseline:
    return TfidfBaseline(fit_tfidf(train))


BASELINES: Mapping[str, Callable[[Sequence[Labelled]], Majority | TfidfBaseline]] = {
    "majority": Majority,
    "tfidf": _tfidf,
}
"""How `--model` makes each of them from training statements."""
