"""Input files -> blocks, in order: one block becomes one shard of the output."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from stance.batch import blocks
from stance.batch.blocks import ArticleBlock, Block, Reject, into_blocks
from stance.batch.sources import Format, Source
from stance.batch.text import csv_rows, jsonl_rows, read_text
from stance.errors import InputError
from stance.records import Article

__all__ = ["open_parquet", "read_articles", "read_tables"]

# Small, since Arrow holds a whole batch of long texts before it can be cut.
_PARQUET_BATCH = 1_024


def read_tables(sources: Sequence[Source]) -> Iterator[Block]:
    """The blocks of CSV, JSONL and Parquet files. No block spans two files.

    Raises:
        InputError: a file cannot be read; the message names it.
    """
    for source in sources:
        if source.format is Format.PARQUET:
            yield from _parquet_blocks(source)
        else:
            rows = csv_rows if source.format is Format.CSV else jsonl_rows
            yield from into_blocks(str(source.path), rows(source))


def read_articles(sources: Sequence[Source]) -> Iterator[ArticleBlock]:
    """Blocks of text files; one that cannot be read is a reject, for the others are fine."""
    for start in range(0, len(sources), blocks.SHARD_ARTICLES):
        articles, rejects = [], []
        for source in sources[start : start + blocks.SHARD_ARTICLES]:
            file = str(source.path)
            try:
                articles.append(Article(read_text(source.path), id=file))
            except InputError as error:
                rejects.append(Reject(file, None, str(error).removeprefix(f"{file}: ")))
        yield ArticleBlock(tuple(articles), tuple(rejects))


def open_parquet(source: Source) -> pq.ParquetFile:
    """Open a Parquet file without reading ahead.

    Raises:
        InputError: it is no Parquet file.
    """
    try:
        return pq.ParquetFile(source.path, pre_buffer=False)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{source.path}: not a readable Parquet file: {error}") from error


def _parquet_blocks(source: Source) -> Iterator[Block]:
    pending: list[pa.RecordBatch] = []
    rows = size = done = 0
    with open_parquet(source) as file:
        try:
            for batch in file.iter_batches(_PARQUET_BATCH):
                pending.append(batch)
                rows += batch.num_rows
                size += batch.nbytes
                if rows >= blocks.SHARD_ROWS or size >= blocks.SHARD_BYTES:
                    yield _parquet_block(source, pending, done)
                    done += rows
                    pending, rows, size = [], 0, 0
        except (OSError, pa.ArrowException) as error:
            raise InputError(f"{source.path}, row {done + rows + 1} ff.: {error}") from error
    if pending:
        yield _parquet_block(source, pending, done)


def _parquet_block(source: Source, batches: list[pa.RecordBatch], done: int) -> Block:
    table = pa.Table.from_batches(batches)
    numbers = range(done + 1, done + table.num_rows + 1)
    if _is_valid(table):
        return Block(str(source.path), numbers, table, ())
    # Rare and slow: find the rows whose strings are not UTF-8.
    good = [_is_valid(table.slice(i, 1)) for i in range(table.num_rows)]
    name, reason = str(source.path), "a string is not UTF-8"
    rows = list(zip(numbers, good, strict=True))
    rejects = tuple(
        Reject(name, number, reason, _shown(table.slice(number - done - 1, 1)))
        for number, ok in rows
        if not ok
    )
    return Block(name, [n for n, ok in rows if ok], table.filter(pa.array(good)), rejects)


def _shown(row: pa.Table) -> dict[str, Any]:
    """The columns of a row, undecodable bytes of its strings as escapes: \\xff."""
    shown = {}
    for name, column in zip(row.column_names, row.columns, strict=True):
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            [value] = column.cast(pa.large_binary(), safe=False).to_pylist()
            shown[name] = None if value is None else value.decode("utf-8", "backslashreplace")
        else:
            [shown[name]] = column.to_pylist()
    return shown


def _is_valid(table: pa.Table) -> bool:
    try:
        table.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
