"""The fast CPU runtime against the exact one, over statements that no model was trained on."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from stance.artifact import Artifact
from stance.encoding import Encoder
from stance.evaluation.labelled import Labelled, read_labelled
from stance.labels import LABELS
from stance.records import Statement
from stance.runtimes import open_runtime

pytestmark = pytest.mark.slow

Labels = NDArray[np.str_]


@pytest.fixture(scope="module")
def items() -> list[Labelled]:
    return read_labelled(Path("corpus/test.jsonl"))


@pytest.fixture(scope="module")
def exact(artifact: Artifact, items: Sequence[Labelled]) -> Labels:
    return _labels(artifact, "cpu", [item.statement for item in items])


@pytest.fixture(scope="module")
def fast(artifact: Artifact, items: Sequence[Labelled]) -> Labels:
    return _labels(artifact, "cpu-fast", [item.statement for item in items])


def test_few_labels_change(exact: Labels, fast: Labels) -> None:
    assert (exact != fast).mean() <= 0.005


def test_macro_f1_stays(items: Sequence[Labelled], exact: Labels, fast: Labels) -> None:
    gold = [str(item.label) for item in items]
    scores = [f1_score(gold, predicted, average="macro") for predicted in (exact, fast)]
    assert scores[1] == pytest.approx(scores[0], abs=0.003)


def test_the_order_does_not_matter(
    artifact: Artifact, items: Sequence[Labelled], fast: Labels
) -> None:
    order = np.random.default_rng(5).permutation(len(items))
    shuffled = _labels(artifact, "cpu-fast", [items[i].statement for i in order])
    assert (shuffled == fast[order]).all()


def _labels(artifact: Artifact, device: str, statements: Sequence[Statement]) -> Labels:
    rows = Encoder.from_folder(artifact.path, artifact.calibration.max_length).encode(statements)
    logits = open_runtime(artifact, device).run(rows)[:, artifact.columns]
    return np.array([str(LABELS[i]) for i in logits.argmax(axis=1)])
