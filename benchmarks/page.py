"""Results -> the tables of docs/performance.md, and a picture."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["draw", "tables", "write_page"]


def write_page(page: Path, results: Mapping[str, Any], kind: str) -> None:
    """Replace what stands between the page's two marks of one kind of device.

    Args:
        kind: "cpu" or "cuda"; the tables of the other stay as they are.

    Raises:
        ValueError: the page lacks a mark, or they are in the wrong order.
    """
    text = page.read_text(encoding="utf-8")
    first, last = (f"<!-- bench {kind}: {edge} -->" for edge in ("start", "end"))
    head, start, rest = text.partition(first)
    _, end, tail = rest.partition(last)
    if not start or not end:
        raise ValueError(f"{page}: add a line {first} and, after it, a line {last}")
    page.write_text(f"{head}{start}\n{tables(results)}\n{end}{tail}", encoding="utf-8")


def tables(results: Mapping[str, Any]) -> str:
    """Markdown of every table."""
    machine, rows = results["machine"], results["throughput"]
    base = next(iter(rows.values()))["median"]
    ceiling, first = next(iter(results["ceilings"].items()))
    lines = [
        f"{machine['cpu']}, {machine['cores']} cores, {machine['device']}; "
        f"{machine['versions']}; {results['when']}. "
        f"{results['sentences']} sentences, {results['tokens']:.1f} tokens on average.",
        "",
        "| runtime | statements/s (lowest to highest) | ratio | labels changed | macro-F1 | "
        f"share of {ceiling} ceiling |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, row in rows.items():
        lines.append(
            f"| {name} | {row['median']:,.0f} ({row['lowest']:,.0f} to {row['highest']:,.0f}) | "
            f"{row['median'] / base:.2f} | {100 * row['changed']:.2f} % | "
            f"{_percent(row['macro_f1'])} | {100 * row['share']:.0f} % |"
        )
    lines += ["", "| matrix products | GFLOP/s | ratio |", "| --- | --- | --- |"]
    for name, row in results["ceilings"].items():
        lines.append(
            f"| {name} | {row['median'] / 1e9:,.0f} | {row['median'] / first['median']:.2f} |"
        )
    lines += ["", "| one sentence of 40 tokens | median ms (5 to 95 %) |", "| --- | --- |"]
    for name, row in results["latency"].items():
        lines.append(
            f"| {name} | {row['median']:.1f} ({row['lowest']:.1f} to {row['highest']:.1f}) |"
        )
    lines += ["", "| other | |", "| --- | --- |"]
    lines += [f"| {name} | {value} |" for name, value in results["other"].items()]
    return "\n".join(lines)


def draw(results: Mapping[str, Any], file: Path) -> None:
    """A bar for each runtime, with its spread and its changed labels."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    rows = results["throughput"]
    names = list(rows)[::-1]
    middle = [rows[name]["median"] for name in names]
    spread = [
        [m - rows[n]["lowest"] for m, n in zip(middle, names, strict=True)],
        [rows[n]["highest"] - m for m, n in zip(middle, names, strict=True)],
    ]
    figure, axes = plt.subplots(figsize=(7, 0.6 * len(names) + 1.2), layout="constrained")
    bars = axes.barh(names, middle, xerr=spread, color="#4477aa", ecolor="#222222", capsize=3)
    labels = [
        f"  {m:,.0f}/s, {100 * rows[n]['changed']:.2f} % of labels changed"
        for m, n in zip(middle, names, strict=True)
    ]
    axes.bar_label(bars, labels=labels, padding=8)
    axes.set(xlabel="statements per second", xlim=(0, 1.7 * max(middle)))
    figure.savefig(file, dpi=130)
    plt.close(figure)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f}"
