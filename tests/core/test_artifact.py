import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stance import ArtifactError, StanceClassifier, Statement
from stance.artifact import MODELS, open_artifact
from stance.labels import LABELS
from stance.manifest import write_manifest
from stance.runtimes.torch import TorchRuntime


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The shipped artifact with stubs for its weights, which are hashed but not opened."""
    folder = tmp_path / "copy"
    folder.mkdir()
    for file in (MODELS / "base").iterdir():
        content = b"weights" if file.suffix == ".safetensors" else file.read_bytes()
        (folder / file.name).write_bytes(content)
    write_manifest(folder)
    return folder


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MODELS / "base", tmp_path / "whole"))


def test_the_shipped_artifact_is_whole() -> None:
    artifact = open_artifact()
    assert artifact.columns == (0, 1, 2)
    assert set(artifact.calibration.conformal) >= {"0.90", "0.95"}


def test_a_copied_folder_predicts_the_same(whole: Path, classifier: StanceClassifier) -> None:
    text = "We have nothing to say to them."
    other = StanceClassifier.load(whole, device="cpu").classify(text)
    assert other == classifier.classify(text)


def test_a_missing_weight_file_is_named(copy: Path) -> None:
    (copy / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(ArtifactError, match=r"model-00002-of-00002.safetensors is missing"):
        open_artifact(copy)


def test_an_altered_weight_file_is_named(copy: Path) -> None:
    file = copy / "model-00002-of-00002.safetensors"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(ArtifactError, match=r"model-00002.*was altered"):
        open_artifact(copy)


def test_a_missing_manifest_is_an_error(copy: Path) -> None:
    (copy / "manifest.json").unlink()
    with pytest.raises(ArtifactError, match=r"manifest\.json is missing"):
        open_artifact(copy)


def test_a_wrong_key_in_the_settings_is_named(copy: Path) -> None:
    settings = json.loads((copy / "stance.json").read_text("utf-8"))
    (copy / "stance.json").write_text(json.dumps({**settings, "temperature": 0}), "utf-8")
    write_manifest(copy)
    with pytest.raises(ArtifactError, match="temperature"):
        open_artifact(copy)


def test_another_label_order_is_mapped_to_ours(whole: Path, classifier: StanceClassifier) -> None:
    text = "We have nothing to say to them."
    _relabel(whole, [LABELS[2], LABELS[0], LABELS[1]])
    other = StanceClassifier.load(whole, device="cpu")
    assert other.artifact.columns == (1, 2, 0)
    shipped = classifier.classify(text).probabilities
    expected = {LABELS[i]: shipped[LABELS[column]] for i, column in enumerate((1, 2, 0))}
    assert other.classify(text).probabilities == pytest.approx(expected)


def test_other_labels_are_refused(copy: Path) -> None:
    _relabel(copy, ["positive", "negative", "neutral"])
    with pytest.raises(ArtifactError, match="positive"):
        open_artifact(copy)


@pytest.mark.parametrize("id2label", [None, ["a"], {"a": "opposing"}, {0: 1, 1: 2, 5: 3}])
def test_a_broken_table_of_labels_is_named(copy: Path, id2label: Any) -> None:
    _change_config(copy, id2label=id2label)
    with pytest.raises(ArtifactError, match="id2label is"):
        open_artifact(copy)


@pytest.mark.parametrize("window", [None, -1, "long", 0])
def test_a_window_that_is_no_length_is_the_usual_one(copy: Path, window: Any) -> None:
    (copy / "stance.json").unlink()
    _change_config(copy, max_position_embeddings=window)
    assert open_artifact(copy).calibration.max_length == 512


@pytest.mark.parametrize(
    ("kind", "positions", "window"),
    [("roberta", 130, 128), ("mpnet", 514, 512), ("bert", 130, 130), ("bert", 514, 512)],
)
def test_positions_that_some_architectures_never_use_are_not_in_the_window(
    copy: Path, kind: str, positions: int, window: int
) -> None:
    (copy / "stance.json").unlink()
    _change_config(copy, model_type=kind, max_position_embeddings=positions)
    assert open_artifact(copy).calibration.max_length == window


def test_labels_must_be_numbered_as_the_logits_are(copy: Path) -> None:
    _change_config(copy, id2label={"0": LABELS[0], "1": LABELS[1], "5": LABELS[2]})
    with pytest.raises(ArtifactError, match="from 0 to 2"):
        open_artifact(copy)


def test_a_folder_is_found_as_shells_name_it(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(copy.parent))
    monkeypatch.chdir(copy)
    for name in (f"~/{copy.name}", ".", "./"):
        assert open_artifact(name).path.resolve() == copy.resolve()


def test_a_plain_checkpoint_needs_no_files_of_ours(copy: Path) -> None:
    (copy / "stance.json").unlink()
    (copy / "manifest.json").unlink()
    assert open_artifact(copy).calibration.temperature == 1.0


@pytest.mark.parametrize("name", ["./nowhere", "/nowhere", "a/b/c"])
def test_a_folder_that_does_not_exist(name: str) -> None:
    with pytest.raises(ArtifactError, match="not a folder"):
        open_artifact(name)


def test_a_hub_id_out_of_reach_says_what_ships(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    monkeypatch.setattr(huggingface_hub, "snapshot_download", _refuse)
    with pytest.raises(ArtifactError, match=r"base.*no route to the Hub"):
        open_artifact("someone/some-model")


def test_a_hub_id_is_opened_at_its_revision(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    asked: list[tuple[str, object]] = []

    def download(hub_id: str, *, revision: str | None, allow_patterns: list[str]) -> str:
        asked.append((hub_id, revision))
        assert {"*.json", "*.safetensors"} <= set(allow_patterns)
        return str(tiny)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", download)
    found = StanceClassifier.load("someone/some-model", "cpu", "v2")
    assert found.artifact.path == tiny
    assert asked == [("someone/some-model", "v2")]


def test_a_small_model_is_opened_by_its_name(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stance.artifact.MODELS", tmp_path)
    (tmp_path / "small").symlink_to(tiny)
    small = StanceClassifier.load("small", device="cpu")
    statements = [Statement("We will come to the talks."), Statement("No. We will not.")]
    expected = TorchRuntime(small.artifact, "cpu").run(small._encode(statements).rows)
    assert np.abs(small.logits(statements) - expected).max() < 1e-4
    fast = StanceClassifier.load("small", device="cpu-fast")
    assert fast.classify(statements[0]).model_version == small.artifact.calibration.version


def test_a_name_that_does_not_ship_is_told_what_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import huggingface_hub

    monkeypatch.setattr("stance.artifact.MODELS", tmp_path)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", _refuse)
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "stance.json").touch()
    wanted = r"'small' is neither a shipped model \(base\) nor a folder.*no route to the Hub"
    with pytest.raises(ArtifactError, match=wanted):
        StanceClassifier.load("small")


def _refuse(*args: object, **kwargs: object) -> str:
    raise OSError("no route to the Hub")


def _relabel(folder: Path, labels: list[str]) -> None:
    _change_config(
        folder,
        id2label={str(i): str(label) for i, label in enumerate(labels)},
        label2id={str(label): i for i, label in enumerate(labels)},
    )


def _change_config(folder: Path, **values: Any) -> None:
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps(config | values), "utf-8")
    write_manifest(folder)
