"""Intervals and tests: by hand, against published formulas, and in simulation."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from stance.evaluation.bootstrap import MIN_CLUSTERS, Resampler, estimate, resampler, wilson
from stance.evaluation.calibration import calibration_estimate
from stance.evaluation.metrics import point_metrics
from stance.evaluation.predictions import Predictions
from stance.evaluation.replicates import replicated
from stance.evaluation.results import Estimate
from stance.evaluation.scores import risk_coverage
from stance.evaluation.significance import bootstrap_p, holm, mcnemar, paired_difference
from tests.evaluation.known import by_statement, one_hot, scores_of, table


def test_resampling_is_reproducible_and_fair() -> None:
    source = by_statement(50, resamples=2000)
    first, again = np.concatenate([*source.weights()]), np.concatenate([*source.weights()])
    assert np.array_equal(first, again)
    assert first.shape == (2000, 50)
    assert (first.sum(axis=1) == 50).all()
    assert first.mean(axis=0) == pytest.approx(np.ones(50), abs=0.15)


def test_conflicts_are_drawn_whole_where_there_are_enough() -> None:
    clusters = [f"c{i % MIN_CLUSTERS}" for i in range(60)]
    source = resampler(clusters, 50, 1)
    assert (source.by, source.units) == ("conflicts", MIN_CLUSTERS)
    for weights in source.weights():
        for start in range(MIN_CLUSTERS):
            assert (weights[:, start::MIN_CLUSTERS] == weights[:, [start]]).all()
    assert resampler([*clusters[:59], None], 50, 1).by == "statements"
    assert resampler(["only one"] * 60, 50, 1).by == "statements"


def test_wilson_by_the_published_formula() -> None:
    hits, n, z = 27, 40, 1.959963984540054
    p = hits / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    found = wilson(hits, n)
    assert (found.low, found.high) == pytest.approx((middle - half, middle + half))
    assert wilson(0, 0).value is None
    perfect = wilson(13, 13)
    assert perfect.high == pytest.approx(1.0)
    assert perfect.low == pytest.approx(13 / (13 + z * z))


def test_a_perfect_score_gets_an_honest_interval() -> None:
    gold = np.array([0, 1, 2, 2])
    metrics = scores_of(table(gold, one_hot(gold)), by_statement(4)).metrics
    assert metrics["accuracy"].low == pytest.approx(wilson(4, 4).low)
    assert metrics["macro_f1"].value == 1.0
    assert metrics["macro_f1"].low is None  # the bootstrap cannot see what it never drew


def test_a_replicate_without_the_figure_does_not_count() -> None:
    gold = np.array([0, 2])  # half of the replicates draw one label only
    mcc = scores_of(table(gold, one_hot(gold)), by_statement(2)).metrics["mcc"]
    assert (mcc.value, mcc.low, mcc.high) == (1.0, None, None)
    assert bootstrap_p(np.array([np.nan] * 50 + [0.1] * 50)) == bootstrap_p(np.full(50, 0.1))


def test_an_interval_leans_to_where_the_figure_may_be() -> None:
    """Near 1 a figure's low end is farther off than the plain percentile says."""
    rng = np.random.default_rng(0)
    replicates = 1 - rng.gamma(4, 0.01, size=4000)
    value = float(np.median(replicates))
    found = estimate(value, replicates, by_statement(22))
    plain = np.quantile(replicates, by_statement(22).quantiles())
    assert found.low is not None
    assert found.high is not None
    assert found.low < plain[0]
    assert value < found.high < plain[1]
    few = estimate(value, replicates, by_statement(22), units=4)
    assert few.low is not None
    assert few.low < found.low


def test_one_statement_has_no_bootstrap_interval() -> None:
    found = estimate(1.0, np.ones(100), by_statement(1))
    assert (found.value, found.low) == (1.0, None)


def test_risk_coverage_ends_at_the_accuracy_and_ranks_by_confidence() -> None:
    gold = np.array([0] * 10)
    probs = np.array([[0.9, 0.05, 0.05]] * 5 + [[0.1, 0.6, 0.3]] * 5)
    points = risk_coverage(table(gold, probs), by_statement(10))
    assert points[-1].coverage == 1.0
    assert points[-1].accuracy.value == 0.5
    assert next(p for p in points if p.coverage == 0.5).accuracy.value == 1.0


def test_mcnemar_by_hand() -> None:
    gold = np.zeros(20, dtype=int)
    a, b = np.zeros(20, dtype=int), np.zeros(20, dtype=int)
    a[:1], b[1:9] = 1, 1  # one that only B gets right, eight that only A does
    # Two-sided binomial: 2 * P(X <= 1), X ~ B(9, 1/2) = 2 * 10 / 512
    assert mcnemar(table(gold, one_hot(a)), table(gold, one_hot(b))) == pytest.approx(20 / 512)
    assert mcnemar(table(gold, one_hot(a)), table(gold, one_hot(a))) == 1.0


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_lies_between_raw_and_bonferroni(p_values: list[float]) -> None:
    for raw, adjusted in zip(p_values, holm(p_values), strict=True):
        assert raw <= adjusted <= min(1.0, raw * len(p_values)) + 1e-12


