"""A run's optimizer and its learning rates over time."""

from typing import Any

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR
from transformers import PreTrainedModel

from training.config import OptimConfig

__all__ = ["build_optimizer", "build_scheduler", "parameter_groups"]

_HINT_RATE = 1e-3
"""Of the hints' maps, which have the least squares' fit to begin with."""


def build_optimizer(
    network: PreTrainedModel, hints: nn.Module | None, config: OptimConfig
) -> torch.optim.Optimizer:
    """AdamW over the network, and over the maps of its hints."""
    groups = parameter_groups(network, config)
    if hints is not None:
        groups.append({"params": list(hints.parameters()), "lr": _HINT_RATE})
    return torch.optim.AdamW(groups, lr=config.learning_rate, fused=True)


def build_scheduler(optimizer: torch.optim.Optimizer, steps: int, warmup: float) -> LambdaLR:
    """Linear warm-up over that share of the steps, and linear decay to zero."""
    rising = max(1, round(warmup * steps))
    return LambdaLR(
        optimizer,
        lambda step: min((step + 1) / rising, max(0.0, (steps - step) / max(1, steps - rising))),
    )


def parameter_groups(network: PreTrainedModel, config: OptimConfig) -> list[dict[str, Any]]:
    """Groups with layer-wise learning rates; biases and norms are not decayed.

    The head and the top layer get `learning_rate`; each layer below gets `layer_decay`
    times the rate of that above it, the embeddings the lowest (Howard and Ruder 2018).
    """
    layers = network.config.num_hidden_layers
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        below = layers - 1 - _depth(name, layers)
        rate = config.learning_rate * config.layer_decay**below
        decay = 0.0 if parameter.ndim < 2 else config.weight_decay
        groups.setdefault((rate, decay), []).append(parameter)
    return [{"params": p, "lr": lr, "weight_decay": wd} for (lr, wd), p in groups.items()]


def _depth(name: str, layers: int) -> int:
    if ".layer." in name:
        return int(name.split(".layer.")[1].split(".", maxsplit=1)[0])
    return -1 if ".embeddings." in name or "relative_attention_bias" in name else layers - 1
