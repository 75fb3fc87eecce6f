"""Is one system better than another, one slice worse than the rest?"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from stance.evaluation.bootstrap import Resampler, estimate
from stance.evaluation.predictions import Predictions
from stance.evaluation.replicates import Replicated
from stance.evaluation.results import Estimate

__all__ = [
    "bootstrap_p",
    "difference_p",
    "flipped",
    "holm",
    "mcnemar",
    "paired_difference",
    "permutation",
]

FLIPS = 20_000
"""Random signs of a test: enough for p-values that survive Holm's correction of 100 slices."""
_CHUNK = 1_000_000  # signs held at once, 8 MB

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


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

    It takes statements as independent; where they come in conflicts, `permutation` does not.

    Returns:
        The two-sided p-value of the binomial test on the statements that one gets right and
        the other wrong; 1 where there are none.
    """
    only_a = int((a.correct & ~b.correct).sum())
    only_b = int((b.correct & ~a.correct).sum())
    if only_a + only_b == 0:
        return 1.0
    return float(binomtest(only_a, only_a + only_b).pvalue)


def permutation(a: Predictions, b: Predictions, source: Resampler) -> float:
    """Permutation test of equal accuracy that swaps two systems on whole units of `source`.

    Approximate randomisation (Noreen 1989, "Computer-Intensive Methods for Testing
    Hypotheses"), by conflict: under the null hypothesis it does not matter which of the two
    systems answered a conflict. Where units are single statements this is McNemar's test.
    """
    effects = (a.correct.astype(np.float64) - b.correct)[:, None]
    return float(flipped(source.by_unit(effects), source.seed)[0])


def difference_p(hits: Bools, members: Bools, source: Resampler) -> Floats:
    """Is the share of hits among some statements another than among the rest?

    Each conflict's part in the covariance of membership and hit changes its sign at random,
    as a whole (the wild cluster bootstrap of the score: Kline and Santos 2012, with the signs
    of Canay, Romano and Shaikh 2017). No statement counts as independent of its conflict's.

    Args:
        hits: bool (n,).
        members: bool (n, k).

    Returns:
        Two-sided p-values, float64 (k,).
    """
    inside = members.astype(np.float64)
    effects = (inside - inside.mean(axis=0)) * (hits - hits.mean())[:, None]
    return flipped(source.by_unit(effects), source.seed)


def flipped(effects: Floats, seed: int) -> Floats:
    """Two-sided p-values of sums whose terms might as well have the other sign.

    Args:
        effects: float64 (units, k).

    Returns:
        float64 (k,), at least 1 / 20,001: the share of random signs that bring a sum as far
        from 0 as the one seen, which counts too (Phipson and Smyth 2010).
    """
    rng = np.random.default_rng(seed)
    seen = np.abs(effects.sum(axis=0))
    reached = np.zeros(effects.shape[1])
    step = max(1, _CHUNK // len(effects))
    for start in range(0, FLIPS, step):
        shape = (min(step, FLIPS - start), len(effects))
        signs = 2.0 * rng.integers(2, size=shape, dtype=np.int8) - 1.0
        reached += (np.abs(signs @ effects) >= seen - 1e-9).sum(axis=0)
    p_values: Floats = (reached + 1) / (FLIPS + 1)
    return p_values


def paired_difference(
    a: Replicated, b: Replicated, measure: str, source: Resampler
) -> tuple[Estimate, float]:
    """A minus B on one measure, by the paired bootstrap (Efron and Tibshirani 1993, ch. 16).

    Args:
        a, b: scored by one call of `replicated`, that is on the same draws of `source`.

    Returns:
        The difference with its 95 % interval, and the two-sided p-value of no difference.
    """
    differences = a.replicates[measure] - b.replicates[measure]
    point = a.points[measure] - b.points[measure]
    return estimate(point, differences, source), bootstrap_p(differences)


def bootstrap_p(differences: Floats) -> float:
    """Two-sided p-value from bootstrap differences, with the usual add-one.

    Differences that are nan (undefined in that replicate) do not count.

    >>> bootstrap_p(np.zeros(100))
    1.0
    """
    differences = differences[~np.isnan(differences)]
    above = (np.sum(differences >= 0) + 1) / (len(differences) + 1)
    below = (np.sum(differences <= 0) + 1) / (len(differences) + 1)
    return float(min(1.0, 2 * min(above, below)))
