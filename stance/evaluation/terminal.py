"""A report on the terminal."""

from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from stance.evaluation.formats import bounds, number, percent, whole_line, with_interval
from stance.evaluation.results import Behavioural, Comparison, DatasetResult, GateResult, Report
from stance.labels import LABELS

__all__ = ["print_comparisons", "print_report", "print_skipped"]

_SHOWN = 8


def print_report(report: Report, console: Console) -> None:
    """The figures that decide, in one or two screens; the page has the rest."""
    console.print(_scores(report.datasets))
    for data in report.datasets:
        console.print(_labels(data))
        if data.whole:
            console.print(escape(f"{data.name}: {whole_line(data.whole)}\n"))
    if report.behavioural:
        console.print(_capabilities(report.behavioural))
    print_skipped(report.skipped, console)
    if report.gates:
        console.print(_gates(report.gates))


def print_skipped(skipped: Mapping[str, str], console: Console) -> None:
    """What was not measured, and why."""
    for name, why in skipped.items():
        console.print(f"[yellow]not measured[/] {escape(name)}: {escape(why)}")


def print_comparisons(rows: Sequence[Comparison], console: Console) -> None:
    """Side by side: one row for each dataset and measure, then the suite's failure rates."""
    table = _table("dataset", "measure", "A", "B", "A − B", "test", "p", "p (Holm)", "verdict")
    suite = _table("behavioural suite", "A fails", "B fails", "A − B")
    for row in rows:
        figures = [
            escape(with_interval(estimate))
            for estimate in (row.value_a, row.value_b, row.difference)
        ]
        if row.dataset == "behavioural":
            suite.add_row("all" if row.measure == "failure_rate" else row.measure, *figures)
            continue
        tested = (row.test, number(row.p, 4), number(row.p_holm, 4)) if row.test else ("",) * 3
        table.add_row(escape(row.dataset), row.measure, *figures, *tested, _verdict(row))
    if rows:
        console.print(f"A = {escape(rows[0].a)}\nB = {escape(rows[0].b)}")
    console.print(table)
    if suite.row_count:
        console.print(suite)


def _verdict(row: Comparison) -> str:
    if row.p_holm is None:
        return ""
    if row.p_holm >= 0.05 or not row.difference.value:
        return "no clear difference"
    return "[green]A is better[/]" if row.difference.value > 0 else "[red]B is better[/]"


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column)
    return table


def _scores(datasets: Sequence[DatasetResult]) -> Table:
    table = _table("dataset", "n", "system", "accuracy", "macro-F1", "MCC", "ECE", "Brier", "pairs")
    for data in datasets:
        for i, scores in enumerate(data.scores):
            metrics = scores.metrics
            names = ("accuracy", "macro_f1", "mcc", "ece", "brier")
            first = i == 0
            table.add_row(
                escape(data.name) if first else "",
                str(data.n) if first else "",
                escape(scores.system),
                *(escape(with_interval(metrics.get(n), 2 if n == "mcc" else 3)) for n in names[:2]),
                *(number(metrics[n].value) if n in metrics else "–" for n in names[2:]),
                escape(with_interval(data.pairs_right, 2)) if first and data.pairs_right else "",
            )
    return table


def _labels(data: DatasetResult) -> Table:
    table = _table(f"{escape(data.name)}: gold \\ predicted", *LABELS, "precision", "recall", "F1")
    scores = data.scores[0]
    for label, counts in zip(LABELS, scores.confusion, strict=True):
        figures = (scores.metrics[f"{n}_{label}"] for n in ("precision", "recall", "f1"))
        cells = (escape(with_interval(estimate, 2)) for estimate in figures)
        table.add_row(label, *map(str, counts), *cells)
    return table


def _capabilities(found: Behavioural) -> Table:
    table = _table("behavioural suite", "kind", "cases", "failure rate")
    rate = f"{percent(found.failure_rate.value)} of {found.cases} cases"
    table.add_row("all", "", str(found.cases), rate)
    for c in found.capabilities[:_SHOWN]:
        table.add_row(c.name, c.kind, str(c.cases), escape(with_interval(c.failure_rate, 2)))
    if len(found.capabilities) > _SHOWN:
        table.add_row(f"… and {len(found.capabilities) - _SHOWN} that fail less", "", "", "")
    return table


def _gates(gates: Sequence[GateResult]) -> Table:
    table = _table("gate", "value", "bound", "")
    colours = {"passed": "green", "skipped": "yellow"}
    for gate in gates:
        colour = colours.get(gate.status, "red")
        table.add_row(
            escape(gate.name), number(gate.value), bounds(gate), f"[{colour}]{gate.status}[/]"
        )
    return table
