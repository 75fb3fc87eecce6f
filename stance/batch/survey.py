"""A look at all inputs before any work: which files, how much, and the columns of the output."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from stance.batch.blocks import Columns
from stance.batch.rows import ARTICLE_SCHEMA, RESULT_SCHEMA
from stance.batch.scan import scan_table, sha256_of, union
from stance.batch.sources import Format, Source, find_sources, format_of
from stance.batch.store import partial_of, rejects_of
from stance.errors import InputError
from stance.progress import track

__all__ = ["Survey", "survey_of"]


@dataclass(frozen=True, slots=True)
class Survey:
    """What a look at all inputs gives.

    Attributes:
        sources: the input files in order.
        schema: of the output.
        total: input rows, or articles.
        sums: name and SHA-256 of each file.
    """

    sources: Sequence[Source]
    schema: pa.Schema
    total: int
    sums: Sequence[tuple[str, str]]


def survey_of(
    inputs: str | Path | Sequence[str | Path], output: Path, columns: Columns, *, articles: bool
) -> Survey:
    """Find and read the inputs of a run.

    Raises:
        InputError: one cannot be used, or is a file that the run writes.
    """
    given = [inputs] if isinstance(inputs, str | Path) else list(inputs)
    sources = find_sources(given, articles=articles)
    _keep_apart(sources, output)
    if articles:
        sums = [(str(source.path), sha256_of(source)) for source in sources]
        return Survey(sources, ARTICLE_SCHEMA, len(sources), sums)
    with track("reading", None) as advance:
        scans = [scan_table(source, columns, advance) for source in sources]
    for source, scan in zip(sources, scans, strict=True):
        for name in RESULT_SCHEMA.names:
            if name in scan.schema.names:
                raise InputError(
                    f"{source.path}: has a column {name!r} already, which the output adds; "
                    f"rename it in the input, for instance to '{name}_given'"
                )
    schema = union([scan.schema for scan in scans], typed=format_of(output)[0] is Format.PARQUET)
    for column in RESULT_SCHEMA:
        schema = schema.append(column)
    sums = [(str(source.path), scan.sha256) for source, scan in zip(sources, scans, strict=True)]
    return Survey(sources, schema, sum(scan.rows for scan in scans), sums)


def _keep_apart(sources: Sequence[Source], output: Path) -> None:
    """A glob easily takes in what an earlier run wrote beside its inputs."""
    written = {path.resolve() for path in (output, rejects_of(output), partial_of(output))}
    for source in sources:
        path = source.path.resolve()
        if not written.isdisjoint({path, *path.parents}):
            raise InputError(
                f"{source.path}: the run would write this input (or its folder) itself; "
                "write the output to another place, or name the inputs more narrowly"
            )
