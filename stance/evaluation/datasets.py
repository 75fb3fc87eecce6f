"""Labelled files -> datasets, with the hashes of what was read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stance.errors import InputError
from stance.evaluation.articles import LabelledArticle
from stance.evaluation.config import DatasetConfig
from stance.evaluation.labelled import Labelled, read_articles, read_labelled
from stance.manifest import sha256
from stance.records import Statement

__all__ = ["FIXTURES", "Dataset", "load_dataset", "shown"]

FIXTURES = Path(__file__).parent.parent / "fixtures" / "statements.jsonl"
"""The attributed statements of the seed article, labelled by the codebook."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A named set of labelled statements.

    Attributes:
        files: path -> SHA-256 of everything read.
        articles: those that the statements stand in; none for single statements.
        quotable: whether a report may show its texts.
    """

    name: str
    items: Sequence[Labelled]
    files: Mapping[str, str]
    quotable: bool = True
    articles: Sequence[LabelledArticle] = ()

    @property
    def ids(self) -> list[str]:
        return [item.id for item in self.items]

    @property
    def statements(self) -> list[Statement]:
        return [item.statement for item in self.items]

    @property
    def gold(self) -> NDArray[np.int64]:
        """Label indices, int64 (n,)."""
        return np.array([item.label.column for item in self.items], dtype=np.int64)


def load_dataset(name: str, config: DatasetConfig) -> Dataset:
    """Read a dataset.

    Raises:
        InputError: a file is missing or has a fault; the message names file, line and field.
    """
    texts = _read_texts(config.texts) if config.texts else None
    items = read_labelled(config.path, texts=texts)
    paths = [path for path in (config.path, config.texts) if path]
    files = {shown(p): sha256(p) for p in paths}
    return Dataset(name, items, files, config.quotable, read_articles(config.path))


def shown(path: Path) -> str:
    """A path as reports name it: the package's own files without their place on this disk."""
    package = Path(__file__).parent.parent
    return str(Path("stance") / path.relative_to(package) if path.is_relative_to(package) else path)


def _read_texts(path: Path) -> dict[str, str]:
    if not path.is_file():
        raise InputError(f"{path}: no such file; it should hold the texts")
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {str(row["id"]): row["text"] for row in rows if "text" in row}
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(f"{path}: expected a JSON array of objects with id and text") from error
