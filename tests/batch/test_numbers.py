"""NaN and infinity are no JSON: wherever JSON is written, they become null."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance import classify_files

_Write = Callable[[str, Any], Path]
_ROWS = (
    '{"text": "a", "x": NaN, "deep": {"k": [1.5, -Infinity, {"n": NaN}]}}\n'
    '{"text": "", "x": Infinity, "deep": [NaN]}\n'
)


def _strictly(line: str) -> dict[str, Any]:
    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    row: dict[str, Any] = json.loads(line, parse_constant=refuse)
    return row


@pytest.mark.usefixtures("fake")
def test_jsonl_to_jsonl(tmp_path: Path, write: _Write) -> None:
    summary = classify_files(write("in.jsonl", _ROWS), tmp_path / "o.jsonl")
    row = _strictly((tmp_path / "o.jsonl").read_text("utf-8"))
    assert (row["x"], row["deep"]) == (None, {"k": [1.5, None, {"n": None}]})
    assert summary.rejects is not None
    reject = _strictly(summary.rejects.read_text("utf-8"))
    assert reject["row"] == {"text": "", "x": None, "deep": [None]}


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize("after", ["o.jsonl", "o.csv"])
def test_parquet_to_text(after: str, tmp_path: Path) -> None:
    nan, inf = float("nan"), float("inf")
    table = pa.table({"text": ["a", "b"], "x": [nan, inf], "deep": [[nan, 0.5], [{}, -inf][1:]]})
    pq.write_table(table, tmp_path / "in.parquet")
    classify_files(tmp_path / "in.parquet", tmp_path / after)
    lines = (tmp_path / after).read_text("utf-8").splitlines()
    if after == "o.jsonl":
        rows = [_strictly(line) for line in lines]
        assert [row["x"] for row in rows] == [None, None]
        assert [row["deep"] for row in rows] == [[None, 0.5], [None]]
    else:  # CSV has words for infinity, and an empty field for no number
        assert lines[1].startswith('a,,"[null, 0.5]",')
        assert lines[2].startswith("b,inf,[null],")


@pytest.mark.usefixtures("fake")
def test_jsonl_to_parquet_keeps_numbers_and_mends_json(tmp_path: Path, write: _Write) -> None:
    classify_files(write("in.jsonl", _ROWS), tmp_path / "o.parquet")
    [row] = pq.read_table(tmp_path / "o.parquet").to_pylist()
    assert str(row["x"]) == "nan"
    assert _strictly(row["deep"]) == {"k": [1.5, None, {"n": None}]}
