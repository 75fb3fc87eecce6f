"""Annotated articles -> training batches of the tagger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from stance.attribution.encoding import CASES, Tokens, Window, tokenize, window_arrays
from stance.attribution.spans import Attribution
from stance.attribution.textview import view_of
from stance.records import Span
from training.attribution_config import WindowConfig
from training.attribution_polnear import AnnotatedArticle

__all__ = ["IGNORE", "Batch", "CueLabels", "LabelledArticle", "batches", "label_articles"]

Int = npt.NDArray[np.int64]
IGNORE = -100


@dataclass(frozen=True, slots=True)
class CueLabels:
    """One attribution in tokens: half-open token spans of its cue, contents and sources."""

    cue: Span
    content: tuple[Span, ...]
    source: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """Tokens of an article, its attributions, and (tokens, 3) flat B/I/O of the three roles."""

    tokens: Tokens
    cues: tuple[CueLabels, ...]
    flat: Int


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows, and the cues in them.

    Attributes:
        input_ids, attention_mask, token_type_ids: (windows, tokens).
        flat: (windows, tokens, 3) tags 0, 1, 2 for O, B, I; IGNORE on special tokens.
        rows: (cues,) the window of each cue.
        spans: (cues, 2) its tokens in that window, the true cue first and foremost.
        shown: (cues, 2) the tokens shown to the head as the cue.
        arguments: (cues, tokens) indices into `ARGUMENT_TAGS`; IGNORE on special tokens.
    """

    input_ids: Int
    attention_mask: Int
    token_type_ids: Int
    flat: Int
    rows: Int
    shown: Int
    arguments: Int


def label_articles(
    articles: Sequence[AnnotatedArticle], tokenizer: Tokenizer
) -> list[LabelledArticle]:
    """Tokens and token labels of each article, by its first annotator."""
    tokens = tokenize(tokenizer, [view_of(article.text) for article in articles])
    return [
        _label(article_tokens, article.annotations[0])
        for article_tokens, article in zip(tokens, articles, strict=True)
    ]


def _label(tokens: Tokens, attributions: Sequence[Attribution]) -> LabelledArticle:
    cues = []
    flat = np.zeros((len(tokens), 3), dtype=np.int64)
    for attribution in attributions:
        cue = _covered(tokens, attribution.cue) if attribution.cue else None
        content = tuple(s for p in attribution.content if (s := _covered(tokens, p)))
        source = tuple(s for p in attribution.source if (s := _covered(tokens, p)))
        if cue is None or not content:
            continue
        cues.append(CueLabels(cue, content, source))
        for role, spans in enumerate(((cue,), content, source)):
            for start, end in spans:
                if not flat[start:end, role].any():  # the outer of two nested contents
                    flat[start, role] = 1
                    flat[start + 1 : end, role] = 2
    return LabelledArticle(tokens, tuple(cues), flat)


def _covered(tokens: Tokens, span: Span) -> Span | None:
    """Tokens that share a character with a span of characters."""
    first = int(np.searchsorted(tokens.ends, span[0], side="right"))
    last = int(np.searchsorted(tokens.starts, span[1], side="left"))
    return (first, last) if last > first else None


def batches(
    articles: Sequence[LabelledArticle],
    config: WindowConfig,
    batch_size: int,
    special: tuple[int, int, int],
    rng: np.random.Generator,
) -> Iterator[Batch]:
    """One epoch: windows that tile each article from a random phase, in random order.

    Args:
        special: ids of [CLS], [SEP] and [PAD].
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
    special: tuple[int, int, int],
    rng: np.random.Generator,
) -> Batch:
    tokens, windows = [a.tokens for a, _ in parts], [w for _, w in parts]
    ids, mask, types = window_arrays(tokens, windows, *special)
    flat = np.full((*ids.shape, 3), IGNORE, dtype=np.int64)
    rows: list[int] = []
    shown: list[Span] = []
    arguments: list[Int] = []
    for row, (article, window) in enumerate(parts):
        size = window.end - window.start
        flat[row, 1 : size + 1] = article.flat[window.start : window.end]
        _hide_layout(types[row], config, rng)
        for cue in article.cues:
            if window.start <= cue.cue[0] and cue.cue[1] <= window.end:
                rows.append(row)
                shown.append(_trimmed(_shift(cue.cue, window), config.trimmed_cues, rng))
                arguments.append(_tags(cue, window, ids.shape[1]))
    return Batch(
        ids,
        mask,
        types,
        flat,
        np.asarray(rows, dtype=np.int64),
        np.asarray(shown, dtype=np.int64).reshape(-1, 2),
        np.asarray(arguments, dtype=np.int64).reshape(-1, ids.shape[1]),
    )


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
