"""A checkpoint folder's safetensors -> numpy arrays."""

import json
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from safetensors.numpy import load_file

from stance.errors import ArtifactError

__all__ = ["read_weights"]


def read_weights(folder: Path) -> dict[str, NDArray[Any]]:
    """All weights of a checkpoint, of one file or several shards, as they are stored.

    Raises:
        ArtifactError: a file is missing, broken, or holds a type that numpy lacks.
    """
    index = folder / "model.safetensors.index.json"
    try:
        names = {"model.safetensors"}
        if index.is_file():
            names = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
        weights: dict[str, NDArray[Any]] = {}
        for name in sorted(names):
            weights |= load_file(folder / name)
    except Exception as error:  # safetensors raises a class of its own, json and numpy theirs
        raise ArtifactError(f"{folder}: its weights cannot be read: {error}") from error
    return weights