def test_paired_difference_of_a_system_with_itself_is_nothing() -> None:
    rng = np.random.default_rng(0)
    predictions = table(rng.integers(3, size=80), rng.dirichlet(np.ones(3), 80))
    source = by_statement(80)
    first, again = replicated([predictions, predictions], source)
    found, p = paired_difference(first, again, "macro_f1", source)
    assert found.value == 0.0
    assert p == 1.0


def test_a_better_system_is_called_better() -> None:
    rng = np.random.default_rng(0)
    gold = rng.integers(3, size=300)
    worse = np.where(rng.random(300) < 0.4, rng.integers(3, size=300), gold)
    source = by_statement(300)
    better, bad = replicated([table(gold, one_hot(gold)), table(gold, one_hot(worse))], source)
    found, p = paired_difference(better, bad, "macro_f1", source)
    assert found.low is not None
    assert found.low > 0.15
    assert p < 0.01


def _world(rng: np.random.Generator, n: int, sharpening: float) -> Predictions:
    """Statements with a system that errs, and that is too sure when sharpening is above 1."""
    probs = rng.dirichlet((0.6, 0.6, 0.6), n)
    gold = (rng.random((n, 1)) > probs.cumsum(axis=1)).sum(axis=1)
    sharpened = probs**sharpening
    return table(gold, sharpened / sharpened.sum(axis=1, keepdims=True))


@pytest.mark.slow
def test_intervals_cover_the_truth() -> None:
    """95 % intervals hold the population's figure in 93 to 97 % of 1,000 samples."""
    rng = np.random.default_rng(7)
    truth = point_metrics(_world(rng, 1_000_000, 1.6))
    names = ("accuracy", "macro_f1", "macro_recall", "mcc", "brier", "f1_opposing")
    inside = dict.fromkeys(names, 0)
    for repetition in range(1000):
        predictions = _world(rng, 600, 1.6)
        source = by_statement(600, seed=repetition)
        points, replicates = point_metrics(predictions), _replicates(predictions, source)
        for name in names:
            inside[name] += _holds(estimate(points[name], replicates[name], source), truth[name])
    shares = {name: count / 1000 for name, count in inside.items()}
    assert all(0.93 <= share <= 0.97 for share in shares.values()), shares


@pytest.mark.slow
@pytest.mark.parametrize("sharpening", [1.0, 1.15, 1.3, 1.6])
def test_the_calibration_error_covers_the_truth(sharpening: float) -> None:
    """At least 93 %, whether the system is calibrated or not; near 0 the interval is cautious."""
    rng = np.random.default_rng(11)
    truth = 0.0 if sharpening == 1.0 else point_metrics(_world(rng, 1_000_000, sharpening))["ece"]
    inside = 0
    for repetition in range(500):
        predictions = _world(rng, 600, sharpening)
        source = by_statement(600, seed=repetition)
        value, replicates = point_metrics(predictions)["ece"], _replicates(predictions, source)
        found = calibration_estimate(predictions, value, replicates["ece"], source)
        inside += _holds(found, truth)
    assert inside / 500 >= 0.93, inside


def _holds(found: Estimate, truth: float) -> bool:
    assert found.low is not None
    assert found.high is not None
    return found.low <= truth <= found.high


@pytest.mark.slow
def test_intervals_cover_the_truth_when_conflicts_differ() -> None:
    """Drawing conflicts holds where the accuracy of 40 conflicts varies; statements do not."""
    rng, truth = np.random.default_rng(3), 0.85
    inside = {"conflicts": 0, "statements": 0}
    for repetition in range(1000):
        sizes = rng.integers(10, 40, size=40)
        rates = rng.beta(truth * 19, (1 - truth) * 19, size=40)  # intra-class correlation 0.05
        groups = np.repeat(np.arange(40), sizes)
        right = rng.random(len(groups)) < rates[groups]
        predictions = table(np.zeros(len(groups)), one_hot(1 - right.astype(int)))
        for by, source in (
            ("conflicts", Resampler(groups, 40, "conflicts", 400, repetition)),
            ("statements", by_statement(len(groups), seed=repetition)),
        ):
            replicates = _replicates(predictions, source)["accuracy"]
            found = estimate(float(right.mean()), replicates, source)
            inside[by] += _holds(found, truth)
    assert 930 <= inside["conflicts"] <= 970, inside
    assert inside["statements"] < 850, inside


def _replicates(predictions: Predictions, source: Resampler) -> Mapping[str, NDArray[np.float64]]:
    return replicated([predictions], source)[0].replicates
