"""The labelled statements of the seed article: whole, and right by the model alone."""

import json
from typing import Any

import pytest

from stance import StanceClassifier
from stance.evaluation.labelled import read_labelled
from tests.conftest import FIXTURES

_FILE = FIXTURES / "statements.jsonl"
_ROWS: list[dict[str, Any]] = [json.loads(line) for line in _FILE.read_text("utf-8").splitlines()]
# Glaser's "that ship has sailed", about a wedge between two countries, is taken for a refusal.
_KNOWN_MISSES = {"seed-05"}
_TABLE = [row["id"] for row in _ROWS if row["codebook_table"]]


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
def test_the_shipped_model_is_right(
    item: Any, classifier: StanceClassifier, request: pytest.FixtureRequest
) -> None:
    if item.id in _KNOWN_MISSES:
        request.applymarker(pytest.mark.xfail(strict=True, reason="a miss of release 0.1.0"))
    if item.id in _TABLE:
        assert classifier.classify(item.statement).label == item.label
