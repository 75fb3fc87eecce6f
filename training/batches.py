"""Training examples -> padded tensors, in batches of like length."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from numpy.typing import NDArray
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from stance.encoding import EncodedStatement, Encoder, collate
from stance.errors import ConfigError
from stance.labels import LABELS
from training.data import Example, example_key

__all__ = ["NO_LABEL", "Batch", "TrainingSet", "length_buckets"]

NO_LABEL = -100
"""Label of an unlabelled example: what torch's cross-entropy ignores."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of one step; ids of shape (batch, tokens), labels (batch,), soft (batch, 3)."""

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    labels: Tensor
    soft: Tensor

    def to(self, device: torch.device) -> "Batch":
        return Batch(*(getattr(self, f.name).to(device) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Encoded examples.

    Attributes:
        rows: a `datasets.Dataset` with columns input_ids, token_type_ids, label and soft.
        pad_id: what `collate` pads with.
    """

    rows: Dataset
    pad_id: int

    @classmethod
    def build(
        cls,
        examples: Sequence[Example],
        tokenizer: PreTrainedTokenizerBase,
        max_length: int,
        soft: Mapping[str, NDArray[np.float32]] | None,
    ) -> "TrainingSet":
        """Encode examples and join the teacher's logits to them.

        Raises:
            ConfigError: the soft labels do not cover the examples.
        """
        logits = np.full((len(examples), len(LABELS)), np.nan, dtype=np.float32)
        if soft is not None:
            keys = [example_key(e.judged) for e in examples]
            missing = sum(key not in soft for key in keys)
            if missing:
                raise ConfigError(
                    f"{missing} of {len(keys)} examples have no soft label; "
                    "run `make distill` again: corpus or seed changed since"
                )
            logits = np.stack([soft[key] for key in keys])
        encoder = Encoder(tokenizer.backend_tokenizer, max_length)
        encoded = encoder.encode([e.statement for e in examples])
        columns = {
            "input_ids": [row.input_ids for row in encoded],
            "token_type_ids": [row.token_type_ids for row in encoded],
            "label": [e.label.column if e.label else NO_LABEL for e in examples],
            "soft": logits.tolist(),
        }
        return cls(Dataset.from_dict(columns), encoder.pad_id)

    @property
    def lengths(self) -> list[int]:
        return [len(ids) for ids in self.rows["input_ids"]]

    def collate(self, rows: Sequence[Mapping[str, Any]]) -> Batch:
        encoded = collate(
            [EncodedStatement(r["input_ids"], r["token_type_ids"], False) for r in rows],
            self.pad_id,
        )
        arrays = (
            encoded.input_ids,
            encoded.attention_mask,
            encoded.token_type_ids,
            np.array([r["label"] for r in rows], dtype=np.int64),
            np.array([r["soft"] for r in rows], dtype=np.float32),
        )
        return Batch(*(torch.from_numpy(a) for a in arrays))


def length_buckets(lengths: Sequence[int], size: int, seed: int) -> list[list[int]]:
    """Shuffled batches whose rows have like lengths: sorted inside pools of 32 batches."""
    rng = random.Random(seed)
    order = list(range(len(lengths)))
    rng.shuffle(order)
    batches = []
    for start in range(0, len(order), 32 * size):
        pool = sorted(order[start : start + 32 * size], key=lambda i: lengths[i])
        batches += [pool[i : i + size] for i in range(0, len(pool), size)]
    rng.shuffle(batches)
    return batches
