"""Attributions as PolNeAR draws them: who said what, by which words (offsets only)."""

from dataclasses import dataclass

from stance.records import Span

__all__ = ["Attribution", "bounds", "merge"]


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution: content, cue and source, as character offsets into the article.

    Attributes:
        content: pieces of what is attributed, in text order, without overlap; never empty.
        cue: the words that attribute it; None where nothing but quotation marks does.
        source: pieces of the mention of who is quoted beside it; empty when unnamed.
        score: probability in [0, 1] that this is an attribution; 1.0 for annotated ones.
    """

    content: tuple[Span, ...]
    cue: Span | None
    source: tuple[Span, ...] = ()
    score: float = 1.0


def bounds(spans: tuple[Span, ...]) -> Span:
    """From the first to behind the last character of some spans; at least one is needed."""
    return min(start for start, _ in spans), max(end for _, end in spans)


def merge(spans: list[Span]) -> tuple[Span, ...]:
    """The same characters as spans in order, without overlaps; touching spans become one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        elif end > start:
            merged.append((start, end))
    return tuple(merged)
