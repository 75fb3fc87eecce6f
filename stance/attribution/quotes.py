"""Quotations that no cue attributes: they go on in the next paragraph, or somebody runs on."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from stance.attribution.lexicon import has_plain_cue
from stance.attribution.quotations import PAUSES, runs_of
from stance.attribution.spans import Attribution, bounds, meets, merge, words_in
from stance.attribution.textview import TextView
from stance.records import Span

__all__ = ["with_quotations"]

_MIN_WORDS = 5
"""Shorter quotations are titles, nicknames and scare quotes as often as statements."""
_BEHIND_A_SENTENCE = re.compile(r"(?:^|[\n.!?\u2026\"]|[,.!?\u2026]')$")
_SIGNED = re.compile(
    r"\s{0,3}(?P<dash>--?|[\u2014\u2013])\s*(?P<who>[^\W\d_a-z][^\"\n]{2,120}?)[ ,]*$", re.MULTILINE
)
"""Behind a quotation, who said it: a pull quote's "\u2014 Foreign Minister Paul Garrel"."""
_CLOSING = "\"'\u203a"


def with_quotations(
    view: TextView, attributions: Sequence[Attribution], turns: Sequence[Attribution]
) -> list[Attribution]:
    """The attributions, and behind them the quoted sentences that none of them covers.

    A speech that goes on in the next paragraph has no closing mark, and the cue is often
    there: "“My son was killed. ¶ “But I have two more,” she adds." The paragraphs before
    the cue's are put to its attribution; the rest are attributions without a cue. What is
    quoted in another paragraph, behind words of the reporter, is taken from its cue.

    Args:
        turns: the turns of a transcript; what they hold is no quotation of its own.
    """
    quotations = _quotations(view)
    signed = list(_signed(view, quotations))
    taken = [bounds(one.content) for one in signed]
    found = [_of_one_speaker(view, one) for one in attributions]
    found = [one for one in found if not any(meets(taken, s) for s in one.content)] + signed
    uncued = []
    holders = _holders(quotations, [*found, *turns])
    for chain, following in _chains(view, quotations, holders):
        start = quotations[following][0] if following is not None else -1
        fitting = [
            at
            for at in (holders[following] if following is not None else ())
            if at < len(found) and any(s <= start + 1 < e for s, e in found[at].content)
        ]
        if fitting:
            at = max(fitting, key=lambda i: sum(e - s for s, e in found[i].content))
            one = found[at]
            found[at] = replace(one, content=merge([*chain, *one.content]))
        elif words_in(view.text, *chain) >= _MIN_WORDS:
            uncued.append(Attribution(tuple(chain), None))
    return [*found, *uncued]


def _signed(view: TextView, quotations: Sequence[Span]) -> Iterator[Attribution]:
    """The quotations that are a paragraph with their speaker behind a dash.

    Not words of a reporter: "\u2014 Garrel told the agency".
    """
    for start, end in quotations:
        first, last = view.paragraphs[view.paragraph_at(start)]
        match = _SIGNED.match(view.text, end, last)
        opens = not any(c.isalnum() for c in view.text[first:start])
        if match and opens and match["who"][-1] not in PAUSES and not has_plain_cue(match["who"]):
            yield Attribution(((start, end),), match.span("dash"), (match.span("who"),))


def _of_one_speaker(view: TextView, one: Attribution) -> Attribution:
    """An attribution without the pieces of other paragraphs, but for quotations that open these.

    A headline says the same once more. Behind other words, somebody else is often named: "… said
    Bao. ¶ A driver laughed. “Which peace?”"
    """
    if one.cue is None or len(one.content) < 2:
        return one
    home = view.paragraph_at(one.cue[0])
    led = home + (view.text[view.paragraphs[home][1] - 1] == ":")  # what a colon leads to
    kept = tuple(
        (start, end)
        for start, end in one.content
        if home <= (own := view.paragraph_at(start)) <= led
        or (
            view.quotes([(start, end)])
            and not any(c.isalnum() for c in view.text[view.paragraphs[own][0] : start])
        )
    )
    return replace(one, content=kept or one.content)


def _quotations(view: TextView) -> list[Span]:
    """(opening mark, behind the closing mark) of the quotations of an article.

    In single marks, only what ends as a sentence does: titles and names often stand in them.
    """
    return [
        (start, end + (end < len(view.text) and view.text[end] in _CLOSING))
        for start, end in runs_of(view.quoted | view.single)
        if view.quoted[start] or view.text[end - 1] in PAUSES
    ]


def _holders(
    quotations: Sequence[Span], attributions: Sequence[Attribution]
) -> tuple[list[int], ...]:
    """For each quotation, the attributions whose contents share a character with it."""
    holders: tuple[list[int], ...] = tuple([] for _ in quotations)
    ends = [end for _, end in quotations]
    for number, one in enumerate(attributions):
        for start, end in one.content:
            at = bisect_right(ends, start)
            while at < len(quotations) and quotations[at][0] < end:
                holders[at].append(number)
                at += 1
    return holders


def _chains(
    view: TextView, quotations: Sequence[Span], holders: Sequence[Sequence[int]]
) -> Iterator[tuple[list[Span], int | None]]:
    """Quotations that nobody holds, those together that go on in the next paragraph.

    Only those count that stand as a sentence of their own: they start a paragraph, or
    follow the end of a sentence.

    Yields:
        the quotations, and the index of the held one that they go on in.
    """
    chain: list[Span] = []
    for at, (start, end) in enumerate(quotations):
        if holders[at] or not (chain or _stands_alone(view, start)):
            continue
        chain.append((start, end))
        last = at + 1 == len(quotations)
        goes_on = (
            not last and view.quoted[end - 1] and not view.text[end : quotations[at + 1][0]].strip()
        )
        if goes_on and not holders[at + 1]:
            continue
        yield chain, (at + 1 if goes_on else None)
        chain = []


def _stands_alone(view: TextView, start: int) -> bool:
    before = view.text[max(0, start - 40) : start].rstrip(" ")
    return _BEHIND_A_SENTENCE.search(before) is not None
