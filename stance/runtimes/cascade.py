"""Runtimes asked in turn: a fast one answers, and what it doubts goes on to a better one."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stance.encoding import EncodedStatement
from stance.runtimes import Runtime

__all__ = ["CascadeRuntime", "doubtful", "margins"]


class CascadeRuntime:
    """Asks a fast runtime first, and a better one where the answer is close.

    Of one network, int8 and bfloat16 move every logit a little, which changes a label only where
    two are near each other. Of two networks, the small one is mostly wrong where it is not sure
    (Wang et al. 2018, "IDK Cascades"; Jitkrittum et al. 2023, "When Does Confidence-Based
    Cascade Deferral Suffice?").

    Args:
        stages: runtimes, the fastest first, each with its margin: a statement whose two highest
            logits are nearer than that goes on to the next.
        exact: what the last doubtful statements are given to.
    """

    def __init__(self, stages: Sequence[tuple[Runtime, float]], exact: Runtime) -> None:
        self._stages, self._exact = stages, exact

    def run(self, rows: Sequence[EncodedStatement]) -> NDArray[np.float32]:
        """Logits of statements in their order: float32 (rows, labels of the checkpoint)."""
        (first, margin), *others = self._stages
        logits = first.run(rows)
        left = doubtful(logits, margin)
        for runtime, margin in [*others, (self._exact, 0.0)]:
            logits[left] = runtime.run([rows[i] for i in left.tolist()])
            left = left[doubtful(logits[left], margin)]
        return logits


def doubtful(logits: NDArray[np.float32], margin: float) -> NDArray[np.intp]:
    """Which rows a better model is asked: those whose two highest logits are nearer than that."""
    return np.flatnonzero(margins(logits) < margin)


def margins(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far the highest logit of each row is above the next: float32 (rows,)."""
    ordered = np.sort(logits, axis=1)
    gap: NDArray[np.float32] = ordered[:, -1] - ordered[:, -2]
    return gap
