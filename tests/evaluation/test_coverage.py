"""Do 95 % intervals hold where conflicts differ? Simulated; the table of docs/evaluation.md.

`python -m tests.evaluation.test_coverage` prints the table.
"""

import numpy as np
import pytest
from numpy.typing import NDArray

from stance.evaluation.bootstrap import Resampler, estimate
from stance.evaluation.metrics import confusion_metrics

TRUTH = 0.88
_GOLD = np.array([0.33, 0.27, 0.40])
_WRONG = np.array([[0.0, 0.3, 0.7], [0.3, 0.0, 0.7], [0.5, 0.5, 0.0]])
_MEASURES = ("accuracy", "macro_f1")

Floats = NDArray[np.float64]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("conflicts", "size", "rho"), [(22, 20, 0.0), (22, 20, 0.05), (12, 10, 0.05), (100, 1, 0.0)]
)
def test_slices_have_intervals_that_hold(conflicts: int, size: int, rho: float) -> None:
    """A fifth of the test split; the fewest conflicts; statements of no conflict."""
    found = coverage(conflicts, size, rho)
    assert all(0.93 <= share <= 0.97 for share in found.values()), found


@pytest.mark.slow
@pytest.mark.parametrize("rho", [0.0, 0.02, 0.05])
def test_the_test_split_has_intervals_that_hold(rho: float) -> None:
    """22 conflicts of about 110 statements, as in corpus/test.jsonl."""
    found = coverage(22, 110, rho)
    assert all(0.93 <= share <= 0.97 for share in found.values()), found


def coverage(conflicts: int, size: int, rho: float, repetitions: int = 1000) -> dict[str, float]:
    """Share of intervals that hold the truth, by measure.

    Args:
        size: statements of a conflict, give or take 15 %.
        rho: correlation within a conflict, of being right and of the gold label.
    """
    rng = np.random.default_rng([conflicts, round(100 * rho)])
    truth = confusion_metrics(_cells(np.full(1, TRUTH), _GOLD[None]))
    inside = dict.fromkeys(_MEASURES, 0)
    for repetition in range(repetitions):
        counts = _counts(rng, conflicts, size, rho)
        points = confusion_metrics(counts.sum(axis=0, keepdims=True))
        source = Resampler(np.arange(conflicts), conflicts, "conflicts", 1000, repetition)
        replicates = confusion_metrics(_replicates(counts, source))
        for name in _MEASURES:
            found = estimate(float(points[name][0]), replicates[name], source)
            assert found.low is not None
            assert found.high is not None
            inside[name] += found.low <= truth[name][0] <= found.high
    return {name: count / repetitions for name, count in inside.items()}


def _replicates(counts: Floats, source: Resampler) -> Floats:
    flat = counts.reshape(len(counts), -1)
    return source.drawn(flat).reshape(-1, 3, 3)


def _counts(rng: np.random.Generator, conflicts: int, size: int, rho: float) -> Floats:
    """Confusion counts of each conflict, float64 (conflicts, 3, 3)."""
    sizes = rng.integers(round(0.85 * size), round(1.15 * size) + 1, size=conflicts)
    rates, gold = np.full(conflicts, TRUTH), np.tile(_GOLD, (conflicts, 1))
    if rho:
        strength = 1 / rho - 1
        rates = rng.beta(TRUTH * strength, (1 - TRUTH) * strength, size=conflicts)
        gold = rng.dirichlet(_GOLD * strength, size=conflicts)
    drawn = rng.multinomial(sizes, _cells(rates, gold).reshape(conflicts, 9))
    return drawn.reshape(conflicts, 3, 3).astype(np.float64)


def _cells(rates: Floats, gold: Floats) -> Floats:
    """Probabilities of gold and predicted label, float64 (conflicts, 3, 3)."""
    right = rates[:, None, None]
    cells: Floats = gold[:, :, None] * (right * np.eye(3) + (1 - right) * _WRONG)
    return cells


if __name__ == "__main__":
    for conflicts, size in ((12, 83), (15, 67), (22, 110), (30, 33), (60, 17)):
        for rho in (0.0, 0.02, 0.05):
            print(conflicts, size, rho, coverage(conflicts, size, rho), flush=True)  # noqa: T201
