"""Predictions given elsewhere: what is read, and what is refused."""

from pathlib import Path

import pytest

from stance import InputError
from stance.evaluation.predictions_file import PredictionsFile


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"label": "opposing"}', ":1: no field 'id'"),
        ('{"id": "a", "label": "against"}', ":1: needs a probability"),
        ('{"id": "a", "label": "opposing"}\n{"id": "a", "label": "opposing"}', ":2: id 'a'"),
        ('{"id": "a", "supporting": 0.5, "opposing": 0.6, "noncommittal": 0}', "sum to 1"),
        ('{"id": "a", "supporting": "x", "opposing": 0.6, "noncommittal": 0}', "numbers"),
        ("", "no predictions"),
    ],
)
def test_a_faulty_predictions_file(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        PredictionsFile(path)


def test_zero_is_an_id(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text('{"id": 0, "label": "opposing"}')
    assert PredictionsFile(path).look_up(["0"]).shape == (1, 3)


def test_a_predictions_file_with_gaps(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("id,supporting,opposing,noncommittal\na,0.2,0.3,0.5\n")
    found = PredictionsFile(path)
    assert found.look_up(["a"]).tolist() == [[0.2, 0.3, 0.5]]
    with pytest.raises(InputError, match=r"no prediction for 1 of 2 statements.*'b'"):
        found.look_up(["a", "b"])
