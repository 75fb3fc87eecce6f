"""Logits -> calibrated probabilities -> label (pure)."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from stance.labels import LABELS
from stance.records import Prediction, Statement

__all__ = ["averaged", "decide", "probabilities"]


def averaged(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """Logits of two networks, float32 (batch, 3), as one: an artifact's and its partner's."""
    return np.float32(0.5) * (one + other)


def probabilities(logits: NDArray[np.floating], temperature: float = 1.0) -> NDArray[np.float64]:
    """Softmax of temperature-scaled logits (Guo et al. 2017, "On Calibration of Modern NNs").

    Args:
        logits: shape (batch, 3), any float dtype, in the order of `stance.labels.LABELS`.
        temperature: above 0; 1 leaves the logits as they are.

    Returns:
        float64 array of shape (batch, 3); every row sums to 1.
    """
    if temperature <= 0:
        raise ValueError(f"temperature must be above 0, not {temperature}")
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    scaled -= scaled.max(axis=-1, keepdims=True)
    exp = np.exp(scaled)
    normalised: NDArray[np.float64] = exp / exp.sum(axis=-1, keepdims=True)
    return normalised


def decide(
    statements: Sequence[Statement],
    probs: NDArray[np.float64],
    truncated: Sequence[bool],
    *,
    model_version: str,
    conformal: Mapping[str, float],
) -> list[Prediction]:
    """One prediction for each row; `probs` has shape (batch, 3)."""
    predictions = []
    for statement, row, cut in zip(statements, probs.tolist(), truncated, strict=True):
        best = max(range(len(row)), key=row.__getitem__)
        predictions.append(
            Prediction(
                statement=statement,
                label=LABELS[best],
                probabilities=dict(zip(LABELS, row, strict=True)),
                confidence=row[best],
                truncated=cut,
                model_version=model_version,
                conformal=conformal,
            )
        )
    return predictions
