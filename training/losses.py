"""The training losses: cross-entropy, contrast sets, distillation, and a teacher's hints."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from stance.encoding import reads_token_types
from training.batches import NO_LABEL, Batch
from training.config import TrainConfig

__all__ = ["batch_loss", "contrast_loss", "distillation_loss", "forward_batch"]


def batch_loss(
    network: nn.Module, batch: Batch, config: TrainConfig, hints: nn.Module | None = None
) -> Tensor:
    """Mean loss of one batch (a scalar).

    Args:
        hints: a `HintLoss`, where the batch has a teacher's hidden states.
    """
    outputs = forward_batch(network, batch, hidden=hints is not None)
    # Losses are computed in fp32: bf16 has three digits, too few for a KL of near-equal rows.
    logits = outputs.logits.float()
    loss = F.cross_entropy(
        logits,
        batch.labels,
        ignore_index=NO_LABEL,
        label_smoothing=config.optim.smoothing,
        reduction="none",
    )
    if config.distill is not None:
        soft = distillation_loss(logits, batch.soft, config.distill.temperature)
        # Where the teacher contradicts the coder it is wrong, and the label alone teaches.
        right = batch.soft.argmax(dim=-1) == batch.labels
        share = torch.where(right, config.distill.weight, 0.0)
        share = torch.where(batch.labels == NO_LABEL, 1.0, share)
        loss = share * soft + (1 - share) * loss
        if hints is not None:
            loss = loss + config.distill.hidden_weight * hints(outputs.hidden_states, batch)
    if config.contrast_weight:
        contrast = contrast_loss(logits, batch.labels, batch.sets)
        loss = loss + config.contrast_weight * contrast
    return loss.mean()


def contrast_loss(logits: Tensor, labels: Tensor, sets: Tensor) -> Tensor:
    """How hard it is to tell which member of a contrast set has this label: one value a row.

    Cross-entropy asks which label a text has; this asks which of near-twins, all in one batch, a
    label fits best, so that only what they differ in can answer (Dua et al. 2021, "Learning with
    Instance Bundles", their contrastive estimation over questions). 0 for a row without a twin of
    another label.

    Args:
        logits: (batch, 3).
        labels: (batch,), or NO_LABEL.
        sets: (batch,), the same number for members of one set.
    """
    scores = F.log_softmax(logits, dim=-1).T[labels.clamp(min=0)]  # [i, j]: i's label, of text j
    rivals = (sets[:, None] == sets[None, :]) & (labels[:, None] != labels[None, :])
    rivals &= (labels != NO_LABEL)[:, None]
    own = torch.eye(len(labels), dtype=torch.bool, device=labels.device)
    return -F.log_softmax(scores.masked_fill(~(rivals | own), -torch.inf), dim=-1).diagonal()


def distillation_loss(logits: Tensor, soft: Tensor, temperature: float) -> Tensor:
    """KL from the teacher's softened distribution, one value a row (Hinton et al. 2015).

    Args:
        logits, soft: student and teacher logits of shape (batch, 3).
    """
    student = F.log_softmax(logits / temperature, dim=-1)
    teacher = F.log_softmax(soft / temperature, dim=-1)
    kl = F.kl_div(student, teacher, log_target=True, reduction="none").sum(-1)
    return kl * temperature**2


def forward_batch(network: nn.Module, batch: Batch, *, hidden: bool) -> Any:
    """What the network gives for a batch, with its hidden states if wanted."""
    inputs = {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask}
    # Of several processes each holds the network inside a DistributedDataParallel.
    config = getattr(network, "module", network).config
    if reads_token_types(config):
        inputs["token_type_ids"] = batch.token_type_ids
    return network(**inputs, output_hidden_states=True) if hidden else network(**inputs)
