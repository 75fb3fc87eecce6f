from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from stance import Prediction, Stance, Statement
from stance.decision import decide, probabilities
from stance.labels import LABELS

_LOGITS = hnp.arrays(np.float32, (4, 3), elements=st.floats(-50, 50, width=32))


@given(_LOGITS, st.floats(0.1, 10))
def test_probabilities_sum_to_one_and_keep_the_order(
    logits: np.ndarray, temperature: float
) -> None:
    probs = probabilities(logits, temperature)
    assert np.allclose(probs.sum(axis=1), 1)
    for row, scores in zip(probs, logits, strict=True):
        assert row[int(np.argmax(scores))] == row.max()


def test_a_higher_temperature_is_less_sure() -> None:
    logits = np.array([[2.0, 0.0, -1.0]], dtype=np.float32)
    assert probabilities(logits, 2.0).max() < probabilities(logits, 1.0).max()


@pytest.mark.parametrize("temperature", [0.0, -1.0])
def test_temperature_must_be_positive(temperature: float) -> None:
    with pytest.raises(ValueError, match="temperature"):
        probabilities(np.zeros((1, 3)), temperature)


def _decide(row: list[float], conformal: dict[str, float]) -> Prediction:
    return decide(
        [Statement("x")], np.array([row]), [False], model_version="1", conformal=conformal
    )[0]


def test_label_is_the_most_probable_one_in_label_order() -> None:
    for index, label in enumerate(LABELS):
        row = [0.1, 0.1, 0.1]
        row[index] = 0.8
        prediction = _decide(row, {})
        assert prediction.label is label
        assert prediction.confidence == prediction.probabilities[label] == 0.8


def test_plausible_labels_are_those_within_the_threshold() -> None:
    prediction = _decide([0.6, 0.3, 0.1], {"0.95": 0.75, "0.50": 0.05})
    assert prediction.plausible(0.95) == {Stance.SUPPORTING, Stance.OPPOSING}
    assert prediction.plausible(0.5) == {Stance.SUPPORTING}
    wrong: list[Any] = [0.9, 0.954, "0.95", None]
    for coverage in wrong:
        with pytest.raises(ValueError, match=f"no conformal calibration for coverage {coverage}"):
            prediction.plausible(coverage)
