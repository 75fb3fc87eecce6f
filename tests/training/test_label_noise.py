"""Suspect labels: what a model that never saw the conflict doubts."""

from pathlib import Path

import numpy as np
import pytest

from stance.artifact import MODELS
from stance.evaluation.labelled import Labelled
from stance.labels import LABELS
from stance.records import Statement
from tests.conftest import FIXTURES
from training.config import DataConfig, OptimConfig, TrainConfig
from training.label_noise import out_of_fold, suspects
from training.train import Trainer


def _items(count: int) -> list[Labelled]:
    return [
        Labelled(str(i), Statement(f"Text {i}."), LABELS[i % 3], {"conflict": f"c{i % 4}"})
        for i in range(count)
    ]


def test_a_flipped_label_is_the_first_suspect() -> None:
    items = _items(60)
    probs = np.full((60, 3), 0.05)
    probs[np.arange(60), [i.label.column for i in items]] = 0.9
    probs[7] = [0.02, 0.02, 0.96]  # its label is opposing
    found = suspects(items, probs)
    assert [row["id"] for row in found] == ["7"]
    assert (found[0]["label"], found[0]["guess"]) == ("opposing", "noncommittal")


@pytest.mark.slow
def test_every_statement_is_judged_by_a_model_that_did_not_see_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixtures = FIXTURES / "statements.jsonl"
    config = TrainConfig(
        output=tmp_path,
        base=str(MODELS / "base"),
        layers=1,
        max_length=32,
        precision="fp32",
        data=DataConfig(train=(fixtures,), dev=fixtures),
        optim=OptimConfig(epochs=1, batch_size=8, learning_rate=1e-3, max_steps=2),
    )
    found = out_of_fold(config, _items(24), folds=2)
    assert found.sum(axis=1) == pytest.approx(np.ones(24))
    first, second = (
        set((tmp_path / f"fold_{n}.dev.jsonl").read_text("utf-8").splitlines()) for n in (0, 1)
    )
    assert len(first) + len(second) == 24

    def refuses(*_: object) -> float:
        raise AssertionError("both folds are trained")

    monkeypatch.setattr(Trainer, "_train_step", refuses)
    assert np.array_equal(out_of_fold(config, _items(24), folds=2), found)
