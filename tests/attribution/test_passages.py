"""Long turns come in parts; short ones stay as they are."""

from hypothesis import given
from hypothesis import strategies as st

from stance.attribution.passages import in_passages
from stance.attribution.spans import Attribution, bounds
from stance.attribution.textview import view_of

_SENTENCES = st.lists(st.integers(1, 60), min_size=1, max_size=12)


@given(st.lists(_SENTENCES, min_size=1, max_size=5))
def test_parts_hold_every_word_once_and_in_order(paragraphs: list[list[int]]) -> None:
    text = "\n\n".join(
        " ".join("Word" + " word" * (size - 1) + "." for size in sizes) for sizes in paragraphs
    )
    view = view_of(text)
    turn = Attribution(view.paragraphs, (0, 4), ((0, 4),))
    parts = in_passages(view, [turn])
    spans = [span for part in parts for span in part.content]
    assert spans == sorted(spans)
    assert " ".join(text[slice(*span)] for span in spans).split() == text.split()
    assert [part.cue for part in parts] == [(0, 4)] + [None] * (len(parts) - 1)
    assert all(part.source == turn.source for part in parts)
    for part in parts:
        assert len(text[slice(*bounds(part.content))].split()) <= 90


def test_a_short_turn_stays_whole() -> None:
    text = "We will come.\n\nAnd we will stay."
    turn = Attribution(view_of(text).paragraphs, None, ((0, 2),))
    assert in_passages(view_of(text), [turn]) == [turn]
