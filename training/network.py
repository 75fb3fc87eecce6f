"""Base weights -> a three-way sequence classifier, and its checkpoint."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PretrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from stance.artifact import open_artifact
from stance.labels import LABELS
from stance.runtimes.adapter import ADAPTER_CONFIG, load_adapted
from training.base_models import fetch_base
from training.config import TrainConfig

__all__ = ["build_network", "freeze_layers", "keep_layers", "load_network", "save_checkpoint"]

_DROPOUTS = ("hidden_dropout_prob", "attention_probs_dropout_prob", "dropout", "attention_dropout")


def build_network(config: TrainConfig) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The base model, or an adapter merged into its own, with a head over our labels.

    Also its tokenizer.
    """
    base = fetch_base(config.base)
    settings = AutoConfig.from_pretrained(
        base,
        id2label={i: label.value for i, label in enumerate(LABELS)},
        label2id={label.value: i for i, label in enumerate(LABELS)},
    )
    for name in _DROPOUTS:
        if hasattr(settings, name):
            setattr(settings, name, config.dropout)
    network = load_network(base, settings)
    network.requires_grad_(True)  # peft froze what an adapter was trained over
    if not torch.cuda.is_available():
        # The fused attention of torch is slow backwards on a CPU: a quarter of a step, against 8 %.
        network.set_attn_implementation("eager")
    if config.freeze_embeddings:
        network.get_input_embeddings().weight.requires_grad_(False)
    _average(network, config.mean_with)
    if config.layers is not None:
        keep_layers(network, config.layers)
    if config.frozen_layers:
        freeze_layers(network, config.frozen_layers)
    tokenizer = AutoTokenizer.from_pretrained(base)
    return network, tokenizer


def load_network(folder: Path, settings: PretrainedConfig | None = None) -> PreTrainedModel:
    """The network of a checkpoint or of an adapter, such as `stance/models/accurate`, in fp32.

    Args:
        settings: its config, where it is to be another than the folder's.

    Raises:
        ArtifactError: the base of an adapter is not in reach.
    """
    network: PreTrainedModel
    if (folder / ADAPTER_CONFIG).is_file():
        network = load_adapted(open_artifact(folder, alone=True), torch.float32, settings)
    else:
        network = AutoModelForSequenceClassification.from_pretrained(
            folder, config=settings, dtype=torch.float32
        )
    return network


def freeze_layers(network: PreTrainedModel, count: int) -> None:
    """Leave embeddings and the lower `count` layers as they are; no backward pass goes there."""
    body: Any = network.base_model
    encoder = body.encoder
    body.embeddings.requires_grad_(False)
    encoder.layer[:count].requires_grad_(False)
    if hasattr(encoder, "relative_attention_bias"):
        # All layers share it: trained, it would have the backward pass go down to the lowest.
        encoder.relative_attention_bias.requires_grad_(False)


def keep_layers(network: PreTrainedModel, count: int) -> None:
    """Keep `count` evenly spaced encoder layers, the last one always (Sanh et al. 2019)."""
    encoder: Any = network.base_model.encoder
    total = len(encoder.layer)
    if count > total:
        raise ValueError(f"cannot keep {count} layers of {total}")
    chosen = [round((i + 1) * total / count) - 1 for i in range(count)]
    encoder.layer = nn.ModuleList(encoder.layer[i] for i in chosen)
    network.config.num_hidden_layers = count


def _average(network: PreTrainedModel, folders: Sequence[str]) -> None:
    """Give the weights that are trained the mean of theirs and those of other checkpoints.

    Frozen embeddings stay: a release holds them in half precision, which would change them.
    """
    others = [load_network(Path(folder), network.config).state_dict() for folder in folders]
    for name, weight in network.named_parameters():
        if weight.requires_grad and others:
            weight.data = torch.stack([weight.data, *(o[name] for o in others)]).mean(dim=0)


def save_checkpoint(
    network: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, folder: Path
) -> None:
    """Save a plain transformers checkpoint (safetensors) with its tokenizer."""
    network.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
