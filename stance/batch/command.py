"""What `stance batch` prints, and its exit codes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from stance.batch.cluster import WorkersLostError
from stance.batch.job import BatchSummary, classify_files
from stance.batch.memory import spare_memory
from stance.batch.store import partial_of
from stance.errors import OutputError

__all__ = ["run_batch"]

_DONE, _STOPPED, _REJECTS, _INTERRUPTED = 0, 1, 3, 130


def run_batch(
    inputs: Sequence[str], output: str, settings: Mapping[str, Any], *, as_json: bool
) -> int:
    """Run `classify_files` with `settings`, print its summary; returns the exit code.

    Raises:
        StanceError: the input or a setting cannot be used.
    """
    spare_memory()
    try:
        summary = classify_files(inputs, output, **settings)
    except (OutputError, WorkersLostError) as error:
        typer.echo(f"stance: {error}", err=True)
        return _STOPPED
    except KeyboardInterrupt:
        kept = partial_of(Path(output))
        where = f"what is finished stays in {kept}" if kept.exists() else "nothing is finished yet"
        typer.echo(f"stance: interrupted; {where}: run the same command again to go on", err=True)
        return _INTERRUPTED
    typer.echo(_as_json(summary) if as_json else _in_words(summary, articles=settings["articles"]))
    return _REJECTS if summary.rejected else _DONE


def _as_json(summary: BatchSummary) -> str:
    return json.dumps(asdict(summary), default=str)


def _in_words(summary: BatchSummary, *, articles: bool) -> str:
    kind = "articles" if articles else "rows"
    lines = [
        f"{summary.output}: {summary.classified:,} statements of {summary.rows:,} {kind} "
        f"classified in {summary.seconds:,.1f} s ({summary.distinct:,} {kind} read by the model)"
    ]
    if summary.without_statements:
        lines.append(f"{summary.without_statements:,} articles hold no statement")
    if summary.rejected:
        lines.append(f"{summary.rejects}: {summary.rejected:,} {kind} that cannot be classified")
    return "\n".join(lines)
