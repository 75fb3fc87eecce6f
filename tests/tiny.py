"""A smaller model out of a shipped one, for what must hold of any size."""

import json
import re
from pathlib import Path

from safetensors.numpy import load_file, save_file

from stance.manifest import write_manifest
from stance.runtimes.int8 import INT8_FILE
from stance.runtimes.weights import read_weights

__all__ = ["cut_layers"]

_INDEX = "model.safetensors.index.json"


def cut_layers(source: Path, folder: Path, layers: int) -> Path:
    """Write an artifact with the first layers of another; its labels mean nothing."""

    def is_kept(name: str) -> bool:
        layer = re.search(r"encoder\.layer\.(\d+)\.", name)
        return layer is None or int(layer[1]) < layers

    folder.mkdir()
    for file in source.iterdir():
        if file.suffix != ".safetensors" and file.name not in (_INDEX, "manifest.json"):
            (folder / file.name).write_bytes(file.read_bytes())
    weights = {name: array for name, array in read_weights(source).items() if is_kept(name)}
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    ranges = {k: v for k, v in load_file(source / INT8_FILE).items() if is_kept(k)}
    save_file(ranges, folder / INT8_FILE)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(
        json.dumps({**config, "num_hidden_layers": layers}), "utf-8"
    )
    write_manifest(folder)
    return folder
