"""A teacher's soft labels of annotated articles: what they are, and their file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import safe_open
from safetensors.numpy import save_file

from stance.errors import ArtifactError
from stance.evaluation.labelled import read_models
from stance.records import Span
from stance.settings import Strict
from training.attribution_polnear import AnnotatedArticle

__all__ = ["SoftLabels", "read_soft_labels", "read_unlabelled", "write_soft_labels"]

Half = npt.NDArray[np.float16]
_PARTS = ("flat", "cues", "arguments")


@dataclass(frozen=True, slots=True)
class SoftLabels:
    """A teacher's logits on one article.

    Attributes:
        flat: (tokens, FLAT_TAGS) of the flat tags.
        cues: (cues, 2) token spans: the annotated cues in their order, then what the teacher
            may take for a cue.
        arguments: (cues, reach, len(ARGUMENT_TAGS) + 1), see `ArgumentHead`.
        reach_left: the column of a cue's first token.
    """

    flat: Half
    cues: npt.NDArray[np.int64]
    arguments: Half
    reach_left: int

    def around(self, cue: int, window: Span, width: int) -> npt.NDArray[np.float32]:
        """(width, len(ARGUMENT_TAGS) + 1) of one cue at the places of a window.

        Args:
            window: its first token and its end; the token at `window[0]` stands at place 1.

        Returns:
            NaN where the teacher read no token.
        """
        _, reach, channels = self.arguments.shape
        result = np.full((width, channels), np.nan, dtype=np.float32)
        left = int(self.cues[cue, 0]) - self.reach_left
        first, last = max(window[0], left), min(window[1], left + reach)
        if last > first:
            row = self.arguments[cue, first - left : last - left]
            result[first - window[0] + 1 : last - window[0] + 1] = row
        return result


def write_soft_labels(
    path: Path, articles: Sequence[AnnotatedArticle], labels: Sequence[SoftLabels]
) -> None:
    """Write the labels of some articles; the file holds no text."""
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for article, one in zip(articles, labels, strict=True):
        arrays |= {f"{article.name}.{part}": getattr(one, part) for part in _PARTS}
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(arrays, path, {"reach_left": str(labels[0].reach_left)})


def read_soft_labels(path: Path, articles: Sequence[AnnotatedArticle]) -> Iterator[SoftLabels]:
    """The labels of each article.

    Raises:
        ArtifactError: the file is missing, or lacks an article.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            reach_left = int(file.metadata()["reach_left"])
            for article in articles:
                parts = {part: file.get_tensor(f"{article.name}.{part}") for part in _PARTS}
                yield SoftLabels(**parts, reach_left=reach_left)
    except Exception as error:  # safetensors raises bare classes of its own
        raise ArtifactError(
            f"{path}: no soft labels of these articles ({error}); run `make attribution-teacher`"
        ) from error


class _Unlabelled(Strict):
    name: str
    text: str


def read_unlabelled(path: Path) -> list[AnnotatedArticle]:
    """Articles without annotations, from a JSONL file of `name` and `text`.

    Raises:
        InputError: the file cannot be read; the message names file, line and field.
    """
    return [AnnotatedArticle(row.name, row.text, ()) for _, row in read_models(path, _Unlabelled)]
