"""Quotations that no cue attributes: they belong to the running speaker."""

from bisect import bisect_right
from collections.abc import Sequence

from stance.attribution.spans import Attribution, merge
from stance.attribution.textview import TextView
from stance.records import Span

__all__ = ["uncued_quotations"]

_MIN_WORDS = 5
"""Shorter quotations are titles, nicknames and scare quotes as often as statements."""


def uncued_quotations(view: TextView, attributions: Sequence[Attribution]) -> list[Attribution]:
    """Quoted sentences that none of the attributions covers.

    Only quotations that stand as a sentence of their own count: they start a paragraph,
    or follow the end of a sentence.
    """
    taken = merge([piece for one in attributions for piece in one.content])
    starts = [start for start, _ in taken]
    found = []
    for start, end in _quotations(view):
        at = bisect_right(starts, end) - 1
        free = at < 0 or taken[at][1] <= start
        words = len(view.text[start:end].split())
        if free and words >= _MIN_WORDS and _stands_alone(view, start):
            found.append(Attribution(((start, end),), None))
    return found


def _quotations(view: TextView) -> list[Span]:
    """(opening mark, behind the closing mark) of the quotations of an article."""
    flips = view.quoted.astype("int8")
    edges = [i + 1 for i in (flips[1:] != flips[:-1]).nonzero()[0].tolist()]
    bounds = ([0] if flips[:1].any() else []) + edges + ([len(flips)] if flips[-1:].any() else [])
    pairs = zip(bounds[::2], bounds[1::2], strict=True)
    return [(start, end + (view.text[end : end + 1] == '"')) for start, end in pairs]


def _stands_alone(view: TextView, start: int) -> bool:
    before = view.text[max(0, start - 40) : start].rstrip(" ")
    return not before or before[-1] in '.!?\n"'
