"""Known systems get the metrics that theory says; all agree with scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn import metrics as sk

from stance.evaluation.metrics import (
    BINS,
    calibration_error,
    confusion,
    point_metrics,
    replicate_metrics,
    terms,
    weighted,
)
from tests.evaluation.known import one_hot, table

GOLD = np.array([0] * 40 + [1] * 30 + [2] * 30)


def test_a_perfect_system() -> None:
    found = point_metrics(table(GOLD, one_hot(GOLD)))
    for name in ("accuracy", "macro_f1", "macro_recall", "mcc", "precision_opposing"):
        assert found[name] == 1.0
    assert found["ece"] == found["brier"] == 0.0


def test_a_constant_system() -> None:
    found = point_metrics(table(GOLD, one_hot(np.zeros_like(GOLD))))
    assert found["accuracy"] == pytest.approx(0.4)
    assert found["macro_recall"] == pytest.approx(1 / 3)
    assert found["macro_f1"] == pytest.approx((2 * 0.4 / 1.4) / 3)
    assert found["mcc"] == 0.0
    assert found["ece"] == pytest.approx(0.6)  # sure of itself, right in 40 of 100
    assert found["brier"] == pytest.approx(0.6 * 2)
    assert np.isnan(found["precision_opposing"])  # never predicted: not defined, not zero
    assert found["recall_opposing"] == 0.0


def test_a_random_system() -> None:
    rng = np.random.default_rng(0)
    gold = rng.integers(3, size=60_000)
    found = point_metrics(table(gold, np.tile([0.4, 0.3, 0.3], (len(gold), 1))))
    # 0.54 where the gold label has 0.4, 0.74 where it has 0.3
    assert found["brier"] == pytest.approx((0.54 + 2 * 0.74) / 3, abs=0.005)
    guess = point_metrics(table(gold, one_hot(rng.integers(3, size=len(gold)))))
    for name in ("accuracy", "macro_f1", "macro_recall"):
        assert guess[name] == pytest.approx(1 / 3, abs=0.01)
    assert guess["mcc"] == pytest.approx(0.0, abs=0.01)


def test_a_label_swapped_system() -> None:
    swapped = np.array([1, 0, 2])[GOLD]
    predictions = table(GOLD, one_hot(swapped))
    assert point_metrics(predictions)["accuracy"] == pytest.approx(0.3)
    assert confusion(predictions).tolist() == [[0, 40, 0], [30, 0, 0], [0, 0, 30]]


def test_a_label_that_does_not_occur_stays_out_of_the_average() -> None:
    gold = np.array([0, 0, 2, 2])
    found = point_metrics(table(gold, one_hot(gold)))
    assert found["macro_f1"] == 1.0
    assert np.isnan(found["f1_opposing"])


def test_gold_of_one_label_has_no_correlation() -> None:
    gold = np.array([2, 2, 2])
    assert np.isnan(point_metrics(table(gold, one_hot(gold)))["mcc"])
    replicates = replicate_metrics(
        weighted(terms(table(GOLD, one_hot(GOLD))), 1.0 * (GOLD == [[0], [1]]))
    )
    assert np.isnan(replicates["mcc"]).all()


def test_calibration_error_by_hand() -> None:
    # Confidences 0.9 (right, wrong) and 0.5 (right): |1 - 1.8| / 3 + |1 - 0.5| / 3.
    probs = np.array([[0.9, 0.05, 0.05], [0.9, 0.05, 0.05], [0.5, 0.3, 0.2]])
    predictions = table([0, 1, 0], probs)
    assert point_metrics(predictions)["ece"] == pytest.approx((0.8 + 0.5) / 3)
    one_bin = calibration_error(predictions.confidence, predictions.correct, 1)
    assert one_bin == pytest.approx((2.3 - 2) / 3)


def test_conformal_coverage_by_hand() -> None:
    from stance.evaluation.predictions import Predictions

    probs = np.array([[0.6, 0.3, 0.1], [0.6, 0.3, 0.1], [0.6, 0.3, 0.1]])
    found = point_metrics(Predictions("x", np.array([0, 1, 2]), probs, True, {"0.95": 0.75}))
    assert found["coverage_0.95"] == pytest.approx(2 / 3)
    assert found["set_size_0.95"] == 2.0
    assert found["coverage_0.95_noncommittal"] == 0.0
    assert "coverage_0.90" not in found


@st.composite
def tables(draw: st.DrawFn) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    n = draw(st.integers(2, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    probs = rng.dirichlet(np.full(3, draw(st.sampled_from([0.1, 1.0, 10.0]))), n)
    return rng.integers(draw(st.integers(1, 3)), size=n), probs


@settings(max_examples=60, deadline=None)
@given(tables())
def test_points_agree_with_scikit_learn(
    drawn: tuple[NDArray[np.int64], NDArray[np.float64]],
) -> None:
    gold, probs = drawn
    predicted = probs.argmax(axis=1)
    found = point_metrics(table(gold, probs))
    assert found["accuracy"] == pytest.approx(sk.accuracy_score(gold, predicted))
    f1 = sk.f1_score(gold, predicted, average="macro", labels=range(3), zero_division=np.nan)
    assert found["macro_f1"] == pytest.approx(f1)
    if set(predicted) <= set(gold):
        assert found["macro_recall"] == pytest.approx(sk.balanced_accuracy_score(gold, predicted))
    assert found["brier"] == pytest.approx(((probs - np.eye(3)[gold]) ** 2).sum(axis=1).mean())
    assert found["ece"] == pytest.approx(_naive_calibration_error(gold, probs))


@settings(max_examples=60, deadline=None)
@given(tables())
def test_replicates_agree_with_points_on_repeated_statements(
    drawn: tuple[NDArray[np.int64], NDArray[np.float64]],
) -> None:
    """A replicate with weights w is the table with each statement w times."""
    gold, probs = drawn
    levels = {"0.90": 0.6, "0.95": 0.8}
    weights = np.random.default_rng(0).integers(1, 4, size=(3, len(gold))).astype(float)
    replicates = replicate_metrics(weighted(terms(table(gold, probs, conformal=levels)), weights))
    for i, row in enumerate(weights.astype(int)):
        copies = np.repeat(gold, row), np.repeat(probs, row, axis=0)
        repeated = point_metrics(table(*copies, conformal=levels))
        assert "coverage_0.95_opposing" in repeated
        for name, value in repeated.items():
            assert replicates[name][i] == pytest.approx(value, nan_ok=True), name


def _naive_calibration_error(gold: NDArray[np.int64], probs: NDArray[np.float64]) -> float:
    """Guo et al. 2017, equation 3, bin by bin."""
    confidence, right = probs.max(axis=1), probs.argmax(axis=1) == gold
    error = 0.0
    for m in range(BINS):
        inside = (confidence > m / BINS) & (confidence <= (m + 1) / BINS)
        if inside.any():
            gap = abs(right[inside].mean() - confidence[inside].mean())
            error += inside.mean() * gap
    return float(error)
