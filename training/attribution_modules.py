"""The tagger's network in torch, for training; `stance.runtimes.tagger_graph` runs the same.

A statement is found as semantic role labelling finds the arguments of a predicate (Shi
and Lin 2019, "Simple BERT models for relation extraction and semantic role labeling").
The encoder reads a window once and marks cues; for each cue a small head reads the
tokens around it again, knowing the cue, and marks that cue's content and source. So
linking is not a step of its own, and nested or discontinuous contents need no trick:
in PolNeAR each attribution has a cue of its own.
"""

from typing import Any

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel, MPNetModel

from stance.attribution.decoding import ARGUMENT_TAGS, FLAT_TAGS

__all__ = ["ArgumentHead", "MPNetWindowEncoder", "TaggerConfig", "WindowEncoder"]


class TaggerConfig(BertConfig):  # type: ignore[no-untyped-call]
    """`BertConfig` with the sizes of the argument head.

    Attributes:
        feature_size: width of what the encoder hands to the argument head.
        reach_left, reach_right: tokens before and from the cue's first token that the head reads.
    """

    model_type = "bert"

    def __init__(
        self,
        feature_size: int = 192,
        argument_layers: int = 2,
        argument_heads: int = 4,
        reach_left: int = 64,
        reach_right: int = 96,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.feature_size = feature_size
        self.argument_layers = argument_layers
        self.argument_heads = argument_heads
        self.reach_left = reach_left
        self.reach_right = reach_right


class _Encoder(nn.Module):
    """What any body's hidden states go through."""

    def _add_heads(self, config: TaggerConfig) -> None:
        """After the body: what a seed gives depends on the order."""
        self.dropout = nn.Dropout(config.hidden_dropout_prob)
        self.flat = nn.Linear(config.hidden_size, FLAT_TAGS)
        self.project = nn.Linear(config.hidden_size, config.feature_size)

    def _outputs(self, hidden: Tensor) -> Tensor:
        hidden = self.dropout(hidden)
        return torch.cat([self.flat(hidden), self.project(hidden)], dim=-1)


class WindowEncoder(_Encoder):
    """Windows -> flat tag logits and features for the argument head."""

    def __init__(self, config: TaggerConfig) -> None:
        super().__init__()
        self.bert = BertModel(config, add_pooling_layer=False)
        self._add_heads(config)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """(windows, tokens) x 3 -> (windows, tokens, FLAT_TAGS + feature_size)."""
        hidden = self.bert(input_ids, attention_mask, token_type_ids).last_hidden_state
        return self._outputs(hidden)

    @property
    def body(self) -> BertModel:
        """What begins as the base model."""
        return self.bert


class MPNetWindowEncoder(_Encoder):
    """A teacher's `WindowEncoder`, on MPNet (Song et al. 2020); takes the same ids.

    Args:
        config: with MPNet's own settings beside the tagger's.
        own_ids: (vocabulary,) MPNet's id for each id that it is given.
    """

    own_ids: Tensor

    def __init__(self, config: TaggerConfig, own_ids: Tensor) -> None:
        super().__init__()
        self.mpnet = MPNetModel(config, add_pooling_layer=False)  # type: ignore[arg-type]
        self.layout = nn.Embedding(config.type_vocab_size, config.hidden_size)
        nn.init.zeros_(self.layout.weight)
        self._add_heads(config)
        self.register_buffer("own_ids", own_ids)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """(windows, tokens) x 3 -> (windows, tokens, FLAT_TAGS + feature_size)."""
        words = self.mpnet.embeddings.word_embeddings(self.own_ids[input_ids])
        embedded = words + self.layout(token_type_ids)
        hidden = self.mpnet(inputs_embeds=embedded, attention_mask=attention_mask).last_hidden_state
        return self._outputs(hidden)

    @property
    def body(self) -> MPNetModel:
        """What begins as the base model."""
        return self.mpnet


class ArgumentHead(nn.Module):
    """The tokens around one cue -> the cue's content and source, and whether it is a cue."""

    def __init__(self, config: TaggerConfig) -> None:
        super().__init__()
        size, reach = config.feature_size, config.reach_left + config.reach_right
        self.place = nn.Parameter(torch.randn(reach, size) * 0.02)
        self.mark = nn.Parameter(torch.randn(size) * 0.02)
        self.cue = nn.Linear(size, size)
        layer = nn.TransformerEncoderLayer(
            size,
            config.argument_heads,
            2 * size,
            dropout=0.0,
            activation="gelu",
            batch_first=True,
            norm_first=True,
        )
        self.layers = nn.TransformerEncoder(
            layer, config.argument_layers, norm=nn.LayerNorm(size), enable_nested_tensor=False
        )
        self.dropout = nn.Dropout(config.hidden_dropout_prob)
        self.tags = nn.Linear(size, len(ARGUMENT_TAGS))
        self.valid = nn.Linear(size, 1)

    def forward(self, features: Tensor, cue_mask: Tensor, attention_mask: Tensor) -> Tensor:
        """Logits of each token's argument tag, and of the cue's validity.

        Args:
            features: (cues, reach, feature_size), the cue's first token at `reach_left`.
            cue_mask: (cues, reach) float, 1 on the cue's tokens.
            attention_mask: (cues, reach) bool, False outside of the article.

        Returns:
            (cues, reach, len(ARGUMENT_TAGS) + 1); the last channel is the validity logit,
            the same at every token of a cue's row.
        """
        weight = cue_mask.unsqueeze(-1)
        total = weight.sum(dim=1).clamp(min=1.0)
        cue = self.cue((features * weight).sum(dim=1) / total)
        mixed = features + cue.unsqueeze(1) + self.place + weight * self.mark
        mixed = self.layers(self.dropout(mixed), src_key_padding_mask=~attention_mask)
        pooled = (mixed * weight).sum(dim=1) / total
        valid = self.valid(pooled).unsqueeze(1).expand(-1, mixed.shape[1], -1)
        return torch.cat([self.tags(mixed), valid], dim=-1)
