"""Shared by tests that need attributions: where some words stand in a text."""

from stance.attribution.spans import Attribution
from stance.records import Span

__all__ = ["attribution", "spans"]


def spans(text: str, *pieces: str) -> tuple[Span, ...]:
    return tuple((text.index(piece), text.index(piece) + len(piece)) for piece in pieces)


def attribution(text: str, content: str, cue: str, source: str) -> Attribution:
    said, by, who = spans(text, content, cue, source)
    return Attribution((said,), by, (who,))
