"""The attribution tagger's two graphs, as `training.attribution_modules` trains them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.runtimes.graph import MASKED, Blocks, Node, bert_encoder, inputs_of
from stance.runtimes.offline_openvino import op, ov

__all__ = ["argument_head", "window_encoder"]

_EPSILON = 1e-5  # of torch's LayerNorm


def window_encoder(weights: Mapping[str, NDArray[Any]], config: Mapping[str, Any]) -> ov.Model:
    """The graph of `WindowEncoder`.

    Args:
        weights: the tagger's, with names that begin with "encoder." and "head.".
        config: its config.json.

    Returns:
        Inputs as from `inputs_of`; output float32 (windows, tokens, FLAT_TAGS + feature_size).
    """
    blocks, inputs = Blocks(weights), inputs_of()
    hidden = bert_encoder(blocks, config, inputs, prefix="encoder.bert.", first=False)
    parts = [blocks.linear(hidden, f"encoder.{name}") for name in ("flat", "project")]
    return ov.Model([op.result(op.concat(parts, -1))], list(inputs))


def argument_head(weights: Mapping[str, NDArray[Any]], config: Mapping[str, Any]) -> ov.Model:
    """The graph of `ArgumentHead`.

    Returns:
        Inputs `features` float32 (cues, reach, feature_size), `cue_mask` float32 (cues, reach),
        `attention_mask` float32 (cues, reach), 0 outside of the article; output float32
        (cues, reach, len(ARGUMENT_TAGS) + 1).
    """
    blocks = Blocks({**weights, **_split_projections(weights)})
    features = op.parameter([-1, -1, int(config["feature_size"])], np.float32, "features")
    cue_mask = op.parameter([-1, -1], np.float32, "cue_mask")
    inside = op.parameter([-1, -1], np.float32, "attention_mask")
    weight = op.unsqueeze(cue_mask, np.array([2]))
    cue = blocks.linear(_mean(features, weight), "head.cue")
    marked = op.multiply(weight, blocks.constant("head.mark"))
    x = op.add(op.add(op.add(features, cue), blocks.constant("head.place")), marked)
    bias = op.multiply(op.subtract(np.float32(1), inside), MASKED)
    bias = op.unsqueeze(bias, np.array([1, 2]))
    for i in range(int(config["argument_layers"])):
        x = _layer(blocks, x, bias, int(config["argument_heads"]), f"head.layers.layers.{i}.")
    x = blocks.norm(x, "head.layers.norm", _EPSILON)
    tags = blocks.linear(x, "head.tags")
    valid = blocks.linear(_mean(x, weight), "head.valid")
    channel = op.slice(tags, np.array([0]), np.array([1]), np.array([1]), np.array([2]))
    everywhere = op.broadcast(valid, op.shape_of(channel), broadcast_spec="BIDIRECTIONAL")
    output = op.concat([tags, everywhere], -1)
    return ov.Model([op.result(output)], [features, cue_mask, inside])


def _mean(x: Node, weight: Node) -> Node:
    """Mean over the cue's tokens: (cues, reach, size) -> (cues, 1, size)."""
    axis = np.array([1])
    total = op.maximum(op.reduce_sum(weight, axis, True), np.float32(1))
    return op.divide(op.reduce_sum(op.multiply(x, weight), axis, True), total)


def _layer(blocks: Blocks, x: Node, bias: Node, heads: int, prefix: str) -> Node:
    """One layer of torch's `TransformerEncoder` with `norm_first`."""
    seen = blocks.norm(x, f"{prefix}norm1", _EPSILON)
    q, k, v = (blocks.linear(seen, f"{prefix}self_attn.{part}") for part in "qkv")
    mixed = blocks.attention(q, k, v, bias, heads)
    x = op.add(x, blocks.linear(mixed, f"{prefix}self_attn.out_proj"))
    seen = blocks.norm(x, f"{prefix}norm2", _EPSILON)
    inner = op.gelu(blocks.linear(seen, f"{prefix}linear1"), "erf")
    return op.add(x, blocks.linear(inner, f"{prefix}linear2"))


def _split_projections(weights: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """torch keeps query, key and value of a layer in one matrix; here each has a name."""
    split: dict[str, NDArray[Any]] = {}
    for name, array in weights.items():
        head, found, kind = name.partition("in_proj_")
        if found:
            for part, piece in zip("qkv", np.split(array, 3), strict=True):
                split[f"{head}{part}.{kind}"] = np.ascontiguousarray(piece)
    return split
