"""Files of the corpus -> training statements: what a share of a file is."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from training.config import DataConfig
from training.data import read_training

_SETS = st.lists(st.integers(1, 4), min_size=1, max_size=30)
_SHARES = st.floats(0.01, 0.99)


def _write(file: Path, sizes: list[int]) -> Path:
    """Contrast sets of these sizes; a set of one is a statement by itself."""
    rows = [
        {"id": f"{number}-{member}", "text": f"We may meet {number}, {member}."}
        | {"label": "noncommittal"}
        | ({"set": f"set{number}"} if size > 1 else {})
        for number, size in enumerate(sizes)
        for member in range(size)
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return file


def _ids(file: Path, share: float) -> list[str]:
    config = DataConfig(train=(file,), dev=file, share={file: share})
    return [item.id for item in read_training(config)]


@given(sizes=_SETS, shares=st.tuples(_SHARES, _SHARES).map(sorted))
def test_a_share_keeps_sets_whole_and_order_and_is_part_of_a_larger_one(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], shares: list[float]
) -> None:
    file = _write(tmp_path_factory.mktemp("share") / "sets.jsonl", sizes)
    less, more = (_ids(file, share) for share in shares)
    every = [item.id for item in read_training(DataConfig(train=(file,), dev=file))]
    assert less == [i for i in every if i in less]
    assert set(less) <= set(more)
    sets = {i.split("-")[0] for i in less}
    assert less == [i for i in every if i.split("-")[0] in sets]


def test_a_share_is_about_as_large_as_it_says(tmp_path: Path) -> None:
    file = _write(tmp_path / "sets.jsonl", [1, 2] * 1000)
    assert len(_ids(file, 0.3)) == pytest.approx(900, rel=0.1)


def test_a_file_that_is_not_named_is_read_whole(tmp_path: Path) -> None:
    drawn, whole = _write(tmp_path / "a.jsonl", [1] * 50), _write(tmp_path / "b.jsonl", [1] * 50)
    config = DataConfig(train=(drawn, whole), dev=whole, share={drawn: 0.5})
    assert 10 < len(read_training(config)) - 50 < 40


def test_a_share_of_what_is_no_training_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=r"dev\.jsonl is not among train"):
        DataConfig(
            train=(tmp_path / "a.jsonl",), dev=Path("dev.jsonl"), share={Path("dev.jsonl"): 0.5}
        )
