"""Is one system better than another, one slice worse than the rest?"""

from collections.abc import Sequence

import numpy as np
from scipy.stats import binomtest

from stance.evaluation.bootstrap import Resampler, estimate
from stance.evaluation.metrics import point_metrics, replicate_metrics, terms, weighted
from stance.evaluation.predictions import Predictions
from stance.evaluation.results import Estimate

__all__ = ["bootstrap_p", "holm", "mcnemar", "paired_difference"]


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down correction: adjusted p-values in the given order (Holm 1979)."""
    adjusted, highest = [0.0] * len(p_values), 0.0
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[i]))
        adjusted[i] = highest
    return adjusted


def mcnemar(a: Predictions, b: Predictions) -> float:
    """Exact McNemar test (1947): do two systems err equally often on the same statements?

    It takes statements as independent. Where conflicts differ its p-value is too small; that
    of `paired_difference` on accuracy, which draws conflicts, is the one to read beside it.

    Returns:
        The two-sided p-value of the binomial test on the statements that one gets right and
        the other wrong; 1 where there are none.
    """
    only_a = int((a.correct & ~b.correct).sum())
    only_b = int((b.correct & ~a.correct).sum())
    if only_a + only_b == 0:
        return 1.0
    return float(binomtest(only_a, only_a + only_b).pvalue)


def paired_difference(
    a: Predictions, b: Predictions, measure: str, source: Resampler
) -> tuple[Estimate, float]:
    """A minus B on one measure, by the paired bootstrap (Efron and Tibshirani 1993, ch. 16).

    Both systems are scored on the same draws. Returns the difference with its 95 %
    interval, and the two-sided p-value of no difference.
    """
    parts = terms(a), terms(b)
    both = a.probabilistic and b.probabilistic
    draws = []
    for weights in source.weights():
        left, right = (
            replicate_metrics(weighted(part, weights), probabilistic=both)[measure]
            for part in parts
        )
        draws.append(left - right)
    differences = np.concatenate(draws)
    point = point_metrics(a)[measure] - point_metrics(b)[measure]
    return estimate(point, differences, source), bootstrap_p(differences)


def bootstrap_p(differences: np.ndarray) -> float:
    """Two-sided p-value from bootstrap differences, with the usual add-one.

    Differences that are nan (undefined in that replicate) do not count.

    >>> bootstrap_p(np.zeros(100))
    1.0
    """
    differences = differences[~np.isnan(differences)]
    above = (np.sum(differences >= 0) + 1) / (len(differences) + 1)
    below = (np.sum(differences <= 0) + 1) / (len(differences) + 1)
    return float(min(1.0, 2 * min(above, below)))
