"""What a paragraph of a document is: what somebody says, a title, thanks, a note."""

import re

from stance.attribution.spans import words_in
from stance.attribution.textview import TextView
from stance.records import Span

__all__ = ["ends_with", "first_person", "is_beside", "is_prose"]

_FIRST_PERSON = re.compile(
    r"(?<!War )\bI\b(?!\.)|\b(?:[Ww]e|[Mm]y|[Oo]ur|ours|me|us|myself|ourselves)\b"
)
_CLOSING = "\"')]*_ "
_FINISHED = (".", "!", "?", "\u2026", ":", ";")
_BESIDE = re.compile(
    r"(?i)[*_ (\[]*(?:(?:and |finally, )?(?:(?:i|we) )?thank(?:s| you)\b[^.!?]{0,50}[.!]?$"
    r"|for (?:media|press|more|further)\b|for the (?:press|media)\b|(?:media|press) contact"
    r"|contact:|notes? (?:to|for) editors|the (?:writer|author)s?,? [a-z]+\b|done (?:at|in)\b"
    r"|this (?:interview|article|conversation|text) (?:was|has been|is|appeared)\b"
    r"|interview(?:ed)? by\b|translat(?:ed|ion) (?:by|from)\b|edited (?:for|by)\b"
    r"|(?:the )?(?:following is|full text of|text of)\b|ends?\b[.*)]?$"
    r"|in the name of god\b[^.!?]{0,40}[.!]?$)"
)
"""What stands beside the author's words: thanks, and notes of who publishes them."""
_FEWEST_WORDS = 5
"""Shorter lines are salutations and slogans."""


def ends_with(view: TextView, span: Span, marks: str | tuple[str, ...]) -> bool:
    """Whether a paragraph ends with a mark, before quotation marks and brackets."""
    return view.text[slice(*span)].rstrip(_CLOSING).endswith(marks)


def is_beside(view: TextView, span: Span) -> bool:
    """Whether a paragraph is thanks, or a note of who publishes the text."""
    return _BESIDE.match(view.text[slice(*span)]) is not None


def is_prose(view: TextView, span: Span) -> bool:
    """Whether a paragraph is what somebody says: no title, date, salutation, thanks or note."""
    finished = ends_with(view, span, _FINISHED)
    return finished and words_in(view.text, span) >= _FEWEST_WORDS and not is_beside(view, span)


def first_person(view: TextView, *spans: Span) -> Span | None:
    """The first "I" or "we" of paragraphs, outside of quotation marks; else their "my" or "us"."""
    found = [
        match.span()
        for span in spans
        for match in _FIRST_PERSON.finditer(view.text, *span)
        if not (view.quoted[match.start()] or view.single[match.start()])
    ]
    subjects = (one for one in found if view.text[slice(*one)] in ("I", "We", "we"))
    return next(subjects, found[0] if found else None)
