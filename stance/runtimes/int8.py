"""`int8.safetensors`: what the fast CPU runtime needs beside a checkpoint's weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

from stance.errors import ArtifactError
from stance.runtimes.graph import Int8Input

__all__ = ["INT8_FILE", "Int8Settings"]

INT8_FILE = "int8.safetensors"
_MARGIN, _MARGIN_BF16, _SMOOTH, _RANGE = "margin", "margin_bf16", ".smooth", ".range"


@dataclass(frozen=True, slots=True)
class Int8Settings:
    """How a checkpoint runs in int8.

    Attributes:
        inputs: name of a linear layer -> how its input becomes int8.
        margin: a statement whose two highest int8 logits are nearer than this is computed
            again. Fitted so that, with the other margin, few labels change.
        margin_bf16: the same of bfloat16, which is asked in between; None where it was not
            measured, for want of a processor that multiplies it.
    """

    inputs: Mapping[str, Int8Input]
    margin: float
    margin_bf16: float | None = None

    @classmethod
    def load(cls, folder: Path) -> "Int8Settings":
        """Read a checkpoint folder's file.

        Raises:
            ArtifactError: the file is missing or broken.
        """
        file = folder / INT8_FILE
        if not file.is_file():
            raise ArtifactError(
                f"{file} is missing, which device 'cpu-fast' needs; "
                "use device 'cpu', or run `make quantise`"
            )
        try:
            arrays = load_file(file)
            names = [key.removesuffix(_RANGE) for key in arrays if key.endswith(_RANGE)]
            inputs = {
                name: Int8Input(arrays[name + _SMOOTH], *arrays[name + _RANGE].tolist())
                for name in names
            }
            half = float(arrays[_MARGIN_BF16][0]) if _MARGIN_BF16 in arrays else None
            return cls(inputs, float(arrays[_MARGIN][0]), half)
        except Exception as error:  # safetensors raises a class of its own
            raise ArtifactError(f"{file} cannot be read: {error}") from error

    def save(self, folder: Path) -> None:
        """Write the file into a checkpoint folder."""
        arrays = {_MARGIN: np.array([self.margin], dtype=np.float32)}
        if self.margin_bf16 is not None:
            arrays[_MARGIN_BF16] = np.array([self.margin_bf16], dtype=np.float32)
        for name, how in self.inputs.items():
            arrays[name + _SMOOTH] = how.smooth
            arrays[name + _RANGE] = np.array([how.low, how.high], dtype=np.float32)
        save_file(arrays, folder / INT8_FILE)
