"""Files in, files out: the one call that composes sources, shards, workers and store."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

from stance.artifact import SHIPPED, open_artifact
from stance.batch.blocks import ArticleBlock, Block, Columns, Counts, Part
from stance.batch.fingerprint import hash_of, versions_of
from stance.batch.readers import read_articles, read_tables
from stance.batch.sources import Format, Source, format_of
from stance.batch.store import Store, rejects_of
from stance.batch.survey import Survey, survey_of
from stance.batch.worker import Job, Worker
from stance.errors import ConfigError, InputError
from stance.progress import track
from stance.runtimes import best_device

__all__ = ["BatchSummary", "classify_files"]

_Advance = Callable[[int], None]
_Shards = Iterator[tuple[int, Block | ArticleBlock]]
_Engine = Callable[[Job, _Shards, _Advance], Iterable[tuple[int, Part]]]


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """What a batch run did, shards of interrupted runs included.

    Attributes:
        rows: input rows; with `articles`, input files.
        classified: output rows. For tables `classified + rejected == rows`.
        rejected: input rows in the rejects file.
        distinct: texts that the model read; equal ones within a shard are read once.
        without_statements: articles in which nobody says anything.
        seconds: wall time of this call.
        output: the file written.
        rejects: the file with a line for each rejected row, or None when there are none.
    """

    rows: int
    classified: int
    rejected: int
    distinct: int
    without_statements: int
    seconds: float
    output: Path
    rejects: Path | None


@dataclass(frozen=True, slots=True)
class _Plan:
    """A run that can begin.

    Attributes:
        survey: the input.
        job: what each worker has to know.
        settings: what the bytes of the output depend on.
        output: the file to write, in the format and schema of `job`.
        compression: of the output, or None.
    """

    survey: Survey
    job: Job
    settings: Mapping[str, Any]
    output: Path
    compression: str | None


def classify_files(
    inputs: str | Path | Sequence[str | Path],
    output: str | Path,
    *,
    text_column: str = "text",
    context_column: str | None = None,
    target_column: str | None = None,
    articles: bool = False,
    model: str | Path = SHIPPED,
    device: str = "auto",
    engine: Literal["local", "ray"] = "local",
    address: str | None = None,
    num_gpus: int = 0,
) -> BatchSummary:
    """Classify every row of some files, or every statement of some articles, into one file.

    Interrupted in any way and called again with the same arguments, it goes on where it stopped,
    to the same bytes as without. An output that already exists is replaced at the end.

    Args:
        inputs: files, globs, and with `articles` folders; the output keeps their order.
        output: .csv, .jsonl (either also .gz, .zst, .bz2) or .parquet.
        text_column, context_column, target_column: with the statement, the question or
            sentence before it (or None), and the peace effort to judge (or None).
        articles: inputs are .txt articles; the output has a row for each statement.
        model, device: as for `StanceClassifier.load`.
        engine, address, num_gpus: "local"; or "ray" for workers on the Ray cluster at an address
            (None: that in RAY_ADDRESS, or else one starts here), one on each CPU core, or so many
            with one GPU each.

    Raises:
        InputError: the input cannot be used, or an unfinished run had other settings.
        ArtifactError: the model is missing or altered.
        ConfigError: a setting is not known, or Ray is not installed.
        OutputError: the output cannot be written, for instance on a full disk.
        WorkersLostError: Ray workers die again and again.
    """
    begin = time.monotonic()
    target = _checked(Path(output))
    run = _engine(engine, address, num_gpus)
    columns = Columns(text_column, context_column, target_column)
    device = _device(device, engine, num_gpus)
    counts = _run(run, _plan(inputs, target, columns, model, device, articles=articles))
    return _summary(counts, target, time.monotonic() - begin)


def _summary(counts: Counts, output: Path, seconds: float) -> BatchSummary:
    rejects = rejects_of(output) if counts.rejected else None
    return BatchSummary(**asdict(counts), seconds=seconds, output=output, rejects=rejects)


def _checked(output: Path) -> Path:
    if format_of(output)[0] is Format.ARTICLE:
        raise InputError(f"{output}: the output is a table; use .csv, .jsonl or .parquet")
    if output.is_dir():
        raise InputError(f"{output}: is a directory; name a file")
    if not output.parent.is_dir():
        raise InputError(f"{output.parent}: no such directory; make it first")
    return output


def _engine(name: str, address: str | None, num_gpus: int) -> _Engine:
    if name == "ray":
        from stance.batch.cluster import RayEngine

        return RayEngine(address, num_gpus).run
    if name != "local":
        raise ConfigError(f"engine {name!r} is not one of local, ray")
    if address is not None or num_gpus:
        raise ConfigError("address and num_gpus are for engine='ray'")
    return _run_here


def _device(asked: str, engine: str, num_gpus: int) -> str:
    """What "auto" means where the work is done: a run begun on a GPU must not end on a CPU."""
    if asked == "auto" and engine == "ray":
        return "cuda" if num_gpus else "cpu"  # Ray hides GPUs from workers that ask for none
    device = best_device(asked)
    if engine == "ray" and device == "cuda" and not num_gpus:
        raise ConfigError("device 'cuda' on Ray needs num_gpus: one worker for each GPU")
    return device


def _run_here(job: Job, shards: _Shards, advance: _Advance) -> Iterator[tuple[int, Part]]:
    worker: Worker | None = None
    for number, block in shards:
        worker = worker or Worker(job)  # an already finished run needs no model
        yield number, worker.run(block, advance)


def _plan(
    inputs: str | Path | Sequence[str | Path],
    output: Path,
    columns: Columns,
    model: str | Path,
    device: str,
    *,
    articles: bool,
) -> _Plan:
    artifact = open_artifact(model)
    survey = survey_of(inputs, output, columns, articles=articles)
    settings = {
        "inputs": survey.sums,
        "columns": asdict(columns),
        "articles": articles,
        "model": hash_of(artifact, tagger=articles),
        "device": device,
        **versions_of(device, tagger=articles),
    }
    # Workers have other working folders; and a shipped name goes before a folder of that name.
    local = artifact.path == Path(model).expanduser()
    where = artifact.path.resolve() if local else model
    format_, compression = format_of(output)
    job = Job(str(where), device, columns, format_, survey.schema)
    return _Plan(survey, job, settings, output, compression)


def _run(engine: _Engine, plan: _Plan) -> Counts:
    """Finish all shards and put the output together; returns the sums of the shards' counts."""
    sources, job = plan.survey.sources, plan.job
    with Store(plan.output, plan.settings) as store:
        before = sum(counts.rows for counts in store.done.values())
        with track("classifying", plan.survey.total, before) as advance:
            for number, part in engine(job, _todo(sources, store), advance):
                store.commit(number, part)
        counts = _sum(store.done.values())
        store.finish(job.format, job.schema, plan.compression)
    return counts


def _todo(sources: Sequence[Source], store: Store) -> _Shards:
    """The numbered blocks that no earlier run has finished."""
    articles = sources[0].format is Format.ARTICLE
    blocks: Iterator[Block | ArticleBlock] = (
        read_articles(sources) if articles else read_tables(sources)
    )
    for number, block in enumerate(blocks):
        if number not in store.done:
            yield number, block


def _sum(counts: Iterable[Counts]) -> Counts:
    total: dict[str, Any] = {field.name: 0 for field in fields(Counts)}
    for one in counts:
        for name in total:
            total[name] += getattr(one, name)
    return replace(Counts(), **total)
