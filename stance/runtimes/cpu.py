"""The CPU runtimes: OpenVINO for BERT checkpoints, torch for every other architecture."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.artifact import Artifact
from stance.batching import plan_batches
from stance.encoding import EncodedBatch, EncodedStatement, collate
from stance.errors import ArtifactError
from stance.runtimes import Runtime
from stance.runtimes.graph import Blocks, sequence_classifier
from stance.runtimes.network import Network
from stance.runtimes.weights import read_weights

__all__ = ["OpenVinoRuntime", "open_cpu"]

_BATCH_TOKENS = 1_024
_PADDING = 0  # any id does: masked tokens have no weight in any sum


def open_cpu(artifact: Artifact, *, fast: bool) -> Runtime:
    """The exact or the fast CPU runtime of an artifact.

    Raises:
        ArtifactError: the weights cannot be loaded, or there is no fast runtime for them.
    """
    config = json.loads((artifact.path / "config.json").read_text(encoding="utf-8"))
    if not _is_built_here(config):
        from stance.runtimes.torch import TorchRuntime

        return TorchRuntime(artifact, "cpu")
    weights = read_weights(artifact.path)
    exact = OpenVinoRuntime(Blocks(weights), config)
    return exact


def _is_built_here(config: dict[str, Any]) -> bool:
    """Whether `stance.runtimes.graph` builds what this config describes."""
    return (
        config.get("architectures") == ["BertForSequenceClassification"]
        and config.get("hidden_act") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and config.get("dtype", config.get("torch_dtype")) != "bfloat16"  # numpy has none
    )


class OpenVinoRuntime:
    """Runs a BERT classifier, in single precision or with int8 layers."""

    def __init__(self, blocks: Blocks, config: dict[str, Any]) -> None:
        try:
            graph = sequence_classifier(blocks, config)
        except KeyError as error:
            raise ArtifactError(f"the checkpoint has no {error}; save it again") from error
        self._network = Network(graph)
        self._labels = len(config["id2label"])

    def run(self, rows: Sequence[EncodedStatement]) -> NDArray[np.float32]:
        """Logits of statements in their order: float32 (rows, labels of the checkpoint)."""
        logits = np.empty((len(rows), self._labels), dtype=np.float32)
        plan = plan_batches([len(row.input_ids) for row in rows], _BATCH_TOKENS)
        outputs = self._network.run(plan, lambda batch: _arrays(collate([rows[i] for i in batch], _PADDING)))
        for batch, output in zip(plan, outputs, strict=True):
            logits[batch] = output
        return logits


def _arrays(batch: EncodedBatch) -> tuple[NDArray[np.int64], ...]:
    return batch.input_ids, batch.attention_mask, batch.token_type_ids
