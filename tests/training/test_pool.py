"""The pool: its schema, and that it keeps clear of what is tested on."""

import json
from pathlib import Path

import pytest

from stance import InputError, Statement
from training.corpus_names import name_figures
from training.corpus_pool import POOL_FILES, PoolRow, pool_figures, read_pool

_ROW = {
    "id": "p10-0001",
    "set": "p10",
    "text": "The council will send two men to the ferry landing at dawn.",
    "context": "Will anybody answer the abbot's call for talks?",
    "target": None,
    "label": "supporting",
    "coder_a": "supporting",
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "b10-0001"}, "String should match"),
        ({"label": "opposing"}, "none that a coder gave"),
        ({"label": "opposing", "coder_b": "noncommittal"}, "none that a coder gave"),
        ({"set": "p11"}, "does not begin"),
        ({"split": "test"}, "split"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, change: dict[str, str], message: str) -> None:
    (tmp_path / POOL_FILES[0]).write_text(json.dumps(_ROW | change) + "\n", "utf-8")
    with pytest.raises(InputError, match=rf"{POOL_FILES[0]}:1: .*{message}"):
        read_pool(tmp_path)


def test_figures_count_what_is_too_near_to_the_tests() -> None:
    row = PoolRow.model_validate(_ROW)
    figures = pool_figures([row, row], [Statement(row.text, context=row.context)], 0.5)
    assert figures["pool's duplicate ids"] == 1
    assert figures["pool's near-duplicates of tests"] == 2


def test_names_count_in_every_field_and_form() -> None:
    row = PoolRow.model_validate(_ROW)
    rows = [
        row.model_copy(update=change)
        for change in (
            {"text": "The velorian side says no, as ever, to that."},
            {"context": "What does Velor say?"},
            {"target": "the Velor talks"},
            {"text": "A velour curtain fell."},
        )
    ]
    figures = name_figures(rows, [row], ["Velor"])
    assert figures["trained statements with a tested name"] == 3
    assert figures["tested statements with a tested name"] == 0


def test_kappa_is_of_the_checked_sample_alone() -> None:
    rows = [
        PoolRow.model_validate(_ROW | {"id": f"p10-{i:04d}", "label": a, "coder_a": a} | second)
        for i, (a, second) in enumerate(
            [
                ("supporting", {"coder_b": "supporting"}),
                ("opposing", {"coder_b": "opposing"}),
                ("noncommittal", {}),
            ]
        )
    ]
    figures = pool_figures(rows, [], 0.5)
    assert figures["pool's checked sample"] == 2
    assert figures["pool's kappa"] == 1.0
