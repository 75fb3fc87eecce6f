"""The nouns of a batch run, and where one shard ends and the next begins."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pyarrow as pa

from stance.records import Article

__all__ = ["ArticleBlock", "Block", "Columns", "Counts", "Part", "Reject", "Row", "into_blocks"]

SHARD_ROWS = 16_384
"""Rows of a shard: what a crash can cost (about 10 s on two cores), and what is deduplicated."""
SHARD_BYTES = 8 << 20
"""Input bytes after which a shard ends early, so that long texts do not fill the memory."""
SHARD_ARTICLES = 64


class Row(NamedTuple):
    """A row of a text file that could be parsed.

    Attributes:
        line: number of its first line in the file, from 1.
        values: its columns.
        size: bytes of the file that it takes; of CSV its characters.
    """

    line: int
    values: dict[str, Any]
    size: int


class Reject(NamedTuple):
    """An input row that cannot be classified.

    Attributes:
        file: the input file as the user gave it.
        line: first line of the row (of Parquet: number of the row) from 1; None for a whole file.
        reason: what is wrong, in words.
        row: the row as far as it could be read: its text, or its columns.
    """

    file: str
    line: int | None
    reason: str
    row: Any = None


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold what the model reads."""

    text: str
    context: str | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one shard: a stretch of one table.

    Attributes:
        file: the table as the user gave it.
        lines: line (of Parquet: row) number of each row of `rows`.
        rows: a dictionary for each row, or an Arrow table, which keeps Parquet's types.
        rejects: rows that could not even be parsed, in order.
    """

    file: str
    lines: Sequence[int]
    rows: list[dict[str, Any]] | pa.Table
    rejects: tuple[Reject, ...]

    @property
    def size(self) -> int:
        return len(self.lines) + len(self.rejects)


@dataclass(frozen=True, slots=True)
class ArticleBlock:
    """The articles of one shard; `Article.id` is the file as the user gave it."""

    articles: tuple[Article, ...]
    rejects: tuple[Reject, ...]

    @property
    def size(self) -> int:
        return len(self.articles) + len(self.rejects)


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows of a shard; the same sums for a whole run.

    Attributes:
        rows: input rows, or articles.
        classified: output rows. Without articles, `classified + rejected == rows`.
        rejected: input rows, or articles, in the rejects file.
        distinct: texts that the model had to read: different (text, context, target), or
            different articles, counted in each shard.
        without_statements: articles in which nobody says anything.
    """

    rows: int = 0
    classified: int = 0
    rejected: int = 0
    distinct: int = 0
    without_statements: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """The output of one shard: bytes in the output's format, and lines of rejects."""

    rows: bytes
    rejects: bytes
    counts: Counts


def into_blocks(file: str, found: Iterable[Row | Reject]) -> Iterator[Block]:
    """Cut the rows of a text file into shards.

    The cuts depend on the file alone, so that a resumed run makes the same shards.
    """
    rows: list[Row] = []
    rejects: list[Reject] = []
    size = 0
    for item in found:
        if isinstance(item, Reject):
            rejects.append(item)
            size += len(item.row or "")
        else:
            rows.append(item)
            size += item.size
        if len(rows) + len(rejects) >= SHARD_ROWS or size >= SHARD_BYTES:
            yield _block(file, rows, rejects)
            rows, rejects, size = [], [], 0
    if rows or rejects:
        yield _block(file, rows, rejects)


def _block(file: str, rows: list[Row], rejects: list[Reject]) -> Block:
    return Block(file, [r.line for r in rows], [r.values for r in rows], tuple(rejects))
