"""A first pass over the input: fingerprint, number of rows, columns and their types.

It costs a hundredth of the work, and gives what must be known before work starts: whether an
unfinished run had the same input, when the run will end, and which columns the output has.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from stance.batch.blocks import Columns, Reject
from stance.batch.readers import open_parquet
from stance.batch.rows import apart
from stance.batch.sources import Format, Source
from stance.batch.text import csv_header, csv_rows, jsonl_rows
from stance.errors import InputError
from stance.inputs import check_distinct
from stance.manifest import sha256

__all__ = ["Scan", "scan_table", "sha256_of", "union"]

_EXACT_IN_DOUBLE = 2**53


@dataclass(frozen=True, slots=True)
class Scan:
    """What one table holds.

    Attributes:
        sha256: of the file as it lies on disk.
        rows: input rows, also those that will be rejected.
        schema: columns in order. A JSONL column of mixed or nested values is a string of JSON.
    """

    sha256: str
    rows: int
    schema: pa.Schema


def sha256_of(source: Source) -> str:
    """Raises InputError when the file cannot be read."""
    try:
        return sha256(source.path)
    except OSError as error:
        raise InputError(f"{source.path}: cannot be read: {error.strerror}") from error


def scan_table(source: Source, columns: Columns, advance: Callable[[int], None]) -> Scan:
    """Read a table once.

    Args:
        advance: told now and then how many more rows were read.

    Raises:
        InputError: the file cannot be read, or lacks the text, context or target column.
    """
    digest = sha256_of(source)
    if source.format is Format.PARQUET:
        with open_parquet(source) as file:
            rows, schema = file.metadata.num_rows, file.schema_arrow
        check_distinct(str(source.path), schema.names)
        advance(rows)
    elif source.format is Format.CSV:
        schema = pa.schema([(name, pa.string()) for name in csv_header(source)])
        _check_columns(source, columns, schema.names)  # before a long file is read
        rows = _count(csv_rows(source), advance)
    else:
        kinds = _Kinds()
        rows = _count(jsonl_rows(source), advance, kinds.add)
        schema = kinds.schema()
        if not schema.names:  # empty, or broken from end to end: then every line is a reject
            return Scan(digest, rows, schema)
    _check_columns(source, columns, schema.names)
    return Scan(digest, rows, schema)


def union(schemas: Sequence[pa.Schema], *, typed: bool) -> pa.Schema:
    """The columns of several tables in order of appearance.

    Args:
        typed: False for an output whose columns have no types: only their names count.

    Raises:
        InputError: a column has types that do not go together.
    """
    if not typed:
        names = dict.fromkeys(name for schema in schemas for name in schema.names)
        return pa.schema([(name, pa.string()) for name in names])
    try:
        return pa.unify_schemas(schemas, promote_options="permissive")
    except pa.ArrowException as error:
        raise apart(error) from error


def _count(
    rows: Any, advance: Callable[[int], None], see: Callable[[dict[str, Any]], None] | None = None
) -> int:
    count = 0
    for count, row in enumerate(rows, start=1):
        if see and not isinstance(row, Reject):
            see(row.values)
        if count % 10_000 == 0:
            advance(10_000)
    advance(count % 10_000)
    return count


def _check_columns(source: Source, columns: Columns, names: Sequence[str]) -> None:
    for option, name in (
        ("--text-column", columns.text),
        ("--context-column", columns.context),
        ("--target-column", columns.target),
    ):
        if name is not None and name not in names:
            has = ", ".join(map(repr, names))
            other = next((mark for mark in ";\t|" if len(names) == 1 and mark in names[0]), None)
            fix = f"separated by {other!r}? Convert it to commas" if other else f"see {option}"
            raise InputError(f"{source.path}: no column {name!r}; it has {has}; {fix}")


@dataclass(slots=True)
class _Kinds:
    """Which kinds of values each key of a JSONL file has had, in order of appearance."""

    seen: dict[str, set[str]] = field(default_factory=dict)

    def add(self, values: dict[str, Any]) -> None:
        for name, value in values.items():
            kinds = self.seen.get(name)
            if kinds is None:
                kinds = self.seen[name] = set()
            if value is not None:
                kinds.add(_kind(value))

    def schema(self) -> pa.Schema:
        return pa.schema([(name, _arrow_type(kinds)) for name, kinds in self.seen.items()])


def _kind(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) <= _EXACT_IN_DOUBLE:
            return "int"
        return "long" if -(2**63) <= value < 2**63 else "json"
    return {bool: "bool", float: "float", str: "str"}.get(type(value), "json")


def _arrow_type(kinds: set[str]) -> pa.DataType:
    if kinds == {"bool"}:
        return pa.bool_()
    if kinds and kinds <= {"int", "long"}:
        return pa.int64()
    if kinds and kinds <= {"int", "float"}:
        return pa.float64()
    return pa.string()
