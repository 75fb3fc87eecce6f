"""The tagger's losses: the annotators' labels, and a teacher's (pure functions)."""

import torch
from torch import Tensor
from torch.nn import functional as F

from stance.attribution.decoding import ARGUMENT_TAGS
from training.attribution_labels import IGNORE

__all__ = ["ARGUMENT_LOSSES", "argument_losses", "flat_losses"]

ARGUMENT_LOSSES = ("arguments", "valid", "soft_arguments", "soft_valid")
_TAGS = len(ARGUMENT_TAGS)
_FALSE_CUE = 0.25
"""Least weight of a token around a cue. The tags around what is none matter only if it is taken
for one, so the teacher's probability that it is one weighs them."""


def flat_losses(logits: Tensor, tags: Tensor, soft: Tensor) -> dict[str, Tensor]:
    """Losses of the flat tags, a mean over tokens each: `cue`, and `flat` for the two others.

    Args:
        logits: (windows, tokens, FLAT_TAGS), in any precision.
        tags: (windows, tokens, 3), see `Batch.flat`.
        soft: as `logits`, a teacher's, NaN where unknown, or no windows: then neither
            `soft_cue` nor `soft_flat` is there.
    """
    roles = [slice(3 * r, 3 * r + 3) for r in range(3)]
    known, taught = tags[..., 0] != IGNORE, torch.isfinite(soft[..., 0])
    hard = [
        _mean(
            F.cross_entropy(logits[..., role][known].float(), tags[..., r][known], reduction="none")
        )
        for r, role in enumerate(roles)
    ]
    parts = {"cue": hard[0], "flat": hard[1] + hard[2]}
    if len(soft):
        heard = [_mean(_divergence(logits[..., r][taught], soft[..., r][taught])) for r in roles]
        parts |= {"soft_cue": heard[0], "soft_flat": heard[1] + heard[2]}
    return parts


def argument_losses(output: Tensor, tags: Tensor, truth: Tensor, soft: Tensor) -> dict[str, Tensor]:
    """Losses of the argument head: `arguments`, a mean over tokens, and `valid`, over cues.

    Args:
        output: (cues, reach, len(ARGUMENT_TAGS) + 1), single precision; the batch's cues first.
        tags: (batch's cues, reach), see `Batch.arguments`.
        truth: (cues,) 1 for a cue, 0 for what is none, NaN where nobody knows.
        soft: (batch's cues, reach, …) as `output`, a teacher's, NaN where unknown; or no cues:
            then the losses `soft_…` are 0.
    """
    own = output[: len(tags)]
    known, labelled = tags != IGNORE, truth.isfinite()
    arguments = F.cross_entropy(own[..., :_TAGS][known], tags[known], reduction="none")
    valid = F.binary_cross_entropy_with_logits(
        output[:, 0, -1][labelled], truth[labelled], reduction="none"
    )
    parts = {"arguments": _mean(arguments), "valid": _mean(valid)}
    read = torch.isfinite(soft[..., 0])
    own = own[: len(soft)]
    # The teacher's validity is the same in all of a cue's columns.
    sure = soft[..., -1].nan_to_num(-torch.inf).amax(dim=1).sigmoid()
    weight = sure.clamp(min=_FALSE_CUE).unsqueeze(1).expand_as(read)[read]
    taught = _divergence(own[..., :_TAGS][read], soft[..., :_TAGS][read])
    heard = read.any(dim=1)
    surely = F.binary_cross_entropy_with_logits(own[heard, 0, -1], sure[heard], reduction="none")
    return parts | {
        "soft_arguments": (weight * taught).sum() / weight.sum().clamp(min=1.0),
        "soft_valid": _mean(surely),
    }


def _mean(values: Tensor) -> Tensor:
    """The mean, and 0 of nothing."""
    return values.sum() / max(1, values.numel())


def _divergence(logits: Tensor, soft: Tensor) -> Tensor:
    """KL divergence of the teacher's distribution from the student's, one value a row."""
    teacher = soft.log_softmax(-1)
    return (teacher.exp() * (teacher - logits.float().log_softmax(-1))).sum(-1)
