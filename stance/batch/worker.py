"""One shard: rows -> predictions -> bytes. The same code on one machine and on a cluster."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from stance.attribution.language import LanguageWarning, is_english
from stance.attribution.markup import blank_markup
from stance.batch.blocks import ArticleBlock, Block, Columns, Counts, Part, Reject
from stance.batch.rows import as_dicts, encode, result_of, to_json
from stance.batch.sources import Format
from stance.inputs import check_text
from stance.records import Prediction, Statement

__all__ = ["ARTICLES_AT_ONCE", "STATEMENTS_AT_ONCE", "Job", "Worker"]

# So many at once: enough for batches of like lengths, few enough for a lively progress bar.
# Fixed, since the last digits of a result may depend on what else is in the call.
STATEMENTS_AT_ONCE = 1_024
ARTICLES_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker has to know. It travels to the workers of a cluster.

    Attributes:
        model, device: as `StanceClassifier.load` takes them; the device is not "auto", which
            may mean something else to each worker.
        columns: what to classify; unused for articles.
        format, schema: of the output.
    """

    model: str
    device: str
    columns: Columns
    format: Format
    schema: pa.Schema


@dataclass(slots=True)
class _Sorted:
    """The rows of a shard, sorted into those to classify and those to reject."""

    good: list[int] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


class Worker:
    """Holds a loaded model. A shard's part depends on nothing but the shard and the job."""

    def __init__(self, job: Job) -> None:
        # Here, since it brings in torch, and wrong input should be told before that.
        from stance.classifier import StanceClassifier

        self._job = job
        self._classifier = StanceClassifier.load(job.model, job.device, bulk=True)

    def ready(self) -> None:
        """Return as soon as the model is loaded: a call to an actor waits for its `__init__`."""

    def run(
        self, block: Block | ArticleBlock, advance: Callable[[int], None] | None = None
    ) -> Part:
        """Classify a shard.

        Args:
            advance: told now and then how many more of the block's rows are done.
        """
        tell = advance or (lambda _: None)
        if isinstance(block, ArticleBlock):
            return self._articles(block, tell)
        return self._table(block, tell)

    def _table(self, block: Block, advance: Callable[[int], None]) -> Part:
        found = _sort(block, self._job.columns)
        advance(block.size - len(found.good))
        unique = list(dict.fromkeys(found.statements))
        share = len(found.good) / max(1, len(unique))
        results: dict[Statement, dict[str, Any]] = {}
        for start in range(0, len(unique), STATEMENTS_AT_ONCE):
            chunk = unique[start : start + STATEMENTS_AT_ONCE]
            for statement, prediction in zip(chunk, self._classifier.classify(chunk), strict=True):
                results[statement] = result_of(prediction)
            advance(round((start + len(chunk)) * share) - round(start * share))
        rows = _take(block.rows, found.good)
        counts = Counts(block.size, len(found.good), len(found.rejects), len(unique))
        added = [results[statement] for statement in found.statements]
        return self._part(rows, added, found.rejects, counts)

    def _articles(self, block: ArticleBlock, advance: Callable[[int], None]) -> Part:
        faults = [check_text(article.text) for article in block.articles]
        pairs = list(zip(block.articles, faults, strict=True))
        rejects = [*block.rejects, *(Reject(a.id, None, fault) for a, fault in pairs if fault)]
        good = [article for article, fault in pairs if fault is None]
        advance(len(rejects))
        unique = list(dict.fromkeys(article.text for article in good))
        found: dict[str, list[Prediction]] = {}
        for start in range(0, len(unique), ARTICLES_AT_ONCE):
            chunk = unique[start : start + ARTICLES_AT_ONCE]
            with warnings.catch_warnings():  # it would count within the chunk; a column says it
                warnings.simplefilter("ignore", LanguageWarning)
                found.update(zip(chunk, self._classifier.analyze_batch(chunk), strict=True))
            advance(len(chunk))
        advance(len(good) - len(unique))
        english = {text: is_english(blank_markup(text)) for text in unique}
        rows = [
            _statement(a.id, p) | {"english": english[a.text]} for a in good for p in found[a.text]
        ]
        results = [result_of(p) for a in good for p in found[a.text]]
        silent = sum(not found[article.text] for article in good)
        counts = Counts(block.size, len(rows), len(rejects), len(unique), silent)
        return self._part(rows, results, rejects, counts)

    def _part(
        self,
        rows: list[dict[str, Any]] | pa.Table,
        results: Sequence[dict[str, Any]],
        rejects: Sequence[Reject],
        counts: Counts,
    ) -> Part:
        lines = [
            to_json(reject._asdict()) + "\n"
            for reject in sorted(rejects, key=lambda r: (r.file, r.line or 0))
        ]
        data = encode(rows, results, self._job.format, self._job.schema)
        return Part(data, "".join(lines).encode("utf-8"), counts)


def _sort(block: Block, columns: Columns) -> _Sorted:
    names = [name for name in (columns.text, columns.context, columns.target) if name is not None]
    wanted = block.rows
    if isinstance(wanted, pa.Table):
        wanted = wanted.select(names).to_pylist()
    found = _Sorted(rejects=list(block.rejects))
    for i, row in enumerate(wanted):
        fault = _fault(row, columns)
        if fault:
            whole = as_dicts(_take(block.rows, [i]))[0]
            found.rejects.append(Reject(block.file, block.lines[i], fault, whole))
            continue
        context = row.get(columns.context) if columns.context else None
        target = row.get(columns.target) if columns.target else None
        found.good.append(i)
        found.statements.append(
            Statement(row[columns.text], context=context or None, target=target or None)
        )
    return found


def _fault(row: dict[str, Any], columns: Columns) -> str | None:
    if columns.text not in row:
        return f"no {columns.text!r} in this row"
    text = row[columns.text]
    if text is None:
        return f"{columns.text!r} is null"
    if not isinstance(text, str):
        return f"{columns.text!r} is not a string but a {type(text).__name__}"
    if check_text(text):
        return f"{columns.text!r} is empty or blank"
    for name in (columns.context, columns.target):
        if name and not isinstance(row.get(name), str | None):
            return f"{name!r} is not a string but a {type(row[name]).__name__}"
    return None


def _take(rows: list[dict[str, Any]] | pa.Table, chosen: list[int]) -> list[Any] | pa.Table:
    if isinstance(rows, list):
        return [rows[i] for i in chosen]
    return rows.take(pa.array(chosen, pa.int64()))


def _statement(article: str, prediction: Prediction) -> dict[str, Any]:
    said = prediction.statement
    return {
        "article": article,
        "text": said.text,
        "speaker": said.speaker,
        "cue": said.cue,
        "speech": said.speech.value if said.speech else None,
        "start": said.start,
        "end": said.end,
        "spans": [list(span) for span in said.spans],
        "source_start": said.source_start,
        "source_end": said.source_end,
        "context": said.context,
        "target": said.target,
        "about_talks": said.about_talks,
    }
