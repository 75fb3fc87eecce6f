"""TF-IDF that was kept is TF-IDF that would be fitted."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stance import InputError, Stance
from stance.evaluation.labelled import Labelled
from stance.evaluation.mistakes import Neighbours
from stance.evaluation.tfidf import fit_tfidf, kept_tfidf
from stance.records import Statement

TRAIN = [
    Labelled("a", Statement("we will come to the talks", context="Will you?"), Stance(label), {})
    if i % 2
    else Labelled("b", Statement(f"never, not even number {i}"), Stance(label), {})
    for i, label in enumerate(["opposing", "supporting", "opposing", "supporting", "noncommittal"])
]
ASKED = [item.statement for item in TRAIN[:2]] + [Statement("unheard")]


def test_what_is_kept_says_the_same_to_the_last_bit(tmp_path: Path) -> None:
    fitted, first, again = (
        fit_tfidf(TRAIN),
        kept_tfidf(TRAIN, tmp_path),
        kept_tfidf(TRAIN, tmp_path),
    )
    for found in (first, again):
        assert np.array_equal(found.predict_proba(ASKED), fitted.predict_proba(ASKED))
        assert np.array_equal(found.similarities(ASKED), fitted.similarities(ASKED))
    assert fitted.predict_proba(ASKED).sum(axis=1) == pytest.approx(np.ones(3))


def test_other_training_data_is_fitted_anew(tmp_path: Path) -> None:
    kept_tfidf(TRAIN, tmp_path)
    (before,) = tmp_path.iterdir()
    changed = [replace(TRAIN[0], label=Stance.SUPPORTING), *TRAIN[1:]]
    found = kept_tfidf(changed, tmp_path)
    (after,) = tmp_path.iterdir()  # and the file of the old is gone
    assert after != before
    assert np.array_equal(found.predict_proba(ASKED), fit_tfidf(changed).predict_proba(ASKED))


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 not a zip"])
def test_a_damaged_file_is_written_anew(tmp_path: Path, damage: bytes) -> None:
    kept_tfidf(TRAIN, tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(damage)
    found = kept_tfidf(TRAIN, tmp_path)
    assert np.array_equal(found.predict_proba(ASKED), fit_tfidf(TRAIN).predict_proba(ASKED))
    assert path.stat().st_size > len(damage)


def test_one_label_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one label only"):
        kept_tfidf(TRAIN[1:2], tmp_path)
    assert not [*tmp_path.iterdir()]


def test_the_nearest_come_in_order_and_the_first_of_equals(tmp_path: Path) -> None:
    items = [replace(item, id=str(i)) for i, item in enumerate(TRAIN)]
    neighbours = Neighbours(items, fit_tfidf(items))
    (near, far, *_), (_, nothing) = (
        neighbours.nearest([items[3].statement], 4)[0],
        neighbours.nearest([items[0].statement, Statement("unheard")], 2),
    )
    assert (near.id, far.id) == ("1", "3")  # the same words
    assert near.similarity == pytest.approx(1.0)
    assert [n.id for n in nothing] == ["0", "1"]
    assert len(neighbours.nearest([items[0].statement], 9)[0]) == 5  # no more than there are


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = kept_tfidf(TRAIN, tmp_path / "file" / "folder")
    assert found.model.classes_.tolist() == fit_tfidf(TRAIN).model.classes_.tolist()
