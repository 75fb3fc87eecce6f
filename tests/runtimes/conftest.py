"""The shipped artifact and its encoder, opened once, and copies of a smaller one."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stance.artifact import Artifact, open_artifact
from stance.encoding import Encoder
from stance.manifest import write_manifest

Copy = Callable[..., Path]


@pytest.fixture(scope="session")
def artifact() -> Artifact:
    return open_artifact()


@pytest.fixture(scope="session")
def encoder(artifact: Artifact) -> Encoder:
    return Encoder.from_folder(artifact.path, artifact.calibration.max_length)


@pytest.fixture
def copy(tiny: Path, tmp_path: Path) -> Copy:
    """A copy of the three-layer artifact under a name, with changes to its settings."""

    def make(name: str, **changes: Any) -> Path:
        folder = Path(shutil.copytree(tiny, tmp_path / name))
        edit(folder / "stance.json", changes)
        write_manifest(folder)
        return folder

    return make


def asked(path: str | Path = "base") -> dict[str, str]:
    """How the settings of an artifact name another that it asks."""
    return {"to": str(path), "version": open_artifact(path).calibration.version}


def edit(file: Path, changes: dict[str, Any]) -> None:
    """Change some keys of a JSON file."""
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | changes), "utf-8")
