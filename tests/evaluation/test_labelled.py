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

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(InputError, match=r"d\.jsonl: cannot be read: Permission denied"):
        read_labelled(path)
