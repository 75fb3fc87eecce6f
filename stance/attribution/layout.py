"""The lines of a text: which of them are one paragraph, and which carry a label."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median

from stance.attribution.lexicon import PLACES, word_set
from stance.attribution.spans import stripped
from stance.records import Span

__all__ = [
    "FINISHED",
    "colon_of_dateline",
    "dateline_end",
    "ends_a_sentence",
    "in_one_line",
    "item_start",
    "label_at",
    "lines_of",
    "paragraphs_of",
    "without_marks",
]

_LABEL = re.compile(
    r"(?:[-*\u2022] )?([^\W\d_a-z][\w.' ,()&-]{0,60}?)"
    r"(?: \((?:spoke|speaking|interpretation|translated|continued|in)\b[^()\n]{0,40}\))?"
    r" ?(:) +(?=\S)"
)
"""What stands before a colon at the start of a line, in capitals at least in its first letter."""
_LABEL_WORDS = 6
_COUNTRY = re.compile(r"(?<=\w )\([^()]*\)$")
"""Whom a delegate speaks for: "Mrs. Brandt (United States of America)"."""
_CITY = r"[^\W\d_a-z]{2,30}(?:[.'/ -]{1,2}[^\W\d_a-z]{1,30}){0,4}"
_DATELINE = re.compile(
    rf"(?:{_CITY}|[^\W\d_a-z][\w.' -]{{1,40}}(?=[^\n()]{{0,40}} \([^\n()]{{1,30}}\)))"
    r"(?:, [^\n()]{1,40}?)?(?: \([^\n()]{1,30}\))? ?(?:--?|[\u2013\u2014]) "
    r"(?=[\"\u201c'\u2018]?[^\W\d_a-z])"
)
"""Where and when a report was filed: "KYIV, May 14 (AP) - ", "Geneva (Reuters) \u2014 "."""
_COLON_DATELINE = re.compile(
    rf"\s*({_CITY})(?P<more>(?:, [^\n():]{{1,40}}?)?(?: \([^\n()]{{1,30}}\))?) ?(?P<colon>:) "
    r"(?!(?:I|We|My|Our|Yes|No)\b)(?=[^\W\d_a-z])"
)
"""The dateline of South Asia's papers, "ISLAMABAD: The prime minister said …"."""
_SAYING = re.compile(r"\b(?:sa(?:id|ys)|told|according to|announced|added)\b")
_OPENING = 1_000
"""Characters of an article in which a reporter quotes somebody."""
_BLANK_LINES = re.compile(r"\n *\n[ \n]*")
_BREAK = re.compile(r"\n *")
_BULLET = re.compile(r"[-*+\u2022\u2023\u25aa\u25cf\u25e6\u00b7\u25ba] ")
_ITEM = re.compile(rf"{_BULLET.pattern}|[\u2013\u2014] ?[^\W\d_a-z]|\(?\d{{1,3}}[.)] ")
"""A bullet or a number; a dash in running text stands before a small letter."""
_MARK = re.compile(rf"{_BULLET.pattern}|[\u2013\u2014] ?|\(?(?:\d{{1,3}}|[a-z]|[ivx]{{1,4}})[.)] +")
_WIDTHS = range(50, 121)
"""Widths that texts are wrapped at; longer lines are paragraphs, shorter ones are headings."""
_OPENERS = word_set("The A An He She It They We But And This That These Those There In On At As If")
"""Words that hardly ever have a capital inside of a sentence."""
FINISHED = tuple(".!?\u2026:;\"')")
"""What a paragraph that is no heading, signature or letterhead ends with."""
_WORD = re.compile(r"[^ \n]+")
_WRAPS = 4
"""So many breaks inside of blocks tell whether a text is wrapped."""
_NEARLY_ALL = 0.9


def paragraphs_of(text: str) -> tuple[Span, ...]:
    """(start, end) of each paragraph, without outer spaces.

    Paragraphs end at line breaks, except where a line was only wrapped at some width.
    """
    blocks = [list(lines_of(text, *b)) for b in _stretches(text, _BLANK_LINES, 0, len(text))]
    wrapped = _wrapped_at(text, blocks)
    found: list[Span] = []
    for block in blocks:
        found += _unwrapped(text, block, wrapped)
    return tuple(found)


def ends_a_sentence(text: str, paragraph: Span) -> bool:
    """Whether a paragraph ends like a sentence, and not like a signature or a letterhead."""
    return text[slice(*paragraph)].rstrip("\"')").endswith(FINISHED)


def in_one_line(text: str, paragraphs: Iterable[Span]) -> str:
    """The text with the line breaks inside of some paragraphs as spaces."""
    characters = list(text)
    for start, end in paragraphs:
        characters[start:end] = text[start:end].replace("\n", " ")
    return "".join(characters)


