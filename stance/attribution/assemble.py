"""Token spans -> attributions: whole words, whole quotations, no fragments, no twins."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from stance.attribution.decoding import Arguments, CueCandidate
from stance.attribution.decoding_config import DecodingConfig
from stance.attribution.encoding import Tokens, is_inside_word
from stance.attribution.quotations import runs_of
from stance.attribution.spans import (
    Attribution,
    at_or_before,
    bounds,
    joined,
    letters,
    merge,
    overlap,
)
from stance.attribution.textview import TextView
from stance.records import Span

__all__ = ["assemble", "candidate"]

_SINGLE_MARKS = "'\u2039\u203a"
_PLACE = 1_000
"""Characters; contents reach over a few of these places at most."""


def assemble(
    view: TextView,
    tokens: Tokens,
    cues: Sequence[CueCandidate],
    arguments: Sequence[Arguments],
    scores: Sequence[float],
    config: DecodingConfig,
) -> list[Attribution]:
    """Attributions of one article, in order of their cues."""
    found = [
        candidate(view, tokens, cue, argument, score)
        for cue, argument, score in zip(cues, arguments, scores, strict=True)
        if score >= config.threshold
    ]
    kept = [one for one in found if letters(view.text, one.content) >= config.min_characters]
    return _whole_quotations(view, _without_twins(kept, config.twin_overlap))


def candidate(
    view: TextView, tokens: Tokens, cue: CueCandidate, argument: Arguments, score: float
) -> Attribution:
    """One candidate in characters; its content may be empty."""
    at = _characters(view, tokens, (cue.start, cue.end))
    content = [_beside(view, piece, at) for piece in _pieces(view, tokens, argument.content)]
    source = [
        _beside(view, piece, at, quoted=False) for piece in _pieces(view, tokens, argument.source)
    ]
    return Attribution(merge(content), at, _of_one_paragraph(view, merge(source), at), score)


def _distance(piece: Span, cue: Span) -> int:
    return max(piece[0] - cue[1], cue[0] - piece[1])


def _of_one_paragraph(view: TextView, pieces: tuple[Span, ...], cue: Span) -> tuple[Span, ...]:
    """The pieces in the paragraph of the one that is nearest to the cue."""
    numbers = [view.paragraph_at(p[0]) for p in pieces]
    nearest = min(
        zip(pieces, numbers, strict=True), key=lambda p: _distance(p[0], cue), default=None
    )
    return tuple(p for p, n in zip(pieces, numbers, strict=True) if nearest and n == nearest[1])


def _beside(view: TextView, piece: Span, cue: Span, *, quoted: bool = True) -> Span:
    """That part of a piece in one paragraph that is nearest to its cue.

    Args:
        quoted: whether a quotation may go on over paragraphs.
    """
    parts, text = [piece], view.text
    following = view.paragraph_at(piece[0]) + 1
    for at in range(max(1, following), len(view.paragraphs)):
        (_, end), (start, _) = view.paragraphs[at - 1 : at + 1]
        if start >= piece[1]:
            break
        goes_on = view.quoted[start] and (view.quoted[end - 1] or text[end - 1] == '"')
        if not (quoted and goes_on):
            parts[-1] = parts[-1][0], end
            parts.append((start, piece[1]))
    spoken = [part for part in parts if _has_letter(text, *part)] or parts
    return min(spoken, key=lambda part: _distance(part, cue))


def _pieces(view: TextView, tokens: Tokens, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans of characters; those that only punctuation parts are one."""
    characters = [_characters(view, tokens, span) for span in spans]
    pieces = joined(characters, lambda start, end: not _has_letter(view.text, start, end))
    return merge([_marked(view, p) for p in pieces if _has_letter(view.text, *p)])


def _has_letter(text: str, start: int, end: int) -> bool:
    return any(c.isalnum() for c in text[start:end])


def _characters(view: TextView, tokens: Tokens, span: Span) -> Span:
    """The characters of some tokens, widened to whole words."""
    first, last = span[0], span[1] - 1
    while first > 0 and is_inside_word(view, tokens, first - 1):
        first -= 1
    while last + 1 < len(tokens) and is_inside_word(view, tokens, last):
        last += 1
    return int(tokens.starts[first]), int(tokens.ends[last])


def _marked(view: TextView, span: Span) -> Span:
    """A span with the quotation marks that touch it inside, and none that belong outside."""
    span = _with_marks(view.text, view.quoted, '"', span)
    return _with_marks(view.text, view.single, _SINGLE_MARKS, span)


def _with_marks(text: str, quoted: npt.NDArray[np.bool_], marks: str, span: Span) -> Span:
    start, end = span

    def opens(mark: int) -> bool:
        return text[mark] in marks and bool(quoted[mark]) and (mark == 0 or not quoted[mark - 1])

    while end > start and opens(end - 1):
        end -= 1  # ends with the opening mark of the next quotation
        end = start + len(text[start:end].rstrip())
    for mark in (start - 1, start - 2):  # the view has a space beside a mark of two apostrophes
        if mark >= 0 and opens(mark) and not text[mark + 1 : start].strip():
            start = mark
    tail = end
    while (
        tail < len(text)
        and text[tail] in ",.?!;:-' \u2026"
        and (quoted[tail] or text[tail] not in marks)
    ):
        tail += 1
    if quoted[end - 1] and tail < len(text) and text[tail] in marks and not quoted[tail]:
        end = tail + 1
    return start, end


def _without_twins(found: list[Attribution], limit: float) -> list[Attribution]:
    kept: list[Attribution] = []
    near: dict[int, list[Attribution]] = {}  # by place in the text, so that time is linear
    for one in sorted(found, key=lambda a: -a.score):
        start, end = bounds(one.content)
        places = range(start // _PLACE, end // _PLACE + 1)
        others = (other for place in places for other in near.get(place, ()))
        if all(overlap(one.content, other.content) <= limit for other in others):
            kept.append(one)
            for place in places:
                near.setdefault(place, []).append(one)
    return sorted(kept, key=lambda a: a.cue or (0, 0))


def _whole_quotations(view: TextView, found: list[Attribution]) -> list[Attribution]:
    """Contents that stop inside a quotation go on to its end, if nobody else is there."""
    stops = [(mask, runs_of(mask)) for mask in (view.quoted, view.single)]
    taken = merge([span for a in found for span in (*a.content, *((a.cue,) if a.cue else ()))])
    until = [end for _, end in taken]
    gone_on: set[int] = set()  # ends of quotations

    def whole(end: int) -> int:
        stop = next((_stop(view.text, *one, end) for one in stops if one[0][end - 1]), end)
        following = bisect_right(until, end)
        free = following == len(taken) or taken[following][0] >= stop
        if stop == end or not free or stop in gone_on:
            return end
        gone_on.add(stop)
        return stop

    return [replace(one, content=merge([(s, whole(e)) for s, e in one.content])) for one in found]


def _stop(text: str, mask: npt.NDArray[np.bool_], runs: Sequence[Span], end: int) -> int:
    """Behind the quotation that is open before and at `end`; `end` itself when none is."""
    if end >= len(text) or not mask[end]:
        return end
    _, stop = runs[at_or_before(runs, end)]
    return stop + 1 if stop < len(text) and text[stop] in '"' + _SINGLE_MARKS else stop
