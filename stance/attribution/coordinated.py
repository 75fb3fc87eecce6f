"""Attributions that share a subject: two acts that "and" joins, and what a participle opens."""

import re
from collections.abc import Sequence
from dataclasses import replace

from stance.attribution.lexicon import has_plain_cue
from stance.attribution.spans import Attribution, bounds
from stance.attribution.textview import TextView
from stance.records import Span

__all__ = ["with_subjects", "without_parts"]

_AND = re.compile(r",? and(?: then| also)? $")
_END = re.compile(r"[\s.,;\"']*")
_BEFORE = 16
"""Characters in which the conjunction stands."""
_PARTICIPLE = re.compile(r"[A-Z][a-z]+ing\b")


def with_subjects(view: TextView, found: Sequence[Attribution]) -> list[Attribution]:
    """The attributions, those of a participle with the subject behind them.

    Of "Noting that the war was lost, Guo said all should talk" Guo says both.
    """
    return [
        one
        if one.source or one.cue is None or not _PARTICIPLE.match(view.text, *one.cue)
        else replace(one, source=_source_behind(view, one, _near(found, at)))
        for at, one in enumerate(found)
    ]


def _source_behind(
    view: TextView, one: Attribution, near: Sequence[Attribution]
) -> tuple[Span, ...]:
    """The source that stands right behind a content, or none."""
    end = bounds(one.content)[1]
    starts = {bounds(other.source)[0]: other.source for other in near if other.source}
    comma = view.text.startswith(", ", end)
    return starts.get(end + (2 if comma else 1), ())


def _near(found: Sequence[Attribution], at: int) -> Sequence[Attribution]:
    """Those that may stand in the sentence of one, itself among them."""
    return found[max(0, at - 4) : at + 5]


def without_parts(view: TextView, found: Sequence[Attribution]) -> list[Attribution]:
    """The attributions without the second half of another of the same source.

    Of "Norway stood ready to facilitate talks and offered Oslo" the tagger may find the whole,
    and "offered Oslo" once more.
    """
    return [
        one
        for at, one in enumerate(found)
        if not any(_ends(view, other, one) for other in _near(found, at))
    ]


def _ends(view: TextView, whole: Attribution, part: Attribution) -> bool:
    """Whether an act is the last part of another's content, behind a conjunction."""
    if part.cue is None or whole.source != part.source or len(whole.content) != 1:
        return False
    if has_plain_cue(view.text[slice(*part.cue)]):
        return False  # "studied the roof and said that it would rain"
    (start, end), cue = whole.content[0], part.cue[0]
    if not start < cue < end or not _AND.search(view.text, max(start, cue - _BEFORE), cue):
        return False
    return _END.fullmatch(view.text, *sorted((bounds(part.content)[1], end))) is not None
