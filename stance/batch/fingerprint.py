"""What the bytes of a run depend on besides its input: the weights and the libraries."""

import hashlib
from importlib.metadata import version
from pathlib import Path

from stance import __version__
from stance.artifact import Artifact
from stance.manifest import MANIFEST, sha256
from stance.runtimes import libraries_of

__all__ = ["hash_of", "versions_of"]


def versions_of(device: str, *, tagger: bool) -> dict[str, str]:
    """The versions that decide the last digits of a result, or how Parquet is written.

    Args:
        device: as resolved by `best_device`.
        tagger: whether statements are looked for in articles too.
    """
    names = {"pyarrow", *libraries_of(device)}
    if tagger:
        names.add("openvino")  # runs the tagger on every device
    return {"stance": __version__, **{name: version(name) for name in sorted(names)}}


def hash_of(model: Artifact, *, tagger: bool) -> str:
    """One hash of all the weights that the result depends on."""
    folders = [model.path, *(other.path for other in model.asked)]
    if tagger:
        from stance.attribution.tagger import SHIPPED_TAGGER

        folders.append(SHIPPED_TAGGER)
    total = hashlib.sha256()
    for folder in folders:
        manifest = folder / MANIFEST  # it holds the hash of every file, and was verified
        files = [manifest] if manifest.is_file() else sorted(filter(Path.is_file, folder.iterdir()))
        for file in files:
            total.update(f"{file.name} {sha256(file)}\n".encode())
    return total.hexdigest()
