"""Logits -> token spans: constrained Viterbi decoding (pure functions)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stance.attribution.spans import shifted
from stance.records import Span

__all__ = [
    "ARGUMENT_TAGS",
    "FLAT_TAGS",
    "Arguments",
    "CueCandidate",
    "decode_arguments",
    "find_cues",
    "log_softmax",
    "viterbi",
]

Float = npt.NDArray[np.float32]
Int = npt.NDArray[np.int64]

FLAT_TAGS = 9
"""Flat tags: O, B, I of cues, then of contents, then of sources."""
ARGUMENT_TAGS = ("O", "B-content", "I-content", "B-source", "I-source")

_ARGUMENTS = np.array(  # `ARGUMENT_TAGS`, from row to column
    [
        [True, True, False, True, False],
        [True, True, True, True, False],
        [True, True, True, True, False],
        [True, True, False, True, True],
        [True, True, False, True, True],
    ]
)


@dataclass(frozen=True, slots=True)
class CueCandidate:
    """Tokens [start, end) that may be a cue, and the cue tagger's probability of it."""

    start: int
    end: int
    probability: float


@dataclass(frozen=True, slots=True)
class Arguments:
    """What one cue attributes, in token spans of the article.

    Attributes:
        content, source: spans in text order.
        valid: the head's probability that the cue is one.
        confidence, least: mean and minimum, over the content's tokens, of the probability
            that the token is content of this cue; 0 for an empty content.
    """

    content: tuple[Span, ...]
    source: tuple[Span, ...]
    valid: float
    confidence: float = 0.0
    least: float = 0.0


def viterbi(scores: Float, allowed: npt.NDArray[np.bool_]) -> Int:
    """The best path of each sequence under hard constraints (Viterbi 1967).

    Args:
        scores: (sequences, tokens, tags) log-probabilities; -inf never on a whole row.
        allowed: (tags, tags) True where a tag (row) may be followed by another (column).
            Tags that cannot follow tag 0 cannot start a sequence.

    Returns:
        (sequences, tokens) int64 tags.
    """
    count, length, _ = scores.shape
    paths = np.zeros((count, length), dtype=np.int64)
    if not count or not length:
        return paths
    barrier = np.where(allowed, 0.0, -1e4).astype(np.float32)
    back = np.zeros(scores.shape, dtype=np.int64)
    best = scores[:, 0] + barrier[0]
    for t in range(1, length):
        options = best[:, :, None] + barrier
        back[:, t] = options.argmax(axis=1)
        best = options.max(axis=1) + scores[:, t]
    paths[:, -1] = best.argmax(axis=1)
    for t in range(length - 1, 0, -1):
        paths[:, t - 1] = np.take_along_axis(back[:, t], paths[:, t, None], axis=1)[:, 0]
    return paths


def find_cues(
    logits: Float, eagerness: float, starts_word: npt.NDArray[np.bool_]
) -> list[CueCandidate]:
    """Cue candidates of one article.

    Args:
        logits: (tokens, 3) of O, B, I.
        eagerness: added to the logits of B and I, so that doubtful cues are candidates.
        starts_word: (tokens,) False on a word's further pieces, which cannot start a cue.
    """
    outside, begin, inside = logits.T
    probability = 1 - np.exp(log_softmax(logits))[:, 0]
    marked = np.maximum(begin, inside) + eagerness > outside
    marked[1:] |= marked[:-1] & ~starts_word[1:]
    previous = np.concatenate([[False], marked[:-1]])
    opens = marked & starts_word & (~previous | (begin > inside))
    tags = np.where(opens, 1, np.where(marked, 2, 0))
    return [
        CueCandidate(start, end, float(probability[start:end].mean()))
        for start, end in _runs(tags, 1)
    ]


def decode_arguments(logits: Float, starts: Int, lengths: Int, reach_left: int) -> list[Arguments]:
    """Content and source of each cue.

    Args:
        logits: (cues, reach, 6), see `ArgumentHead`.
        starts: (cues,) first token of each cue in its article.
        lengths: (cues,) tokens of its article; what lies outside is never tagged.
        reach_left: the column of the cue's first token.
    """
    left = starts[:, None] - reach_left
    places = left + np.arange(logits.shape[1])
    scores = log_softmax(logits[..., :5])
    scores[(places < 0) | (places >= lengths[:, None]), 1:] = -1e3
    content = np.exp(scores[..., 1:3]).sum(axis=-1)
    valid = 1 / (1 + np.exp(-logits[:, 0, 5]))
    tags = viterbi(scores, _ARGUMENTS)
    found = []
    for row, path in enumerate(tags):
        sure = content[row, (path == 1) | (path == 2)]
        found.append(
            Arguments(
                shifted(_runs(path, 1), int(left[row, 0])),
                shifted(_runs(path, 3), int(left[row, 0])),
                float(valid[row]),
                float(sure.mean()) if len(sure) else 0.0,
                float(sure.min()) if len(sure) else 0.0,
            )
        )
    return found


def _runs(tags: Int, begin: int) -> list[Span]:
    """Half-open runs of `begin` followed by `begin + 1`s."""
    runs: list[Span] = []
    for start in np.flatnonzero(tags == begin):
        end = int(start) + 1
        while end < len(tags) and tags[end] == begin + 1:
            end += 1
        runs.append((int(start), end))
    return runs


def log_softmax(logits: Float) -> Float:
    """Log-probabilities over the last axis, of the same shape."""
    below = logits - logits.max(axis=-1, keepdims=True)
    result: Float = below - np.log(np.exp(below).sum(axis=-1, keepdims=True))
    return result
