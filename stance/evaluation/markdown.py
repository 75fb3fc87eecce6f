"""A report as Markdown: the same content as the page, without its pictures."""

import re
from collections.abc import Sequence

from stance.evaluation.formats import (
    BRACKETS,
    HEADLINE,
    SLICE_TESTS,
    bounds,
    number,
    percent,
    table,
    whole_line,
    with_interval,
)
from stance.evaluation.results import Behavioural, Comparison, DatasetResult, Mistake, Report
from stance.labels import LABELS

__all__ = ["to_markdown"]


def to_markdown(report: Report) -> str:
    """The report as Markdown: the same content as the page, without its pictures."""
    parts = [
        f"# Evaluation of {report.system.name} {report.system.version}".rstrip(),
        f"Made {report.created}. Brackets hold 95 % intervals ({report.resamples} bootstrap "
        f"replicates, seed {report.seed}; {BRACKETS}).",
        _skipped(report),
        _gates(report),
        *(part for dataset in report.datasets for part in _dataset(dataset)),
        _behavioural(report.behavioural),
        _comparisons(report.comparisons),
        _provenance(report),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _skipped(report: Report) -> str:
    return "\n".join(f"- **not measured**: {k} ({why})" for k, why in report.skipped.items())


def _gates(report: Report) -> str:
    if not report.gates:
        return ""
    rows = [[g.name, number(g.value), bounds(g), g.status] for g in report.gates]
    verdict = "Every gate holds." if report.passed else "Below its gates."
    return f"## Gates\n\n{verdict}\n\n" + table(["figure", "value", "bound", ""], rows)


def _dataset(data: DatasetResult) -> list[str]:
    labels = ", ".join(f"{n} {label}" for label, n in data.labels.items())
    shown = [name for name in HEADLINE if name in data.scores[0].metrics]
    main = [
        [s.system, *(with_interval(s.metrics.get(name)) for name in shown)] for s in data.scores
    ]
    parts = [
        f"## {data.name}",
        f"{data.n} statements ({labels}); the bootstrap draws {data.resampled}.",
        table(["system", *shown], main),
    ]
    if data.pairs_right:
        parts.append(f"Contrast pairs: {data.pairs}, both right {with_interval(data.pairs_right)}.")
    if data.whole:
        parts.append(whole_line(data.whole))
    parts += [_per_label(data), _confusion(data), _conformal(data)]
    parts += [_reliability(data), _abstaining(data)]
    if data.slices:
        rows = [
            [s.attribute, s.value, str(s.n), with_interval(s.accuracy), with_interval(s.macro_f1),
             s.test, number(s.p_holm), s.mark]
            for s in data.slices
        ]  # fmt: skip
        header = ["slice", "value", "n", "accuracy", "macro-F1", "test", "p (Holm)", ""]
        parts += ["### Slices", SLICE_TESTS, table(header, rows)]
    return [part for part in [*parts, _mistakes(data)] if part]


def _per_label(data: DatasetResult) -> str:
    metrics = data.scores[0].metrics
    names = ("precision", "recall", "f1")
    rows = [[label, *(with_interval(metrics[f"{n}_{label}"]) for n in names)] for label in LABELS]
    return table(["label", *names], rows)


def _confusion(data: DatasetResult) -> str:
    counts = data.scores[0].confusion
    rows = [[label, *map(str, row)] for label, row in zip(LABELS, counts, strict=True)]
    return table(["gold \\ predicted", *LABELS], rows)


def _conformal(data: DatasetResult) -> str:
    metrics = data.scores[0].metrics
    levels = [k.removeprefix("set_size_") for k in metrics if k.startswith("set_size_")]
    rows = [
        [level, with_interval(metrics[f"coverage_{level}"]),
         *(number(metrics[f"coverage_{level}_{label}"].value) for label in LABELS),
         with_interval(metrics[f"set_size_{level}"], 2)]
        for level in levels
    ]  # fmt: skip
    return table(["conformal level", "coverage", *LABELS, "mean size"], rows) if rows else ""


def _reliability(data: DatasetResult) -> str:
    rows = [
        [f"{b.low:.2f} to {b.high:.2f}", str(b.n), number(b.confidence), with_interval(b.accuracy)]
        for b in data.reliability
    ]
    header = ["confidence", "n", "mean confidence", "accuracy"]
    return f"### Reliability\n\n{table(header, rows)}" if rows else ""


def _abstaining(data: DatasetResult) -> str:
    rows = [
        [percent(p.coverage), with_interval(p.accuracy), number(p.threshold)]
        for p in data.risk_coverage
    ]
    header = ["answered", "accuracy", "confidence at least"]
    return f"### Answering only the surest\n\n{table(header, rows)}" if rows else ""


def _mistakes(data: DatasetResult) -> str:
    if not data.mistakes:
        return ""
    closed = "" if data.quotable else "The texts of this dataset may not be quoted.\n\n"
    return f"### Worst mistakes\n\n{closed}" + "\n".join(map(_mistake, data.mistakes))


def _mistake(mistake: Mistake) -> str:
    """A list item: what was said, what was made of it, and the training statements near it."""
    context = f"({_inline(mistake.context)}) " if mistake.context else ""
    said = f": {context}{_inline(mistake.text)}" if mistake.text is not None else ""
    facts = "".join(f"; {name}: {_inline(value)}" for name, value in mistake.facts.items())
    verdict = (
        f"{mistake.gold} {number(mistake.gold_probability, 2)}, "
        f"predicted {mistake.predicted} {number(mistake.confidence, 2)}{facts}"
    )
    near = [
        f"near: {n.label} {number(n.similarity, 2)}, `{n.id}`: {_inline(n.text)}"
        for n in mistake.nearest
    ]
    return "\n  - ".join([f"- `{mistake.id}`{said}", verdict, *near])


def _inline(text: str) -> str:
    """A text on one line, without what Markdown would take for markup."""
    return re.sub(r"([\\`*<\[])", r"\\\1", " ".join(text.split()))


def _behavioural(found: Behavioural | None) -> str:
    if found is None:
        return ""
    rows = [
        [c.name, c.kind, str(c.cases), str(c.failures), with_interval(c.failure_rate)]
        for c in found.capabilities
    ]
    rate = with_interval(found.failure_rate)
    lead = f"{found.cases} cases, failure rate {rate}, worst capability {percent(found.worst)}."
    figures = table(["capability", "kind", "cases", "failed", "failure rate"], rows)
    examples = [
        f"- {c.name}\n" + "\n".join(f"  - {_inline(example)}" for example in c.examples)
        for c in found.capabilities
        if c.examples
    ]
    shown = "\n\n### Examples of failures\n\n" + "\n".join(examples) if examples else ""
    return f"## Behavioural suite\n\n{lead}\n\n{figures}{shown}"


def _comparisons(rows: Sequence[Comparison]) -> str:
    if not rows:
        return ""
    cells = [
        [c.dataset, f"{c.a} − {c.b}", c.measure, with_interval(c.difference), c.test,
         number(c.p_holm, 4)]
        for c in rows
    ]  # fmt: skip
    header = ["dataset", "systems", "measure", "difference", "test", "p (Holm)"]
    return "## Is it better?\n\n" + table(header, cells)


def _provenance(report: Report) -> str:
    versions = ", ".join(f"{k} {v}" for k, v in report.libraries.items())
    device = f"; device {report.system.device}" if report.system.device else ""
    rows = [[name, f"`{digest}`"] for name, digest in report.read.items()]
    return f"## What was read\n\n{versions}{device}\n\n{table(['file', 'SHA-256'], rows)}"
