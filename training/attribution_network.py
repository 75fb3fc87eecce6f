"""The tagger with its losses, and its weights before training."""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import AutoConfig

from stance.attribution.decoding import FLAT_TAGS
from stance.attribution.encoding import LAYOUTS
from training.attribution_config import LossConfig
from training.attribution_modules import ArgumentHead, TaggerConfig, WindowEncoder
from training.attribution_windows import IGNORE, Batch

__all__ = ["TaggerForTraining", "build_network"]


class TaggerForTraining(nn.Module):
    """Encoder and argument head, joined by the cues of a batch."""

    def __init__(self, config: TaggerConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = WindowEncoder(config)
        self.head = ArgumentHead(config)

    def losses(
        self, batch: Batch, weights: LossConfig, false_cues: int, device: torch.device
    ) -> dict[str, Tensor]:
        """The parts of the loss and their weighted sum, `loss`."""
        ids, mask, types, flat, rows, shown, arguments = (
            torch.from_numpy(array).to(device)
            for array in (
                batch.input_ids,
                batch.attention_mask,
                batch.token_type_ids,
                batch.flat,
                batch.rows,
                batch.shown,
                batch.arguments,
            )
        )
        output = self.encoder(ids, mask, types)
        logits, features = output.split([FLAT_TAGS, self.config.feature_size], dim=-1)
        flats = [
            F.cross_entropy(
                logits[..., 3 * r : 3 * r + 3].flatten(0, 1).float(),
                flat[..., r].flatten(),
                ignore_index=IGNORE,
            )
            for r in range(3)
        ]
        parts = {"cue": flats[0], "flat": flats[1] + flats[2]}
        wrong = self._false_cues(logits.detach(), flat, false_cues)
        parts |= self._head_losses(features, mask, (rows, shown, arguments), wrong)
        parts["loss"] = sum((getattr(weights, k) * v for k, v in parts.items()), torch.zeros(()))
        return parts

    def _false_cues(self, logits: Tensor, flat: Tensor, count: int) -> tuple[Tensor, Tensor]:
        """(windows, spans) of the tokens that look most like cues, but are none."""
        score = logits[..., 0:3].float().softmax(-1)[..., 1]
        score = score.masked_fill(flat[..., 0] != 0, 0.0)
        top = score.topk(min(count, score.shape[1]), dim=1)
        row, column = (top.values > 0.1).nonzero(as_tuple=True)
        start = top.indices[row, column]
        return row, torch.stack([start, start + 1], dim=1)

    def _head_losses(
        self,
        features: Tensor,
        mask: Tensor,
        true: tuple[Tensor, Tensor, Tensor],
        wrong: tuple[Tensor, Tensor],
    ) -> dict[str, Tensor]:
        rows, shown, arguments = true
        all_rows, all_shown = torch.cat([rows, wrong[0]]), torch.cat([shown, wrong[1]])
        if not len(all_rows):
            return {"arguments": features.sum() * 0.0, "valid": features.sum() * 0.0}
        index, inside = self._reach(all_shown[:, 0], mask, all_rows)
        crop = features[all_rows.unsqueeze(1), index]
        cue_mask = ((index >= all_shown[:, :1]) & (index < all_shown[:, 1:]) & inside).to(
            crop.dtype
        )
        output = self.head(crop, cue_mask, inside)
        labels = arguments.gather(1, index[: len(rows)])
        labels = labels.masked_fill(~inside[: len(rows)], IGNORE)
        truth = (torch.arange(len(all_rows), device=mask.device) < len(rows)).float()
        tags = output[: len(rows), :, :-1].flatten(0, 1).float()
        loss = F.cross_entropy(tags, labels.flatten(), ignore_index=IGNORE)
        valid = F.binary_cross_entropy_with_logits(output[:, 0, -1].float(), truth)
        return {"arguments": loss if len(rows) else features.sum() * 0.0, "valid": valid}

    def _reach(self, start: Tensor, mask: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
        """(cues, reach) window positions around each cue, clamped, and which are tokens."""
        reach = torch.arange(-self.config.reach_left, self.config.reach_right, device=start.device)
        index = start.unsqueeze(1) + reach
        last = mask.sum(dim=1)[rows].unsqueeze(1) - 1  # [SEP] is there
        inside = (index >= 1) & (index < last)
        return index.clamp(0, mask.shape[1] - 1), inside


def build_network(base: Path) -> TaggerForTraining:
    """The base encoder with new heads; token embeddings are frozen.

    Args:
        base: folder with a BERT checkpoint. Its token types are replaced by layout codes
            that all start as its type 0, so that training starts from the base's function.
    """
    settings = AutoConfig.from_pretrained(base).to_dict()
    settings.pop("model_type", None)
    settings |= {"type_vocab_size": LAYOUTS, "attention_probs_dropout_prob": 0.0}
    config = TaggerConfig(**settings, attn_implementation="eager")
    network = TaggerForTraining(config)
    weights = load_file(base / "model.safetensors")
    types = "embeddings.token_type_embeddings.weight"
    weights[types] = weights[types][:1].repeat(LAYOUTS, 1)
    # The published file is in single precision; embeddings are shipped in half precision.
    words = "embeddings.word_embeddings.weight"
    weights[words] = weights[words].half().float()
    problems = network.encoder.bert.load_state_dict(weights, strict=False)
    missing = [name for name in problems.missing_keys if "position_ids" not in name]
    if missing:
        raise ValueError(f"{base}: the base weights lack {missing}")
    network.encoder.bert.embeddings.word_embeddings.weight.requires_grad_(False)
    return network
