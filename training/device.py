"""Where networks are trained and read out."""

import torch

__all__ = ["training_device"]


def training_device() -> str:
    """The GPU, if torch sees one.

    `stance.runtimes.best_device` looks for /dev/nvidia* before it imports torch, which saves
    inference its import; training has torch anyway, and torch also finds the GPU of a WSL.
    """
    return "cuda" if torch.cuda.is_available() else "cpu"
