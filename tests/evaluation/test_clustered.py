"""Tests between slices and between systems that know of conflicts.

`python -m tests.evaluation.test_clustered` prints how often they err (docs/evaluation.md).
"""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import fisher_exact
from sklearn.metrics import f1_score

from stance.evaluation.bootstrap import Resampler, resampler
from stance.evaluation.comparison import Scored, compare_tested
from stance.evaluation.replicates import replicated
from stance.evaluation.significance import FLIPS, difference_p, flipped, mcnemar, permutation
from stance.evaluation.slices import slice_scores
from stance.labels import LABELS
from tests.evaluation.known import by_statement, dataset, one_hot, scores_of, table

Bools = NDArray[np.bool_]


def by_conflict(groups: NDArray[np.int64]) -> Resampler:
    return Resampler(groups, int(groups.max()) + 1, "conflicts", 200, 1)


def test_signs_by_hand() -> None:
    # Of 8 patterns of signs of 1, 2 and 4 only two bring 7 or -7; nothing is farther than 0.
    effects = np.array([[1.0, 0.0], [2.0, 0.0], [4.0, 0.0]])
    found = flipped(effects, seed=0)
    assert found[0] == pytest.approx(2 / 8, abs=0.01)
    assert found[1] == 1.0
    assert flipped(np.ones((40, 1)), seed=0)[0] == pytest.approx(1 / (FLIPS + 1))


def test_a_permutation_of_statements_is_mcnemar_s_test() -> None:
    rng = np.random.default_rng(0)
    gold = np.zeros(80)
    a, b = (table(gold, one_hot((rng.random(80) < p).astype(int))) for p in (0.2, 0.4))
    assert permutation(a, b, by_statement(80)) == pytest.approx(mcnemar(a, b), abs=0.01)
    assert permutation(a, a, by_statement(80)) == 1.0


def test_systems_are_compared_by_conflict_where_there_are_enough() -> None:
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(22), 20)
    gold = np.zeros(len(groups))
    a, b = (table(gold, one_hot((rng.random(len(groups)) < p).astype(int))) for p in (0.1, 0.2))
    tests = {}
    for source in (by_conflict(groups), by_statement(len(groups))):
        both = [Scored(f, scores_of(f.table, source), 0, None) for f in replicated([a, b], source)]
        rows = compare_tested("d", both[0], both[1], source)
        tests[source.by] = [(row.measure, row.test) for row in rows]
        assert rows[0].p != rows[1].p
    assert tests["conflicts"][0] == ("accuracy", "permutation of conflicts")
    assert tests["statements"][0] == ("accuracy", "McNemar, exact")
    assert tests["conflicts"][1:] == tests["statements"][1:]


def test_one_odd_conflict_makes_no_slice_significant() -> None:
    """Nine of one conflict's twenty statements are all the mistakes, and all in the slice."""
    conflicts = [f"c{i // 20:02d}" for i in range(440)]
    phenomenon = ["odd" if i < 60 or i % 20 == 0 else "" for i in range(440)]
    data = dataset([LABELS[1]] * 440, conflict=conflicts, phenomenon=phenomenon)
    predicted = np.array([0 if i < 9 else 1 for i in range(440)])
    predictions = table(data.gold, one_hot(predicted))
    source = resampler(conflicts, 200, 1)
    spread = dataset(
        [LABELS[1]] * 440,
        conflict=conflicts,
        phenomenon=["odd" if i % 20 < 9 else "" for i in range(440)],
    )
    few = next(s for s in slice_scores(predictions, data, source) if s.attribute == "phenomenon")
    many = next(s for s in slice_scores(predictions, spread, source) if s.attribute == "phenomenon")
    assert few.test == "Fisher"  # three conflicts are most of it
    assert few.macro_f1.low is None
    assert many.test == "conflicts"
    assert many.p_holm == 1.0
    assert (
        fisher_exact(np.array([[9, 189], [0, 242]])).pvalue < 0.001
    )  # what nine conflicts might have said


