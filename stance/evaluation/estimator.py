"""A scikit-learn classifier, so that the model drops into pipelines, searches and scorers."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags

from stance.artifact import SHIPPED
from stance.classifier import StanceClassifier
from stance.errors import InputError
from stance.labels import LABELS
from stance.records import Statement

__all__ = ["StanceEstimator"]

_SORTED = sorted(LABELS)


class StanceEstimator(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # untyped bases
    """The stance model behind scikit-learn's interface.

    It is trained already: `fit` checks the labels and changes nothing, so cross-validation
    scores it without training it, and `predict` works without `fit`.

    >>> StanceEstimator().predict(["Moscow has dismissed the plans."])  # doctest: +SKIP
    array(['opposing'], dtype='<U12')

    Attributes:
        model: a shipped name, a checkpoint folder or a Hub id.
        device: "auto", "cpu", "cuda", …
    """

    def __init__(self, model: str = SHIPPED, device: str = "auto") -> None:
        self.model = model
        self.device = device

    @property
    def classes_(self) -> NDArray[np.str_]:
        """The label names, sorted as scikit-learn wants them: not in our own label order."""
        return np.array([label.value for label in _SORTED])

    def fit(self, X: object, y: Sequence[str]) -> "StanceEstimator":  # noqa: N803 - sklearn's
        """Check that every label of `y` is one of ours; learns nothing.

        Raises:
            InputError: an unknown label, or lengths that differ.
        """
        count = len(_statements(X))
        unknown = sorted({str(label) for label in y} - {label.value for label in LABELS})
        if unknown:
            raise InputError(f"y has {unknown[0]!r}; the labels are {', '.join(LABELS)}")
        if len(y) != count:
            raise InputError(f"X has {count} statements and y {len(y)} labels")
        return self

    def predict_proba(self, X: object) -> NDArray[np.float64]:  # noqa: N803 - sklearn's
        """Calibrated probabilities: float64 (n, 3), columns in the order of `classes_`.

        Args:
            X: a one-dimensional sequence, array or pandas Series of str or `Statement`.

        Raises:
            InputError: X is a table, or an item is empty.
        """
        found = _load(self.model, self.device).classify(_statements(X))
        rows = [[p.probabilities[label] for label in _SORTED] for p in found]
        return np.array(rows, dtype=np.float64).reshape(-1, len(_SORTED))

    def predict(self, X: object) -> NDArray[np.str_]:  # noqa: N803 - sklearn's
        """The most probable label of each statement: str (n,); X as in `predict_proba`."""
        best: NDArray[np.str_] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return best

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> Tags:
        tags: Tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        tags.input_tags.string = True
        tags.requires_fit = False
        tags.classifier_tags.poor_score = True  # on the random numbers of check_estimator
        return tags


# The network lives here and not on the estimator: clones share it, and a pickle of an
# estimator holds its two parameters and no weights.
@lru_cache(maxsize=2)
def _load(model: str, device: str) -> StanceClassifier:
    return StanceClassifier.load(model, device)


def _statements(given: Any) -> list[str | Statement]:
    if isinstance(given, str | bytes):
        raise TypeError("X must be a sequence of texts, not one text; wrap it in a list")
    if (shape := getattr(given, "shape", None)) is not None and len(shape) != 1:
        raise InputError(
            f"X has shape {tuple(shape)} and must have one dimension: one text for each "
            "statement; give one column, as in X['text'] or X[:, 0]"
        )
    items = given.tolist() if hasattr(given, "tolist") else list(given)
    if items and isinstance(items[0], list):
        raise InputError("X must have one dimension: one text for each statement")
    return items
