"""The pool: more training statements, labelled by their writers; checked in part by a second coder.

It is for training only. What is tested on is coded twice, always (`training.corpus_schema`).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sklearn.metrics import cohen_kappa_score

from stance.evaluation.labelled import read_models
from stance.labels import Stance
from stance.records import Statement
from training.corpus_duplicates import similar_statements
from training.corpus_schema import CorpusRow
from training.corpus_sets import labels_by_set

__all__ = ["POOL_FILES", "PoolRow", "pool_figures", "read_pool"]

POOL_FILES = (
    "pool.jsonl",
    "pool_pairs.jsonl",
    "pool_influence.jsonl",
    "pool_twins.jsonl",
    "pool_conditions.jsonl",
    "pool_near.jsonl",
    "pool_press.jsonl",
    "pool_voices.jsonl",
    "pool_alike.jsonl",
    "pool_wire.jsonl",
    "pool_adversarial.jsonl",
    "pool_fresh.jsonl",
)
"""The second and third came with 0.5.0: mostly contrast sets (from p45 and k33), and a few
statements on the influence of powers and on assurances (from p86 and k74); the fourth and fifth
with 0.9.0: contrast sets on what 0.5.0 had wrong (from k76; from k108 with 0.10.0), and on
conditions and reservations (from k105); the sixth with 0.10.0: near misses (from k131; from k165
with 0.11.0); the seventh with 0.11.0: near misses in the plain words of press (from k171) and wire
(from k261); the eighth with 0.12.0: near misses in all voices (from k285), and more of the wire
(from k345); the ninth with 0.14.0: pairs (from k355) and statements (from p101) of all the
phenomena of `train.jsonl`, in its manner, and with 0.15.0 more of them (from k406 and p152); the
tenth with 0.17.0: the prose of agencies (from k463); the eleventh with 0.19.0: contrast sets
written against the model (from k471). The last holds what no model has been trained on yet."""


class PoolRow(BaseModel):
    """One statement of the pool.

    Attributes:
        set: shared by near-twins: a contrast set, or else the batch it was written in.
        label: the writer's, or what the check made of it.
        coder_a: the writer's label.
        coder_b: of a second coder, blind to the first, for a random sample; else None.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[kp]\d{2,3}-\d{4}[a-z]?$")
    set: str = Field(pattern=r"^(k\d{2,3}-\d{4}|p\d{2,3})$")
    text: str = Field(min_length=2)
    context: str | None
    target: str | None
    label: Stance
    coder_a: Stance
    coder_b: Stance | None = None

    @model_validator(mode="after")
    def _fields_fit(self) -> Self:
        if self.label not in (self.coder_a, self.coder_b):
            raise ValueError("label is none that a coder gave")
        if not self.id.startswith(self.set):
            raise ValueError("id does not begin with its set")
        return self


def read_pool(folder: Path) -> list[PoolRow]:
    """All statements of the pool.

    Raises:
        InputError: a row breaks the schema; names file, line and field.
    """
    return [row for name in POOL_FILES for _, row in read_models(folder / name, PoolRow)]


def pool_figures(
    pool: Sequence[PoolRow],
    tested: Sequence[CorpusRow | Statement],
    near_duplicate: float,
) -> dict[str, float]:
    """Figures of the pool, among them how much of it is too near to what is tested on.

    Args:
        tested: everything that is tested on.
    """
    sample = [row for row in pool if row.coder_b is not None]
    labels = labels_by_set((row.set, row.label) for row in pool if row.set.startswith("k"))
    figures: dict[str, float] = {
        "pool": len(pool),
        "pool's duplicate ids": len(pool) - len({row.id for row in pool}),
        "pool's near-duplicates of tests": len(similar_statements(pool, tested, near_duplicate)),
        "pool's contrast sets": len(labels),
        "pool's contrast sets of one label": sum(len(found) == 1 for found in labels.values()),
        "pool's checked sample": len(sample),
    }
    if sample:
        first = [row.coder_a.column for row in sample]
        second = [row.coder_b.column for row in sample if row.coder_b is not None]
        figures["pool's kappa"] = float(cohen_kappa_score(first, second))
    return figures
