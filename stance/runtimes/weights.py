"""A checkpoint folder's safetensors -> numpy arrays."""

import json
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from stance.errors import ArtifactError

__all__ = ["read_weights"]

_LARGE = 8 << 20
_kept: WeakValueDictionary[tuple[str, tuple[int, ...]], NDArray[Any]] = WeakValueDictionary()


def read_weights(folder: Path) -> dict[str, NDArray[Any]]:
    """All weights of a checkpoint, of one file or several shards, as they are stored.

    Embeddings that another open checkpoint has, too, are in memory once: treat arrays as read-only.

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
            weights |= {key: _once(array) for key, array in load_file(folder / name).items()}
    except Exception as error:  # safetensors raises a class of its own, json and numpy theirs
        raise ArtifactError(f"{folder}: its weights cannot be read: {error}") from error
    return weights


def _once(array: NDArray[Any]) -> NDArray[Any]:
    """An equal array in use, or else this one: the shipped networks have the same embeddings."""
    if array.nbytes < _LARGE:
        return array
    kept = _kept.setdefault((array.dtype.str, array.shape), array)
    return kept if kept is array or np.array_equal(kept, array) else array
