"""Annotated articles -> token labels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from stance.attribution.encoding import Tokens, tokenize
from stance.attribution.spans import Attribution
from stance.attribution.textview import view_of
from stance.records import Span
from training.attribution_polnear import AnnotatedArticle
from training.attribution_soft import SoftLabels

__all__ = ["IGNORE", "CueLabels", "LabelledArticle", "covered", "label_articles"]

Int = npt.NDArray[np.int64]
IGNORE = -100
"""Where nobody says what is right."""


@dataclass(frozen=True, slots=True)
class CueLabels:
    """One attribution in tokens: half-open token spans of its cue, contents and sources."""

    cue: Span
    content: tuple[Span, ...]
    source: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article as the tagger learns from it.

    Attributes:
        cues: its attributions; None if nobody annotated it.
        flat: (tokens, 3) B/I/O of the three roles, IGNORE if nobody annotated it.
        soft: what a teacher says of it, if one was asked.
    """

    tokens: Tokens
    cues: tuple[CueLabels, ...] | None
    flat: Int
    soft: SoftLabels | None = None


def label_articles(
    articles: Sequence[AnnotatedArticle], tokenizer: Tokenizer
) -> list[LabelledArticle]:
    """Tokens and token labels of each article, by its first annotator; no soft labels."""
    tokens = tokenize(tokenizer, [view_of(article.text) for article in articles])
    return [
        _label(article_tokens, article.annotations[0] if article.annotations else None)
        for article_tokens, article in zip(tokens, articles, strict=True)
    ]


def _label(tokens: Tokens, attributions: Sequence[Attribution] | None) -> LabelledArticle:
    if attributions is None:
        return LabelledArticle(tokens, None, np.full((len(tokens), 3), IGNORE, dtype=np.int64))
    cues = []
    flat = np.zeros((len(tokens), 3), dtype=np.int64)
    for attribution in attributions:
        cue = covered(tokens, attribution.cue) if attribution.cue else None
        content = tuple(s for p in attribution.content if (s := covered(tokens, p)))
        source = tuple(s for p in attribution.source if (s := covered(tokens, p)))
        if cue is None or not content:
            continue
        cues.append(CueLabels(cue, content, source))
        for role, spans in enumerate(((cue,), content, source)):
            for start, end in spans:
                if not flat[start:end, role].any():  # the outer of two nested contents
                    flat[start, role] = 1
                    flat[start + 1 : end, role] = 2
    return LabelledArticle(tokens, tuple(cues), flat)


def covered(tokens: Tokens, span: Span) -> Span | None:
    """Tokens that share a character with a span of characters."""
    first = int(np.searchsorted(tokens.ends, span[0], side="right"))
    last = int(np.searchsorted(tokens.starts, span[1], side="left"))
    return (first, last) if last > first else None
