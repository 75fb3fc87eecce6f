"""Encoded statements -> logits, on the machine at hand."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from stance.artifact import Artifact
from stance.encoding import EncodedStatement
from stance.errors import ConfigError

__all__ = ["DEVICES", "Runtime", "best_device", "libraries_of", "open_runtime"]

DEVICES = "auto, cpu, cpu-fast, cuda, cuda:N or mps"
_DEV = Path("/dev")


class Runtime(Protocol):
    """Runs a network. Implementations hold weights and a device, and are safe between threads."""

    def run(self, rows: Sequence[EncodedStatement]) -> NDArray[np.float32]:
        """Logits of statements in their order: float32 (rows, labels of the checkpoint).

        A row's logits do not depend on the other rows, but for rounding in the last digits.
        """
        ...


def open_runtime(artifact: Artifact, device: str = "auto", *, bulk: bool = False) -> Runtime:
    """The fastest runtime for this artifact on this device.

    Args:
        device: "auto" (an NVIDIA GPU under Linux, else the CPU), "cpu" (single precision),
            "cpu-fast" (int8, with doubtful rows computed again in single precision), "cuda",
            "cuda:1" or "mps".
        bulk: for a job over many batches; a CPU then needs less memory, but more time for one.

    Raises:
        ArtifactError: the weights cannot be loaded, or "cpu-fast" lacks its int8 ranges.
        ConfigError: the device is not known or not on this machine.
    """
    device = best_device(device)
    runtime = _open_one(artifact, device, bulk)
    deferral, better = artifact.calibration.deferral, artifact.better
    if deferral is None or better is None:
        return runtime
    from stance.runtimes.cascade import CascadeRuntime

    return CascadeRuntime([(runtime, deferral.margin)], _open_one(better, device, bulk))


def _open_one(artifact: Artifact, device: str, bulk: bool) -> Runtime:
    if device.startswith("cpu"):
        from stance.runtimes.cpu import open_cpu

        return open_cpu(artifact, fast=device == "cpu-fast", bulk=bulk)
    from stance.runtimes.torch import TorchRuntime

    return TorchRuntime(artifact, device)


def best_device(device: str) -> str:
    """`device`, with "auto" replaced by what this machine has.

    Raises:
        ConfigError: the device is not known.
    """
    if device == "auto":
        return "cuda" if _has_gpu() else "cpu"
    if not re.fullmatch(r"cpu|cpu-fast|mps|cuda(:[0-9]+)?", device):
        raise ConfigError(f"device {device!r} is not one of {DEVICES}")
    return device


def libraries_of(device: str) -> tuple[str, ...]:
    """The distributions that may compute the logits on a device (not "auto")."""
    # On a CPU, torch runs the architectures that the OpenVINO graph is not written for.
    return ("openvino", "torch") if device.startswith("cpu") else ("torch",)


def _has_gpu() -> bool:
    # Importing torch takes seconds, so ask it only where a driver is loaded. A container may
    # have been given any one of the machine's GPUs.
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES") == ""
    if hidden or not any(_DEV.glob("nvidia[0-9]*")):
        return False
    import torch

    return torch.cuda.is_available()