def test_macro_f1_of_slices_agrees_with_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    conflicts = [f"c{i % 22:02d}" for i in range(660)]
    speech = [("a", "b", "c", "d")[min(3, i % 7)] for i in range(660)]
    data = dataset(
        [LABELS[i] for i in rng.integers(3, size=660)], conflict=conflicts, speech=speech
    )
    predicted = np.where(rng.random(660) < 0.8, data.gold, rng.integers(3, size=660))
    predictions = table(data.gold, one_hot(predicted))
    found = slice_scores(predictions, data, resampler(conflicts, 400, 1))
    plain = {(s.attribute, s.value): s for s in slice_scores(predictions, data, by_statement(660))}
    assert {s.attribute for s in found} == {"speech", "conflict"}
    for s in found:
        values = speech if s.attribute == "speech" else conflicts
        inside = np.array(values) == s.value
        expected = f1_score(data.gold[inside], predicted[inside], average="macro")
        assert s.macro_f1.value == pytest.approx(expected)
        assert plain[s.attribute, s.value].macro_f1.value == pytest.approx(expected)
        assert (s.macro_f1.low is not None) == (s.attribute == "speech")
        interval = plain[s.attribute, s.value].macro_f1
        assert (interval.low is not None) == (inside.sum() >= 50)
        if s.macro_f1.low is not None:
            assert s.macro_f1.high is not None
            assert s.macro_f1.low < expected < s.macro_f1.high


@pytest.mark.slow
@pytest.mark.parametrize("rho", [0.0, 0.02, 0.05])
def test_slices_that_do_not_differ_are_seldom_called_different(rho: float) -> None:
    found = slice_errors(rho)
    assert 0.03 <= found["conflicts"] <= 0.07, found
    if rho == 0.05:
        assert found["Fisher"] > 0.08, found


@pytest.mark.slow
@pytest.mark.parametrize("rho", [0.0, 0.02, 0.05])
def test_equal_systems_are_seldom_called_different(rho: float) -> None:
    found = system_errors(rho)
    assert 0.03 <= found["conflicts"] <= 0.07, found
    if rho:
        assert found["McNemar"] > 0.1, found


def slice_errors(rho: float, repetitions: int = 1000) -> dict[str, float]:
    """Share of slices with p at most 0.05 that do not differ from the rest."""
    rng = np.random.default_rng([5, round(100 * rho)])
    rejected = {"conflicts": 0, "Fisher": 0}
    for _ in range(repetitions):
        hits, inside, source = _null_slice(rng, rho)
        cells = [[(hits & part).sum(), (~hits & part).sum()] for part in (inside, ~inside)]
        rejected["conflicts"] += int(difference_p(hits, inside[:, None], source)[0] <= 0.05)
        rejected["Fisher"] += int(fisher_exact(np.array(cells)).pvalue <= 0.05)
    return {name: count / repetitions for name, count in rejected.items()}


def system_errors(rho: float, repetitions: int = 1000) -> dict[str, float]:
    """Share of pairs with p at most 0.05 that differ in their weak conflicts, not in accuracy."""
    rng = np.random.default_rng([6, round(100 * rho)])
    groups = np.repeat(np.arange(22), 110)
    gold, source = np.zeros(len(groups)), by_conflict(groups)
    rejected = {"conflicts": 0, "McNemar": 0}
    for _ in range(repetitions):
        a, b = (table(gold, one_hot(1 - _right(rng, groups, rho).astype(int))) for _ in range(2))
        rejected["conflicts"] += int(permutation(a, b, source) <= 0.05)
        rejected["McNemar"] += int(mcnemar(a, b) <= 0.05)
    return {name: count / repetitions for name, count in rejected.items()}


def _null_slice(rng: np.random.Generator, rho: float) -> tuple[Bools, Bools, Resampler]:
    """22 conflicts of 110 statements; a slice of varying shares that nothing goes with."""
    groups = np.repeat(np.arange(22), 110)
    inside = rng.random(len(groups)) < rng.beta(2, 6, size=22)[groups]
    return _right(rng, groups, rho), inside, by_conflict(groups)


def _right(rng: np.random.Generator, groups: NDArray[np.int64], rho: float) -> Bools:
    rates = np.full(22, 0.88)
    if rho:
        rates = rng.beta(0.88 * (1 / rho - 1), 0.12 * (1 / rho - 1), size=22)
    right: Bools = rng.random(len(groups)) < rates[groups]
    return right


if __name__ == "__main__":
    for rho in (0.0, 0.02, 0.05):
        print(rho, slice_errors(rho), system_errors(rho), flush=True)  # noqa: T201
