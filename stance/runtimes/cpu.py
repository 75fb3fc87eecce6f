"""The CPU runtimes: OpenVINO for BERT checkpoints, torch for every other architecture."""

from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.artifact import Artifact
from stance.batching import plan_batches
from stance.encoding import EncodedStatement, collate
from stance.errors import ArtifactError
from stance.manifest import read_json
from stance.runtimes import Runtime
from stance.runtimes.cascade import CascadeRuntime
from stance.runtimes.graph import Blocks, sequence_classifier
from stance.runtimes.int8 import Int8Settings
from stance.runtimes.network import Network, multiplies_bf16
from stance.runtimes.weights import read_weights

__all__ = ["OpenVinoRuntime", "is_built_here", "open_cpu"]

_BATCH_TOKENS = 512
_PADDING = 0  # any id does: masked tokens have no weight in any sum


class OpenVinoRuntime:
    """Runs a BERT classifier: in single precision, in bfloat16, or with int8 layers."""

    def __init__(
        self, blocks: Blocks, config: dict[str, Any], *, bf16: bool = False, bulk: bool = False
    ) -> None:
        try:
            graph = sequence_classifier(blocks, config)
        except KeyError as error:
            raise ArtifactError(f"the checkpoint has no {error}; save it again") from error
        self._graph, self._bulk = graph, bulk
        self._network = Network(graph, bf16=bf16, bulk=bulk)
        self._labels = len(config["id2label"])

    def in_bf16(self) -> "OpenVinoRuntime":
        """The same network in bfloat16. The two share their weights in memory."""
        other = copy(self)
        other._network = Network(self._graph, bf16=True, bulk=self._bulk)
        return other

    def run(self, rows: Sequence[EncodedStatement]) -> NDArray[np.float32]:
        """Logits of statements in their order: float32 (rows, labels of the checkpoint)."""

        def arrays(batch: list[int]) -> tuple[NDArray[np.int64], ...]:
            padded = collate([rows[i] for i in batch], _PADDING)
            return padded.input_ids, padded.attention_mask, padded.token_type_ids

        logits = np.empty((len(rows), self._labels), dtype=np.float32)
        plan = plan_batches([len(row.input_ids) for row in rows], _BATCH_TOKENS)
        for batch, output in zip(plan, self._network.run(plan, arrays), strict=True):
            logits[batch] = output
        return logits


def open_cpu(artifact: Artifact, *, fast: bool, bulk: bool = False) -> Runtime:
    """The exact or the fast CPU runtime of an artifact; `bulk` as for `Network`.

    Raises:
        ArtifactError: the weights cannot be loaded, or there is no fast runtime for them.
    """
    config = read_json(artifact.path / "config.json")
    if fast:
        settings = Int8Settings.load(artifact.path)
    if not is_built_here(config):
        from stance.runtimes.torch import TorchRuntime

        return TorchRuntime(artifact, "cpu")
    weights = read_weights(artifact.path)
    exact = OpenVinoRuntime(Blocks(weights), config, bulk=bulk)
    if not fast:
        return exact
    int8 = OpenVinoRuntime(Blocks(weights, settings.inputs), config, bulk=bulk)
    stages = [(int8, settings.margin)]
    if settings.margin_bf16 is not None and multiplies_bf16():
        stages.append((exact.in_bf16(), settings.margin_bf16))
    return CascadeRuntime(stages, exact)


def is_built_here(config: dict[str, Any]) -> bool:
    """Whether `stance.runtimes.graph` builds what this config describes."""
    return (
        config.get("architectures") == ["BertForSequenceClassification"]
        and config.get("hidden_act") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and config.get("dtype", config.get("torch_dtype")) != "bfloat16"  # numpy has none
    )
