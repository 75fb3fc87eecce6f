"""Where is the system weak? Accuracy by speech, phenomenon, context, length and conflict."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.stats import fisher_exact
from sklearn.metrics import f1_score

from stance.evaluation.bootstrap import wilson
from stance.evaluation.datasets import Dataset
from stance.evaluation.labelled import Labelled
from stance.evaluation.predictions import Predictions
from stance.evaluation.results import SliceScore
from stance.evaluation.significance import holm

__all__ = ["slice_scores"]

_FEW = 20
_LENGTHS = ((12, "up to 12 words"), (25, "13 to 25 words"), (50, "26 to 50 words"))


def slice_scores(predictions: Predictions, dataset: Dataset) -> list[SliceScore]:
    """Scores of every slice, the p-values corrected over all of them (Holm).

    A p-value is Fisher's exact test of the slice's accuracy against the other statements'.
    An attribute with one value only, or a value on all statements, makes no slice.
    """
    found: list[tuple[str, str, NDArray[np.bool_]]] = []
    for attribute, value_of in _ATTRIBUTES.items():
        values = [value_of(item) for item in dataset.items]
        names = sorted({value for value in values if value})
        found += [
            (attribute, name, np.array([value == name for value in values])) for name in names
        ]
    found = [row for row in found if not row[2].all()]
    p_values = [_p_value(predictions.correct, inside) for _, _, inside in found]
    return [
        _scored(predictions, attribute, value, inside, p)
        for (attribute, value, inside), p in zip(found, holm(p_values), strict=True)
    ]


def _scored(
    predictions: Predictions, attribute: str, value: str, inside: NDArray[np.bool_], p: float
) -> SliceScore:
    n = int(inside.sum())
    f1 = f1_score(
        predictions.gold[inside],
        predictions.predicted[inside],
        labels=range(3),
        average="macro",
        zero_division=np.nan,
    )
    mark = "one statement" if n == 1 else "few statements" if n < _FEW else ""
    accuracy = wilson(int(predictions.correct[inside].sum()), n)
    return SliceScore(attribute, value, n, accuracy, float(f1), p, mark)


def _p_value(correct: NDArray[np.bool_], inside: NDArray[np.bool_]) -> float:
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
