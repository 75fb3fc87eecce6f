"""Transcripts: lines of the form "SPEAKER: what is said"."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from stance.attribution.spans import Attribution, bounds
from stance.attribution.textview import TextView
from stance.records import Span

__all__ = ["transcript_turns", "with_turns"]

_LABEL = re.compile(r"(?:[-*\u2022] )?([^\W\d_a-z][\w.' ,()&-]{1,60}?) ?(:) +(?=\S)")
_LINES = 3
"""So many labelled lines make a transcript; fewer are headings ("Note: …")."""
_LABEL_WORDS = 6


def transcript_turns(view: TextView) -> list[Attribution]:
    """The turns of a transcript in text order; none when the text is no transcript.

    A label is a name of a few capitalised words before a colon, the colon is the cue. A
    turn goes on over the paragraphs that follow it without a label.
    """
    labels = [_label(view.text, paragraph) for paragraph in view.paragraphs]
    if sum(label is not None for label in labels) < max(_LINES, len(labels) // 3):
        return []
    turns: list[Attribution] = []
    content: list[Span] = []
    for (start, end), label in zip(view.paragraphs, labels, strict=True):
        if label is not None:
            name, colon = label
            content = [(_after(view.text, colon[1]), end)]
            turns.append(Attribution(tuple(content), colon, (name,)))
        elif turns:
            content.append((start, end))
            turns[-1] = Attribution(tuple(content), turns[-1].cue, turns[-1].source)
    return turns


def _label(text: str, paragraph: Span) -> tuple[Span, Span] | None:
    match = _LABEL.match(text, *paragraph)
    if match is None:
        return None
    words = match[1].split()
    named = all(word[0].isupper() or not word[0].isalpha() for word in words)
    return (match.span(1), match.span(2)) if named and len(words) <= _LABEL_WORDS else None


def _after(text: str, position: int) -> int:
    while text[position].isspace():
        position += 1
    return position


def with_turns(found: Sequence[Attribution], turns: Sequence[Attribution]) -> list[Attribution]:
    """The turns, and of what the tagger found, all that is not mostly a turn again."""
    begins = [bounds(turn.content)[0] for turn in turns]

    def repeats(one: Attribution) -> bool:
        start, end = bounds(one.content)
        at = bisect_right(begins, end) - 1
        if at < 0:
            return False
        first, last = bounds(turns[at].content)
        same_source = one.source and one.source[0][0] < first
        shared = min(end, last) - max(start, first)
        return shared > 0 and (bool(same_source) or 2 * shared > last - first)

    return sorted([*(a for a in found if not repeats(a)), *turns], key=lambda a: a.content)
