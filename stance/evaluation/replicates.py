"""Predictions tables -> their metrics, and the same over the bootstrap's draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.bootstrap import Resampler
from stance.evaluation.metrics import point_metrics, replicate_metrics, terms
from stance.evaluation.predictions import Predictions

__all__ = ["Replicated", "replicated"]


@dataclass(frozen=True, slots=True)
class Replicated:
    """What one system scores on a dataset, and on each of the bootstrap's draws from it.

    Systems of one call are scored on the same draws, so their replicates pair up.

    Attributes:
        points: name of each metric -> its value; nan where it is not defined.
        replicates: name -> float64 (resamples,).
    """

    table: Predictions
    points: Mapping[str, float]
    replicates: Mapping[str, NDArray[np.float64]]


def replicated(tables: Sequence[Predictions], source: Resampler) -> list[Replicated]:
    """Score systems on the same draws: one pass over the draws for all of them."""
    parts = [terms(table) for table in tables]
    ends = np.cumsum([part.columns.shape[1] for part in parts])
    sums = source.sums(np.hstack([part.columns for part in parts]))
    return [
        Replicated(
            table,
            point_metrics(table),
            replicate_metrics(part.like(drawn), probabilistic=table.probabilistic),
        )
        for table, part, drawn in zip(tables, parts, np.split(sums, ends[:-1], axis=1), strict=True)
    ]
