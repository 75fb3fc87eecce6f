"""An artifact whose logits are averaged with another's."""

import json
import shutil
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
from stance.manifest import write_manifest

STATEMENTS = [item.statement for item in read_labelled(Path("corpus/dev.jsonl"))[:60]]

Copy = Callable[..., Path]


@pytest.fixture
def copy(tiny: Path, tmp_path: Path) -> Copy:
    """A copy of the three-layer artifact under a name, with changes to its settings."""

    def make(name: str, **changes: Any) -> Path:
        folder = Path(shutil.copytree(tiny, tmp_path / name))
        _edit(folder / "stance.json", changes)
        write_manifest(folder)
        return folder

    return make


def _edit(file: Path, changes: dict[str, Any]) -> None:
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | changes), "utf-8")


@pytest.fixture
def foreign(copy: Copy) -> Path:
    """A model with another order of labels and another vocabulary."""
    folder = copy("foreign", max_length=64)
    labels = {"0": "noncommittal", "1": "supporting", "2": "opposing"}
    _edit(folder / "config.json", {"id2label": labels})
    tokenizer = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    vocab = tokenizer["model"]["vocab"]
    for one, other in (("talks", "the"), ("not", "peace"), ("we", "they")):
        vocab[one], vocab[other] = vocab[other], vocab[one]
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), "utf-8")
    write_manifest(folder)
    return folder


@pytest.mark.parametrize(("device", "near"), [("cpu", 1e-4), ("cpu-fast", 0.05)])
def test_each_reads_with_its_own_tokenizer_and_labels(
    copy: Copy, foreign: Path, device: str, near: float
) -> None:
    alone, other = (
        StanceClassifier.load(path, device).logits(STATEMENTS) for path in ("base", foreign)
    )
    base = Path(shutil.copytree(open_artifact().path, foreign.parent / "averaged"))
    _edit(base / "stance.json", {"averaged_with": str(foreign)})
    write_manifest(base)
    both = StanceClassifier.load(base, device).logits(STATEMENTS)
    assert np.abs(both - (alone + other) / 2).max() < near
    assert np.abs(alone - other).max() > 1


def test_the_first_ones_calibration_is_for_the_mean(copy: Copy) -> None:
    folder = copy("averaged", averaged_with="base", version="7", temperature=2.5)
    model = StanceClassifier.load(folder, "cpu")
    prediction = model.classify(STATEMENTS[0])
    logits = model.logits(STATEMENTS[:1])[0] / 2.5
    expected = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    assert prediction.model_version == "7"
    assert list(prediction.probabilities.values()) == pytest.approx(expected.tolist(), abs=1e-4)


def test_a_result_does_not_depend_on_what_else_is_asked(copy: Copy) -> None:
    model = StanceClassifier.load(copy("averaged", averaged_with="base"), "cpu")
    together = model.logits([*STATEMENTS, *STATEMENTS[:5]])
    alone = np.concatenate([model.logits([statement]) for statement in STATEMENTS])
    assert np.abs(together[:60] - alone).max() < 1e-4
    assert np.abs(together[60:] - together[:5]).max() < 1e-4


def test_a_partner_that_asks_others_is_refused(copy: Copy) -> None:
    middle = copy("middle", averaged_with="base")
    deferring = copy("deferring", deferral={"to": "base", "margin": 1.0})
    for name, partner in (("one", middle), ("two", deferring)):
        with pytest.raises(ArtifactError, match=r"cannot be averaged with .* asks another"):
            StanceClassifier.load(copy(name, averaged_with=str(partner)), "cpu")


def test_reports_and_batch_jobs_know_the_weights_of_both(copy: Copy, tiny: Path) -> None:
    averaged = copy("averaged", averaged_with="base")
    files = ArtifactSystem(str(averaged), "cpu").files
    assert files["stance.json"] != files["base/stance.json"]
    with_copy = copy("with_copy", averaged_with=str(tiny))
    hashes = {hash_of(open_artifact(path), tagger=False) for path in (averaged, tiny, with_copy)}
    assert len(hashes) == 3
