"""The labelled statements of the seed article: whole, and right by the model alone."""

import json
from typing import Any

import pytest

from stance import StanceClassifier
from stance.evaluation.labelled import Labelled, read_labelled
from tests.conftest import FIXTURES

_FILE = FIXTURES / "statements.jsonl"
_ROWS: list[dict[str, Any]] = [json.loads(line) for line in _FILE.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: row["id"])
def test_offsets_slice_back(row: dict[str, Any], article: str) -> None:
    assert " ".join(article[start:end] for start, end in row["spans"]) == row["text"]
    assert (row["start"], row["end"]) == (row["spans"][0][0], row["spans"][-1][1])
    assert article[row["source_start"] : row["source_end"]]
    assert row["rule"]
    assert row["context"] is None or row["context"] in article


def test_the_codebook_table_is_covered() -> None:
    speakers = {row["speaker"].split(",")[0].split()[-1] for row in _ROWS if row["codebook_table"]}
    assert speakers == {"Pengyu", "Putin", "Moscow", "Scholz", "Glaser"}
    assert len(_ROWS) >= 10


@pytest.mark.parametrize("item", read_labelled(_FILE), ids=lambda item: item.id)
def test_the_shipped_model_is_right(item: Labelled, classifier: StanceClassifier) -> None:
    assert classifier.classify(item.statement).label == item.label
