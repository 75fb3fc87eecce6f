"""A small artifact that gives what it doubts to a better one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stance import ArtifactError, StanceClassifier
from stance.artifact import open_artifact
from stance.batch.fingerprint import hash_of
from stance.evaluation.labelled import read_labelled
from stance.evaluation.systems import ArtifactSystem
from stance.runtimes.cascade import margins
from tests.runtimes.conftest import Copy, asked

STATEMENTS = [item.statement for item in read_labelled(Path("corpus/dev.jsonl"))[:60]]

Deferring = Callable[..., Path]


@pytest.fixture
def deferring(copy: Copy) -> Deferring:
    """A copy of the three-layer artifact that defers below a margin."""

    def make(margin: float, to: str | Path = "base", **changes: Any) -> Path:
        name = f"defers{margin}{len(changes)}"
        return copy(name, deferral=asked(to) | {"margin": margin}, **changes)

    return make


# What is rounded to int8 may fall to the other side in a batch of another shape.
@pytest.mark.parametrize(("device", "near"), [("cpu", 1e-4), ("cpu-fast", 0.05)])
def test_what_is_doubted_is_answered_by_the_better_one(
    deferring: Deferring, tiny: Path, device: str, near: float
) -> None:
    alone = StanceClassifier.load(tiny, device).logits(STATEMENTS)
    better = StanceClassifier.load("base", device).logits(STATEMENTS)
    margin = float(np.median(margins(alone)))
    both = StanceClassifier.load(deferring(margin), device).logits(STATEMENTS)
    doubted = margins(alone) < margin
    assert np.abs(both[doubted] - better[doubted]).max() < near
    assert np.abs(both[~doubted] - alone[~doubted]).max() < near
    assert np.abs(alone - better).max() > 0.5


def test_a_result_does_not_depend_on_what_else_is_asked(deferring: Deferring) -> None:
    model = StanceClassifier.load(deferring(2.0), "cpu")
    together = model.logits(STATEMENTS)
    alone = np.concatenate([model.logits([statement]) for statement in STATEMENTS])
    assert np.abs(together - alone).max() < 1e-4


def test_the_shipped_small_model_defers_to_base(classifier: StanceClassifier) -> None:
    small = StanceClassifier.load("small", "cpu")
    deferral = small.artifact.calibration.deferral
    assert deferral is not None
    assert deferral.to == "base"
    logits, better = small.logits(STATEMENTS), classifier.logits(STATEMENTS)
    answered = np.abs(logits - better).max(axis=1) < 1e-4
    assert 0 < answered.mean() < 0.4
    assert (logits.argmax(axis=1) == better.argmax(axis=1)).mean() > 0.85


def test_one_that_does_not_read_the_same_is_refused(deferring: Deferring) -> None:
    with pytest.raises(ArtifactError, match=r"cannot defer to .*same labels, window"):
        StanceClassifier.load(deferring(2.0, max_length=96), "cpu")


def test_one_that_defers_itself_is_refused(deferring: Deferring) -> None:
    middle = deferring(1.0)
    with pytest.raises(ArtifactError, match=r"cannot defer to .*asks another"):
        StanceClassifier.load(deferring(2.0, middle), "cpu")


def test_a_report_names_the_weights_of_both(deferring: Deferring) -> None:
    files = ArtifactSystem(str(deferring(1.0)), "cpu").files
    assert files["tokenizer.json"] == files["base/tokenizer.json"]
    assert files["stance.json"] != files["base/stance.json"]


def test_a_batch_job_goes_on_only_with_the_same_better_model(
    deferring: Deferring, tiny: Path
) -> None:
    to_base, alone = open_artifact(deferring(1.0)), open_artifact(tiny)
    to_copy = open_artifact(deferring(3.0, tiny))
    hashes = {hash_of(artifact, tagger=False) for artifact in (to_base, alone, to_copy)}
    assert len(hashes) == 3
