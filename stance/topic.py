"""How likely a statement concerns peace talks at all: a linear model over its token ids.

Whether talks are the subject is a matter of vocabulary, unlike the stance toward them, so a bag
of tokens and token pairs is enough, and costs nothing beside the transformer.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from stance.encoding import EncodedStatement

__all__ = ["BUCKETS", "TOPIC_FILE", "TopicModel", "buckets"]

BUCKETS = 1 << 16
"""Size of the feature space that tokens and token pairs are hashed into."""

TOPIC_FILE = "topic.safetensors"
_SEGMENT = 1_000_033


def buckets(row: EncodedStatement) -> NDArray[np.int64]:
    """The distinct features of a row: its tokens and its pairs of neighbours, hashed.

    A token of the context is a feature of its own beside: the sentence before says less about a
    statement's subject than its own words.
    """
    ids = np.asarray(row.input_ids, dtype=np.int64)
    pairs = ids[:-1] * 1_000_003 + ids[1:] * 7_919
    before = ids[np.asarray(row.token_type_ids) == 1] + _SEGMENT
    return np.unique(np.concatenate([ids, pairs, before]) % BUCKETS)


class TopicModel:
    """Logistic regression over hashed token features.

    Args:
        weights: float32 of shape (BUCKETS,).
        bias: the intercept.
    """

    def __init__(self, weights: NDArray[np.float32], bias: float) -> None:
        self._weights, self._bias = weights, bias

    @classmethod
    def from_folder(cls, path: Path) -> "TopicModel | None":
        """The topic model of an artifact, or None where it has none."""
        file = path / TOPIC_FILE
        if not file.is_file():
            return None
        tensors = load_file(file)
        return cls(tensors["weights"].astype(np.float32), float(tensors["bias"][0]))

    def save(self, file: Path) -> None:
        """Write the model; the weights as float16."""
        bias = np.array([self._bias], dtype=np.float32)
        save_file({"weights": self._weights.astype(np.float16), "bias": bias}, file)

    def about_talks(self, rows: Sequence[EncodedStatement]) -> list[float]:
        """Probability in [0, 1] for each row that its statement concerns peace talks."""
        features = [buckets(row) for row in rows]
        scores = [self._weights[f].sum() / np.sqrt(len(f)) + self._bias for f in features]
        return [float(1.0 / (1.0 + np.exp(-score))) for score in scores]
