"""Where is the system weak? Accuracy by speech, phenomenon, context, length and conflict."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.stats import fisher_exact
from sklearn.metrics import f1_score

from stance.evaluation.bootstrap import FEW, Resampler, shares
from stance.evaluation.datasets import Dataset
from stance.evaluation.labelled import Labelled
from stance.evaluation.predictions import Predictions
from stance.evaluation.results import Estimate, SliceScore
from stance.evaluation.significance import holm

__all__ = ["slice_scores"]

Bools = NDArray[np.bool_]
_LENGTHS = ((12, "up to 12 words"), (25, "13 to 25 words"), (50, "26 to 50 words"))


def slice_scores(predictions: Predictions, dataset: Dataset, source: Resampler) -> list[SliceScore]:
    """Scores of every slice, the p-values corrected over all of them (Holm).

    A p-value is Fisher's exact test of the slice's accuracy against the other statements';
    it takes statements as independent. The interval does not where `source` draws conflicts
    (`bootstrap.shares`).
    An attribute with one value only, or a value on all statements, makes no slice.
    """
    found: list[tuple[str, str, Bools]] = []
    for attribute, value_of in _ATTRIBUTES.items():
        values = [value_of(item) for item in dataset.items]
        names = sorted({value for value in values if value})
        found += [
            (attribute, name, np.array([value == name for value in values])) for name in names
        ]
    found = [row for row in found if not row[2].all()]
    p_values = [_p_value(predictions.correct, inside) for _, _, inside in found]
    if not found:
        return []
    insides = np.column_stack([inside for _, _, inside in found])
    accuracies = shares(predictions.correct[:, None], insides, source)
    return [
        _scored(predictions, row, accuracy, p)
        for row, accuracy, p in zip(found, accuracies, holm(p_values), strict=True)
    ]


def _scored(
    predictions: Predictions, row: tuple[str, str, Bools], accuracy: Estimate, p: float
) -> SliceScore:
    attribute, value, inside = row
    n = int(inside.sum())
    f1 = f1_score(
        predictions.gold[inside],
        predictions.predicted[inside],
        labels=range(3),
        average="macro",
        zero_division=np.nan,
    )
    mark = "one statement" if n == 1 else "few statements" if n < FEW else ""
    return SliceScore(attribute, value, n, accuracy, float(f1), p, mark)


def _p_value(correct: Bools, inside: Bools) -> float:
    table = np.array(
        [[(correct & part).sum(), (~correct & part).sum()] for part in (inside, ~inside)]
    )
    return float(fisher_exact(table).pvalue)


def _length(item: Labelled) -> str:
    words = len(item.statement.text.split())
    return next((name for limit, name in _LENGTHS if words <= limit), "over 50 words")


def _attribute(name: str) -> Callable[[Labelled], str]:
    return lambda item: item.attributes.get(name, "")


_ATTRIBUTES: dict[str, Callable[[Labelled], str]] = {
    "speech": _attribute("speech"),
    "phenomenon": _attribute("phenomenon"),
    "context": lambda item: "with context" if item.statement.context else "without context",
    "length": _length,
    "conflict": _attribute("conflict"),
}
