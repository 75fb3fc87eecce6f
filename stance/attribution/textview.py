"""A view of the article that is as long as the article: every offset means the same in both.

The tagger reads the view, users get slices of the article. The view folds what must not
matter (styles of quotation marks, control characters) one character to one character, and
tells for each character what the uncased vocabulary loses: whether a quotation is open and
whether a paragraph starts.
"""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stance.attribution.markup import blank_markup

__all__ = ["TextView", "view_of"]

_DOUBLE = (
    "\u201c\u201d\u201e\u201f\u00ab\u00bb\u301d\u301e\u301f\u2033\u2036\uff02"
    "\u300c\u300d\u300e\u300f"
)
_SINGLE = "\u2018\u2019\u201a\u201b\u2032\u2035\u0060\u00b4\uff07"
_OPENING = frozenset("\u201c\u201e\u00ab\u301d\u300c\u300e")
_CLOSING = frozenset("\u201d\u00bb\u301e\u301f\u300d\u300f")
_FOLD: dict[int, str] = {
    **{ord(mark): '"' for mark in _DOUBLE},
    **{ord(mark): "'" for mark in _SINGLE},
    **{code: " " for code in range(32) if code != 10},  # NUL, tab, carriage return, ...
    **dict.fromkeys((0x7F, 0xA0, 0x1680, 0x202F, 0x205F, 0x3000, 0xFEFF), " "),  # odd spaces
    **dict.fromkeys(range(0x2000, 0x200C), " "),
    **dict.fromkeys(range(0xD800, 0xE000), " "),  # lone surrogates cannot be encoded
    **dict.fromkeys((0x200E, 0x200F, *range(0x202A, 0x202F)), " "),  # directions
    0x0B: "\n",
    0x0C: "\n",
    0x85: "\n",
    0x2028: "\n",
    0x2029: "\n",
}
_SINGLES = "'`\u2018\u2019\u00b4"
_DOUBLED = re.compile(rf"(?<![{_SINGLES}])[{_SINGLES}]{{2,3}}(?![{_SINGLES}])")
"""A quotation mark typed as two apostrophes, as agencies and databases of newspapers have it;
the third apostrophe is a quotation inside of it."""
_BREAK = re.compile(r"\n[ \n]*")
_BEFORE_MARK = " \n([{'-\u2013\u2014/"
_AFTER_MARK = " \n.,;:!?)]}'-\u2013\u2014"
"""What stands before an opening mark, and behind a closing one."""
_DATE_STAMP = re.compile(r"\s*(?:date:? )?\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?(?=\s)")
"""What feeds put before an article: "date 2024-05-15 Western leaders …"."""
_WRAP_WIDTH = 50
"""A line shorter than this that ends without punctuation is a heading, not a wrapped line."""


@dataclass(frozen=True, slots=True)
class TextView:
    """The folded text and what its layout says.

    Attributes:
        text: as long as the article.
        paragraphs: (start, end) of each paragraph that is not blank, in text order.
        quoted: bool array (characters,); True from an opening quotation mark up to, and
            without, its closing mark.
    """

    text: str
    paragraphs: tuple[tuple[int, int], ...]
    quoted: npt.NDArray[np.bool_]


def view_of(article: str) -> TextView:
    """The view of an article: folded characters, paragraphs, and the state of quotations."""
    article = _DOUBLED.sub(_one_mark, article)
    text = blank_markup(article).translate(_FOLD)
    if stamp := _DATE_STAMP.match(text):
        text = " " * stamp.end() + text[stamp.end() :]
    paragraphs = _paragraphs(text)
    quoted = np.zeros(len(text), dtype=np.bool_)
    for start, end in paragraphs:
        for opening, closing in _quotations(article, text, start, end):
            quoted[opening:closing] = True
    return TextView(text, paragraphs, quoted)


def _one_mark(match: re.Match[str]) -> str:
    """Two apostrophes as one mark and a space; the mark stands at the outer end."""
    marks, text = match[0], match.string
    before, after = (
        text[max(0, match.start() - 1) : match.start()],
        text[match.end() : match.end() + 1],
    )
    if before.isalnum() and after.isalnum():
        return marks
    if after and after not in _AFTER_MARK and (not before or before in _BEFORE_MARK):
        return f"\u201c {marks[2:]}"
    return f"{marks[:-2]} \u201d"


def _paragraphs(text: str) -> tuple[tuple[int, int], ...]:
    """Paragraphs end at line breaks, except where a line was only wrapped at some width."""
    found: list[tuple[int, int]] = []
    start = len(text) - len(text.lstrip())
    for gap in _BREAK.finditer(text, start):
        end = gap.start()
        while end > start and text[end - 1] == " ":
            end -= 1
        if end > start and gap.end() < len(text) and _is_wrap(text, start, end, gap.end()):
            continue
        if end > start:
            found.append((start, end))
        start = gap.end()
    end = len(text.rstrip())
    if end > start:
        found.append((start, end))
    return tuple(found)


def _is_wrap(text: str, start: int, end: int, following: int) -> bool:
    """True when the line break [end, following) only wraps a running paragraph."""
    if text.count("\n", end, following) > 1:
        return False
    line_start = max(start, text.rfind("\n", start, end) + 1)
    unfinished = text[end - 1] not in ".!?:;\"')"
    return unfinished and (text[following].islower() or end - line_start >= _WRAP_WIDTH)


def _quotations(article: str, text: str, start: int, end: int) -> list[tuple[int, int]]:
    """(opening mark, closing mark) of the double-quoted stretches of one paragraph.

    A quotation still open at the end of the paragraph lasts to there: a speech that
    goes on opens its next paragraph with a mark of its own.
    """
    found: list[tuple[int, int]] = []
    opened: int | None = None
    at = text.find('"', start, end)
    while at >= 0:
        opens = _opens(article[at], text, at, start, end, opened is None)
        if opens and opened is None:
            opened = at
        elif not opens and opened is not None:
            found.append((opened, at))
            opened = None
        at = text.find('"', at + 1, end)
    if opened is not None:
        found.append((opened, end))
    return found


def _opens(mark: str, text: str, at: int, start: int, end: int, expected: bool) -> bool:
    """Whether a mark opens a quotation; a straight mark tells by the spaces around it."""
    if mark in _OPENING:
        return True
    if mark in _CLOSING:
        return False
    before = at == start or text[at - 1] in _BEFORE_MARK
    after = at + 1 >= end or text[at + 1] in _AFTER_MARK
    return expected if before == after else before
