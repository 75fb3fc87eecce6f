"""A checkpoint's weights -> an OpenVINO graph, built at load.

So there is no second copy of the weights, no export step, and a fine-tuned checkpoint of the
same architecture runs as it is. Only BERT is built here: it is what the shipped models are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.runtimes.offline_openvino import op, ov

__all__ = [
    "MASKED",
    "Blocks",
    "Int8Input",
    "Node",
    "bert_encoder",
    "inputs_of",
    "sequence_classifier",
]

Node = Any
"""An OpenVINO node or output; its Python package has no type information."""
MASKED = np.float32(-1e9)


@dataclass(frozen=True, slots=True)
class Int8Input:
    """How the input of a linear layer becomes int8.

    Attributes:
        smooth: float32 (in,); the input is divided by it and the weights are multiplied, so
            that channels with outliers do not spoil the others (Xiao et al. 2023,
            "SmoothQuant").
        low, high: the range, after smoothing, that the 256 values cover.
    """

    smooth: NDArray[np.float32]
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Blocks:
    """The layers of a transformer, by the names of their weights.

    Attributes:
        weights: name -> float16 or float32 array.
        int8: name of a linear layer -> how its input becomes int8. Its weights become int8,
            too, with one scale for each output channel; all other layers stay as they are.
    """

    weights: Mapping[str, NDArray[Any]]
    int8: Mapping[str, Int8Input] = field(default_factory=dict)

    def constant(self, name: str) -> Node:
        array = self.weights[name]
        # Half precision stays so: OpenVINO looks embeddings up in it, and widens what it finds.
        node = op.constant(array, shared_memory=True)
        return node if array.dtype == np.float32 else op.convert(node, "f32")

    def linear(self, x: Node, name: str) -> Node:
        """x of shape (..., in) -> (..., out)."""
        return self.project(self.narrow(x, name), name)

    def narrow(self, x: Node, name: str) -> Node:
        """What layer `name` reads in place of x: the first half of `linear`."""
        if name not in self.int8:
            return x
        how = self.int8[name]
        low, high = np.float32(how.low), np.float32(how.high)
        return op.fake_quantize(op.multiply(x, 1 / how.smooth), low, high, low, high, 256)

    def project(self, x: Node, name: str) -> Node:
        """Weights and bias of a layer: the second half of `linear`."""
        matrix = self._int8_weight(name) if name in self.int8 else self._matrix(name)
        return op.add(op.matmul(x, matrix, False, True), self.constant(f"{name}.bias"))

    def _matrix(self, name: str) -> Node:
        # Widened here, since OpenVINO computes with our array, but would widen a half one for
        # itself twice: 60 MB in six layers of 384. No value changes.
        return op.constant(self.weights[f"{name}.weight"].astype(np.float32), shared_memory=True)

    def _int8_weight(self, name: str) -> Node:
        """Symmetric around 0; OpenVINO folds it into an int8 array when it compiles."""
        wide = self.weights[f"{name}.weight"] * self.int8[name].smooth
        limit = np.maximum(np.abs(wide).max(axis=1, keepdims=True), np.float32(1e-8))
        return op.fake_quantize(op.constant(wide), -limit, limit, -limit, limit, 255)

    def norm(self, x: Node, name: str, epsilon: float) -> Node:
        """Layer normalisation over the last axis (Ba et al. 2016)."""
        centred = op.mvn(x, np.array([-1]), True, epsilon, "inside_sqrt")
        scaled = op.multiply(centred, self.constant(f"{name}.weight"))
        return op.add(scaled, self.constant(f"{name}.bias"))

    def attention(self, q: Node, k: Node, v: Node, mask: Node, heads: int) -> Node:
        """Multi-head attention (Vaswani et al. 2017).

        Args:
            q: (batch, queries, width); k and v: (batch, tokens, width), all projected.
            mask: added to the scores, broadcastable to (batch, heads, queries, tokens).

        Returns:
            (batch, queries, width), before the output projection.
        """
        order = np.array([0, 2, 1, 3])
        split = np.array([0, 0, heads, -1])
        q, k, v = (op.transpose(op.reshape(x, split, True), order) for x in (q, k, v))
        mixed = op.scaled_dot_product_attention(q, k, v, mask)
        return op.reshape(op.transpose(mixed, order), np.array([0, 0, -1]), True)


def inputs_of() -> tuple[Node, Node, Node]:
    """`input_ids`, `attention_mask`, `token_type_ids`: int64 (batch, tokens)."""
    names = ("input_ids", "attention_mask", "token_type_ids")
    ids, mask, types = (op.parameter([-1, -1], np.int64, name) for name in names)
    return ids, mask, types


def bert_encoder(
    blocks: Blocks, config: Mapping[str, Any], inputs: Sequence[Node], *, prefix: str, first: bool
) -> Node:
    """A BERT encoder (Devlin et al. 2019).

    Args:
        config: the checkpoint's config.json.
        inputs: as from `inputs_of`.
        prefix: what the names of its weights begin with, "bert." in most checkpoints.
        first: compute the last layer for the first token only. A classifier reads no other,
            and the layer's queries and feed-forward are 5/6 of its work.

    Returns:
        float32 (batch, tokens, hidden), or (batch, 1, hidden) with `first`.
    """
    ids, mask, types = inputs
    x = _embeddings(blocks, config, ids, types, f"{prefix}embeddings.")
    unseen = op.subtract(np.float32(1), op.convert(mask, "f32"))
    bias = op.unsqueeze(op.multiply(unseen, MASKED), np.array([1, 2]))
    layers = int(config["num_hidden_layers"])
    for i in range(layers):
        only_first = first and i == layers - 1
        x = _layer(blocks, config, x, bias, f"{prefix}encoder.layer.{i}.", first=only_first)
    return x


def sequence_classifier(blocks: Blocks, config: Mapping[str, Any]) -> ov.Model:
    """The graph of a `BertForSequenceClassification`: logits float32 (batch, labels)."""
    inputs = inputs_of()
    x = bert_encoder(blocks, config, inputs, prefix="bert.", first=True)
    pooled = op.tanh(blocks.linear(op.squeeze(x, np.array([1])), "bert.pooler.dense"))
    return ov.Model([op.result(blocks.linear(pooled, "classifier"))], list(inputs))


def _embeddings(
    blocks: Blocks, config: Mapping[str, Any], ids: Node, types: Node, prefix: str
) -> Node:
    width = op.gather(op.shape_of(ids), np.int64(1), np.int64(0))
    positions = op.range(np.int64(0), width, np.int64(1), "i64")
    looked_up = [
        op.gather(blocks.constant(f"{prefix}{name}_embeddings.weight"), index, np.int64(0))
        for name, index in (("word", ids), ("token_type", types), ("position", positions))
    ]
    total = op.add(op.add(looked_up[0], looked_up[1]), looked_up[2])
    return blocks.norm(total, f"{prefix}LayerNorm", config["layer_norm_eps"])


def _layer(
    blocks: Blocks, config: Mapping[str, Any], x: Node, bias: Node, prefix: str, *, first: bool
) -> Node:
    epsilon, heads = config["layer_norm_eps"], config["num_attention_heads"]
    rows = x
    if first:
        zero, one = np.array([0]), np.array([1])
        rows = op.slice(x, zero, one, one, one)
    names = [f"{prefix}attention.self.{part}" for part in ("query", "key", "value")]
    seen = blocks.narrow(x, names[0])  # the three read the same
    asking = blocks.narrow(rows, names[0]) if first else seen
    query = blocks.project(asking, names[0])
    key, value = blocks.project(seen, names[1]), blocks.project(seen, names[2])
    mixed = blocks.attention(query, key, value, bias, heads)
    mixed = op.add(blocks.linear(mixed, f"{prefix}attention.output.dense"), rows)
    mixed = blocks.norm(mixed, f"{prefix}attention.output.LayerNorm", epsilon)
    inner = op.gelu(blocks.linear(mixed, f"{prefix}intermediate.dense"), "erf")
    outer = op.add(blocks.linear(inner, f"{prefix}output.dense"), mixed)
    return blocks.norm(outer, f"{prefix}output.LayerNorm", epsilon)
