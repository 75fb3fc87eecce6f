"""The predictions table: what one system says about one dataset."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.datasets import Dataset
from stance.evaluation.predictions_file import PredictionsFile
from stance.evaluation.systems import System

__all__ = ["Predictions", "predict"]


@dataclass(frozen=True)
class Predictions:
    """Gold labels beside a system's probabilities; n statements in the dataset's order.

    Attributes:
        system: the system's name.
        gold: label indices, int64 (n,).
        probs: float64 (n, 3), rows sum to 1, columns in label order.
        probabilistic: False for a system that gives bare labels, as one-hot rows.
        conformal: coverage level -> highest score `1 - p` of a plausible label.
    """

    system: str
    gold: NDArray[np.int64]
    probs: NDArray[np.float64]
    probabilistic: bool = True
    conformal: Mapping[str, float] = field(default_factory=dict)

    @property
    def predicted(self) -> NDArray[np.int64]:
        """Predicted label indices, int64 (n,); the first of equally probable labels."""
        best: NDArray[np.int64] = self.probs.argmax(axis=1)
        return best

    @property
    def confidence(self) -> NDArray[np.float64]:
        """Probability of the predicted label, float64 (n,)."""
        highest: NDArray[np.float64] = self.probs.max(axis=1)
        return highest

    @property
    def correct(self) -> NDArray[np.bool_]:
        """Whether the predicted label is the gold one, bool (n,)."""
        right: NDArray[np.bool_] = self.predicted == self.gold
        return right

    def plausible(self, level: str) -> NDArray[np.bool_]:
        """Labels in the conformal set, bool (n, 3); as `stance.Prediction.plausible`."""
        inside = 1.0 - self.probs <= self.conformal[level]
        inside[np.arange(len(self.gold)), self.predicted] = True
        return inside


def predict(system: System | PredictionsFile, dataset: Dataset) -> Predictions:
    """Run a system over a dataset; it sees statements, or ids, and never labels."""
    if isinstance(system, PredictionsFile):
        probs = system.look_up(dataset.ids)
    else:
        probs = system.predict(dataset.statements)
    return Predictions(
        system.name,
        dataset.gold,
        probs,
        system.probabilistic,
        system.conformal,
    )
