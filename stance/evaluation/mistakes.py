"""The worst mistakes, each beside the training statements most like it."""

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from stance.evaluation.datasets import Dataset
from stance.evaluation.labelled import Labelled
from stance.evaluation.predictions import Predictions
from stance.evaluation.results import Mistake, Neighbour
from stance.labels import LABELS

__all__ = ["Neighbours", "worst_mistakes"]

_FACTS = ("phenomenon", "rule", "why", "speech", "conflict", "pair")


class Neighbours:
    """Finds training statements by the cosine of TF-IDF vectors of words."""

    def __init__(self, train: Sequence[Labelled]) -> None:
        self._train = train
        self._vectorizer = TfidfVectorizer(sublinear_tf=True)
        self._matrix = self._vectorizer.fit_transform([item.statement.text for item in train])

    def nearest(self, texts: Sequence[str], count: int) -> list[list[Neighbour]]:
        """For each text its nearest training statements, nearest first."""
        if not texts:
            return []
        similarities = (self._vectorizer.transform(texts) @ self._matrix.T).toarray()
        order = np.argsort(-similarities, axis=1, kind="stable")[:, :count]
        return [
            [self._neighbour(int(j), float(row[j])) for j in columns]
            for columns, row in zip(order, similarities, strict=True)
        ]

    def _neighbour(self, index: int, similarity: float) -> Neighbour:
        item = self._train[index]
        return Neighbour(item.id, item.label.value, similarity, item.statement.text)


def worst_mistakes(
    predictions: Predictions,
    dataset: Dataset,
    neighbours: Neighbours | None,
    count: int = 20,
) -> list[Mistake]:
    """The wrong predictions that gave the gold label the least probability."""
    rows = np.arange(len(predictions.gold))
    of_gold = predictions.probs[rows, predictions.gold]
    wrong = np.flatnonzero(~predictions.correct)
    worst = wrong[np.argsort(of_gold[wrong], kind="stable")][:count].tolist()
    texts = [dataset.items[i].statement.text for i in worst]
    nearest = neighbours.nearest(texts, 3) if neighbours else [[] for _ in worst]
    return [
        _mistake(predictions, dataset, i, float(of_gold[i]), near)
        for i, near in zip(worst, nearest, strict=True)
    ]


def _mistake(
    predictions: Predictions, dataset: Dataset, i: int, of_gold: float, near: list[Neighbour]
) -> Mistake:
    item = dataset.items[i]
    return Mistake(
        id=item.id,
        text=item.statement.text if dataset.quotable else None,
        context=item.statement.context if dataset.quotable else None,
        gold=item.label.value,
        predicted=LABELS[int(predictions.predicted[i])].value,
        confidence=float(predictions.confidence[i]),
        gold_probability=of_gold,
        facts={name: item.attributes[name] for name in _FACTS if item.attributes.get(name)},
        nearest=near,
    )
