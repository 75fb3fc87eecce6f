"""Pages that were copied from a PDF: their numbers and heads, and words broken at line ends.

As markup is, both are blanked in the view of an article and move no offset; what is cut out of
the article afterwards leaves them out, or takes a broken word whole.
"""

import re
from collections import Counter
from collections.abc import Sequence

from stance.attribution.layout import lines_of
from stance.records import Span

__all__ = ["blank_pages", "broken_words", "page_breaks", "whole_words"]

_NUMBER = re.compile(
    r"(?:[-\u2013\u2014|] ?)?(?:page |p\. ?)?\d{1,4}(?: ?(?:/|of|\|) ?\d{1,4}| ?[|/] ?page)?"
    r"(?: ?[-\u2013\u2014|])?",
    re.IGNORECASE,
)
"""A line that numbers a page: "3", "- 3 -", "Page 3 of 12", "3/12"."""
_YEAR = re.compile(r"(?:19|20)\d\d")
"""A number that heads an entry of a chronology."""
_HINT = re.compile(rf"\f|^[ \t]*{_NUMBER.pattern}[ \t\r]*$", re.IGNORECASE | re.MULTILINE)
_DIGITS = re.compile(r"\d+")
_HEAD = 120
"""Characters that a running head has at most."""
_BROKEN = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,40})[-\u00ad\u2010]\r?\n *([^\W\d_A-Z]{2,40})")
"""A word broken at the end of a line. Only from its first letter on, so that time is linear."""
_COMPOUND = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,40}-[^\W\d_]{2,40}")


def page_breaks(text: str) -> tuple[Span, ...]:
    """What stands between the last line of a page and the first of the next, in text order.

    Each runs from behind a line to the next one's first character, over page numbers and running
    heads: lines beside a break that the text has again, but for their numbers.
    """
    if not _HINT.search(text):
        return ()
    lines = list(lines_of(text.replace("\f", "\n"), 0, len(text)))
    again = Counter(_key(text, line) for line in lines)
    numbers = [
        _NUMBER.fullmatch(text, *line) is not None and not _YEAR.fullmatch(text, *line)
        for line in lines
    ]
    marks = [i for i, line in enumerate(lines) if numbers[i] or _opens_page(text, lines, i)]
    beside = set(marks) | {i - 1 for i in marks} | {i + 1 for i in marks}
    unread = [
        numbers[i]
        or (
            i in beside
            and line[1] - line[0] <= _HEAD
            and (again[_key(text, line)] > 1 or _interrupts(text, lines, i))
        )
        for i, line in enumerate(lines)
    ]
    kept = [line for line, out in zip(lines, unread, strict=True) if not out]
    ends = [0, *(end for _, end in kept)]
    starts = [*(start for start, _ in kept), len(text)]
    gaps = zip(ends, starts, strict=True)
    return tuple(gap for gap in gaps if "\f" in text[slice(*gap)] or text[slice(*gap)].strip())


def _key(text: str, line: Span) -> str:
    return _DIGITS.sub("", text[slice(*line)]).lower()


def _interrupts(text: str, lines: Sequence[Span], index: int) -> bool:
    """Whether a line behind a page's number parts a sentence, with a blank line below it."""
    if not 1 < index < len(lines) - 1:
        return False
    before, line, after = lines[index - 2], lines[index], lines[index + 1]
    goes_on = text[before[1] - 1] not in ".!?:" and text[after[0]].islower()
    return goes_on and text.count("\n", line[1], after[0]) > 1


def _opens_page(text: str, lines: Sequence[Span], index: int) -> bool:
    before = lines[index - 1][1] if index else 0
    return "\f" in text[before : lines[index][0]]


def blank_pages(text: str, breaks: Sequence[Span]) -> str:
    """The text, as long as before, with one line break for each of its `page_breaks`.

    A broken word stands whole at the place of its first half.
    """
    return _mended(_unparted(text, breaks), padded=True)


def _unparted(text: str, breaks: Sequence[Span]) -> str:
    pieces, at = [], 0
    for start, end in breaks:
        pieces += [text[at:start], "\n".ljust(end - start)]
        at = end
    return "".join([*pieces, text[at:]])


def _mended(text: str, *, padded: bool) -> str:
    """A text whose broken words are whole, with their hyphen where it has them so elsewhere."""
    if not _BROKEN.search(text):
        return text
    compounds = frozenset(_COMPOUND.findall(text))

    def whole(match: re.Match[str]) -> str:
        first, second = match.groups()
        compound = f"{first}-{second}"
        word = compound if compound in compounds else first + second
        return word.ljust(len(match[0])) if padded else word

    return _BROKEN.sub(whole, text)


def broken_words(text: str, breaks: Sequence[Span] = ()) -> list[Span]:
    """The words that `blank_pages` makes whole, in text order; a page may end inside of one."""
    return [match.span() for match in _BROKEN.finditer(_unparted(text, breaks))]


def whole_words(text: str) -> str:
    """A text without the hyphens and line breaks that part its words."""
    return _mended(text, padded=False)
