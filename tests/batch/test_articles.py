"""Folders of articles: a row for each statement, and no article lost."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from stance import classify_files
from stance.batch.rows import ARTICLE_SCHEMA
from tests.batch.conftest import FakeClassifier, read_rows

_Write = Callable[[str, Any], Path]
_SAID = "Title\r\nAnna said yes.\nNothing here.\nBob said nö.\n"


@pytest.fixture
def news(write: _Write, tmp_path: Path) -> Path:
    write("news/2.txt", "Nobody speaks.")
    write("news/1.txt", _SAID)
    write("news/sub/3.txt", " \n")
    write("news/sub/4.txt", b"caf\xe9 said")
    write("news/sub/5.TXT", _SAID)
    write("news/notes.md", "Eve said no.")
    return tmp_path / "news"


@pytest.mark.usefixtures("small_shards")
@pytest.mark.parametrize("after", ["o.jsonl", "o.parquet", "o.csv"])
def test_a_row_for_each_statement(
    after: str, news: Path, tmp_path: Path, fake: FakeClassifier
) -> None:
    summary = classify_files(news, tmp_path / after, articles=True)
    assert (summary.rows, summary.classified, summary.rejected) == (5, 4, 2)
    assert summary.without_statements == 1
    found = [
        (Path(r["article"]).name, r["speaker"], r["text"], int(r["start"]), _list(r["spans"]))
        for r in read_rows(tmp_path / after)
    ]
    assert found == [
        (name, *said)
        for name in ("1.txt", "5.TXT")
        for said in (
            ("Anna", "Anna said yes.", 7, [[7, 21]]),
            ("Bob", "Bob said nö.", 36, [[36, 48]]),
        )
    ]
    assert summary.rejects is not None
    rejects = [json.loads(line) for line in summary.rejects.open(encoding="utf-8")]
    assert [(r["file"], r["line"], r["reason"]) for r in rejects] == [
        (str(news / "sub" / "3.txt"), None, "text is empty or blank"),
        (str(news / "sub" / "4.txt"), None, "not UTF-8 at byte 3; convert the file"),
    ]


def _list(value: Any) -> Any:
    """CSV has no lists and holds them as JSON."""
    return json.loads(value) if isinstance(value, str) else value


@pytest.mark.usefixtures("fake")
def test_offsets_slice_the_article_as_it_lies_on_disk(news: Path, tmp_path: Path) -> None:
    classify_files([news / "1.txt", f"{news}/**/5.*"], tmp_path / "o.parquet", articles=True)
    table = pq.read_table(tmp_path / "o.parquet")
    assert table.column_names == ARTICLE_SCHEMA.names
    for row in table.to_pylist():
        text = Path(row["article"]).read_bytes().decode("utf-8")
        assert text[row["start"] : row["end"]] == row["text"]
        assert row["spans"] == [[row["start"], row["end"]]]
    assert table["speaker"].to_pylist() == ["Anna", "Bob"] * 2


def test_equal_articles_are_read_once(news: Path, tmp_path: Path, fake: FakeClassifier) -> None:
    summary = classify_files(news, tmp_path / "o.csv", articles=True)
    assert summary.distinct == 2
    assert fake.read.count(_SAID) == 1


@pytest.mark.usefixtures("fake")
def test_an_article_in_another_language_is_marked(write: _Write, tmp_path: Path) -> None:
    write("news/1.txt", "Anna said yes.\n")
    write(
        "news/2.txt",
        "Nous ne voulons pas de ces pourparlers de paix sans une garantie.\nEve said non.",
    )
    script = "<script>" + "var xa = document.querySelector('a');" * 600 + "</script>"
    write("news/3.txt", f"{script}\n<p>It was the end of the war, the minister and his aide said.")
    classify_files(tmp_path / "news", tmp_path / "o.parquet", articles=True)
    found = pq.read_table(tmp_path / "o.parquet").to_pylist()
    assert {Path(row["article"]).name: row["english"] for row in found} == {
        "1.txt": True,
        "2.txt": False,
        "3.txt": True,
    }
