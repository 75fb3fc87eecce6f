"""Training examples -> padded tensors, in batches of like length."""

import random
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import accumulate, groupby
from operator import attrgetter, itemgetter
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from numpy.typing import NDArray
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from stance.encoding import EncodedBatch, EncodedStatement, Encoder, collate
from stance.errors import ConfigError
from stance.labels import LABELS
from training.data import Example, example_key
from training.derive import LARGEST_SET
from training.teacher_states import TOKEN_LAYERS, TeacherStates

__all__ = ["NO_LABEL", "Batch", "TrainingSet", "length_buckets"]

NO_LABEL = -100
"""Label of an unlabelled example: what torch's cross-entropy ignores."""
_ALIGNED = 0.9
"""Share of unperturbed examples whose tokens must be the teacher's; truncation spoils a few."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of one step; ids of shape (batch, tokens), labels (batch,), soft (batch, 3).

    `sets` (batch,) has one number for the members of a contrast set. `hidden` has a teacher's
    vectors, (batch, HINTS, its width), or none: (batch, 0). `tokens` has its states of the tokens
    that `aligned`, bool (batch, tokens), chooses: (chosen, TOKEN_LAYERS, components).
    """

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    labels: Tensor
    sets: Tensor
    soft: Tensor
    hidden: Tensor
    aligned: Tensor
    tokens: Tensor

    def to(self, device: torch.device) -> "Batch":
        return Batch(*(getattr(self, f.name).to(device) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Encoded examples.

    Attributes:
        rows: a `datasets.Dataset` with columns input_ids, token_type_ids, label, set (see
            `_set_numbers`), soft, hidden: the example's row in `states`, and aligned: whether its
            tokens are those that the teacher read.
        pad_id: what `collate` pads with.
        special_ids: of the tokenizer, whose states no teacher gives.
        states: a teacher's, or None.
    """

    rows: Dataset
    pad_id: int
    special_ids: NDArray[np.int64]
    states: TeacherStates | None

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
        ids = [row.input_ids for row in encoded]
        special = np.array(tokenizer.all_special_ids, dtype=np.int64)
        columns = {
            "input_ids": ids,
            "token_type_ids": [row.token_type_ids for row in encoded],
            "label": [e.label.column if e.label else NO_LABEL for e in examples],
            "set": _set_numbers(examples),
            "soft": logits.tolist(),
            "hidden": places,
            "aligned": _aligned(examples, ids, special, places, states),
        }
        return cls(Dataset.from_dict(columns), encoder.pad_id, special, states)

    def plans(self, size: int, seeds: Iterable[int], *, whole_sets: bool) -> list[list[list[int]]]:
        """For each seed, shuffled batches of about `size` rows of like length.

        Args:
            whole_sets: keep the members of a contrast set in one batch.
        """
        lengths = [len(ids) for ids in self.rows["input_ids"]]
        numbers = self.rows["set"] if whole_sets else range(len(lengths))
        units = [[i for i, _ in run] for _, run in groupby(enumerate(numbers), itemgetter(1))]
        return [length_buckets(units, lengths, size, seed) for seed in seeds]

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
            np.array([r["set"] for r in rows], dtype=np.int64),
            np.array([r["soft"] for r in rows], dtype=np.float32),
            *self._hints(rows, encoded),
        )
        return Batch(*(torch.from_numpy(a) for a in arrays))

    def _hints(
        self, rows: Sequence[Mapping[str, Any]], encoded: EncodedBatch
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.float32]]:
        """`hidden`, `aligned` and `tokens` of a batch."""
        if self.states is None:
            return _nothing(len(rows)), np.zeros(encoded.input_ids.shape, dtype=bool), _nothing(0)
        words = encoded.attention_mask.astype(bool) & ~np.isin(encoded.input_ids, self.special_ids)
        aligned = words & np.array([r["aligned"] for r in rows])[:, None]
        vectors = self.states.vectors[[r["hidden"] for r in rows]].astype(np.float32)
        tokens = [self.states.tokens_of(r["hidden"]) for r in rows if r["aligned"]]
        empty = np.empty((0, TOKEN_LAYERS, self.states.tokens.shape[-1]), dtype=np.float32)
        return vectors, aligned, np.concatenate([empty, *tokens], dtype=np.float32)


def _nothing(rows: int) -> NDArray[np.float32]:
    return np.empty((rows, 0), dtype=np.float32)


def _aligned(
    examples: Sequence[Example],
    ids: Sequence[Sequence[int]],
    special: NDArray[np.int64],
    places: Sequence[int],
    states: TeacherStates | None,
) -> list[bool]:
    """Of which examples the teacher's tokens are the student's: of no perturbed copy.

    Raises:
        ConfigError: of too few, so the teacher has another vocabulary.
    """
    if states is None:
        return [False] * len(examples)
    given = states.starts[:, 1] - states.starts[:, 0]
    counts = [len(row) - int(np.isin(row, special).sum()) for row in ids]
    whole = [e.original is None for e in examples]
    aligned = [w and n == given[p] for w, n, p in zip(whole, counts, places, strict=True)]
    if sum(aligned) < _ALIGNED * sum(whole):
        raise ConfigError(
            f"only {sum(aligned)} of {sum(whole)} examples have as many tokens as the teacher "
            "read; its tokenizer must cut words as the student's does"
        )
    return aligned


def _check_covered(keys: Sequence[str], known: Container[str], what: str) -> None:
    missing = sum(key not in known for key in keys)
    if missing:
        raise ConfigError(
            f"{missing} of {len(keys)} examples have no {what}; "
            "run `make distill` again: corpus or seed changed since"
        )


def _set_numbers(examples: Sequence[Example]) -> list[int]:
    """A number for each example, which the members of a contrast set share.

    They stand one after another. A longer run is a batch of writing, and no contrast set.
    """
    numbers: list[int] = []
    for name, members in groupby(examples, attrgetter("set")):
        count = len(list(members))
        together = name is not None and count <= LARGEST_SET
        start = len(numbers)
        numbers += [start] * count if together else range(start, start + count)
    return numbers


def length_buckets(
    units: Sequence[Sequence[int]], lengths: Sequence[int], size: int, seed: int
) -> list[list[int]]:
    """Shuffled batches of about `size` rows of like length: sorted inside pools of 32 batches.

    Args:
        units: rows that stay in one batch.
        lengths: of the rows, in tokens.
    """
    rng = random.Random(seed)
    order = list(units)
    rng.shuffle(order)
    batches = []
    for pool in _cut(order, 32 * size):
        pool.sort(key=lambda unit: max(lengths[i] for i in unit))
        batches += [[i for unit in batch for i in unit] for batch in _cut(pool, size)]
    rng.shuffle(batches)
    return batches


def _cut(units: Sequence[Sequence[int]], size: int) -> Iterator[list[Sequence[int]]]:
    """Units in their order, cut where one would go over a multiple of `size` rows."""
    ends = accumulate(len(unit) for unit in units)
    for _, part in groupby(zip(ends, units, strict=True), lambda pair: (pair[0] - 1) // size):
        yield [unit for _, unit in part]
