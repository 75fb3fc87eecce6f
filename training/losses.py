"""The training losses: cross-entropy, distillation, and a teacher's hints."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.batches import NO_LABEL, Batch
from training.config import TrainConfig
from training.hints import pooled_states

__all__ = ["batch_loss", "distillation_loss"]


def batch_loss(
    network: nn.Module, batch: Batch, config: TrainConfig, hints: nn.Module | None = None
) -> Tensor:
    """Mean loss of one batch (a scalar).

    Args:
        hints: a `HintLoss`, where the batch has a teacher's hidden states.
    """
    outputs = _forward(network, batch, hidden=hints is not None)
    # Losses are computed in fp32: bf16 has three digits, too few for a KL of near-equal rows.
    logits = outputs.logits.float()
    labelled = batch.labels != NO_LABEL
    hard = F.cross_entropy(
        logits,
        batch.labels,
        ignore_index=NO_LABEL,
        label_smoothing=config.optim.smoothing,
        reduction="none",
    )
    if config.distill is None:
        return hard.mean()
    soft = distillation_loss(logits, batch.soft, config.distill.temperature)
    # Where the teacher contradicts the coder it is wrong, and the label alone teaches.
    right = batch.soft.argmax(dim=-1) == batch.labels
    share = torch.where(right, config.distill.weight, 0.0)
    loss = torch.where(labelled, share * soft + (1 - share) * hard, soft)
    if hints is not None:
        states = pooled_states(outputs.hidden_states, batch.attention_mask)
        loss = loss + config.distill.hidden_weight * hints(states, batch.hidden)
    return loss.mean()


def distillation_loss(logits: Tensor, soft: Tensor, temperature: float) -> Tensor:
    """KL from the teacher's softened distribution, one value a row (Hinton et al. 2015).

    Args:
        logits, soft: student and teacher logits of shape (batch, 3).
    """
    student = F.log_softmax(logits / temperature, dim=-1)
    teacher = F.log_softmax(soft / temperature, dim=-1)
    kl = F.kl_div(student, teacher, log_target=True, reduction="none").sum(-1)
    return kl * temperature**2


def _forward(network: nn.Module, batch: Batch, *, hidden: bool) -> Any:
    inputs = {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask}
    # Of several processes each holds the network inside a DistributedDataParallel.
    config = getattr(network, "module", network).config
    if getattr(config, "type_vocab_size", 0) > 1:
        inputs["token_type_ids"] = batch.token_type_ids
    return network(**inputs, output_hidden_states=True) if hidden else network(**inputs)
