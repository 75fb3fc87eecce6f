"""Long turns and paragraphs, in parts that the stance model can read whole."""

from collections.abc import Iterator, Sequence

from stance.attribution.sentences import sentence_at, sentences_of
from stance.attribution.spans import Attribution, joined, words_in
from stance.attribution.textview import TextView
from stance.records import Span

__all__ = ["in_passages"]

_WORDS = 90
"""Words of a passage, at most, but for a longer sentence; with a context they fit into the model's
window of 160 tokens."""


def in_passages(view: TextView, turns: Sequence[Attribution]) -> list[Attribution]:
    """The turns; in place of a long one its paragraphs, or its sentences, in parts of one length.

    The first part keeps the label as its cue, the others have none.
    """
    if all(words_in(view.text, *turn.content) <= _WORDS for turn in turns):
        return list(turns)
    sentences = sentences_of(view)
    return [part for turn in turns for part in _parts(view, sentences, turn)]


def _parts(view: TextView, sentences: Sequence[Span], turn: Attribution) -> Iterator[Attribution]:
    words = words_in(view.text, *turn.content)
    if words <= _WORDS:
        yield turn
        return
    pieces: list[Span] = []
    for span in turn.content:
        pieces += [span] if words_in(view.text, span) <= _WORDS else _sentences(sentences, span)

    def is_gap(start: int, end: int) -> bool:
        return "\n" not in view.text[start:end]  # sentences of one paragraph are one piece

    share = words / -(-words // _WORDS)
    cue, part, size = turn.cue, pieces[:1], words_in(view.text, pieces[0])
    for piece in pieces[1:]:
        more = words_in(view.text, piece)
        if size + more / 2 > share or size + more > _WORDS:
            yield Attribution(joined(part, is_gap), cue, turn.source, turn.score)
            cue, part, size = None, [], 0
        part.append(piece)
        size += more
    yield Attribution(joined(part, is_gap), cue, turn.source, turn.score)


def _sentences(sentences: Sequence[Span], span: Span) -> list[Span]:
    """The sentences of a paragraph, or of what is behind a label in it."""
    first, last = (sentence_at(sentences, at) for at in (span[0], span[1] - 1))
    return [(max(s, span[0]), min(e, span[1])) for s, e in sentences[first : last + 1]]
