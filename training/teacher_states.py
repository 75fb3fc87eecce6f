"""A teacher's hidden states: what is kept of them, and their files.

Of each statement its pooled vectors (6 KB), and of each of its tokens two layers' states, cut to
their principal components (1 KB). `training.distill` writes them, `training.hints` teaches them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors.numpy import load_file, save_file
from torch import Tensor

from training.data import check_distilled

__all__ = [
    "HINTS",
    "TOKEN_LAYERS",
    "StatesWriter",
    "TeacherStates",
    "TokenComponents",
    "pooled_states",
    "states_files",
    "token_states",
]

HINTS = 4
"""Vectors of a statement: the mean of its tokens a third and two thirds of the way up, and at the
top its first token and the mean of all."""
TOKEN_LAYERS = 2
"""Layers whose every token is kept: two thirds of the way up, and the top."""
_COMPONENTS = 256
"""Of the teacher's width that are kept of a token: 97 % of the variance at the top of mpnet."""

Half = npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class TeacherStates:
    """Hidden states of a teacher.

    Attributes:
        place: `example_key` of a statement -> its row.
        vectors: float16 (statements, HINTS, width of the teacher).
        starts: int64 (statements, 2): where a statement's tokens begin and end in `tokens`.
        tokens: float16 (tokens, TOKEN_LAYERS, components), left on disk, special tokens not
            among them; of unit variance on average.
    """

    place: dict[str, int]
    vectors: Half
    starts: npt.NDArray[np.int64]
    tokens: Half

    @classmethod
    def load(cls, file: Path) -> "TeacherStates":
        """Read what a `StatesWriter` wrote.

        Raises:
            ConfigError: a file of it is missing.
        """
        _, tokens_file = states_files(file)
        arrays = load_file(file)
        components = _components(arrays["vectors"].shape[-1])
        flat = np.memmap(tokens_file, dtype=np.float16, mode="r")
        return cls(
            {f"{k:016x}": i for i, k in enumerate(arrays["keys"])},
            arrays["vectors"],
            arrays["starts"],
            flat.reshape(-1, TOKEN_LAYERS, components),
        )

    def tokens_of(self, row: int) -> Half:
        """States of one statement's tokens: (its tokens, TOKEN_LAYERS, components)."""
        start, end = self.starts[row]
        return np.asarray(self.tokens[start:end])


class StatesWriter:
    """Writes the states of statements, in any order, a batch at a time.

    Tokens go to disk at once: those of a hundred thousand statements are 3 GB. Nothing is in its
    final place before `finish`.
    """

    def __init__(self, file: Path, keys: Sequence[str]) -> None:
        self._file, self._aside = file, file.with_suffix(".tmp")
        self._keys = np.array([int(key, 16) for key in keys], dtype=np.uint64)
        self._starts = np.zeros((len(keys), 2), dtype=np.int64)
        self._written = 0

    def fit(self, samples: Iterable[Tensor]) -> None:
        """See what of the tokens to keep: from `token_states` of a sample of the statements."""
        self._components = TokenComponents.fit(torch.cat(list(samples), dim=1))
        width = self._components.mean.shape[-1]
        self._vectors: Half = np.zeros((len(self._keys), HINTS, width), dtype=np.float16)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._aside.unlink(missing_ok=True)

    def add(
        self, rows: Sequence[int], hidden: Sequence[Tensor], mask: Tensor, words: Tensor
    ) -> None:
        """Take the states of some rows.

        Args:
            hidden, mask: as for `pooled_states`.
            words: bool (batch, tokens), False for padding and special tokens.
        """
        self._vectors[list(rows)] = pooled_states(hidden, mask).cpu().numpy()
        ends = self._written + np.cumsum(words.sum(dim=1).cpu().numpy())
        self._starts[list(rows)] = np.stack([[self._written, *ends[:-1]], ends], axis=1)
        self._written = int(ends[-1])
        with self._aside.open("ab") as file:
            file.write(self._components.of(token_states(hidden, words)).tobytes())

    def finish(self) -> None:
        """Put both files in their place."""
        arrays: dict[str, npt.NDArray[Any]] = {
            "keys": self._keys,
            "vectors": self._vectors,
            "starts": self._starts,
        }
        save_file(arrays, self._file)
        self._aside.replace(_tokens_file(self._file))


@dataclass(frozen=True, slots=True)
class TokenComponents:
    """Principal components of the states of a teacher's tokens, for each of TOKEN_LAYERS.

    Attributes:
        mean, deviation: (TOKEN_LAYERS, 1, width); each dimension weighs the same.
        components: (TOKEN_LAYERS, width, components), scaled to unit variance on average.
    """

    mean: Tensor
    deviation: Tensor
    components: Tensor

    @classmethod
    def fit(cls, states: Tensor) -> "TokenComponents":
        """Of a sample of tokens: (TOKEN_LAYERS, tokens, width)."""
        mean = states.mean(dim=1, keepdim=True)
        deviation = states.std(dim=1, keepdim=True, correction=0) + 1e-3
        standardised = (states - mean) / deviation
        covariance = standardised.transpose(1, 2) @ standardised / states.shape[1]
        variances, vectors = torch.linalg.eigh(covariance)
        kept = _components(states.shape[-1])
        scale = variances[:, -kept:].mean(dim=1).clamp(min=1e-6).sqrt()
        return cls(mean, deviation, vectors[:, :, -kept:] / scale[:, None, None])

    def of(self, states: Tensor) -> Half:
        """Components of (TOKEN_LAYERS, tokens, width): (tokens, TOKEN_LAYERS, components)."""
        cut = ((states - self.mean) / self.deviation) @ self.components
        array: Half = cut.transpose(0, 1).to(torch.float16).cpu().numpy()
        return array


def pooled_states(hidden: Sequence[Tensor], mask: Tensor) -> Tensor:
    """The HINTS vectors of each statement: (batch, HINTS, width), in single precision.

    Args:
        hidden: the embeddings' output and each layer's, (batch, tokens, width).
        mask: (batch, tokens), 1 for a token and 0 for padding.
    """
    share = (mask / mask.sum(dim=1, keepdim=True))[:, None, :].float()
    low, high, top = (states.float() for states in _thirds(hidden))
    means = [torch.bmm(share, states)[:, 0] for states in (low, high, top)]
    return torch.stack([means[0], means[1], top[:, 0], means[2]], dim=1)


def token_states(hidden: Sequence[Tensor], chosen: Tensor) -> Tensor:
    """States of the chosen tokens, one statement's after another: (TOKEN_LAYERS, chosen, width).

    Args:
        hidden: as for `pooled_states`.
        chosen: bool (batch, tokens).
    """
    return torch.stack([states[chosen].float() for states in _thirds(hidden)[-TOKEN_LAYERS:]])


def _thirds(hidden: Sequence[Tensor]) -> list[Tensor]:
    """The states a third and two thirds of the way up, and at the top."""
    return [hidden[round((len(hidden) - 1) * third / 3)] for third in (1, 2, 3)]


def _components(width: int) -> int:
    return min(_COMPONENTS, width)


def states_files(file: Path) -> tuple[Path, Path]:
    """The two files of a teacher's states, of which a config names the first.

    Raises:
        ConfigError: one is missing.
    """
    both = file, _tokens_file(file)
    for part in both:
        check_distilled(part)
    return both


def _tokens_file(file: Path) -> Path:
    return file.with_suffix(".tokens")
