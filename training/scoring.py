"""Labelled statements -> logits and macro-F1, for a network still in training."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, f1_score, log_loss
from torch import Tensor
from transformers import AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from stance.batching import plan_batches
from stance.decision import probabilities
from stance.encoding import Encoder, collate, reads_token_types
from stance.errors import ConfigError
from stance.evaluation.labelled import Labelled
from stance.labels import LABELS
from stance.records import Statement
from training.config import TrainConfig
from training.device import training_device
from training.network import load_network

__all__ = [
    "checkpoint_logits",
    "forward",
    "input_batches",
    "load_for_prediction",
    "predict_logits",
    "score",
]


def predict_logits(
    network: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    statements: Sequence[Statement],
    max_length: int,
    *,
    bf16: bool = False,
) -> NDArray[np.float32]:
    """Logits of statements in their order: float32 of shape (len(statements), 3)."""
    logits = np.empty((len(statements), len(LABELS)), dtype=np.float32)
    for indices, output, _ in forward(network, tokenizer, statements, max_length, bf16=bf16):
        logits[indices] = output.logits.float().cpu().numpy()
    return logits


@torch.inference_mode()
def forward(
    network: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    statements: Sequence[Statement],
    max_length: int,
    *,
    bf16: bool = False,
    hidden: bool = False,
) -> Iterator[tuple[list[int], Any, dict[str, Tensor]]]:
    """Batches of like length: which statements, what the network gives for them, and its inputs.

    Args:
        hidden: have it give its hidden states, too.
    """
    network.train(mode=False)
    for indices, inputs in input_batches(network, tokenizer, statements, max_length):
        with torch.autocast(network.device.type, torch.bfloat16, enabled=bf16):
            output = network(**inputs, output_hidden_states=hidden)
        yield indices, output, inputs


def input_batches(
    network: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    statements: Sequence[Statement],
    max_length: int,
    batch_tokens: int = 4_096,
) -> Iterator[tuple[list[int], dict[str, Tensor]]]:
    """Batches of like length: which statements, and what the network takes of them."""
    encoder = Encoder(tokenizer.backend_tokenizer, max_length)
    rows = encoder.encode(statements)
    uses_types = reads_token_types(network.config)
    for indices in plan_batches([len(row.input_ids) for row in rows], batch_tokens):
        batch = collate([rows[i] for i in indices], encoder.pad_id)
        inputs = {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask}
        if uses_types:
            inputs["token_type_ids"] = batch.token_type_ids
        yield indices, {k: torch.from_numpy(v).to(network.device) for k, v in inputs.items()}


def checkpoint_logits(
    checkpoint: Path, statements: Sequence[Statement], max_length: int, *, bf16: bool = False
) -> NDArray[np.float32]:
    """`predict_logits` of a checkpoint folder."""
    network, tokenizer = load_for_prediction(checkpoint)
    return predict_logits(network, tokenizer, statements, max_length, bf16=bf16)


def load_for_prediction(checkpoint: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """A checkpoint's network, in single precision and on the GPU if there is one, and tokenizer.

    Args:
        checkpoint: a folder; also one of an adapter, such as `stance/models/accurate`.

    Raises:
        ArtifactError: the base of an adapter is not in reach.
        ConfigError: its labels are not ours, in our order.
    """
    network: Any = load_network(checkpoint)  # transformers types its config too narrowly
    if [network.config.id2label.get(i) for i in range(len(LABELS))] != list(LABELS):
        raise ConfigError(f"{checkpoint}: its labels are not {list(LABELS)}")
    network.to(training_device())
    return network, AutoTokenizer.from_pretrained(checkpoint)


def score(
    network: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    items: Sequence[Labelled],
    config: TrainConfig,
) -> dict[str, float]:
    """Accuracy, macro-F1 and log loss on labelled statements."""
    statements = [item.statement for item in items]
    if not config.data.use_context:
        statements = [replace(s, context=None, target=None) for s in statements]
    logits = predict_logits(network, tokenizer, statements, config.max_length)
    gold = [item.label.column for item in items]
    predicted = logits.argmax(axis=-1)
    return {
        "accuracy": float(accuracy_score(gold, predicted)),
        "macro_f1": float(f1_score(gold, predicted, average="macro", labels=range(3))),
        "log_loss": float(log_loss(gold, probabilities(logits), labels=range(3))),
    }
