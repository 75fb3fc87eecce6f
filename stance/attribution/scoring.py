"""How likely a candidate is an attribution: a logistic model over what the network says."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from stance.attribution.decoding import Arguments, CueCandidate, log_softmax

__all__ = ["FEATURES", "features_of", "score"]

Float = npt.NDArray[np.float64]

FEATURES = ("cue", "valid", "confidence", "least", "flat", "length")
"""Log-odds of: the cue's tag, the head's validity, mean and minimum of the content's tags
under the cue, mean of the flat content tags; and the logarithm of 1 + the content's tokens."""

_CLIP = 1e-4


def features_of(
    cues: Sequence[CueCandidate], arguments: Sequence[Arguments], flat: npt.NDArray[np.float32]
) -> Float:
    """(candidates, len(FEATURES)) of one article.

    Args:
        flat: (tokens, 3) logits of the flat O, B, I tags of contents.
    """
    inside = 1 - np.exp(log_softmax(flat))[:, 0]
    rows = np.zeros((len(cues), len(FEATURES)))
    for row, (cue, one) in enumerate(zip(cues, arguments, strict=True)):
        covered = [inside[start:end] for start, end in one.content]
        tokens = sum(map(len, covered))
        mean = sum(float(part.sum()) for part in covered) / max(tokens, 1)
        rows[row, :5] = cue.probability, one.valid, one.confidence, one.least, mean
        rows[row, 5] = np.log1p(tokens)
    odds = rows[:, :5].clip(_CLIP, 1 - _CLIP)
    rows[:, :5] = np.log(odds / (1 - odds))
    return rows


def score(features: Float, weights: Sequence[float], bias: float) -> Float:
    """(candidates,) probabilities in [0, 1]."""
    result: Float = 1 / (1 + np.exp(-(features @ np.asarray(weights) + bias)))
    return result
