"""Bad rows are rejected with line and reason; bad files stop the run before any work."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from stance import InputError, classify_files
from stance.cli import app
from tests.batch.conftest import FakeClassifier

_RUNNER = CliRunner()
_Write = Callable[[str, Any], Path]

# name: file, text column's rows that pass, (line, reason, row) of those that do not
_ROWS: dict[str, tuple[str, bytes, list[str], list[tuple[int, str, Any]]]] = {
    "csv: blank, short and long rows": (
        "in.csv",
        b'id,text\n1,a\n2,  \n3\n4,"two\nlines"\n5,b,c\n\n6,\n7,d\n',
        ["a", "two\nlines", "d"],
        [
            (3, "'text' is empty or blank", {"id": "2", "text": "  "}),
            (4, "1 fields where the header has 2", "3"),
            (7, "3 fields where the header has 2", "5,b,c"),
            (9, "'text' is empty or blank", {"id": "6", "text": ""}),
        ],
    ),
    "csv: not UTF-8": (
        "in.csv",
        b"\xef\xbb\xbfid,text\n1,caf\xe9\n2,caf\xc3\xa9\n",
        ["café"],
        [(2, "not UTF-8", "1,caf\\xe9")],
    ),
    "csv: a mark that is never closed costs one row": (
        "in.csv",
        b'id,text\n1,"open\n2,b\n3,"c"\n4,"d" e\n5,f\n6,"end\n',
        ["b", "c", "f"],
        [
            (2, "broken CSV row: ',' expected after '\"'", '1,"open'),
            (5, "broken CSV row: ',' expected after '\"'", '4,"d" e'),
            (7, "broken CSV row: unexpected end of data", '6,"end'),
        ],
    ),
    "jsonl: every kind of broken line": (
        "in.jsonl",
        b'{"text": "a"}\n{"text": }\n[1]\n\n{"x": 1}\n{"text": null}\n{"text": 5}\n'
        b'{"text": "\xff"}\n{"text": "\\ud800"}\n{"text": "\\ud83d\\ude00"}\n{"text": "b"',
        ["a", "😀"],
        [
            (2, "not valid JSON: Expecting value: line 1 column 10 (char 9)", '{"text": }'),
            (3, "not a JSON object but a list", "[1]"),
            (5, "no 'text' in this row", {"x": 1}),
            (6, "'text' is null", {"text": None}),
            (7, "'text' is not a string but a int", {"text": 5}),
            (8, "not UTF-8 at byte 10 of the line", '{"text": "\\xff"}'),
            (9, "an escape is half of a surrogate pair", '{"text": "\\ud800"}'),
            (11, "not valid JSON: Expecting ',' delimiter", '{"text": "b"'),
        ],
    ),
}


@pytest.mark.usefixtures("fake", "small_shards")
@pytest.mark.parametrize("name", _ROWS)
def test_golden_table_of_bad_rows(name: str, tmp_path: Path, write: _Write) -> None:
    file, content, texts, rejected = _ROWS[name]
    source = write(file, content)
    summary = classify_files(source, tmp_path / "o.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "o.jsonl").open(encoding="utf-8")]
    assert [row["text"] for row in rows] == texts
    assert summary.rejects == tmp_path / "o.jsonl.rejects.jsonl"
    found = [json.loads(line) for line in summary.rejects.open(encoding="utf-8")]
    assert {row["file"] for row in found} == {str(source)}
    assert [(r["line"], r["row"]) for r in found] == [(line, row) for line, _, row in rejected]
    for row, (_, reason, _) in zip(found, rejected, strict=True):
        assert row["reason"].startswith(reason)
    assert summary.rows == len(texts) + len(rejected)


@pytest.mark.usefixtures("fake")
def test_parquet_rows_that_are_not_strings(tmp_path: Path) -> None:
    strings = pa.array([b"a", b"\xff", None, b" ", b"b"]).view(pa.string())
    pq.write_table(pa.table({"text": strings, "i": range(5)}), tmp_path / "in.parquet")
    summary = classify_files(tmp_path / "in.parquet", tmp_path / "o.parquet")
    assert pq.read_table(tmp_path / "o.parquet")["i"].to_pylist() == [0, 4]
    assert summary.rejects is not None
    rejects = [json.loads(line) for line in summary.rejects.open(encoding="utf-8")]
    assert [(r["line"], r["reason"]) for r in rejects] == [
        (2, "a string is not UTF-8"),
        (3, "'text' is null"),
        (4, "'text' is empty or blank"),
    ]
    assert rejects[0]["row"] == {"text": "\\xff", "i": 1}


@pytest.mark.usefixtures("fake", "small_shards")
def test_rejects_of_parquet_are_numbered_over_all_shards(tmp_path: Path) -> None:
    texts = [None if row in (3, 9) else f"text {row}" for row in range(1, 10)]
    pq.write_table(pa.table({"text": texts}), tmp_path / "in.parquet")
    summary = classify_files(tmp_path / "in.parquet", tmp_path / "o.jsonl")
    assert summary.rejects is not None
    rejects = [json.loads(line) for line in summary.rejects.open(encoding="utf-8")]
    assert [reject["line"] for reject in rejects] == [3, 9]


@pytest.mark.usefixtures("fake")
def test_a_context_that_is_no_string_is_not_dropped(tmp_path: Path, write: _Write) -> None:
    source = write("in.jsonl", '{"text": "a", "q": 5}\n{"text": "b", "q": ""}\n{"text": "c"}\n')
    summary = classify_files(source, tmp_path / "o.jsonl", context_column="q")
    assert summary.rejects is not None
    assert "'q' is not a string but a int" in summary.rejects.read_text("utf-8")
    assert summary.classified == 2


@pytest.mark.usefixtures("fake")
def test_no_rejects_file_stays_from_an_earlier_run(tmp_path: Path, write: _Write) -> None:
    classify_files(write("in.csv", "text\na\n"), tmp_path / "o.csv")
    old = write("o.csv.rejects.jsonl", "old")
    classify_files(write("in.csv", "text\na\n"), tmp_path / "o.csv")
    assert not old.exists()


_UNUSABLE = [
    (["nowhere.csv", "o.csv"], "nowhere.csv: no such file"),
    (["no*.csv", "o.csv"], "no*.csv: no file matches"),
    (["folder", "o.csv"], "folder: is a directory; add --articles"),
    (["--articles", "folder", "o.csv"], "folder: the directory holds no .txt file"),
    (["--articles", "in.csv", "o.csv"], "leave out --articles"),
    (["in.txt", "o.csv"], "add --articles"),
    (["in.xlsx", "o.csv"], "in.xlsx: unknown extension"),
    (["in.csv", "o.xlsx"], "o.xlsx: unknown extension"),
    (["in.csv", "o.txt"], "the output is a table"),
    (["in.csv", "o.parquet.gz"], "cannot be compressed as a whole"),
    (["in.csv", "no/o.csv"], "no: no such directory"),
    (["in.csv", "in.csv"], "in.csv: the run would write this input"),
    (["o.csv.rejects.jsonl", "o.csv"], "o.csv.rejects.jsonl: the run would write this input"),
    (["*.jsonl", "o.csv"], "o.csv.rejects.jsonl: the run would write this input"),
    (["in.csv", "o.csv", "--text-column", "body"], "in.csv: no column 'body'; it has 'text', 'x'"),
    (["in.csv", "o.csv", "--context-column", "q"], "see --context-column"),
    (["in.jsonl", "o.csv", "--text-column", "body"], "in.jsonl: no column 'body'"),
    (["label.csv", "o.csv"], "a column 'label' already, which the output adds; rename it"),
    (["label.jsonl", "o.csv"], "a column 'confidence' already"),
    (["twice.csv", "o.csv"], "twice.csv, line 1: the column 'x' appears twice"),
    (["twice.parquet", "o.csv"], "twice.parquet: the column 'x' appears twice"),
    (["semicolons.csv", "o.csv"], "separated by ';'? Convert it to commas"),
    (["mac.csv", "o.csv"], "mac.csv, line 1: broken CSV header: a bare carriage return"),
    (["empty.csv", "o.csv"], "empty.csv, line 1: no CSV header"),
    (["utf16.csv", "o.csv"], "utf16.csv, line 1: the header is not UTF-8"),
    (["broken.csv.gz", "o.csv"], "broken.csv.gz: cannot be read"),
    (["broken.parquet", "o.csv"], "broken.parquet: not a readable Parquet file"),
    (["in.csv", "o.csv", "--engine", "spark"], "'spark' is not one of local, ray"),
    (["in.csv", "o.csv", "--num-gpus", "1"], "are for engine='ray'"),
    (["in.csv", "o.csv", "--model", "./nowhere"], "nowhere"),
]


@pytest.fixture
def folder(tmp_path: Path, write: _Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    for name, content in {
        "in.csv": "text,x\na,1\n",
        "in.txt": "a",
        "in.xlsx": "a",
        "in.jsonl": '{"text": "a"}\n',
        "label.csv": "text,label\na,b\n",
        "label.jsonl": '{"text": "a"}\n{"text": "a", "confidence": 1}\n',
        "twice.csv": "text,x,x\n",
        "semicolons.csv": "text;x\na;1\n",
        "mac.csv": "text,x\ra,1\r",
        "o.csv.rejects.jsonl": '{"text": "a"}\n',
        "empty.csv": "",
        "utf16.csv": "text\na".encode("utf-16"),
        "broken.csv.gz": b"\x1f\x8bnot gzip",
        "broken.parquet": "PAR1",
    }.items():
        write(name, content)
    twice = pa.Table.from_arrays([pa.array(["a"])] * 3, ["text", "x", "x"])
    pq.write_table(twice, tmp_path / "twice.parquet")
    return tmp_path


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(("arguments", "message"), _UNUSABLE)
def test_unusable_input_is_one_line_and_code_2(
    arguments: list[str], message: str, folder: Path
) -> None:
    before = sorted(folder.iterdir())
    result = _RUNNER.invoke(app, ["batch", *arguments])
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert sorted(folder.iterdir()) == before


@pytest.mark.usefixtures("fake", "folder")
def test_the_command_prints_a_summary_and_exits_3_on_rejects(write: _Write) -> None:
    write("in.csv", "text,x\na,1\n,2\n")
    result = _RUNNER.invoke(app, ["batch", "--json", "in.csv", "o.csv"])
    assert result.exit_code == 3
    summary = json.loads(result.stdout)
    assert (summary["rows"], summary["classified"], summary["rejected"]) == (2, 1, 1)
    assert summary["rejects"] == "o.csv.rejects.jsonl"
    result = _RUNNER.invoke(app, ["batch", "in.csv", "o.csv"])
    assert "o.csv.rejects.jsonl: 1 rows that cannot be classified" in result.stdout
    assert _RUNNER.invoke(app, ["batch", "in.jsonl", "o.csv"]).exit_code == 0


def test_a_whole_jsonl_of_broken_lines_is_rejected(
    tmp_path: Path, write: _Write, fake: FakeClassifier
) -> None:
    summary = classify_files(write("in.jsonl", "x\ny\n"), tmp_path / "o.jsonl")
    assert (summary.rows, summary.rejected) == (2, 2)
    assert fake.read == []


@pytest.mark.usefixtures("fake")
def test_numbers_that_the_other_file_cannot_hold_are_named(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["a"], "id": [2**53 + 1]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"text": ["b"], "id": [0.5]}), tmp_path / "b.parquet")
    files = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    with pytest.raises(InputError, match=r"do not go together: .*9007199254740993"):
        classify_files(files, tmp_path / "o.parquet")
    assert classify_files(files, tmp_path / "o.jsonl").classified == 2


def test_types_that_do_not_go_together_are_named(tmp_path: Path, write: _Write) -> None:
    write("a.csv", "text,x\na,1\n")
    pq.write_table(pa.table({"text": ["a"], "x": [[1]]}), tmp_path / "b.parquet")
    with pytest.raises(InputError, match="do not go together"):
        classify_files([tmp_path / "a.csv", tmp_path / "b.parquet"], tmp_path / "o.parquet")
