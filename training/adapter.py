"""A fine-tuned network -> a LoRA adapter of a few MB over its base, by truncated SVD.

    python -m training.adapter --config configs/teacher.yaml --artifact stance/models/accurate \\
        --version 0.6.0

What fine-tuning changed in a matrix has low rank, nearly, so an approximation of the change is an
adapter in the form of Hu et al. (2022, "LoRA"): the teacher itself ships and no second training is
needed. `training.low_rank` has the approximation. The head is kept whole.
"""

import shutil
from pathlib import Path
from typing import Annotated, Any

import torch
import typer
from peft import LoraConfig, get_peft_model
from torch import nn
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from stance.cli import reports_errors
from stance.errors import ArtifactError
from stance.settings import load_config
from training.base_models import BASES, fetch_base
from training.config import TrainConfig
from training.data import read_training
from training.export import calibration_of, complete_artifact, make_way
from training.low_rank import Moments, layer_moments, low_rank
from training.provenance import provenance_notes

__all__ = ["write_adapter"]

_HEAD = "classifier"
_STATEMENTS = 400
_SMALL = ("LayerNorm", "relative_attention_bias", "position_embeddings")


def write_adapter(
    config: TrainConfig, artifact: Path, version: str, rank: int, base_model: str | None = None
) -> None:
    """Write the adapter's artifact from a trained and calibrated run.

    Args:
        base_model: what the first stage began from, where the run is a later one.

    Raises:
        ArtifactError: the run lacks its checkpoint or calibration, its base is not one of ours,
            training changed what the adapter has no place for, or the folder to write holds
            something else.
    """
    checkpoint = config.output / "checkpoint"
    name = base_model or config.base
    if name not in BASES:
        raise ArtifactError(
            f"{config.output}: name the base model that it, or its first stage, was trained from: "
            f"one of {sorted(BASES)}"
        )
    calibration_of(config)
    base = AutoModelForSequenceClassification.from_pretrained(
        fetch_base(name), num_labels=3, dtype=torch.float32
    )
    tuned = AutoModelForSequenceClassification.from_pretrained(checkpoint, dtype=torch.float32)
    adapted = _adapted(base, tuned, config, BASES[name].hub_id, rank)
    make_way(artifact)
    shutil.copy(checkpoint / "config.json", artifact / "config.json")
    adapted.to(torch.float16).save_pretrained(artifact, save_embedding_layers=False)
    (artifact / "README.md").unlink(missing_ok=True)
    base_notes = {"base": name, "base_sha256": BASES[name].sha256}
    notes = {**provenance_notes(config.output), **base_notes, "rank": rank}
    complete_artifact(config, artifact, version, notes)


def _adapted(base: Any, tuned: Any, config: TrainConfig, hub_id: str, rank: int) -> Any:
    changed = {
        name: module.weight.detach() - base.get_submodule(name).weight.detach()
        for name, module in tuned.named_modules()
        if isinstance(module, nn.Linear) and not name.startswith(_HEAD)
    }
    settings = LoraConfig(
        task_type="SEQ_CLS",
        r=rank,
        lora_alpha=rank,
        target_modules=sorted(changed),
        modules_to_save=[_HEAD, *_SMALL],
        bias="all",
    )
    settings.base_model_name_or_path = hub_id
    network = get_peft_model(base, settings)
    network.peft_config["default"].base_model_name_or_path = hub_id
    own = dict(network.named_parameters())
    _check_places(base, tuned, {*own})
    moments = _moments(tuned, config, list(changed))
    with torch.no_grad():
        for name, change in changed.items():
            down, up = low_rank(change, rank, moments[name])
            prefix = f"base_model.model.{name}"
            own[f"{prefix}.lora_A.default.weight"].copy_(down)
            own[f"{prefix}.lora_B.default.weight"].copy_(up)
        for name, value in tuned.named_parameters():
            for kept in _small_copies(name):
                if kept in own:
                    own[kept].copy_(value)
    return network


def _moments(tuned: Any, config: TrainConfig, layers: list[str]) -> dict[str, Moments]:
    tokenizer = AutoTokenizer.from_pretrained(config.output / "checkpoint")
    items = read_training(config.data)
    statements = [item.statement for item in items[:: len(items) // _STATEMENTS + 1]]
    return layer_moments(tuned, tokenizer, statements, config.max_length, layers)


def _check_places(base: Any, tuned: Any, own: set[str]) -> None:
    before = {name.replace(".base_layer", ""): value for name, value in base.named_parameters()}
    for name, value in tuned.named_parameters():
        factors = f"base_model.model.{name.removesuffix('.weight')}.lora_A.default.weight"
        kept = factors in own or not own.isdisjoint(_small_copies(name))
        if not kept and not torch.equal(value, before[name]):
            raise ArtifactError(f"training changed {name}, which the adapter does not keep")


def _small_copies(name: str) -> list[str]:
    """Where peft keeps a small parameter whole: biases in place, norms and the head as copies."""
    module, _, last = name.rpartition(".")
    inner = name.removeprefix(f"{_HEAD}.")
    copies = [
        f"base_model.model.{module}.modules_to_save.default.{last}",
        f"base_model.model.{_HEAD}.modules_to_save.default.{inner}",
    ]
    if last == "bias":
        copies += [f"base_model.model.{module}.{part}" for part in ("bias", "base_layer.bias")]
    return copies


def main(
    config: Annotated[Path, typer.Option(help="The training config of the run.")],
    artifact: Annotated[Path, typer.Option(help="The folder to write.")],
    version: Annotated[str, typer.Option(help="Version that predictions report.")],
    rank: Annotated[int, typer.Option(help="Rank of the adapter.")] = 80,
    base_model: Annotated[
        str | None, typer.Option(help="What the first stage began from, if not this run.")
    ] = None,
) -> None:
    """Cut an adapter out of a trained network."""
    write_adapter(load_config(config, TrainConfig), artifact, version, rank, base_model)
    typer.echo(f"{artifact} written")


if __name__ == "__main__":
    typer.run(reports_errors(main))