def lines_of(text: str, start: int, end: int) -> Iterator[Span]:
    """(start, end) of the lines of a part of a text that are not blank, without outer spaces."""
    return _stretches(text, _BREAK, start, end)


def _stretches(text: str, gap: re.Pattern[str], start: int, end: int) -> Iterator[Span]:
    """What stands between the gaps, without outer spaces, where it is not blank."""
    for stop, following in [
        *((m.start(), m.end()) for m in gap.finditer(text, start, end)),
        (end, end),
    ]:
        first, last = stripped(text, (start, stop))
        if first < last:
            yield first, last
        start = following


def _wrapped_at(text: str, blocks: Sequence[Sequence[Span]]) -> int:
    """The usual length of the lines of a text whose blocks are wrapped paragraphs; 0 for others.

    Nearly all of their lines end where the next word had no room.
    """
    pairs = [pair for block in blocks for pair in pairwise(block)]
    if len(pairs) < _WRAPS:
        return 0
    usual = int(median(end - start for (start, end), _ in pairs))
    full = sum(_is_full(text, *pair, usual) for pair in pairs)
    return usual if usual in _WIDTHS and full >= _NEARLY_ALL * len(pairs) else 0


def _is_full(text: str, before: Span, line: Span, width: int) -> bool:
    """Whether the first word of a line had no room on the line before."""
    word = _WORD.match(text, *line)
    return before[1] - before[0] + 1 + (len(word[0]) if word else 0) > width


def _unwrapped(text: str, lines: list[Span], wrapped: int) -> list[Span]:
    """The paragraphs of the lines between two blank ones."""
    width = max((end - start for start, end in lines), default=0)
    prose = text[lines[-1][1] - 1] in FINISHED if lines else False
    prose = prose or any(text[start].islower() for start, _ in lines[1:])
    found = lines[:1]
    for before, line in pairwise(lines):
        runs_on = wrapped and _is_full(text, before, line, wrapped) and not _starts(text, line)
        if runs_on or _goes_on(text, before, line, width if prose else 0):
            found[-1] = found[-1][0], line[1]
        else:
            found.append(line)
    return found


def _goes_on(text: str, before: Span, line: Span, width: int) -> bool:
    """True when the break between two lines only wraps a running paragraph.

    Args:
        width: the width that the lines may be wrapped at; 0 when they look like a list.
    """
    if text[before[1] - 1] in FINISHED:
        return False
    if text[line[0]].islower():
        return True
    word = _WORD.match(text, *line)
    if width not in _WIDTHS or word is None or word[0] in _OPENERS:
        return False
    return _is_full(text, before, line, width) and not _starts(text, line)


def _starts(text: str, line: Span) -> bool:
    """Whether a line begins like a paragraph: with a bullet, a dateline or a label."""
    starts = _ITEM.match(text, *line) or _DATELINE.match(text, *line) or label_at(text, line)
    return bool(starts)


def dateline_end(text: str, start: int, end: int) -> int:
    """Where a paragraph goes on behind its dateline; its start when it has none."""
    match = _DATELINE.match(text, start, end)
    return match.end() if match else start


def item_start(text: str, start: int, end: int) -> int | None:
    """Where the words of an item of a list begin, behind its bullet or number; None for no item."""
    mark = _MARK.match(text, start, end)
    return mark.end() if mark and mark.end() < end else None


def colon_of_dateline(text: str) -> int | None:
    """Where the colon of the dateline that opens an article stands; None without such a one.

    The label of a speaker looks alike. A place, a date or an agency tell them apart; so do, of an
    unknown name that comes once, a reporter's words behind it.
    """
    match = _COLON_DATELINE.match(text)
    if match is None:
        return None
    words = {word.lower() for word in re.split(r"[ /-]", match[1])}
    again = re.search(rf"\n *{re.escape(match[1])} ?:", text) is not None
    known = bool(match["more"]) or not words.isdisjoint(PLACES)
    reported = _SAYING.search(text, match.end(), match.end() + _OPENING) is not None
    return match.start("colon") if not again and (known or reported) else None


def without_marks(line: str) -> str:
    """A line without the bullet or the dateline before it."""
    line = line.strip()
    mark = _BULLET.match(line) or _DATELINE.match(f"{line} A")
    return line[mark.end() :] if mark else line


def label_at(text: str, line: Span) -> tuple[Span, Span] | None:
    """The label at the start of a line, a few capitalised words, and the colon behind it."""
    match = _LABEL.match(text, *line)
    if match is None:
        return None
    words = _COUNTRY.sub("", match[1]).split()
    named = all(word[0].isupper() or not word[0].isalpha() for word in words)
    return (match.span(1), match.span(2)) if named and len(words) <= _LABEL_WORDS else None
