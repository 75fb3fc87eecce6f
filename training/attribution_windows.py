"""Labelled articles -> training batches of the tagger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from stance.attribution.decoding import ARGUMENT_TAGS, FLAT_TAGS
from stance.attribution.encoding import CASES, Window, special_ids, window_arrays
from stance.records import Span
from training.attribution_config import WindowConfig
from training.attribution_labels import IGNORE, CueLabels, LabelledArticle

__all__ = ["Batch", "batches", "window_ids"]

Float = npt.NDArray[np.float32]
Int = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows, and the cues in them.

    Attributes:
        input_ids, attention_mask, token_type_ids: (windows, tokens).
        flat: (windows, tokens, 3) tags 0, 1, 2 for O, B, I; IGNORE on special tokens.
        rows: (cues,) the window of each cue.
        shown: (cues, 2) the tokens of that window shown to the head as the cue.
        true: (cues,) 1 for an annotated cue, 0 for what only a teacher may take for one, NaN
            for such in an article that nobody annotated.
        arguments: (cues, tokens) indices into `ARGUMENT_TAGS`; IGNORE on special tokens, and
            for what is not annotated.
        soft_flat: (windows, tokens, FLAT_TAGS) a teacher's logits, NaN on special tokens;
            without one, no windows.
        soft_arguments: (cues, tokens, len(ARGUMENT_TAGS) + 1), NaN where the teacher did not
            read; without one, no cues.
    """

    input_ids: Int
    attention_mask: Int
    token_type_ids: Int
    flat: Int
    rows: Int
    shown: Int
    true: Float
    arguments: Int
    soft_flat: Float
    soft_arguments: Float


def window_ids(tokenizer: Tokenizer) -> tuple[int, int, int, int]:
    """Ids of [CLS], [SEP], [PAD] and [MASK].

    Raises:
        ValueError: the vocabulary lacks one of them.
    """
    mask = tokenizer.token_to_id("[MASK]")
    if mask is None:
        raise ValueError("the tokenizer lacks [MASK]")
    return (*special_ids(tokenizer), mask)


def batches(
    articles: Sequence[LabelledArticle],
    config: WindowConfig,
    batch_size: int,
    special: tuple[int, int, int, int],
    rng: np.random.Generator,
) -> Iterator[Batch]:
    """One epoch: windows that tile each article from a random phase, in random order.

    Args:
        special: see `window_ids`.
    """
    windows = [
        (index, start)
        for index, article in enumerate(articles)
        for start in range(-int(rng.integers(config.size)), len(article.tokens), config.size)
    ]
    order = rng.permutation(len(windows))
    for first in range(0, len(order), batch_size):
        chosen = [windows[i] for i in order[first : first + batch_size]]
        parts = [
            (articles[i], Window(max(0, s), min(s + config.size, len(articles[i].tokens)), 0, 0))
            for i, s in chosen
        ]
        yield _batch(parts, config, special, rng)


def _batch(
    parts: Sequence[tuple[LabelledArticle, Window]],
    config: WindowConfig,
    special: tuple[int, int, int, int],
    rng: np.random.Generator,
) -> Batch:
    tokens, windows = [a.tokens for a, _ in parts], [w for _, w in parts]
    ids, mask, types = window_arrays(tokens, windows, *special[:3])
    flat = np.full((*ids.shape, 3), IGNORE, dtype=np.int64)
    cues = []
    for row, (article, window) in enumerate(parts):
        flat[row, 1 : window.end - window.start + 1] = article.flat[window.start : window.end]
        _hide_layout(types[row], config, rng)
        hidden = rng.random(window.end - window.start) < config.masked
        ids[row, 1 : len(hidden) + 1][hidden] = special[3]
        cues += list(_cues_in(article, window, row, ids.shape[1], config, rng))
    return Batch(
        ids,
        mask,
        types,
        flat,
        np.asarray([cue.row for cue in cues], dtype=np.int64),
        np.asarray([cue.shown for cue in cues], dtype=np.int64).reshape(-1, 2),
        np.asarray([cue.true for cue in cues], dtype=np.float32),
        np.asarray([cue.tags for cue in cues], dtype=np.int64).reshape(-1, ids.shape[1]),
        _soft_flat(parts, ids.shape[1]),
        np.asarray([cue.soft for cue in cues if cue.soft is not None], dtype=np.float32).reshape(
            -1, ids.shape[1], len(ARGUMENT_TAGS) + 1
        ),
    )


@dataclass(frozen=True, slots=True)
class _Cue:
    """One row of a batch's cues; see `Batch`."""

    row: int
    shown: Span
    true: float
    tags: Int
    soft: Float | None


def _cues_in(
    article: LabelledArticle,
    window: Window,
    row: int,
    width: int,
    config: WindowConfig,
    rng: np.random.Generator,
) -> Iterator[_Cue]:
    """The cues that lie in a window: the annotated ones, then the teacher's own."""
    soft, annotated = article.soft, article.cues or ()
    spans = [cue.cue for cue in annotated]
    if soft is not None:
        spans += [(start, end) for start, end in soft.cues[len(spans) :].tolist()]
    for index, span in enumerate(spans):
        if not (window.start <= span[0] and span[1] <= window.end):
            continue
        shown, tags, true = _shift(span, window), np.full(width, IGNORE), 0.0
        if article.cues is None:
            true = np.nan
        elif index < len(annotated):
            shown, true = _trimmed(shown, config.trimmed_cues, rng), 1.0
            tags = _tags(annotated[index], window, width)
        around = (window.start, window.end)
        yield _Cue(row, shown, true, tags, soft.around(index, around, width) if soft else None)


def _soft_flat(parts: Sequence[tuple[LabelledArticle, Window]], width: int) -> Float:
    taught = [(article.soft, window) for article, window in parts if article.soft is not None]
    result = np.full((len(taught), width, FLAT_TAGS), np.nan, dtype=np.float32)
    for row, (soft, window) in enumerate(taught):
        size = window.end - window.start
        result[row, 1 : size + 1] = soft.flat[window.start : window.end]
    return result


def _hide_layout(types: Int, config: WindowConfig, rng: np.random.Generator) -> None:
    if rng.random() < config.plain_case:
        types -= types % CASES
    if rng.random() < config.plain_layout:
        types %= CASES


def _trimmed(cue: Span, share: float, rng: np.random.Generator) -> Span:
    length = cue[1] - cue[0]
    if length == 1 or rng.random() >= share:
        return cue
    start = int(rng.integers(length))
    return cue[0] + start, cue[0] + int(rng.integers(start + 1, length + 1))


def _shift(span: Span, window: Window) -> Span:
    """A span of the article as a span of the window, which holds [CLS] at 0."""
    return span[0] - window.start + 1, span[1] - window.start + 1


def _tags(cue: CueLabels, window: Window, width: int) -> Int:
    tags = np.full(width, IGNORE, dtype=np.int64)
    tags[1 : window.end - window.start + 1] = 0
    for begin, spans in ((1, cue.content), (3, cue.source)):
        for span in spans:
            start, end = _shift(span, window)
            first, last = max(1, start), min(window.end - window.start + 1, end)
            if last > first:
                tags[first:last] = begin + 1
                if start >= 1:  # a span cut by the window's edge goes on, it does not begin
                    tags[start] = begin
    return tags
