import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.decision import probabilities
from stance.runtimes.cascade import margins
from training.calibrate import conformal_thresholds, fit_deferral, fit_temperature


def _sample(seed: int, n: int, temperature: float) -> tuple[np.ndarray, list[int]]:
    """Logits whose labels are drawn from their own softmax at a temperature."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 3, (n, 3)).astype(np.float32)
    probs = probabilities(logits, temperature)
    return logits, [int(rng.choice(3, p=row)) for row in probs]


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_temperature_that_made_the_labels_is_found(temperature: float) -> None:
    logits, gold = _sample(0, 4000, temperature)
    assert fit_temperature(logits, gold) == pytest.approx(temperature, rel=0.1)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.8, 0.9, 0.95]))
def test_conformal_sets_cover_new_data(seed: int, coverage: float) -> None:
    logits, gold = _sample(seed, 4000, 1.0)
    probs = probabilities(logits)
    limit = conformal_thresholds(probs[:2000], gold[:2000], [coverage])[f"{coverage:.2f}"]
    covered = 1 - probs[np.arange(2000, 4000), gold[2000:]] <= limit
    assert covered.mean() == pytest.approx(coverage, abs=0.04)


def test_too_few_statements_exclude_nothing() -> None:
    probs = np.array([[0.8, 0.1, 0.1]] * 5)
    assert conformal_thresholds(probs, [0] * 5, [0.95]) == {"0.95": 1.0}


def test_the_share_asked_for_goes_to_the_better_model() -> None:
    logits, better = _sample(1, 400, 1.0)[0], _sample(2, 400, 1.0)[0]
    margin, both = fit_deferral(logits, better, 0.15)
    deferred = (both == better).all(axis=1)
    assert deferred.mean() == pytest.approx(0.15, abs=0.01)
    assert margins(logits)[deferred].max() < margin <= margins(logits)[~deferred].min()
    assert (both[~deferred] == logits[~deferred]).all()
