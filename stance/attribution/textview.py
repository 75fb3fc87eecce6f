"""A view of the article that is as long as the article: every offset means the same in both.

The tagger reads the view, users get slices of the article. The view folds what must not
matter (styles of quotation marks, control characters) one character to one character, and
tells for each character what the uncased vocabulary loses: whether a quotation is open and
whether a paragraph starts.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stance.attribution.layout import colon_of_dateline, ends_a_sentence, in_one_line, paragraphs_of
from stance.attribution.markup import blank_markup
from stance.attribution.pages import blank_pages, page_breaks
from stance.attribution.quotations import (
    AFTER_MARK,
    BEFORE_MARK,
    double_quotations,
    single_quotations,
)
from stance.attribution.spans import at_or_before
from stance.records import Span

__all__ = ["TextView", "view_of"]

_DOUBLE = (
    "\u201c\u201d\u201e\u201f\u00ab\u00bb\u301d\u301e\u301f\u2033\u2036\uff02"
    "\u300c\u300d\u300e\u300f"
)
_SINGLE = "\u2018\u2019\u201a\u201b\u2032\u2035\u0060\u00b4\uff07"
_MARKS = {ord(mark): '"' for mark in _DOUBLE} | {ord(mark): "'" for mark in _SINGLE}
_SPACES: dict[int, str] = {
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
_DATE_STAMP = re.compile(r"\s*(?:date:? )?\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?(?=\s)")
"""What feeds put before an article: "date 2024-05-15 Western leaders …"."""


@dataclass(frozen=True, slots=True)
class TextView:
    """The folded text and what its layout says.

    Attributes:
        text: as long as the article.
        plain: the article without markup and page breaks, its marks and spaces as they are:
            what names, speakers and contexts are read from. In both, the colon of a dateline is
            a dash.
        breaks: what parts the pages of a PDF, in text order; blank in both.
        paragraphs: (start, end) of each paragraph that is not blank, in text order.
        quoted: bool array (characters,); True from an opening quotation mark up to, and
            without, its closing mark.
        single: the same of quotations in single marks outside of these. The tagger was
            trained without, so only the rules read it.
    """

    text: str
    plain: str
    breaks: tuple[Span, ...]
    paragraphs: tuple[Span, ...]
    quoted: npt.NDArray[np.bool_]
    single: npt.NDArray[np.bool_]

    def quotes(self, spans: Iterable[Span]) -> bool:
        """Whether some character of these spans stands in double quotation marks."""
        return any(self.quoted[start:end].any() for start, end in spans)

    def paragraph_at(self, position: int) -> int:
        """Index of the last paragraph that begins at or before a position; -1 for none."""
        return at_or_before(self.paragraphs, position)


def view_of(article: str) -> TextView:
    """The view of an article: folded characters, paragraphs, and the state of quotations."""
    breaks = page_breaks(article)
    paged = blank_pages(article, breaks)
    plain = blank_markup(paged)
    single_marks = _DOUBLED.sub(_one_mark, paged)
    marked = (plain if single_marks == paged else blank_markup(single_marks)).translate(_SPACES)
    text = marked.translate(_MARKS)
    if stamp := _DATE_STAMP.match(text):
        text = " " * stamp.end() + text[stamp.end() :]
    if (colon := colon_of_dateline(text)) is not None:
        text, plain = (f"{one[:colon]}\u2014{one[colon + 1 :]}" for one in (text, plain))
    paragraphs = paragraphs_of(text)
    # A signature or a letterhead is read line by line.
    running = [paragraph for paragraph in paragraphs if ends_a_sentence(text, paragraph)]
    text, plain = (in_one_line(one, running) for one in (text, plain))
    quoted, single = np.zeros((2, len(text)), dtype=np.bool_)
    for start, end in paragraphs:
        for opening, closing in double_quotations(marked, text, start, end):
            quoted[opening:closing] = True
        for opening, closing in single_quotations(marked, quoted, start, end):
            single[opening:closing] = True
    return TextView(text, plain, breaks, paragraphs, quoted, single)


def _one_mark(match: re.Match[str]) -> str:
    """Two apostrophes as one mark and a space; the mark stands at the outer end."""
    marks, text = match[0], match.string
    before, after = (
        text[max(0, match.start() - 1) : match.start()],
        text[match.end() : match.end() + 1],
    )
    if before.isalnum() and after.isalnum():
        return marks
    if after and after not in AFTER_MARK and (not before or before in BEFORE_MARK):
        return f"\u201c {marks[2:]}"
    return f"{marks[:-2]} \u201d"
