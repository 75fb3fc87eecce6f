"""The tagger with its losses, and its weights before training."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoConfig

from stance.attribution.decoding import FLAT_TAGS
from stance.attribution.encoding import LAYOUTS
from stance.attribution.tagger import SHIPPED_TAGGER
from stance.encoding import open_tokenizer
from stance.runtimes.weights import read_weights
from training.attribution_config import LossConfig
from training.attribution_labels import IGNORE
from training.attribution_losses import ARGUMENT_LOSSES, argument_losses, flat_losses
from training.attribution_modules import (
    ArgumentHead,
    MPNetWindowEncoder,
    TaggerConfig,
    WindowEncoder,
)
from training.attribution_windows import Batch

__all__ = ["TaggerForTraining", "build_network", "tokenizer_of"]

_MPNET_NAMES = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>", "[MASK]": "<mask>"}
_TYPES = "embeddings.token_type_embeddings.weight"
_WORDS = "embeddings.word_embeddings.weight"


class TaggerForTraining(nn.Module):
    """Encoder and argument head, joined by the cues of a batch.

    Token embeddings are not trained.

    Args:
        frozen: so many of the encoder's layers, the lowest, are not trained either.
    """

    def __init__(
        self, config: TaggerConfig, encoder: WindowEncoder | MPNetWindowEncoder, frozen: int = 0
    ) -> None:
        super().__init__()
        self.config, self.encoder, self.head = config, encoder, ArgumentHead(config)
        encoder.body.embeddings.word_embeddings.requires_grad_(False)
        self._frozen = list(encoder.body.encoder.layer[:frozen])
        for layer in self._frozen:
            layer.requires_grad_(False)

    def train(self, mode: bool = True) -> "TaggerForTraining":
        """Training mode, without dropout in layers that do not learn."""
        super().train(mode)
        for layer in self._frozen:
            layer.eval()
        return self

    def losses(
        self, batch: Batch, weights: LossConfig, false_cues: int, device: torch.device
    ) -> dict[str, Tensor]:
        """The parts of the loss and their weighted sum, `loss`.

        With a teacher's labels in the batch each part is twice there, the second time as
        `soft_…`, and the sum has `weights.soft` of the latter.
        """
        on = {
            field.name: torch.from_numpy(getattr(batch, field.name)).to(device)
            for field in fields(batch)
        }
        output = self.encoder(on["input_ids"], on["attention_mask"], on["token_type_ids"])
        logits, features = output.split([FLAT_TAGS, self.config.feature_size], dim=-1)
        parts = flat_losses(logits, on["flat"], on["soft_flat"])
        wrong = self._false_cues(logits.detach(), on["flat"], false_cues)
        parts |= self._head_losses(features, on, wrong)
        share = weights.soft if len(batch.soft_flat) else 0.0
        total = torch.zeros((), device=device)
        for name in ("cue", "flat", "arguments", "valid"):
            part = (1 - share) * parts[name]
            if share:
                part = part + share * parts[f"soft_{name}"]
            total = total + getattr(weights, name) * part
        return parts | {"loss": total}

    def _false_cues(self, logits: Tensor, flat: Tensor, count: int) -> tuple[Tensor, Tensor]:
        """(windows, spans) of the tokens that look most like cues, but are none."""
        score = logits[..., 0:3].float().softmax(-1)[..., 1]
        score = score.masked_fill(flat[..., 0] != 0, 0.0)
        top = score.topk(min(count, score.shape[1]), dim=1)
        row, column = (top.values > 0.1).nonzero(as_tuple=True)
        start = top.indices[row, column]
        return row, torch.stack([start, start + 1], dim=1)

    def _head_losses(
        self, features: Tensor, on: dict[str, Tensor], wrong: tuple[Tensor, Tensor]
    ) -> dict[str, Tensor]:
        count = len(on["rows"])
        rows, shown = torch.cat([on["rows"], wrong[0]]), torch.cat([on["shown"], wrong[1]])
        if not len(rows):
            return dict.fromkeys(ARGUMENT_LOSSES, features.sum() * 0.0)
        index, inside = self._reach(shown[:, 0], on["attention_mask"], rows)
        crop = features[rows.unsqueeze(1), index]
        cue_mask = ((index >= shown[:, :1]) & (index < shown[:, 1:]) & inside).to(crop.dtype)
        output = self.head(crop, cue_mask, inside).float()
        labels = on["arguments"].gather(1, index[:count]).masked_fill(~inside[:count], IGNORE)
        truth = torch.cat([on["true"], torch.zeros(len(wrong[0]), device=rows.device)])
        soft = on["soft_arguments"]  # of the batch's cues, or of none
        place = index[: len(soft), :, None].expand(-1, -1, soft.shape[-1])
        soft = soft.gather(1, place).masked_fill(~inside[: len(soft), :, None], torch.nan)
        return argument_losses(output, labels, truth, soft)

    def _reach(self, start: Tensor, mask: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
        """(cues, reach) window positions around each cue, clamped, and which are tokens."""
        reach = torch.arange(-self.config.reach_left, self.config.reach_right, device=start.device)
        index = start.unsqueeze(1) + reach
        last = mask.sum(dim=1)[rows].unsqueeze(1) - 1  # [SEP] is there
        inside = (index >= 1) & (index < last)
        return index.clamp(0, mask.shape[1] - 1), inside


def build_network(base: Path, layers: int | None = None, frozen: int = 0) -> TaggerForTraining:
    """What a training begins from: the base encoder with new heads, or a tagger as it is.

    Args:
        base: folder with a BERT or an MPNet checkpoint, or with an exported tagger. A BERT's
            token types are replaced by layout codes that all start as its type 0, so that
            training starts from the base's function; those of an MPNet, which has none, start
            as nothing.
        layers: so many of the base's lower layers are kept; None for all.
        frozen: see `TaggerForTraining`.

    Raises:
        ValueError: the base weights lack some.
    """
    settings = AutoConfig.from_pretrained(base).to_dict()
    kind = settings.pop("model_type")
    if "feature_size" in settings:
        return _going_on(base, settings, frozen)
    settings |= {
        "num_hidden_layers": layers or settings["num_hidden_layers"],
        "type_vocab_size": LAYOUTS,
        "attention_probs_dropout_prob": 0.0,
    }
    config = TaggerConfig(**settings, attn_implementation="eager")
    encoder: WindowEncoder | MPNetWindowEncoder = (
        MPNetWindowEncoder(config, _own_ids(base)) if kind == "mpnet" else WindowEncoder(config)
    )
    weights = load_file(base / "model.safetensors")
    if kind == "bert":
        weights[_TYPES] = weights[_TYPES][:1].repeat(LAYOUTS, 1)
    # The published file is in single precision; embeddings are shipped in half precision.
    weights[_WORDS] = weights[_WORDS].half().float()
    problems = encoder.body.load_state_dict(weights, strict=False)
    missing = [name for name in problems.missing_keys if "position_ids" not in name]
    if missing:
        raise ValueError(f"{base}: the base weights lack {missing}")
    return TaggerForTraining(config, encoder, frozen)


def _going_on(base: Path, settings: dict[str, Any], frozen: int) -> TaggerForTraining:
    config = TaggerConfig(**settings, attn_implementation="eager")
    network = TaggerForTraining(config, WindowEncoder(config), frozen)
    weights = {name: torch.tensor(w).float() for name, w in read_weights(base).items()}
    head = {name: weights.pop(name) for name in list(weights) if name.startswith("head.")}
    network.encoder.load_state_dict(weights)
    network.head.load_state_dict({name.removeprefix("head."): w for name, w in head.items()})
    return network


def tokenizer_of(base: Path) -> Tokenizer:
    """What cuts the articles: the base's own tokenizer, or for an MPNet the shipped tagger's.

    Both know the same word pieces, but MPNet's have other ids (`MPNetWindowEncoder`); so a
    teacher and its student read the same tokens.
    """
    own = open_tokenizer(base / "tokenizer.json")
    if own.token_to_id("<s>") is not None:
        return open_tokenizer(SHIPPED_TAGGER / "tokenizer.json")
    return own


def _own_ids(base: Path) -> Tensor:
    """(vocabulary,) the base's id of each word piece of `tokenizer_of`."""
    own = open_tokenizer(base / "tokenizer.json")
    read = tokenizer_of(base).get_vocab()
    pieces = sorted(read, key=lambda piece: read[piece])
    return torch.tensor([own.token_to_id(_MPNET_NAMES.get(piece, piece)) for piece in pieces])
