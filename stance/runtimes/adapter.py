"""A LoRA adapter (Hu et al. 2022) over base weights that are not shipped: find, check, merge."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from logging import ERROR
from pathlib import Path
from typing import Any

import torch

from stance.artifact import Artifact
from stance.errors import ArtifactError, install_hint
from stance.manifest import read_json, sha256

__all__ = ["ADAPTER_CONFIG", "BASE_MODELS", "find_base", "load_adapted"]

ADAPTER_CONFIG = "adapter_config.json"
BASE_MODELS = "STANCE_BASE_MODELS"
"""Environment variable: the folder that holds base models, each in a folder of its own name."""
_WEIGHTS = "model.safetensors"


def load_adapted(artifact: Artifact, dtype: torch.dtype, settings: Any = None) -> Any:
    """The base network with the adapter of `artifact` merged into it.

    Args:
        settings: its config, where it is to be another than the folder's.

    Raises:
        ArtifactError: peft is not installed, the base is not in reach, or is another one.
    """
    folder = artifact.path
    try:
        from peft import PeftModel
    except ImportError as error:
        raise ArtifactError(
            f"{folder.name} is an adapter and needs peft: {install_hint('accurate')}"
        ) from error
    from transformers import AutoConfig, AutoModelForSequenceClassification

    base = find_base(artifact)
    with _quiet():
        network = AutoModelForSequenceClassification.from_pretrained(
            base,
            config=settings or AutoConfig.from_pretrained(folder, local_files_only=True),
            dtype=torch.float32,  # merged in single precision, narrowed after
            local_files_only=True,
            use_safetensors=True,
        )
    adapted = PeftModel.from_pretrained(network, str(folder), local_files_only=True)
    return adapted.merge_and_unload().to(dtype)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the report that the base lacks a head, and should be trained: the adapter has it."""
    from transformers.utils import logging

    before = logging.get_verbosity()
    logging.set_verbosity(ERROR)
    try:
        yield
    finally:
        logging.set_verbosity(before)


def find_base(artifact: Artifact) -> Path:
    """The folder of the adapter's base model, its weights verified.

    Looked for in `$STANCE_BASE_MODELS`, in `build/base` (where `make base-models` puts it) and
    in the cache of the Hub; then the Hub is asked.

    Raises:
        ArtifactError: it is nowhere, or its SHA-256 is not the one the adapter was made for.
    """
    wanted = read_json(artifact.path / ADAPTER_CONFIG)
    hub_id = wanted.get("base_model_name_or_path")
    if not isinstance(hub_id, str):
        raise ArtifactError(f"{artifact.path / ADAPTER_CONFIG} names no base_model_name_or_path")
    name = hub_id.rpartition("/")[2]
    places = [Path("build/base") / name]
    if os.environ.get(BASE_MODELS):
        places.insert(0, Path(os.environ[BASE_MODELS]).expanduser() / name)
    base = next((p for p in places if (p / _WEIGHTS).is_file()), None) or _from_hub(hub_id, places)
    found = sha256(base / _WEIGHTS)
    if found != artifact.calibration.notes.get("base_sha256"):
        raise ArtifactError(
            f"{base / _WEIGHTS}: SHA-256 {found} is not that of {hub_id}, which "
            f"{artifact.path.name} adapts; run `make base-models`"
        )
    return base


def _from_hub(hub_id: str, looked: list[Path]) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(hub_id, allow_patterns=["config.json", _WEIGHTS]))
    except Exception as error:  # offline, no rights: dozens of classes
        raise ArtifactError(
            f"the base model {hub_id} is not in {', '.join(map(str, looked))}, and the Hub did not "
            f"give it; run `make base-models`, or put its config.json and {_WEIGHTS} into a "
            f"folder {looked[0].name} and name that folder's parent in ${BASE_MODELS}"
        ) from error
