"""An artifact whose logits are averaged with another's."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from stance import ArtifactError, StanceClassifier
from stance.artifact import open_artifact
from stance.batch.fingerprint import hash_of
from stance.decision import probabilities
from stance.encoding import Encoder
from stance.evaluation.labelled import read_labelled
from stance.evaluation.systems import ArtifactSystem
from stance.manifest import write_manifest
from stance.runtimes import open_runtime
from tests.runtimes.conftest import Copy, asked, edit

STATEMENTS = [item.statement for item in read_labelled(Path("corpus/dev.jsonl"))[:60]]


@pytest.fixture
def foreign(copy: Copy) -> Path:
    """A model with another order of labels and another vocabulary."""
    folder = copy("foreign", max_length=64)
    labels = {"0": "noncommittal", "1": "supporting", "2": "opposing"}
    edit(folder / "config.json", {"id2label": labels})
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
    edit(base / "stance.json", {"averaged_with": asked(foreign)})
    write_manifest(base)
    both = StanceClassifier.load(base, device).logits(STATEMENTS)
    assert np.abs(both - (alone + other) / 2).max() < near
    assert np.abs(alone - other).max() > 1


def test_the_first_ones_calibration_is_for_the_mean(copy: Copy, tiny: Path) -> None:
    folder = copy("averaged", averaged_with=asked(), version="7", temperature=2.5)
    prediction = StanceClassifier.load(folder, "cpu").classify(STATEMENTS[0])
    logits = [StanceClassifier.load(path, "cpu").logits(STATEMENTS[:1]) for path in (tiny, "base")]
    expected = probabilities((logits[0] + logits[1]) / 2, 2.5)[0]
    assert prediction.model_version == "7"
    assert list(prediction.probabilities.values()) == pytest.approx(expected.tolist(), abs=1e-4)


def test_articles_are_read_by_both(copy: Copy, tiny: Path) -> None:
    article = "The minister said on Monday that he would go to the talks. She will not go."
    folder = copy("averaged", averaged_with=asked())
    (found,) = StanceClassifier.load(folder, "cpu", bulk=True).analyze(article)
    logits = [StanceClassifier.load(p, "cpu").logits([found.statement]) for p in (tiny, "base")]
    temperature = open_artifact(folder).calibration.temperature
    expected = probabilities((logits[0] + logits[1]) / 2, temperature)[0]
    assert list(found.probabilities.values()) == pytest.approx(expected.tolist(), abs=1e-4)


def test_what_only_the_partner_cuts_is_called_cut(copy: Copy) -> None:
    short = copy("short", max_length=16)
    model = StanceClassifier.load(copy("averaged", averaged_with=asked(short)), "cpu")
    texts = ["We will come.", "We will come to the talks, " * 4]
    assert [p.truncated for p in model.classify(texts)] == [False, True]


@pytest.mark.parametrize("role", ["averaged_with", "deferral"])
def test_it_is_opened_only_with_the_one_it_was_calibrated_with(copy: Copy, role: str) -> None:
    margin = {"margin": 1.0} if role == "deferral" else {}
    other = copy("other", **{role: {"to": "base", "version": "0.0.1", **margin}})
    with pytest.raises(ArtifactError, match=r"calibrated with base 0\.0\.1, and that is .* again"):
        open_artifact(other)
    assert not open_artifact(other, alone=True).asked


def test_a_missing_partner_is_told_with_who_asks_for_it(copy: Copy, tmp_path: Path) -> None:
    gone = copy("averaged", averaged_with={"to": str(tmp_path / "gone"), "version": "1"})
    with pytest.raises(ArtifactError, match=r"averaged wants to be averaged with .*gone"):
        open_artifact(gone)


def test_a_classifier_made_of_parts_cannot_leave_the_partner_out(copy: Copy) -> None:
    artifact = open_artifact(copy("averaged", averaged_with=asked()))
    encoder = Encoder.from_folder(artifact.path, artifact.calibration.max_length)
    with pytest.raises(ValueError, match="needs that"):
        StanceClassifier(artifact, encoder, open_runtime(artifact, "cpu"))


def test_a_result_does_not_depend_on_what_else_is_asked(copy: Copy) -> None:
    model = StanceClassifier.load(copy("averaged", averaged_with=asked()), "cpu")
    together = model.logits([*STATEMENTS, *STATEMENTS[:5]])
    alone = np.concatenate([model.logits([statement]) for statement in STATEMENTS])
    assert np.abs(together[:60] - alone).max() < 1e-4
    assert np.abs(together[60:] - together[:5]).max() < 1e-4


def test_a_partner_that_asks_others_is_refused(copy: Copy) -> None:
    middle = copy("middle", averaged_with=asked())
    deferring = copy("deferring", deferral=asked() | {"margin": 1.0})
    for name, partner in (("one", middle), ("two", deferring)):
        averaged = copy(name, averaged_with={"to": str(partner), "version": "1"})
        with pytest.raises(ArtifactError, match=r"cannot be averaged with .* asks another"):
            open_artifact(averaged)


def test_reports_and_batch_jobs_know_the_weights_of_both(copy: Copy) -> None:
    partner = copy("partner")
    averaged = copy("averaged", averaged_with=asked(partner))
    files = ArtifactSystem(str(averaged), "cpu").files
    assert files["stance.json"] != files["partner/stance.json"]
    before = hash_of(open_artifact(averaged), tagger=False)
    edit(partner / "stance.json", {"temperature": 3.0})
    write_manifest(partner)
    assert hash_of(open_artifact(averaged), tagger=False) != before
