"""Lists of what was said: "The prime minister said on Tuesday:", and an item a line."""

import re
from collections.abc import Sequence

from stance.attribution.layout import dateline_end, item_start
from stance.attribution.spans import Attribution, bounds, meets
from stance.attribution.textview import TextView

__all__ = ["with_lists"]

_LEAD = re.compile(
    r"(?P<who>[^:\n\"]{2,120}?) (?P<cue>(?:has |have |had |also )?(?:said|says|announced|announces"
    r"|stated|declared|stressed|decided|agreed|resolved|pledged|demanded|warned|told \w+))\b"
    r"[^:\n\"]{0,80}:$"
)
"""The line before a list: who says it, and the verb."""
_FEWEST = 2
"""Items that are a list."""


def with_lists(view: TextView, found: Sequence[Attribution]) -> list[Attribution]:
    """The attributions, and each item of a list that somebody is said to have said."""
    items = _items(view)
    taken = [bounds(one.content) for one in items]
    return [*(one for one in found if not meets(taken, bounds(one.content))), *items]


def _items(view: TextView) -> list[Attribution]:
    found: list[Attribution] = []
    paragraphs = view.paragraphs
    listed = 0  # a line inside of a list opens none of its own
    for at, (start, end) in enumerate(paragraphs):
        if at < listed or view.text[end - 1] != ":":
            continue
        lead = _LEAD.match(view.text, dateline_end(view.text, start, end), end)
        if lead is None:
            continue
        own = []
        for first, last in paragraphs[at + 1 :]:
            begin = item_start(view.text, first, last)
            if begin is None:
                break
            own.append(Attribution(((begin, last),), lead.span("cue"), (lead.span("who"),)))
        if len(own) >= _FEWEST:
            found += own
            listed = at + 1 + len(own)
    return found
