"""Run folder -> artifact: fp16 weights in two shards, calibration, manifest.

    python -m training.export --config configs/train.yaml --artifact build/artifact --version 0.1.0

The token embeddings are half of the parameters. Training leaves them frozen, so they are a
shard of their own that is the same file in every release, and git stores it once.
"""

import json
import shutil
from pathlib import Path
from typing import Annotated, Any

import torch
import typer
from safetensors.torch import load_file, save_file
from torch import Tensor

from stance.artifact import Calibration
from stance.cli import reports_errors
from stance.errors import ArtifactError
from stance.manifest import SETTINGS, write_manifest
from stance.settings import load_config
from stance.topic import TOPIC_FILE
from training.config import TrainConfig
from training.provenance import provenance_notes
from training.run_folder import renew

__all__ = [
    "EMBEDDINGS_SHARD",
    "calibration_of",
    "complete_artifact",
    "export",
    "make_way",
    "save_shards",
]

EMBEDDINGS_SHARD = "model-00001-of-00002.safetensors"
_ENCODER_SHARD = "model-00002-of-00002.safetensors"
_TOKENIZER = ("tokenizer.json", "tokenizer_config.json")


def export(config: TrainConfig, artifact: Path, version: str) -> None:
    """Write the artifact of a trained and calibrated run.

    Raises:
        ArtifactError: the run has no checkpoint or no calibration yet, or the folder to write
            holds something else.
    """
    checkpoint = config.output / "checkpoint"
    if not checkpoint.exists():
        raise ArtifactError(f"{checkpoint} is missing; run `make train` first")
    calibration_of(config)
    make_way(artifact)
    shutil.copy(checkpoint / "config.json", artifact / "config.json")
    _mark_half_precision(artifact / "config.json")
    save_shards(load_file(checkpoint / "model.safetensors"), artifact)
    metrics = json.loads((config.output / "metrics.json").read_text("utf-8"))
    notes = {"base": config.base, "seed": config.seed, **provenance_notes(config.output)}
    notes["dev"] = metrics["dev"]
    complete_artifact(config, artifact, version, notes)


def calibration_of(config: TrainConfig) -> dict[str, Any]:
    """What `training.calibrate` wrote for a run.

    Raises:
        ArtifactError: it did not yet, or with other models to ask than the config's.
    """
    file = config.output / "calibration.json"
    if not file.is_file():
        raise ArtifactError(f"{file} is missing; run `make calibrate` first")
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    for key, wanted in (("deferral", config.defer), ("averaged_with", config.averaged_with)):
        if (key in found) != (wanted is not None):
            raise ArtifactError(f"{file}, {key}: not as in the config; run `make calibrate` again")
    return found


def make_way(artifact: Path) -> None:
    """Make the folder anew, without the artifact that it may hold.

    Raises:
        ArtifactError: it holds files, and they are no artifact's: somebody's own checkpoint, or
            what a killed export left.
    """
    foreign = f"{artifact} holds files, but no {SETTINGS}; name a new folder, or remove it"
    renew(artifact, SETTINGS, ArtifactError(foreign))


def complete_artifact(
    config: TrainConfig, artifact: Path, version: str, notes: dict[str, Any]
) -> None:
    """Put beside the weights and config what else a calibrated run has, and the manifest."""
    for name in _TOKENIZER:
        shutil.copy(config.output / "checkpoint" / name, artifact / name)
    if (config.output / TOPIC_FILE).is_file():
        shutil.copy(config.output / TOPIC_FILE, artifact / TOPIC_FILE)
    settings = Calibration(
        version=version,
        max_length=config.max_length,
        notes=notes,
        **calibration_of(config),
    )
    written = settings.model_dump_json(indent=2, exclude_none=True)  # as older releases read it
    (artifact / SETTINGS).write_text(written + "\n", "utf-8")
    write_manifest(artifact)


def save_shards(tensors: dict[str, Tensor], folder: Path) -> None:
    """Save fp16 tensors as a standard sharded checkpoint with the embeddings apart."""
    half = {name: t.to(torch.float16).contiguous() for name, t in tensors.items()}
    embeddings = {n: t for n, t in half.items() if n.endswith("word_embeddings.weight")}
    encoder = {n: t for n, t in half.items() if n not in embeddings}
    shards = {EMBEDDINGS_SHARD: embeddings, _ENCODER_SHARD: encoder}
    for name, content in shards.items():
        save_file(content, folder / name, metadata={"format": "pt"})
    index = {
        "metadata": {"total_size": sum(t.nbytes for t in half.values())},
        "weight_map": {n: shard for shard, content in shards.items() for n in sorted(content)},
    }
    file = folder / "model.safetensors.index.json"
    file.write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")


def _mark_half_precision(file: Path) -> None:
    config = json.loads(file.read_text("utf-8"))
    config["dtype"] = "float16"
    file.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def main(
    config: Annotated[Path, typer.Option(help="The training config of the run.")],
    artifact: Annotated[Path, typer.Option(help="The folder to write.")],
    version: Annotated[str, typer.Option(help="Version that predictions report.")],
) -> None:
    """Export a run as an artifact."""
    export(load_config(config, TrainConfig), artifact, version)
    typer.echo(f"{artifact} written")


if __name__ == "__main__":
    typer.run(reports_errors(main))
