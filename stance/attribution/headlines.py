"""Headlines that end with who says it: "No point in talks while drones fly \u2014 Lavrov"."""

import re
from collections.abc import Sequence

from stance.attribution.layout import FINISHED
from stance.attribution.lexicon import GROUPS, ORGANISATION_NOUNS
from stance.attribution.names import RUN, is_title
from stance.attribution.relayed import is_channel
from stance.attribution.spans import Attribution, meets, merge
from stance.attribution.textview import TextView

__all__ = ["with_headlines"]

_HEADLINE = re.compile(
    r"(?P<what>[^\n]{15,200}?) (?P<dash>--?|[\u2013\u2014]) (?P<who>[^\n\u2013\u2014:\"]{3,60})$"
)
_FEWEST_WORDS = 3
"""Words of a headline before its source; fewer are a section's name."""
_FIRST = 3
"""Paragraphs of an article among which its headline stands."""


def with_headlines(view: TextView, found: Sequence[Attribution]) -> list[Attribution]:
    """The attributions, and a headline's, where nothing of it is in one of them yet."""
    contents = merge([span for one in found for span in one.content])
    added = []
    for start, end in view.paragraphs[:_FIRST]:
        match = _HEADLINE.match(view.text, start, end)
        if match is None or view.text[end - 1] in FINISHED or meets(contents, (start, end)):
            continue
        words = match["what"].split()
        if len(words) >= _FEWEST_WORDS and _speaks(view.text, match["who"], end):
            added.append(
                Attribution((match.span("what"),), match.span("dash"), (match.span("who"),))
            )
    return [*found, *added]


def _speaks(text: str, who: str, behind: int) -> bool:
    """Whether the end of a headline names who says it, and no paper, programme or section."""
    last = who.rsplit(maxsplit=1)[-1]
    if is_channel(who) or any(map(is_channel, who.split())):
        return False
    if is_title(last) or last.lower() in ORGANISATION_NOUNS | GROUPS:
        return True
    named = RUN.fullmatch(who) is not None
    return named and re.search(rf"\b{re.escape(last)}\b", text[behind:]) is not None
