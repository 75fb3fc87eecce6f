"""What a statement answers: the sentence before it, and how its own sentence starts."""

from collections.abc import Sequence

from stance.attribution.layout import without_marks
from stance.attribution.sentences import sentence_at
from stance.records import Span

__all__ = ["LIMIT", "context_of", "cut_to_limit"]

LIMIT = 300
"""Characters of context, at most; the end of a longer one is kept."""
_REACH = 8 * LIMIT
"""Characters of a sentence that are read for it, the blanks of markup among them."""


def context_of(
    text: str, sentences: Sequence[Span], start: int, attributed: str = ""
) -> str | None:
    """The context of a statement that starts at `start`; None at the start of an article.

    It holds the sentence before, and what stands before the statement in its own
    sentence: "Asked about the conference, a spokesman … was noncommittal." Bullets and
    datelines are left out; a heading before ends in a full stop.

    Args:
        sentences: those that a statement may answer, in text order (`without_labels`).
        attributed: who speaks, by which words, where that stands behind the statement; it goes
            before a statement that opens its sentence, since whoever only tells of others takes
            no side ("The rebels refused, a Red Cross official said").
    """
    if not sentences:
        return None
    ahead = text[start : start + LIMIT]  # a mark that was an entity has spaces beside
    start += len(ahead) - len(ahead.lstrip())
    own = sentence_at(sentences, start)
    lead = _tail(text, sentences[own][0], start).lstrip().rstrip(" \n\"'\u201c\u2018\u00ab\u201e(")
    lead = lead or attributed
    before = _tail(text, *sentences[own - 1]) if own else ""
    if lead and before[-1:].isalnum():
        before += "."
    return cut_to_limit(" ".join(f"{before} {lead}".split())) or None


def cut_to_limit(context: str) -> str:
    """The last words of a context that is too long."""
    if len(context) <= LIMIT:
        return context
    kept = context[-LIMIT:]
    return kept[kept.find(" ") + 1 :]


def _tail(text: str, start: int, end: int) -> str:
    """The end of a sentence, from its beginning where that is near."""
    if end - start > _REACH:
        start = text.find(" ", end - _REACH, end) + 1 or end - _REACH
    return without_marks(text[start:end])
