"""Every format in, every format out: nothing of the input is lost on the way."""

import bz2
import datetime as dt
import gzip
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance import Statement, classify_files
from stance.batch import blocks, readers
from stance.batch.rows import RESULT_SCHEMA
from stance.errors import InputError
from tests.batch.conftest import FakeClassifier, read_rows

_RESULT = set(RESULT_SCHEMA.names)
_CSV = (
    'id,text,note\n007,"We will, ""surely"", come.",\n'
    '008,"Line one\r\nline two","a\rb"\n009,Été,x\n'
)
_Write = Callable[[str, Any], Path]


@pytest.mark.parametrize("before", ["in.csv", "in.csv.gz", "in.csv.bz2", "in.csv.zst"])
@pytest.mark.parametrize(
    "after", ["o.csv", "o.csv.gz", "o.csv.zst", "o.csv.bz2", "o.jsonl", "o.jsonl.gz", "o.parquet"]
)
@pytest.mark.usefixtures("fake", "small_shards")
def test_csv_to_everything(before: str, after: str, tmp_path: Path, write: _Write) -> None:
    data = _CSV.encode("utf-8")
    pack = {".gz": gzip.compress, ".bz2": bz2.compress, ".zst": pa.Codec("zstd").compress}
    source = write(before, bytes(pack.get(Path(before).suffix, bytes)(data)))
    summary = classify_files(source, tmp_path / after)
    rows = read_rows(tmp_path / after)
    assert [row["id"] for row in rows] == ["007", "008", "009"]
    assert [row["text"] for row in rows] == [
        'We will, "surely", come.',
        "Line one\r\nline two",
        "Été",
    ]
    assert [row["note"] for row in rows] == ["", "a\rb", "x"]
    assert set(rows[0]) > _RESULT
    assert (summary.rows, summary.classified, summary.rejected) == (3, 3, 0)
    assert summary.rejects is None
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([before, after])


@pytest.mark.usefixtures("fake")
def test_a_compressed_output_is_one_stream_that_other_tools_read(
    tmp_path: Path, write: _Write
) -> None:
    classify_files(write("in.csv", _CSV), tmp_path / "o.csv.gz")
    assert gzip.decompress((tmp_path / "o.csv.gz").read_bytes()).startswith(b"id,text,note,label,")


@pytest.mark.usefixtures("fake", "small_shards")
def test_jsonl_keeps_its_rows_as_they_are(tmp_path: Path, write: _Write) -> None:
    given = [
        {"text": "a", "n": 2**60, "nested": {"k": [1, None]}},
        {"n": 1.5, "text": "b", "extra": None},
        *({"text": f"more {i}", "n": i} for i in range(7)),
    ]
    source = write("in.jsonl", "\n\n".join(json.dumps(row) for row in given))
    classify_files(source, tmp_path / "o.jsonl")
    rows = read_rows(tmp_path / "o.jsonl")
    assert [{k: v for k, v in row.items() if k not in _RESULT} for row in rows] == given


@pytest.mark.usefixtures("fake", "small_shards")
def test_jsonl_to_parquet_finds_types_over_the_whole_file(tmp_path: Path, write: _Write) -> None:
    rows: list[dict[str, Any]] = [
        {"text": f"t{i}", "i": i, "f": 1 if i < 6 else 0.5, "mixed": i} for i in range(9)
    ]
    rows[8] |= {"mixed": ["x"], "late": True, "long": 2**62}
    source = write("in.jsonl", "\n".join(map(json.dumps, rows)))
    classify_files(source, tmp_path / "o.parquet")
    table = pq.read_table(tmp_path / "o.parquet")
    kinds = {field.name: str(field.type) for field in table.schema}
    assert kinds["i"] == kinds["long"] == "int64"
    assert (kinds["f"], kinds["late"], kinds["mixed"]) == ("double", "bool", "string")
    assert table["mixed"].to_pylist() == [*map(str, range(8)), '["x"]']
    assert table["late"].to_pylist() == [None] * 8 + [True]
    assert table["long"].to_pylist()[-1] == 2**62


def _typed() -> pa.Table:
    return pa.table(
        {
            "text": pa.array(["a", "b", None, "a"]).dictionary_encode(),
            "when": pa.array([1, None, 3, 1_700_000_000_000_000_001], pa.timestamp("ns", "UTC")),
            "price": pa.array([Decimal("1.10"), None, None, Decimal("2.00")]),
            "raw": [b"\xff", b"", None, b"x"],
            "score": [0.5, float("nan"), None, 1.0],
            "deep": [[{"d": dt.date(2024, 5, 15)}], [], None, []],
        },
    )


