"""Rows -> bytes in the output's format, and whole outputs out of such bytes."""

import base64
import csv
import io
import json
import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from stance.batch.sources import Format
from stance.errors import InputError
from stance.labels import LABELS
from stance.records import Prediction

__all__ = [
    "ARTICLE_SCHEMA",
    "RESULT_SCHEMA",
    "apart",
    "as_dicts",
    "encode",
    "join",
    "result_of",
    "to_json",
]

RESULT_SCHEMA = pa.schema(
    [
        ("label", pa.string()),
        *((f"p_{label}", pa.float64()) for label in LABELS),
        ("confidence", pa.float64()),
        ("truncated", pa.bool_()),
        ("model_version", pa.string()),
    ]
)
"""The columns that are added to each input row."""

ARTICLE_SCHEMA = pa.schema(
    [
        ("article", pa.string()),
        ("text", pa.string()),
        ("speaker", pa.string()),
        ("cue", pa.string()),
        ("speech", pa.string()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("spans", pa.list_(pa.list_(pa.int64()))),
        ("source_start", pa.int64()),
        ("source_end", pa.int64()),
        ("context", pa.string()),
        ("target", pa.string()),
        ("about_talks", pa.float64()),
        ("english", pa.bool_()),
        *RESULT_SCHEMA,
    ]
)
"""The columns of a statement found in an article; `english` is False for an article in another
language, whose statements are guesses."""

# Far below what the model can tell apart; without it a row would be a third longer.
_DECIMALS = 6


def result_of(prediction: Prediction) -> dict[str, Any]:
    """The values of `RESULT_SCHEMA`; probabilities have six decimals."""
    return {
        "label": prediction.label.value,
        **{f"p_{k}": round(p, _DECIMALS) for k, p in prediction.probabilities.items()},
        "confidence": round(prediction.confidence, _DECIMALS),
        "truncated": prediction.truncated,
        "model_version": prediction.model_version,
    }


def encode(
    rows: list[dict[str, Any]] | pa.Table,
    results: Sequence[dict[str, Any]],
    format: Format,  # noqa: A002
    schema: pa.Schema,
) -> bytes:
    """The bytes of one shard: `rows` with the columns of `results` (one for each row) added.

    CSV comes without its header; `join` makes a file out of shards.

    Raises:
        InputError: a value does not fit the type that its column has for the other inputs' sake,
            such as an integer above 2**53 where another file has decimals.
    """
    if format is Format.PARQUET:
        try:
            return _parquet_bytes(_as_table(rows, results, schema))
        except pa.ArrowException as error:
            raise apart(error) from error
    merged = [row | result for row, result in zip(as_dicts(rows), results, strict=True)]
    if format is Format.JSONL:
        return "".join(to_json(row) + "\n" for row in merged).encode("utf-8")
    names = schema.names
    return _csv_bytes([_cell(row.get(name)) for name in names] for row in merged)


def apart(error: pa.ArrowException) -> InputError:
    """What to raise where columns of the inputs have types, or values, that fit no one type."""
    return InputError(
        f"the inputs' columns do not go together: {error}; run them one by one, or write .jsonl"
    )


def join(
    parts: Iterable[Path],
    output: Path,
    format: Format,  # noqa: A002
    schema: pa.Schema,
    compression: str | None,
) -> None:
    """Write one file out of the shards' bytes in order.

    Raises:
        OSError: the disk is full, or a part cannot be read.
    """
    if format is Format.PARQUET:
        with pq.ParquetWriter(output, schema) as writer:
            for part in parts:
                writer.write_table(pq.ParquetFile(part).read())
        return
    with pa.output_stream(str(output), compression=compression) as stream:
        if format is Format.CSV:
            stream.write(_csv_bytes([schema.names]))
        for part in parts:
            stream.write(part.read_bytes())


def as_dicts(rows: list[dict[str, Any]] | pa.Table) -> list[dict[str, Any]]:
    """Rows as dictionaries; times and decimals of Arrow as text, with all their digits."""
    if isinstance(rows, list):
        return rows
    texts = pa.schema([column.with_type(_as_text(column.type)) for column in rows.schema])
    found: list[dict[str, Any]] = rows.cast(texts).to_pylist()
    return found


def _as_text(kind: pa.DataType) -> pa.DataType:
    """The type with text for times and decimals, which Python's own could not always hold."""
    if pa.types.is_temporal(kind) or pa.types.is_decimal(kind):
        return pa.string()
    if pa.types.is_struct(kind):
        return pa.struct([inner.with_type(_as_text(inner.type)) for inner in kind])
    if pa.types.is_map(kind):
        return pa.map_(_as_text(kind.key_type), _as_text(kind.item_type))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return pa.large_list(_as_text(kind.value_type))
    return kind


def _as_table(
    rows: list[dict[str, Any]] | pa.Table, results: Sequence[dict[str, Any]], schema: pa.Schema
) -> pa.Table:
    added = pa.Table.from_pylist(list(results), RESULT_SCHEMA)
    if isinstance(rows, list):
        merged = [row | result for row, result in zip(rows, results, strict=True)]
        columns = [
            pa.array([_fit(row.get(f.name), f.type) for row in merged], f.type) for f in schema
        ]
        return pa.Table.from_arrays(columns, schema=schema)
    columns = []
    for column in schema:
        if column.name in added.column_names:
            columns.append(added.column(column.name))
        elif column.name in rows.column_names:
            columns.append(rows.column(column.name).cast(column.type))
        else:
            columns.append(pa.nulls(rows.num_rows, column.type))
    return pa.Table.from_arrays(columns, schema=schema)


def _fit(value: Any, kind: pa.DataType) -> Any:
    if value is None or kind != pa.string() or isinstance(value, str):
        return value
    return to_json(value)


def _parquet_bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def _csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    plain = csv.writer(text, lineterminator="\n")
    quoted = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        # Python before 3.13 leaves a lone carriage return bare, and then cannot read it.
        (quoted if any("\r" in cell for cell in row) else plain).writerow(row)
    return text.getvalue().encode("utf-8")


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool | int | list | dict):
        return to_json(value)
    return value if isinstance(value, str) else _plain(value)


def to_json(value: Any) -> str:
    """One line of JSON. NaN and infinity, which JSON has no words for, become null."""
    try:
        return json.dumps(value, ensure_ascii=False, default=_plain, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), ensure_ascii=False, default=_plain)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain(value: Any) -> str:
    """What JSON cannot hold, out of nested Parquet columns."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)
