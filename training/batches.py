"""Training examples -> padded tensors, in batches of like length."""

import random
from collections.abc import Container, Mapping, Sequence
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
from training.hints import TeacherStates

__all__ = ["NO_LABEL", "Batch", "TrainingSet", "length_buckets"]

NO_LABEL = -100
"""Label of an unlabelled example: what torch's cross-entropy ignores."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of one step; ids of shape (batch, tokens), labels (batch,), soft (batch, 3).

    `hidden` has a teacher's vectors, (batch, HINTS, its width), or none: (batch, 0).
    """

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    labels: Tensor
    soft: Tensor
    hidden: Tensor

    def to(self, device: torch.device) -> "Batch":
        return Batch(*(getattr(self, f.name).to(device) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Encoded examples.

    Attributes:
        rows: a `datasets.Dataset` with columns input_ids, token_type_ids, label, soft and hidden:
            the example's row in `vectors`.
        pad_id: what `collate` pads with.
        vectors: a teacher's, float16 (statements, HINTS, width), or none: (1, 0).
    """

    rows: Dataset
    pad_id: int
    vectors: NDArray[np.float16]

    @classmethod
    def build(
        cls,
        examples: Sequence[Example],
        tokenizer: PreTrainedTokenizerBase,
        max_length: int,
        soft: Mapping[str, NDArray[np.float32]] | None,
        states: TeacherStates | None = None,
    ) -> "TrainingSet":
        """Encode examples and join the teacher's logits, and its hidden states, to them.

        Raises:
            ConfigError: the soft labels or hidden states do not cover the examples.
        """
        logits = np.full((len(examples), len(LABELS)), np.nan, dtype=np.float32)
        places = [0] * len(examples)
        taught = soft is not None or states is not None
        keys = [example_key(e.judged) for e in examples] if taught else []
        if soft is not None:
            _check_covered(keys, soft, "soft label")
            logits = np.stack([soft[key] for key in keys])
        if states is not None:
            _check_covered(keys, states.place, "hidden states")
            places = [states.place[key] for key in keys]
        encoder = Encoder(tokenizer.backend_tokenizer, max_length)
        encoded = encoder.encode([e.statement for e in examples])
        columns = {
            "input_ids": [row.input_ids for row in encoded],
            "token_type_ids": [row.token_type_ids for row in encoded],
            "label": [e.label.column if e.label else NO_LABEL for e in examples],
            "soft": logits.tolist(),
            "hidden": places,
        }
        vectors = states.vectors if states else np.empty((1, 0), dtype=np.float16)
        return cls(Dataset.from_dict(columns), encoder.pad_id, vectors)

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
            self.vectors[[r["hidden"] for r in rows]].astype(np.float32),
        )
        return Batch(*(torch.from_numpy(a) for a in arrays))


def _check_covered(keys: Sequence[str], known: Container[str], what: str) -> None:
    missing = sum(key not in known for key in keys)
    if missing:
        raise ConfigError(
            f"{missing} of {len(keys)} examples have no {what}; "
            "run `make distill` again: corpus or seed changed since"
        )


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