@pytest.mark.usefixtures("fake")
def test_parquet_to_parquet_keeps_types(tmp_path: Path) -> None:
    pq.write_table(_typed(), tmp_path / "in.parquet")
    summary = classify_files(tmp_path / "in.parquet", tmp_path / "o.parquet")
    given = pq.read_table(tmp_path / "in.parquet")
    found = pq.read_table(tmp_path / "o.parquet")
    kept = found.select(given.column_names)
    assert kept.schema == given.schema
    assert kept.drop(["score"]) == given.take([0, 1, 3]).drop(["score"])
    assert (summary.rows, summary.classified, summary.rejected) == (4, 3, 1)
    assert summary.distinct == 2


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize("after", ["o.csv", "o.jsonl"])
def test_parquet_to_text_keeps_every_digit(after: str, tmp_path: Path) -> None:
    pq.write_table(_typed(), tmp_path / "in.parquet")
    classify_files(tmp_path / "in.parquet", tmp_path / after)
    first, second, last = read_rows(tmp_path / after)
    assert last["when"] == "2023-11-14 22:13:20.000000001Z"
    assert (last["price"], first["raw"]) == ("2.00", "/w==")
    assert second["score"] in ("", None)  # NaN: JSON has none
    deep = first["deep"]
    assert (json.loads(deep) if isinstance(deep, str) else deep) == [{"d": "2024-05-15"}]


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize("after", ["o.csv", "o.jsonl"])
def test_nested_times_that_python_cannot_hold(after: str, tmp_path: Path) -> None:
    late = pa.timestamp("us")
    columns = {
        "text": ["a"],
        "list": pa.array([[2**60]], pa.list_(late)),
        "pair": pa.array([[0, 1000]], pa.list_(pa.time32("ms"), 2)),
        "map": pa.array([[("k", Decimal("1.20"))]], pa.map_(pa.string(), pa.decimal128(4, 2))),
    }
    pq.write_table(pa.table(columns), tmp_path / "in.parquet")
    classify_files(tmp_path / "in.parquet", tmp_path / after)
    (row,) = read_rows(tmp_path / after)
    found = {k: json.loads(v) if isinstance(v, str) else v for k, v in list(row.items())[1:4]}
    assert "1152921504606846976" in found["list"][0]
    assert found["pair"] == ["00:00:00.000", "00:00:01.000"]
    assert found["map"] == [["k", "1.20"]]


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize("after", ["o.csv", "o.jsonl"])
def test_types_matter_only_to_an_output_that_has_them(
    after: str, tmp_path: Path, write: _Write
) -> None:
    files = [write("a.jsonl", '{"text": "a", "v": 1}'), write("b.jsonl", '{"text": "b", "v": "x"}')]
    classify_files(files, tmp_path / after)
    assert [row["v"] for row in read_rows(tmp_path / after)] in ([1, "x"], ["1", "x"])
    with pytest.raises(InputError, match=r"do not go together: .* or write \.jsonl"):
        classify_files(files, tmp_path / "o.parquet")


@pytest.mark.usefixtures("fake", "small_shards")
def test_globs_and_several_formats_make_one_table(tmp_path: Path, write: _Write) -> None:
    write("in/b.csv", "text,x\nb1,1\nb2,2\n")
    write("in/a.csv", "text,y\na1,1\n")
    write("c.jsonl", '{"text": "c1", "x": "3", "z": 1}\n')
    (tmp_path / "in" / "folder.csv").mkdir()
    inputs: list[str | Path] = [
        f"{tmp_path}/in/*.csv",
        tmp_path / "c.jsonl",
        tmp_path / "in" / "b.csv",
    ]
    classify_files(inputs, tmp_path / "o.parquet")
    table = pq.read_table(tmp_path / "o.parquet")
    assert table.column_names[:4] == ["text", "y", "x", "z"]
    assert table["text"].to_pylist() == ["a1", "b1", "b2", "c1"]
    assert table["x"].to_pylist() == [None, "1", "2", "3"]


@pytest.mark.usefixtures("small_shards")
def test_equal_rows_of_a_shard_are_read_once(
    tmp_path: Path, write: _Write, fake: FakeClassifier
) -> None:
    rows = ["a,,", "a,q,", "a,,", "a,,t", "a,,"]
    source = write("in.csv", "text,q,about\n" + "\n".join(rows))
    out = tmp_path / "o.csv"
    summary = classify_files(source, out, context_column="q", target_column="about")
    assert fake.read == [
        Statement("a"),
        Statement("a", context="q"),
        Statement("a", target="t"),
        Statement("a"),  # the second shard knows nothing of the first
    ]
    assert (summary.rows, summary.distinct) == (5, 4)


@pytest.mark.parametrize("name", ["in.csv", "in.jsonl", "in.parquet"])
def test_a_shard_ends_at_its_limit_of_bytes(
    name: str, tmp_path: Path, write: _Write, fake: FakeClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "SHARD_BYTES", 1)
    monkeypatch.setattr(readers, "_PARQUET_BATCH", 1)
    write("in.csv", "text\na\na\n")
    write("in.jsonl", '{"text": "a"}\n' * 2)
    pq.write_table(pa.table({"text": ["a", "a"]}), tmp_path / "in.parquet")
    classify_files(tmp_path / name, tmp_path / "o.csv")
    assert fake.read == [Statement("a")] * 2


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize("after", ["o.csv", "o.jsonl", "o.parquet"])
def test_a_table_without_rows_gives_one_without_rows(
    after: str, tmp_path: Path, write: _Write
) -> None:
    summary = classify_files(write("in.csv", "text,x\n"), tmp_path / after)
    assert (summary.rows, summary.classified) == (0, 0)
    assert read_rows(tmp_path / after) == []
