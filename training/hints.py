"""Hidden states of a teacher as hints for a student, beside the soft labels.

Three logits hold little of what a teacher knows, and of statements that it was trained on next to
nothing. Its hidden states hold why statements are alike; a student that must give them by a linear
map of its own learns that, too (Romero et al. 2015, "FitNets"; Sun et al. 2019, "Patient
Knowledge Distillation"). docs/ablations.md says what it buys.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.numpy import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

from training.data import check_distilled

__all__ = ["HINTS", "HintLoss", "TeacherStates", "pooled_states"]

HINTS = 4
"""Vectors of a statement: the mean of its tokens a third and two thirds of the way up, and at the
top its first token and the mean of all."""
_SAMPLE = 4_000

Half = npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class TeacherStates:
    """Pooled hidden states of a teacher.

    Attributes:
        place: `example_key` of a statement -> its row.
        vectors: float16 (statements, HINTS, width of the teacher).
    """

    place: dict[str, int]
    vectors: Half

    @classmethod
    def load(cls, file: Path) -> "TeacherStates":
        """Read a file that `training.distill` wrote.

        Raises:
            ConfigError: it is missing.
        """
        check_distilled(file)
        arrays = load_file(file)
        return cls({f"{k:016x}": i for i, k in enumerate(arrays["keys"])}, arrays["vectors"])

    @staticmethod
    def save(file: Path, keys: Sequence[str], vectors: Half) -> None:
        """Write the vectors of statements under their `example_key`."""
        file.parent.mkdir(parents=True, exist_ok=True)
        numbers = np.array([int(key, 16) for key in keys], dtype=np.uint64)
        save_file({"keys": numbers, "vectors": vectors}, file)


class HintLoss(nn.Module):
    """How far a student's states, mapped linearly, are from the teacher's: one value a row.

    The teacher's are standardised, so that each of their dimensions weighs the same.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, student_width: int, vectors: Half) -> None:
        super().__init__()
        every = max(1, len(vectors) // _SAMPLE)
        sample = torch.from_numpy(vectors[::every].astype(np.float32))
        self.register_buffer("mean", sample.mean(dim=0))
        self.register_buffer("deviation", sample.std(dim=0, correction=0) + 1e-3)
        width = vectors.shape[-1]
        self.maps = nn.ModuleList(nn.Linear(student_width, width) for _ in range(HINTS))

    def forward(self, states: Tensor, teacher: Tensor) -> Tensor:
        """
        Args:
            states: of the student, (batch, HINTS, its width).
            teacher: its vectors of these statements, (batch, HINTS, its width).
        """
        mapped = torch.stack([m(states[:, i]) for i, m in enumerate(self.maps)], dim=1)
        wanted = (teacher - self.mean) / self.deviation
        return F.mse_loss(mapped.float(), wanted, reduction="none").mean(dim=(1, 2))


def pooled_states(hidden: Sequence[Tensor], mask: Tensor) -> Tensor:
    """The HINTS vectors of each statement: (batch, HINTS, width), in single precision.

    Args:
        hidden: the embeddings' output and each layer's, (batch, tokens, width).
        mask: (batch, tokens), 1 for a token and 0 for padding.
    """
    layers = len(hidden) - 1
    share = (mask / mask.sum(dim=1, keepdim=True))[:, None, :].float()
    low, high, top = (hidden[round(layers * third / 3)].float() for third in (1, 2, 3))
    means = [torch.bmm(share, states)[:, 0] for states in (low, high, top)]
    return torch.stack([means[0], means[1], top[:, 0], means[2]], dim=1)
