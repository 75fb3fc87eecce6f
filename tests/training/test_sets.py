"""Contrast sets: their schema, and that they keep clear of what is tested on."""

import json
from pathlib import Path

import pytest

from stance import InputError, Statement
from stance.labels import Stance
from training.corpus_duplicates import similar_across
from training.corpus_sets import SETS_FILES, SetRow, read_sets, set_figures

_ROW = {
    "id": "k1-0001a",
    "set": "k1-0001",
    "kind": "context",
    "text": "Not while I have breath in my body.",
    "label": "opposing",
    "context": "Will you sit across from the men who shelled the harbour?",
    "coder_a": "opposing",
    "coder_b": "opposing",
    "settled": "agreed",
}


@pytest.mark.parametrize(
    ("change", "message"),
    [({"id": "x"}, "id"), ({"kind": "other"}, "kind"), ({"coder_b": "supporting"}, "settled")],
)
def test_a_broken_row_is_named(tmp_path: Path, change: dict[str, str], message: str) -> None:
    (tmp_path / SETS_FILES[0]).write_text(json.dumps(_ROW | change) + "\n", "utf-8")
    with pytest.raises(InputError, match=rf"{SETS_FILES[0]}:1: .*{message}"):
        read_sets(tmp_path)


def test_a_member_like_a_test_case_is_counted() -> None:
    row = SetRow.model_validate(_ROW)
    other = row.model_copy(update={"id": "k1-0001b", "label": Stance.SUPPORTING})
    figures = set_figures([row, other], [Statement(row.text, context=row.context)], 0.5)
    assert figures["contrast sets' near-duplicates of tests"] == 2
    assert figures["contrast sets of one label"] == 0
    assert set_figures([row], [], 0.5)["contrast sets of one label"] == 1


def test_similarity_is_the_jaccard_index_of_word_trigrams() -> None:
    # trigrams of the first: abc, bcd, cde; of the second: abc, bcd, cdf: 2 of 4 are shared
    assert similar_across(["a b c d e"], ["a b c d f"], 0.5) == [0]
    assert similar_across(["a b c d e"], ["a b c d f"], 0.51) == []
