"""What a training run reads, by SHA-256, and how its base came about."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from stance.errors import ArtifactError, InputError
from stance.manifest import SETTINGS, sha256
from stance.runtimes.int8 import INT8_FILE
from stance.topic import TOPIC_FILE
from training.config import TrainConfig
from training.data import check_distilled
from training.run_folder import INPUTS_FILE
from training.teacher_states import states_files

__all__ = [
    "files_sha256",
    "provenance_notes",
    "stages_of",
    "training_inputs",
    "weights_sha256",
]

_NO_WEIGHTS = {INT8_FILE, TOPIC_FILE}
"""Files of an artifact that no training begins from."""
_SHORT = 12


def files_sha256(files: Iterable[Path]) -> str:
    """The SHA-256 of one file; of several, that of their names and hashes.

    Raises:
        InputError: a file is missing.
    """
    paths = sorted(files)
    for path in paths:
        if not path.is_file():
            raise InputError(f"{path}: no such file")
    if len(paths) == 1:
        return sha256(paths[0])
    lines = "".join(f"{path.name} {sha256(path)}\n" for path in paths)
    return hashlib.sha256(lines.encode()).hexdigest()


def weights_sha256(checkpoint: Path) -> str:
    """Identifies the weights of a checkpoint folder, in one file or in shards.

    Raises:
        ArtifactError: there are none.
    """
    for pattern in ("*.safetensors", "*.bin"):  # what transformers looks for, in its order
        found = [path for path in checkpoint.glob(pattern) if path.name not in _NO_WEIGHTS]
        if found:
            return files_sha256(found)
    raise ArtifactError(f"{checkpoint}: no checkpoint here: no file of weights")


def training_inputs(config: TrainConfig, base: Path) -> dict[str, Any]:
    """The hashes that, with the config, make a run the run it is.

    Args:
        base: the folder of the config's base.

    Raises:
        ArtifactError: a checkpoint has no weights.
        InputError: a data file is missing.
        ConfigError: the soft labels or the hidden states are missing.
    """
    files = [*config.data.train, config.data.dev]
    if config.distill is not None:
        check_distilled(config.distill.soft_labels)
        files += [*config.data.unlabelled, config.distill.soft_labels]
        if config.distill.hidden is not None:
            files += states_files(config.distill.hidden)
    return {
        "base_sha256": weights_sha256(base),
        "mean_with_sha256": [weights_sha256(Path(folder)) for folder in config.mean_with],
        "data": {path.as_posix(): files_sha256([path]) for path in files},
    }


def stages_of(config: TrainConfig, base: Path, inputs: dict[str, Any]) -> list[dict[str, Any]]:
    """The runs that led to a run, first to last; the last is the run itself.

    They end at a released artifact: how that came about stands in its own stance.json.
    """
    others = zip(config.mean_with, inputs["mean_with_sha256"], strict=True)
    own = {
        "name": config.output.name,
        "base": _name(config.base),
        "base_sha256": inputs["base_sha256"][:_SHORT],
        "mean_with": [f"{_name(folder)} {found[:_SHORT]}" for folder, found in others],
        "seed": config.seed,
        "data": {_file_name(path): found[:_SHORT] for path, found in inputs["data"].items()},
    }
    return [*_stages_before(base), {key: value for key, value in own.items() if value != []}]


def provenance_notes(run: Path) -> dict[str, Any]:
    """What an artifact's notes say of the run it was made from; {} if the run noted nothing."""
    file = run / INPUTS_FILE
    if not file.is_file():  # trained by 0.5.0 or before
        return {}
    found = json.loads(file.read_text(encoding="utf-8"))
    *before, own = found["stages"]
    # In full, as `stance.runtimes.adapter` compares it with the file's.
    own["base_sha256"] = found["inputs"]["base_sha256"]
    del own["name"]
    return {**own, "stages": before}


def _stages_before(folder: Path) -> list[dict[str, Any]]:
    run = folder.parent / INPUTS_FILE
    if folder.name == "checkpoint" and run.is_file():
        stages: list[dict[str, Any]] = json.loads(run.read_text(encoding="utf-8"))["stages"]
        return stages
    settings = _settings(folder)
    if settings is None:
        return []
    notes = {k: v for k, v in settings["notes"].items() if k not in {"stages", "dev"}}
    if "base" in notes:
        notes["base"] = _name(notes["base"])
    return [{"name": _name(str(folder)), **notes}]


def _name(folder: str) -> str:
    """What a reader elsewhere knows a base by: a local path tells them nothing."""
    path = Path(folder)
    settings = _settings(path)
    if settings is not None:
        return f"stance {path.name} {settings['version']}"
    return path.parent.name if path.name == "checkpoint" else path.name


def _file_name(path: str) -> str:
    return Path(path).name if Path(path).is_absolute() else path


def _settings(folder: Path) -> dict[str, Any] | None:
    file = folder / SETTINGS
    if not file.is_file():
        return None
    settings: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return {"notes": {}, **settings}
