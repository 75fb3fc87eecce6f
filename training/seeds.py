"""Random numbers that depend on where a run stands, not on how it came there."""

import torch

__all__ = ["seed_step"]


def seed_step(seed: int, step: int, process: int = 0) -> None:
    """Seed torch for one step, so that a resumed run draws the dropout of an uninterrupted one.

    Args:
        process: its index; each of several draws masks of its own.
    """
    # Of a seed the generator of a CPU takes 32 bits: nothing above may tell processes apart.
    torch.manual_seed(seed * 100_003 + step + process * 1_000_000_007)
