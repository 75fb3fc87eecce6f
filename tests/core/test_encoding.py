from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance import Speech, Statement
from stance.artifact import open_artifact
from stance.encoding import Encoder, collate, render


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.from_folder(open_artifact().path, max_length=32)


def test_an_act_is_rendered_with_its_speaker() -> None:
    act = Statement("has dismissed the plans", speaker="Moscow", speech=Speech.ACT)
    assert render(act) == ("Moscow has dismissed the plans", None)
    assert render(replace(act, speech=Speech.DIRECT)) == ("has dismissed the plans", None)


def test_target_and_context_share_the_second_segment() -> None:
    statement = Statement("We will come.", context="Will you?", target="the Geneva talks")
    assert render(statement) == ("We will come.", "About the Geneva talks. Will you?")


@given(st.text(min_size=1, max_size=400), st.none() | st.text(max_size=400))
def test_rows_never_leave_the_window(encoder: Encoder, text: str, context: str | None) -> None:
    (row,) = encoder.encode([Statement(text, context=context)])
    assert len(row.input_ids) == len(row.token_type_ids) <= 32


def test_a_long_text_is_cut_and_flagged(encoder: Encoder) -> None:
    short, long = encoder.encode([Statement("peace " * 5), Statement("peace " * 500)])
    assert (short.truncated, long.truncated) == (False, True)
    assert len(long.input_ids) == 32


def test_a_long_context_loses_its_start_and_leaves_the_text_whole(encoder: Encoder) -> None:
    text = "we will be in that room"
    context = "war " * 100 + "will you come"
    (alone,) = encoder.encode([Statement(text)])
    (row,) = encoder.encode([Statement(text, context=context)])
    assert list(row.input_ids[: len(alone.input_ids)]) == list(alone.input_ids)
    (end,) = encoder.encode([Statement("will you come")])
    assert list(row.input_ids[-4:]) == list(end.input_ids[-4:])
    assert row.truncated


def test_collate_pads_on_the_right(encoder: Encoder) -> None:
    batch = collate(encoder.encode([Statement("no"), Statement("we will never talk")]), 0)
    assert batch.input_ids.shape == batch.attention_mask.shape == (2, 6)
    assert batch.attention_mask.sum(axis=1).tolist() == [3, 6]
    assert batch.input_ids[0, 3:].tolist() == [0, 0, 0]
