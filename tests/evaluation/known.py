"""Predictions with known answers."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stance import Stance, Statement
from stance.evaluation.bootstrap import Resampler
from stance.evaluation.datasets import Dataset
from stance.evaluation.labelled import Labelled
from stance.evaluation.predictions import Predictions
from stance.evaluation.replicates import replicated
from stance.evaluation.results import Scores
from stance.evaluation.scores import score
from stance.labels import LABELS


def one_hot(labels: NDArray[np.int64]) -> NDArray[np.float64]:
    probs: NDArray[np.float64] = np.eye(len(LABELS))[labels]
    return probs


def table(
    gold: ArrayLike, probs: NDArray[np.float64], conformal: Mapping[str, float] | None = None
) -> Predictions:
    return Predictions("x", np.array(gold, dtype=np.int64), probs, conformal=conformal or {})


def by_statement(n: int, resamples: int = 400, seed: int = 1) -> Resampler:
    return Resampler(np.arange(n), n, "statements", resamples, seed)


def scores_of(predictions: Predictions, source: Resampler) -> Scores:
    return score(replicated([predictions], source)[0], source)


def dataset(labels: Sequence[Stance], **attributes: Sequence[str]) -> Dataset:
    """Statements "text 0", "text 1", … with these labels, and attributes by name."""
    items = [
        Labelled(
            str(i),
            Statement(f"text {i}"),
            label,
            {name: values[i] for name, values in attributes.items() if values[i]},
        )
        for i, label in enumerate(labels)
    ]
    return Dataset("d", items, {})


class Oracle:
    """A system that reads its answers from a table: text -> probabilities."""

    name = "oracle"
    version = "1"
    probabilistic = True

    def __init__(self, answers: dict[str, Sequence[float]]) -> None:
        self._answers = answers
        self.conformal: Mapping[str, float] = {"0.90": 0.5, "0.95": 0.9}
        self.files: Mapping[str, str] = {}

    def predict(self, statements: Sequence[Statement]) -> NDArray[np.float64]:
        return np.array([self._answers.get(s.text, (0.2, 0.2, 0.6)) for s in statements])
