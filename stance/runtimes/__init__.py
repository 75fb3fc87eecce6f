"""Encoded batch -> logits, on the machine at hand."""

import os
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from stance.artifact import Artifact
from stance.encoding import EncodedBatch
from stance.errors import ConfigError

__all__ = ["Runtime", "open_runtime"]


class Runtime(Protocol):
    """Runs a network. Implementations hold weights and a device, and nothing else."""

    max_batch_tokens: int
    """Padded tokens of a batch at which this runtime is fastest."""

    def run(self, batch: EncodedBatch) -> NDArray[np.float32]:
        """Logits of a padded batch of shape (batch, tokens): float32 (batch, 3)."""
        ...


def open_runtime(artifact: Artifact, device: str = "auto") -> Runtime:
    """The fastest runtime for this artifact on this device.

    Args:
        device: "auto" (a GPU when there is one), "cpu", "cuda", "cuda:1" or "mps".

    Raises:
        ConfigError: the device is not known or not on this machine.
    """
    kind = device.partition(":")[0]
    if kind not in ("auto", "cpu", "cuda", "mps"):
        raise ConfigError(f"device {device!r} is not one of auto, cpu, cuda, cuda:N, mps")
    if kind == "auto":
        device = "cuda" if _has_gpu() else "cpu"
    from stance.runtimes.torch import TorchRuntime

    return TorchRuntime(artifact, device)


def _has_gpu() -> bool:
    # Importing torch takes seconds, so ask it only where a driver is loaded.
    if not Path("/dev/nvidia0").exists() or os.environ.get("CUDA_VISIBLE_DEVICES") == "":
        return False
    import torch

    return torch.cuda.is_available()
