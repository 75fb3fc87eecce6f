"""Where is the system weak? By speech, phenomenon, context, length and conflict."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import fisher_exact

from stance.evaluation.bootstrap import FEW, Resampler, estimate, shares
from stance.evaluation.datasets import Dataset
from stance.evaluation.labelled import Labelled
from stance.evaluation.metrics import confusion_metrics
from stance.evaluation.predictions import Predictions
from stance.evaluation.results import Estimate, SliceScore
from stance.evaluation.significance import difference_p, holm
from stance.labels import LABELS

__all__ = ["slice_scores"]

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
_CELLS = len(LABELS) ** 2  # of a confusion matrix
_ENOUGH = 50  # statements for an interval of macro-F1: below, it holds too seldom
_LENGTHS = ((12, "up to 12 words"), (25, "13 to 25 words"), (50, "26 to 50 words"))


def slice_scores(predictions: Predictions, dataset: Dataset, source: Resampler) -> list[SliceScore]:
    """Scores of every slice, the p-values corrected over all of them (Holm).

    Where `source` draws conflicts or articles, and a slice has statements and units enough
    (`Resampler.spans`), its intervals and its test do, too. Elsewhere accuracy has Wilson's
    interval and Fisher's exact test against the other statements, which take statements as
    independent; and macro-F1 has an interval only where `source` draws statements, too, and
    the slice has 50 of them.
    An attribute with one value only, or a value on all statements, makes no slice.
    """
    found = _slices(dataset)
    if not found:
        return []
    insides = np.column_stack([inside for _, _, inside in found])
    spans = source.spans(insides)
    correct = predictions.correct
    p_values = _p_values(correct, insides, spans, source)
    accuracies = shares(correct[:, None], insides, source)
    macro_f1s = _macro_f1(predictions, insides, spans, source)
    return [
        SliceScore(attribute, value, n, accuracy, f1, source.by if span else "Fisher", p, _mark(n))
        for (attribute, value, _), n, accuracy, f1, span, p in zip(
            found,
            insides.sum(axis=0).tolist(),
            accuracies,
            macro_f1s,
            spans,
            holm(p_values),
            strict=True,
        )
    ]


def _slices(dataset: Dataset) -> list[tuple[str, str, Bools]]:
    """Attribute, value, and which statements have it: bool (n,)."""
    found: list[tuple[str, str, Bools]] = []
    for attribute, value_of in _ATTRIBUTES.items():
        names, places = np.unique([value_of(item) for item in dataset.items], return_inverse=True)
        found += [(attribute, str(name), places == i) for i, name in enumerate(names) if name]
    return [row for row in found if not row[2].all()]


def _p_values(
    correct: Bools, insides: Bools, spans: Sequence[int], source: Resampler
) -> list[float]:
    enough = np.flatnonzero(spans)
    tested: dict[int, float] = {}
    if enough.size:
        found = difference_p(correct, insides[:, enough], source).tolist()
        tested = dict(zip(enough.tolist(), found, strict=True))
    return [
        tested[i] if i in tested else _fisher(correct, inside) for i, inside in enumerate(insides.T)
    ]


def _macro_f1(
    predictions: Predictions, insides: Bools, spans: Sequence[int], source: Resampler
) -> list[Estimate]:
    """Macro-F1 of each slice, with the bootstrap's interval where that holds (test_coverage)."""
    cells = len(LABELS) * predictions.gold + predictions.predicted
    found = []
    for inside, span in zip(insides.T, spans, strict=True):
        n = int(inside.sum())
        value = float(_points(np.bincount(cells[inside], minlength=_CELLS))[0])
        if span or (source.by == "statements" and n >= _ENOUGH):
            replicates = _points(_drawn(cells[inside], source.groups[inside], source))
            found.append(estimate(value, replicates, source, span or n))
        else:
            found.append(Estimate(value))
    return found


def _drawn(cells: Ints, groups: Ints, source: Resampler) -> NDArray[Any]:
    """Confusion counts of a slice in each replicate: (resamples, 9)."""
    if source.by == "statements":
        # To draw a slice's statements is to draw the cells of its confusion matrix.
        shares = np.bincount(cells, minlength=_CELLS) / len(cells)
        rng = np.random.default_rng(source.seed)
        return rng.multinomial(len(cells), shares, size=source.resamples)
    by_unit = np.bincount(_CELLS * groups + cells, minlength=_CELLS * source.units)
    return source.drawn(by_unit.reshape(-1, _CELLS).astype(np.float64))


def _points(counts: NDArray[Any]) -> NDArray[np.float64]:
    shape = (-1, len(LABELS), len(LABELS))
    return confusion_metrics(counts.astype(np.float64).reshape(shape))["macro_f1"]


def _fisher(correct: Bools, inside: Bools) -> float:
    table = np.array(
        [[(correct & part).sum(), (~correct & part).sum()] for part in (inside, ~inside)]
    )
    return float(fisher_exact(table).pvalue)


def _mark(n: int) -> str:
    return "one statement" if n == 1 else "few statements" if n < FEW else ""


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
