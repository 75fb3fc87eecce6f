"""Two acts of one subject that "and" joins: one statement."""

import re
from collections.abc import Sequence

from stance.attribution.lexicon import has_plain_cue
from stance.attribution.spans import Attribution, bounds
from stance.attribution.textview import TextView

__all__ = ["without_parts"]

_AND = re.compile(r",? and(?: then| also)? $")
_END = re.compile(r"[\s.,;\"']*")
_BEFORE = 16
"""Characters in which the conjunction stands."""


def without_parts(view: TextView, found: Sequence[Attribution]) -> list[Attribution]:
    """The attributions without the second half of another of the same source.

    Of "Norway stood ready to facilitate talks and offered Oslo" the tagger may find the whole,
    and "offered Oslo" once more.
    """
    return [
        one
        for at, one in enumerate(found)
        if not any(_ends(view, other, one) for other in found[max(0, at - 4) : at + 5])
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
