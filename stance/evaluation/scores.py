"""Predictions -> scores with intervals, contrast pairs, reliability and risk-coverage."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.articles import Found, Reading, found_in
from stance.evaluation.bootstrap import Resampler, estimate, shares, wilson
from stance.evaluation.calibration import calibration_estimate
from stance.evaluation.datasets import Dataset
from stance.evaluation.metrics import BINS, LEVELS, bin_of, confusion
from stance.evaluation.predictions import Predictions
from stance.evaluation.replicates import Replicated
from stance.evaluation.results import Estimate, ReliabilityBin, RiskPoint, Scores, WholeArticles
from stance.labels import LABELS
from stance.records import Prediction

__all__ = ["pairs_right", "reliability", "risk_coverage", "score", "whole_articles"]

_ROWS = 16  # replicates summed at once: few, so that they stay in the processor's cache
_COVERAGES = np.round(np.arange(1, 21) / 20, 2)


def score(found: Replicated, source: Resampler) -> Scores:
    """Every metric with its 95 % interval."""
    counts = confusion(found.table)
    sizes = _denominators(counts)
    estimates = {}
    for name, value in found.points.items():
        replicates = found.replicates[name]
        if name == "ece":
            estimates[name] = calibration_estimate(found.table, value, replicates, source)
            continue
        bounded = estimate(value, replicates, source)
        if bounded.value is not None and bounded.low is None and name in sizes:
            bounded = wilson(round(bounded.value * sizes[name]), sizes[name])
        estimates[name] = bounded
    return Scores(found.table.system, estimates, counts.tolist())


def _denominators(counts: NDArray[np.int64]) -> dict[str, int]:
    """How many statements each metric that is a proportion is a proportion of."""
    gold, predicted = counts.sum(axis=1).tolist(), counts.sum(axis=0).tolist()
    sizes = dict.fromkeys(("accuracy", *(f"coverage_{level}" for level in LEVELS)), sum(gold))
    for i, label in enumerate(LABELS):
        sizes |= {f"recall_{label}": gold[i], f"precision_{label}": predicted[i]}
        sizes |= {f"coverage_{level}_{label}": gold[i] for level in LEVELS}
    return sizes


def pairs_right(
    predictions: Predictions, dataset: Dataset, source: Resampler
) -> tuple[int, Estimate | None]:
    """Contrast pairs, and the share with both members right (Gardner et al. 2020)."""
    pairs: dict[str, list[int]] = defaultdict(list)
    for i, item in enumerate(dataset.items):
        if pair := item.attributes.get("pair"):
            pairs[pair].append(i)
    whole = [members for members in pairs.values() if len(members) > 1]
    if not whole:
        return 0, None
    # A pair is counted at its first member, whose conflict is the other's too.
    counted, hits = np.zeros((2, len(dataset.items), 1), dtype=bool)
    for members in whole:
        counted[members[0]] = True
        hits[members[0]] = predictions.correct[members].all()
    return len(whole), shares(hits, counted, source)[0]


def reliability(predictions: Predictions) -> list[ReliabilityBin]:
    """The bins of the expected calibration error that hold predictions."""
    confidence, correct = predictions.confidence, predictions.correct
    place = bin_of(confidence)
    bins = []
    for i in range(BINS):
        inside = place == i
        n = int(inside.sum())
        if n:
            accuracy = wilson(int(correct[inside].sum()), n)
            mean = float(confidence[inside].mean())
            bins.append(ReliabilityBin(i / BINS, (i + 1) / BINS, n, mean, accuracy))
    return bins


def risk_coverage(predictions: Predictions, source: Resampler) -> list[RiskPoint]:
    """Accuracy when answering only what the system is surest of (El-Yaniv and Wiener 2010).

    Equal confidences are ordered at random (seeded), so a constant system gets a flat line.
    """
    n = len(predictions.gold)
    ties = np.random.default_rng(source.seed).permutation(n)
    order = np.lexsort((ties, -predictions.confidence))
    correct = predictions.correct[order].astype(np.float64)
    confidence = predictions.confidence[order]
    replicates = np.concatenate(
        [
            _selective_accuracy(rows[:, order], correct)
            for weights in source.weights()
            for rows in np.array_split(weights, range(_ROWS, len(weights), _ROWS))
        ]
    )
    points = []
    for i, coverage in enumerate(_COVERAGES.tolist()):
        kept = int(np.ceil(coverage * n - 1e-9))
        value = float(correct[:kept].mean())
        found = estimate(value, replicates[:, i], source)
        if found.low is None:
            found = wilson(int(correct[:kept].sum()), kept)
        points.append(RiskPoint(coverage, found, float(confidence[kept - 1])))
    return points


def _selective_accuracy(
    weights: NDArray[np.float64], correct: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Accuracy at each coverage for replicates (r, n) ordered by confidence: (r, coverages)."""
    drawn = weights.cumsum(axis=1)
    right = (weights * correct).cumsum(axis=1)
    result = np.empty((len(weights), len(_COVERAGES)))
    for row in range(len(weights)):
        wanted = np.ceil(_COVERAGES * drawn[row, -1] - 1e-9)
        at = np.searchsorted(drawn[row], wanted)
        result[row] = right[row, at] / drawn[row, at]
    return result


def whole_articles(
    read: Sequence[Sequence[Prediction]], dataset: Dataset, source: Resampler
) -> WholeArticles:
    """How much of a dataset's articles a system finds, and has right.

    Args:
        read: its predictions for each article.
    """
    readings = [found_in(*one) for one in zip(dataset.articles, read, strict=True)]
    found = {key: one for reading in readings for key, one in reading.found.items()}
    none = Found(there=False, right=False, named=False)
    each = [found.get(i, none) for i in dataset.ids]
    hits = np.array([(one.there, one.right, one.named) for one in each])
    there = np.array([one.there for one in each])
    inside = np.array([i in found for i in dataset.ids])
    members = np.stack([inside, inside, there], axis=1)
    recall, right, named = shares(hits, members, source)
    return WholeArticles(recall, right, named, _labelled(readings, dataset, source))


def _labelled(readings: Sequence[Reading], dataset: Dataset, source: Resampler) -> Estimate:
    """The share of what a system gives that is labelled, drawn as the articles' statements are."""
    counts = np.array([(one.labelled, one.returned) for one in readings], dtype=np.float64)
    labelled, returned = counts.sum(axis=0).tolist()
    if source.by == "statements" or not returned:
        return wilson(round(labelled), round(returned))
    place = dict(zip(dataset.ids, source.groups.tolist(), strict=True))
    units = np.zeros((source.units, 2))
    np.add.at(units, [place[article.id_of(1)] for article in dataset.articles], counts)
    drawn = source.drawn(units)
    with np.errstate(invalid="ignore"):
        return estimate(labelled / returned, drawn[:, 0] / drawn[:, 1], source)
