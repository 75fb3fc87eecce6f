"""A report as JSON, and as Markdown."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from stance.evaluation.results import (
    Behavioural,
    Comparison,
    DatasetResult,
    Estimate,
    GateResult,
    Report,
)
from stance.labels import LABELS

__all__ = ["number", "percent", "to_json", "to_markdown", "with_interval"]

HEADLINE = ("accuracy", "macro_f1", "macro_recall", "mcc", "ece", "brier")
"""The metrics of a report's main table, in order."""


def to_json(value: Any) -> str:
    """JSON of a report or a list of comparisons: floats with six digits, nan as null."""
    data = [asdict(v) for v in value] if isinstance(value, list) else asdict(value)
    return json.dumps(_plain(data), ensure_ascii=False, indent=1) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 6)
    return value


def number(value: float | None, digits: int = 3) -> str:
    """A figure, or a dash where it is not defined."""
    return "–" if value is None or math.isnan(value) else f"{value:.{digits}f}"


def percent(value: float | None) -> str:
    """A share in percent, or a dash where it is not defined."""
    return "–" if value is None or math.isnan(value) else f"{100 * value:.1f} %"


def with_interval(estimate: Estimate | None, digits: int = 3) -> str:
    """`0.912 [0.890, 0.931]`; without brackets where there is no interval."""
    if estimate is None:
        return "–"
    if estimate.low is None or estimate.high is None:
        return number(estimate.value, digits)
    low, high = number(estimate.low, digits), number(estimate.high, digits)
    return f"{number(estimate.value, digits)} [{low}, {high}]"


def to_markdown(report: Report) -> str:
    """The report as Markdown: the same content as the page, without its pictures."""
    parts = [
        f"# Evaluation of {report.system.name} {report.system.version}".rstrip(),
        f"Made {report.created}. Brackets hold 95 % intervals ({report.resamples} bootstrap "
        f"replicates, seed {report.seed}; Wilson's for slices, pairs and capabilities).",
        _skipped(report),
        _gates(report.gates),
        *(part for dataset in report.datasets for part in _dataset(dataset)),
        _behavioural(report.behavioural),
        _comparisons(report.comparisons),
        _provenance(report),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; bars and line breaks in cells are made harmless."""
    lines = [header, ["---"] * len(header), *rows]
    cells = ([str(c).replace("|", "\\|").replace("\n", " ") for c in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def _skipped(report: Report) -> str:
    return "\n".join(f"- **not measured**: {k} ({why})" for k, why in report.skipped.items())


def bounds(gate: GateResult) -> str:
    """The bounds of a gate in words."""
    parts = [("at least", gate.minimum), ("at most", gate.maximum)]
    return ", ".join(f"{word} {value:g}" for word, value in parts if value is not None)


def _gates(gates: Sequence[GateResult]) -> str:
    if not gates:
        return ""
    rows = [[g.name, number(g.value), bounds(g), g.status] for g in gates]
    return "## Gates\n\n" + table(["figure", "value", "bound", ""], rows)


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
    parts += [_per_label(data), _confusion(data), _conformal(data), _abstaining(data)]
    if data.slices:
        rows = [
            [s.attribute, s.value, str(s.n), with_interval(s.accuracy), number(s.macro_f1),
             number(s.p_holm), s.mark]
            for s in data.slices
        ]  # fmt: skip
        header = ["slice", "value", "n", "accuracy", "macro-F1", "p (Holm)", ""]
        parts += ["### Slices", table(header, rows)]
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


def _abstaining(data: DatasetResult) -> str:
    points = [p for p in data.risk_coverage if p.coverage in (0.5, 0.7, 0.8, 0.9, 1.0)]
    rows = [[percent(p.coverage), with_interval(p.accuracy), number(p.threshold)] for p in points]
    header = ["answered", "accuracy", "confidence at least"]
    return table(header, rows) if rows else ""


def _mistakes(data: DatasetResult) -> str:
    rows = [
        [m.id, m.text or "(not quoted)", m.gold, f"{m.predicted} {m.confidence:.2f}",
         m.facts.get("phenomenon") or m.facts.get("rule", ""),
         "; ".join(f"{n.label} ({n.similarity:.2f}): {n.text}" for n in m.nearest[:1])]
        for m in data.mistakes
    ]  # fmt: skip
    header = ["id", "text", "gold", "predicted", "phenomenon or rule", "nearest in training"]
    return "### Worst mistakes\n\n" + table(header, rows) if rows else ""


def _behavioural(found: Behavioural | None) -> str:
    if found is None:
        return ""
    rows = [
        [c.name, c.kind, str(c.cases), str(c.failures), with_interval(c.failure_rate),
         c.examples[0] if c.examples else ""]
        for c in found.capabilities
    ]  # fmt: skip
    header = ["capability", "kind", "cases", "failed", "failure rate", "an example"]
    rate = with_interval(found.failure_rate)
    lead = f"{found.cases} cases, failure rate {rate}, worst capability {percent(found.worst)}."
    return f"## Behavioural suite\n\n{lead}\n\n{table(header, rows)}"


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
    files = {k: v for d in report.datasets for k, v in d.files.items()} | {
        **report.system.files,
        **(report.behavioural.files if report.behavioural else {}),
    }
    versions = ", ".join(f"{k} {v}" for k, v in report.libraries.items())
    rows = [[name, f"`{digest}`"] for name, digest in files.items()]
    return f"## What was read\n\n{versions}\n\n{table(['file', 'SHA-256'], rows)}"
