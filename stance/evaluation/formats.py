"""Figures in words, for every form of a report; and a report as JSON."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from stance.evaluation.results import Estimate, GateResult, Report, WholeArticles

__all__ = [
    "BRACKETS",
    "HEADLINE",
    "SLICE_TESTS",
    "bounds",
    "number",
    "percent",
    "table",
    "to_json",
    "whole_line",
    "with_interval",
]

HEADLINE = ("accuracy", "macro_f1", "macro_recall", "mcc", "ece", "brier")
"""The metrics of a report's main table, in order."""

SLICE_TESTS = (
    "Is a slice's accuracy another than the rest's? Test: random signs of whole conflicts or "
    "articles; Fisher, where these or statements are few, takes statements as independent. "
    "p is Holm-corrected over all slices."
)
BRACKETS = (
    "Wilson's for capabilities, and for slices and pairs of few statements, conflicts or articles"
)


def to_json(value: Any) -> str:
    """JSON of a report or a list of comparisons: floats with six digits, nan as null.

    Beside its fields a report has `passed`: whether every gate held, and `read`: path ->
    SHA-256 of every file.
    """
    data: Any = [asdict(v) for v in value] if isinstance(value, list) else asdict(value)
    if isinstance(value, Report):
        data |= {"passed": value.passed, "read": value.read}
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


def whole_line(whole: WholeArticles) -> str:
    """What a system makes of raw articles, in words."""
    return (
        f"Of whole articles' statements it finds {with_interval(whole.found)}, "
        f"{with_interval(whole.right)} with their stance; of those found "
        f"{with_interval(whole.named)} have the right speaker. Of what it gives, "
        f"{with_interval(whole.labelled)} are labelled statements."
    )


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; bars and line breaks in cells are made harmless."""
    lines = [header, ["---"] * len(header), *rows]
    cells = ([str(c).replace("|", "\\|").replace("\n", " ") for c in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def bounds(gate: GateResult) -> str:
    """The bounds of a gate in words."""
    parts = [("at least", gate.minimum), ("at most", gate.maximum)]
    return ", ".join(f"{word} {value:g}" for word, value in parts if value is not None)
