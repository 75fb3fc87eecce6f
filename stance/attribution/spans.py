"""Attributions as PolNeAR draws them: who said what, by which words (offsets only)."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stance.records import Span

__all__ = [
    "Attribution",
    "at_or_before",
    "bounds",
    "joined",
    "letters",
    "meets",
    "merge",
    "overlap",
    "shifted",
    "stripped",
    "widened",
    "without",
    "words_in",
]


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution: content, cue and source, as character offsets into the article.

    Attributes:
        content: pieces of what is attributed, in text order, without overlap.
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


def joined(spans: Sequence[Span], is_gap: Callable[[int, int], bool]) -> tuple[Span, ...]:
    """The spans, which are in order; two with a gap between them are one, the gap inside.

    Args:
        is_gap: whether what stands from one position to another parts nothing.
    """
    found: list[Span] = []
    for start, end in spans:
        if found and is_gap(found[-1][1], start):
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return tuple(found)


def shifted(spans: Sequence[Span], by: int) -> tuple[Span, ...]:
    """The spans, all moved by so many places."""
    return tuple((start + by, end + by) for start, end in spans)


def without(spans: Sequence[Span], holes: Sequence[Span]) -> tuple[Span, ...]:
    """The spans without the characters of others; the others are in order and do not overlap."""
    left: list[Span] = []
    for start, end in spans:
        first = bisect_right(holes, start, key=lambda hole: hole[1])
        last = bisect_left(holes, end, key=lambda hole: hole[0])
        inside = holes[first:last]
        starts = [start, *(hole_end for _, hole_end in inside)]
        ends = [*(hole_start for hole_start, _ in inside), end]
        left += zip(starts, ends, strict=True)
    return tuple(part for part in left if part[0] < part[1])


def letters(text: str, spans: Sequence[Span]) -> int:
    """How many letters and digits some spans hold."""
    return sum(c.isalnum() for start, end in spans for c in text[start:end])


def words_in(text: str, *spans: Span) -> int:
    """How many words some spans hold."""
    return sum(len(text[start:end].split()) for start, end in spans)


def meets(spans: Sequence[Span], other: Span) -> bool:
    """Whether one of some spans, in order and without overlaps, shares a character with another."""
    behind = bisect_right(spans, other[0], key=lambda span: span[1])
    return behind < len(spans) and spans[behind][0] < other[1]


def at_or_before(spans: Sequence[Span], position: int) -> int:
    """Index of the last of some spans, in order, that begins at or before a position; or -1."""
    return bisect_right(spans, position, key=lambda span: span[0]) - 1


def overlap(a: tuple[Span, ...], b: tuple[Span, ...]) -> float:
    """Characters in both over characters in either; within each, no span overlaps another."""
    if bounds(a)[1] <= bounds(b)[0] or bounds(b)[1] <= bounds(a)[0]:
        return 0.0
    both = sum(max(0, min(e, f) - max(s, t)) for s, e in a for t, f in b)
    return both / (_size(a) + _size(b) - both)


def _size(spans: tuple[Span, ...]) -> int:
    return sum(end - start for start, end in spans)


def widened(spans: Sequence[Span], units: Sequence[Span]) -> list[Span]:
    """The spans, widened to the whole of those units, in order, that they begin or end in."""
    return [(_outer(start, units)[0], _outer(end, units)[1]) for start, end in spans]


def _outer(position: int, units: Sequence[Span]) -> Span:
    """The unit around a position, or the position itself, twice, where none is."""
    at = at_or_before(units, position)
    start, end = units[at] if at >= 0 else (position, position)
    return (start, end) if start < position < end else (position, position)


def stripped(text: str, span: Span, characters: str | None = None) -> Span:
    """A span without some characters, or spaces, at its ends; empty where it has no others."""
    part = text[slice(*span)]
    start = span[0] + len(part) - len(part.lstrip(characters))
    return start, max(start, span[0] + len(part.rstrip(characters)))
