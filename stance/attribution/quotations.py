"""Where quotations open and close in a paragraph."""

import re
from bisect import bisect_right
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from stance.records import Span

__all__ = [
    "AFTER_MARK",
    "BEFORE_MARK",
    "PAUSES",
    "double_quotations",
    "runs_of",
    "single_quotations",
]

BEFORE_MARK = " \n([{'-\u2013\u2014/"
AFTER_MARK = " \n.,;:!?)]}'-\u2013\u2014"
"""What stands before an opening mark, and behind a closing one."""
_CLOSERS = {
    "\u201c": "\u201d",
    "\u201d": "\u201d",
    "\u201e": "\u201c\u201d",
    "\u00ab": "\u00bb",
    "\u00bb": "\u00ab",
    "\u300c": "\u300d",
    "\u300e": "\u300f",
    "\u301d": "\u301e\u301f",
}
"""The marks that close what a mark opened: the same mark opens in one country and closes in
another, so only the pair tells."""
_OPENING = frozenset("\u201c\u201e\u00ab\u301d\u300c\u300e")
_CLOSING = frozenset("\u201d\u00bb\u301e\u301f\u300d\u300f\u201f")
_STRAIGHT = frozenset('"\u2033\u2036\uff02')


def double_quotations(marked: str, text: str, start: int, end: int) -> list[Span]:
    """(opening mark, closing mark) of the double-quoted stretches of one paragraph.

    A quotation still open at the end of the paragraph lasts to there: a speech that
    goes on opens its next paragraph with a mark of its own.

    Args:
        marked: the text with its marks as they are.
        text: the same with every double mark as a straight one.
        start, end: the paragraph.
    """
    found: list[Span] = []
    opened: int | None = None
    at = text.find('"', start, end)
    while at >= 0:
        before = at == start or text[at - 1] in BEFORE_MARK
        after = at + 1 >= end or text[at + 1] in AFTER_MARK
        if opened is None:
            if _opens(marked[at], before, after):
                opened = at
        elif _closes(marked[opened], marked[at], before, after):
            found.append((opened, at))
            opened = None
        at = text.find('"', at + 1, end)
    if opened is not None:
        found.append((opened, end))
    return found


def _opens(mark: str, before: bool, after: bool) -> bool:
    """Whether a mark opens a quotation where none is open.

    Args:
        before, after: whether an opening mark could follow what stands before it, and
            whether a closing one could stand before what follows.
    """
    return before if before != after else mark not in _CLOSING


def _closes(opening: str, mark: str, before: bool, after: bool) -> bool:
    """Whether a mark closes the quotation that is open."""
    if mark in _STRAIGHT:
        return after or not before
    if opening not in _CLOSERS:
        return mark not in _OPENING
    if mark in _OPENING and before and not after:
        return False  # a quotation in the quotation
    return mark in _CLOSERS[opening] or (mark == opening and after and not before)


_OPENS_SINGLE = re.compile(
    r"(?<![^ \n(\[{\u2013\u2014-])[\u2018'\u2039](?=[^\W\d_])(?!(?:em|tis|twas|til|cause|n)\b)",
    re.IGNORECASE,
)
_CLOSES_SINGLE = re.compile(r"(?<=[^ \n])[\u2019'\u203a](?=$|[ \n.,;:!?)\]}\u2013\u2014\u2026-])")
PAUSES = ".,!?\u2026"
"""What speech ends with, before its closing mark."""
_PLURALS = "sxz"


def single_quotations(
    marked: str, quoted: npt.NDArray[np.bool_], start: int, end: int
) -> Iterator[Span]:
    """(opening mark, closing mark) of the stretches of one paragraph in single marks.

    Whether an apostrophe closes is told by what stands around it, as in "the rebels' man":
    the first one behind a pause closes, else the first that ends no plural, else the last.
    A mark that nothing closes before the next opens is no quotation.

    Args:
        marked: the text with its marks as they are.
        quoted: where a double quotation is open; inside of it nothing counts.
    """
    paragraph = marked[start:end]
    closing = _outside(_CLOSES_SINGLE, paragraph, quoted[start:end])
    opening = _outside(_OPENS_SINGLE, paragraph, quoted[start:end])
    for at, following in zip(opening, [*opening[1:], len(paragraph)], strict=False):
        low, high = bisect_right(closing, at), bisect_right(closing, following)
        closer = _closer(paragraph, paragraph[at] == "\u2039", closing[low:high])
        if closer is not None:
            yield start + at, start + closer


def _outside(mark: re.Pattern[str], paragraph: str, quoted: npt.NDArray[np.bool_]) -> list[int]:
    return [match.start() for match in mark.finditer(paragraph) if not quoted[match.start()]]


def _closer(paragraph: str, angular: bool, candidates: list[int]) -> int | None:
    fitting = [at for at in candidates if (paragraph[at] == "\u203a") == angular]
    paused = (at for at in fitting if paragraph[at - 1] in PAUSES)
    certain = (at for at in fitting if paragraph[at - 1].lower() not in _PLURALS)
    return next(paused, None) or next(certain, None) or (fitting[-1] if fitting else None)


def runs_of(mask: npt.NDArray[np.bool_]) -> list[Span]:
    """(start, end) of the stretches where a mask (characters,) is True, in order."""
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False)).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))
