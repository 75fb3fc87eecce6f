"""What the reader of labelled files refuses, with file, line and field."""

import json
from pathlib import Path

import pytest

from stance import InputError, Statement
from stance.evaluation.labelled import read_labelled


@pytest.mark.parametrize("field", ["context", "target", "speaker", "cue"])
def test_a_field_that_is_not_text_is_named(tmp_path: Path, field: str) -> None:
    path = tmp_path / "d.jsonl"
    path.write_text(json.dumps({"text": "hi", "label": "opposing", field: 5, "speech": []}))
    with pytest.raises(InputError, match=f"d.jsonl:1: field '{field}': expected text or null"):
        read_labelled(path)
    path.write_text(json.dumps({"text": "hi", "label": "opposing", field: None, "speech": []}))
    assert read_labelled(path)[0].statement == Statement("hi")


def test_a_text_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_text(json.dumps({"text": None, "label": "opposing"}))
    with pytest.raises(InputError, match=r"d\.jsonl:1: field 'text': expected text, got NoneType"):
        read_labelled(path)


def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "d.jsonl"
    path.touch()

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("stance.batch.text.pa.input_stream", refused)
    with pytest.raises(InputError, match=r"d\.jsonl: cannot be read: Permission denied"):
        read_labelled(path)


_GOOD = b'{"text": "We will come.", "label": "supporting"}\n'


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b'{"text": "\xff", "label": "supporting"}', "not UTF-8 at byte 10 of the line"),
        (b"[" * 200_000, "not valid JSON"),
        (
            b'{"text": "a", "label": "supporting", "context": "\\ud800 so?"}',
            "an escape is half of a surrogate",
        ),
        (b'{"text": "a", "label": "supporting", "speech": "Act"}', "field 'speech': write 'act'"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: bytes, fault: str) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(_GOOD * 3_000 + line + b"\n")
    with pytest.raises(InputError, match=rf"d\.jsonl:3001: {fault}"):
        read_labelled(path)


def test_a_row_of_csv_is_named_by_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text('text,label\n"two\nlines",opposing,more\n')
    with pytest.raises(InputError, match=r"d\.csv:2: 3 fields where the header has 2"):
        read_labelled(path)


def test_a_field_may_be_long(tmp_path: Path) -> None:
    path = tmp_path / "d.tsv"
    path.write_text(f"text\tlabel\n{'no ' * 50_000}\topposing\n")
    assert len(read_labelled(path)[0].statement.text) == 150_000
