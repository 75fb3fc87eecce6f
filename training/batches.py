"""Training examples -> padded tensors, in batches of like length."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset
from transformers import PreTrainedTokenizerBase

from stance.encoding import EncodedStatement, Encoder, collate
from stance.errors import ConfigError
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
class TrainingSet(Dataset[int]):
    """Encoded examples. An item is a row number; `collate` makes tensors of row numbers."""

    rows: Sequence[EncodedStatement]
    labels: NDArray[np.int64]
    soft: NDArray[np.float32]
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
        encoder = Encoder(tokenizer.backend_tokenizer, max_length)
        labels = [e.label.column if e.label else NO_LABEL for e in examples]
        logits = np.full((len(examples), 3), np.nan, dtype=np.float32)
        if soft is not None:
            keys = [example_key(e.statement) for e in examples]
            missing = sum(key not in soft for key in keys)
            if missing:
                raise ConfigError(
                    f"{missing} of {len(keys)} examples have no soft label; "
                    "run `make distill` again: corpus or seed changed since"
                )
            logits = np.stack([soft[key] for key in keys])
        rows = encoder.encode([e.statement for e in examples])
        return cls(rows, np.array(labels), logits, encoder.pad_id)

    @property
    def lengths(self) -> list[int]:
        return [len(row.input_ids) for row in self.rows]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> int:
        return index

    def collate(self, indices: Sequence[int]) -> Batch:
        encoded = collate([self.rows[i] for i in indices], self.pad_id)
        chosen = np.asarray(indices)
        arrays = (
            encoded.input_ids,
            encoded.attention_mask,
            encoded.token_type_ids,
            self.labels[chosen],
            self.soft[chosen],
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
