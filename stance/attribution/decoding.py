"""Logits -> token spans: constrained Viterbi decoding (pure functions)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stance.records import Span

__all__ = ["Arguments", "CueCandidate", "decode_arguments", "find_cues", "viterbi"]

Float = npt.NDArray[np.float32]
Int = npt.NDArray[np.int64]

_BIO = np.array([[True, True, False], [True, True, True], [True, True, True]])
_ARGUMENTS = np.array(  # O, B-content, I-content, B-source, I-source: from row to column
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
        confidence: mean probability of the tags of the content's tokens.
    """

    content: tuple[Span, ...]
    source: tuple[Span, ...]
    valid: float
    confidence: float


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
    probability = np.exp(_log_softmax(logits))
    eager = logits + np.array([0.0, eagerness, eagerness], np.float32)
    eager[~starts_word, 1] = -1e3
    tags = viterbi(_log_softmax(eager)[None], _BIO)[0]
    return [
        CueCandidate(start, end, float(1 - probability[start:end, 0].mean()))
        for start, end in _runs(tags, 1)
    ]


def decode_arguments(
    logits: Float, cues: list[CueCandidate], length: int, reach_left: int, content_bias: float
) -> list[Arguments]:
    """Content and source of each cue of one article.

    Args:
        logits: (cues, reach, 6), see `ArgumentHead`.
        length: tokens of the article; what lies outside is never tagged.
        content_bias: added to the logits of the content tags.
    """
    if not cues:
        return []
    left = np.array([cue.start for cue in cues])[:, None] - reach_left
    places = left + np.arange(logits.shape[1])
    scores = _log_softmax(
        logits[..., :5] + np.array([0, content_bias, content_bias, 0, 0], np.float32)
    )
    scores[(places < 0) | (places >= length), 1:] = -1e3
    tags = viterbi(scores, _ARGUMENTS)
    confidence = np.exp(scores).astype(np.float32)
    found = []
    for row, path in enumerate(tags):
        offset = int(left[row, 0])
        content = _runs(path, 1)
        inside = [confidence[row, t, path[t]] for s, e in content for t in range(s, e)]
        found.append(
            Arguments(
                tuple((s + offset, e + offset) for s, e in content),
                tuple((s + offset, e + offset) for s, e in _runs(path, 3)),
                float(1 / (1 + np.exp(-logits[row, 0, 5]))),
                float(np.mean(inside)) if inside else 0.0,
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


def _log_softmax(logits: Float) -> Float:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    result: Float = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result
