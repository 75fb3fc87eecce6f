"""The hashes of a folder's files: written when it is exported, checked when it is opened."""

import hashlib
import json
from pathlib import Path
from typing import Any

from stance.errors import ArtifactError

__all__ = ["MANIFEST", "SETTINGS", "read_json", "sha256", "verify", "write_manifest"]

SETTINGS = "stance.json"
"""Name of the file in an artifact that its weights need to become predictions."""
MANIFEST = "manifest.json"
"""Name of the file in an artifact that holds the SHA-256 of every other."""


def verify(path: Path) -> None:
    """Check the files of a folder against its manifest, if it has one.

    Raises:
        ArtifactError: a file is missing or was altered.
    """
    if not (path / "config.json").is_file():
        raise ArtifactError(f"{path} has no config.json; it is not a transformers checkpoint")
    manifest = path / MANIFEST
    if not manifest.is_file():
        if (path / SETTINGS).is_file():
            raise ArtifactError(f"{manifest} is missing; reinstall, or run `make export` again")
        return
    for name, expected in read_json(manifest).items():
        file = path / name
        if not file.is_file():
            raise ArtifactError(f"{file} is missing; reinstall the package or copy it again")
        if sha256(file) != expected:
            raise ArtifactError(
                f"{file} was altered: its SHA-256 is not the manifest's; "
                "reinstall the package or copy it again"
            )


def write_manifest(path: Path) -> None:
    """Write `manifest.json`: the SHA-256 of every file of the folder but its card."""
    files = sorted(
        f for f in path.iterdir() if f.is_file() and f.name != MANIFEST and f.suffix != ".md"
    )
    sums = {file.name: sha256(file) for file in files}
    (path / MANIFEST).write_text(json.dumps(sums, indent=2) + "\n", encoding="utf-8")


def read_json(file: Path) -> dict[str, Any]:
    """The object in a JSON file.

    Raises:
        ArtifactError: it cannot be read, or holds something else.
    """
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{file} cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise ArtifactError(f"{file} must hold a JSON object")
    return value


def sha256(file: Path) -> str:
    """The SHA-256 of a file in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
