"""Baselines that any useful model must beat."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from stance.evaluation.labelled import Labelled
from stance.labels import LABELS
from stance.records import Statement

__all__ = ["BASELINES", "Baseline", "majority", "tfidf", "tfidf_model"]


class Baseline:
    """A scikit-learn classifier of texts, fitted to training statements."""

    version = ""
    probabilistic = True
    conformal: Mapping[str, float] = {}
    files: Mapping[str, str] = {}

    def __init__(self, name: str, model: Pipeline, train: Sequence[Labelled]) -> None:
        self.name = name
        statements = [item.statement for item in train]
        # The solver's many small steps gain nothing from threads, and on a busy machine spend
        # most of their time waiting for each other.
        with threadpool_limits(1):
            self._model = model.fit(_texts(statements), [item.label.column for item in train])

    def predict(self, statements: Sequence[Statement]) -> NDArray[np.float64]:
        """Probabilities, float64 (n, 3); 0 for a label that training never saw."""
        probs = np.zeros((len(statements), len(LABELS)))
        probs[:, self._model.classes_] = self._model.predict_proba(_texts(statements))
        return probs


def majority(train: Sequence[Labelled]) -> Baseline:
    """Always the commonest label, with the labels' shares as probabilities."""
    return Baseline("majority", make_pipeline(DummyClassifier(strategy="prior")), train)


def tfidf(train: Sequence[Labelled]) -> Baseline:
    """Logistic regression on TF-IDF of words and word pairs, context included."""
    return Baseline("tfidf", tfidf_model(), train)


def tfidf_model() -> Pipeline:
    """The unfitted pipeline of the TF-IDF baseline."""
    return make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        LogisticRegression(C=10.0, max_iter=2000, class_weight="balanced"),
    )


def _texts(statements: Sequence[Statement]) -> list[str]:
    return [f"{s.text} {s.context or ''}" for s in statements]


BASELINES = {"majority": majority, "tfidf": tfidf}
