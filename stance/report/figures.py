"""Pictures of an evaluation, as inline SVG that follows the page's colours.

Matplotlib knows no CSS, so it draws in stand-in colours that are then replaced by CSS
variables: one picture serves the light and the dark page. Text stays text: it is small,
sharp and can be searched.
"""

import io
import re
from collections.abc import Sequence
from html import escape
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.textpath import TextPath
from matplotlib.ticker import MaxNLocator

from stance.evaluation.results import DatasetResult, Estimate, ReliabilityBin, RiskPoint, SliceScore
from stance.labels import LABELS

__all__ = ["confusion_matrix", "reliability_diagram", "risk_coverage_curve", "slice_intervals"]

_INK, _SOFT, _ACCENT, _PAPER = "#010101", "#020202", "#030303", "#040404"
_VARIABLES = {_INK: "--ink", _SOFT: "--soft", _ACCENT: "--accent", _PAPER: "--paper"}
_WIDTH = 4.0  # inches: about the width of a phone, so that text keeps its size there
_SMALL = 9.2  # points: at least 10 pixels on a phone of 375 pixels
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "stance",
    "font.size": 10,
    "text.color": _INK,
    "axes.edgecolor": _SOFT,
    "axes.labelcolor": _INK,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": "none",
    "xtick.color": _INK,
    "ytick.color": _INK,
}


def confusion_matrix(data: DatasetResult) -> str:
    """Counts, shaded by the share of their row."""
    counts = data.scores[0].confusion
    with mpl.rc_context(_STYLE):
        figure, axes = _canvas(3.1)
        for i, row in enumerate(counts):
            for j, count in enumerate(row):
                share = count / (sum(row) or 1)
                # A darker shade takes the contrast of the counts below 4.5 : 1.
                square = Rectangle((j, i), 1, 1, color=_ACCENT, alpha=0.5 * share)
                axes.add_patch(square)
                axes.text(j + 0.5, i + 0.42, str(count), ha="center", va="center", fontsize=13)
                axes.text(j + 0.5, i + 0.68, f"{100 * share:.0f} %", ha="center", va="center",
                          fontsize=_SMALL)  # fmt: skip
        axes.set(xlim=(0, 3), ylim=(3, 0), xlabel="predicted", ylabel="gold")
        centres = [0.5, 1.5, 2.5]
        axes.set_xticks(centres, LABELS, fontsize=_SMALL)
        axes.set_yticks(centres, LABELS, fontsize=_SMALL, rotation=90, va="center")
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        return _svg(figure, f"Confusion matrix of {data.name}")


def reliability_diagram(bins: Sequence[ReliabilityBin], name: str) -> str:
    """Accuracy against confidence; the marks' area grows with the number of predictions."""
    with mpl.rc_context(_STYLE):
        figure, axes = _canvas(3.1)
        axes.plot([0, 1], [0, 1], color=_SOFT, linewidth=1, linestyle="--")
        largest = max(b.n for b in bins)
        for found in bins:
            _error_bar(axes, found.confidence, found.accuracy)
        axes.scatter(
            [b.confidence for b in bins],
            [b.accuracy.value or 0.0 for b in bins],
            s=[12 + 90 * b.n / largest for b in bins],
            color=_ACCENT,
            zorder=3,
            clip_on=False,
        )
        axes.set(xlim=(0.3, 1.01), ylim=(0, 1.02), xlabel="confidence", ylabel="accuracy")
        return _svg(figure, f"Reliability diagram of {name}")


def risk_coverage_curve(points: Sequence[RiskPoint], name: str) -> str:
    """Accuracy against the share of statements answered, with its 95 % band."""
    with mpl.rc_context(_STYLE):
        figure, axes = _canvas(3.1)
        coverage = [p.coverage for p in points]
        values = [p.accuracy.value or 0.0 for p in points]
        low = [p.accuracy.low or 0.0 for p in points]
        high = [1.0 if p.accuracy.high is None else p.accuracy.high for p in points]
        axes.fill_between(coverage, low, high, color=_ACCENT, alpha=0.2, linewidth=0)
        axes.plot(coverage, values, color=_ACCENT, linewidth=2)
        bottom = max(0.0, min(low) - 0.05)
        axes.set(xlim=(0, 1), ylim=(bottom, 1.01), xlabel="share answered", ylabel="accuracy")
        # Steps of which two decimals tell all, for which the margin has room.
        axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        axes.yaxis.set_major_formatter("{x:.2f}")
        return _svg(figure, f"Accuracy against coverage of {name}")


def slice_intervals(slices: Sequence[SliceScore], overall: float, name: str) -> str:
    """Accuracy of the slices of one attribute with intervals; the line is the overall accuracy."""
    with mpl.rc_context(_STYLE):
        names = [f"{_shortened(s.value)} ({s.n})" for s in slices]
        longest = max(_width(name) for name in names)
        figure, axes = _canvas(0.7 + 0.27 * len(slices), left=longest + 0.12)
        axes.axvline(overall, color=_SOFT, linewidth=1, linestyle="--")
        for y, found in enumerate(slices):
            low, high = found.accuracy.low or 0.0, found.accuracy.high or 0.0
            hollow = bool(found.mark)
            axes.plot([low, high], [y, y], color=_ACCENT, linewidth=1.5)
            axes.plot([found.accuracy.value or 0.0], [y], "o", markersize=5, color=_ACCENT,
                      markerfacecolor=_PAPER if hollow else _ACCENT)  # fmt: skip
        axes.set_yticks(range(len(slices)), names, fontsize=_SMALL)
        axes.set_xticks([0.0, 0.5, 1.0])
        axes.set(xlim=(0, 1.01), ylim=(len(slices) - 0.4, -0.6), xlabel="accuracy")
        axes.tick_params(axis="y", length=0)
        return _svg(figure, f"Accuracy by {slices[0].attribute} of {name}")


def _canvas(height: float, left: float = 0.62) -> tuple[Figure, Axes]:
    """A figure and its axes, `left` inches from its edge and high enough for a label below.

    Margins of our own: matplotlib's "constrained" layout draws each picture twice and takes
    more time than all the rest of the page.
    """
    figure = Figure(figsize=(_WIDTH, height))
    right, bottom, top = 0.12, 0.5, 0.08
    across = (_WIDTH - left - right) / _WIDTH
    axes = figure.add_axes((left / _WIDTH, bottom / height, across, 1 - (bottom + top) / height))
    return figure, axes


def _width(text: str) -> float:
    """Inches that a small text takes."""
    return float(TextPath((0, 0), text, size=_SMALL).get_extents().width) / 72


def _error_bar(axes: Axes, x: float, accuracy: Estimate) -> None:
    axes.plot([x, x], [accuracy.low or 0.0, accuracy.high or 0.0], color=_ACCENT, linewidth=1)


def _shortened(name: str) -> str:
    words = name.replace("_", " ").replace("$", "")  # matplotlib reads mathematics between two
    return words if len(words) <= 24 else words[:23] + "…"


def _svg(figure: Figure, title: str) -> str:
    """The figure as an `<svg>` element: no fixed size, no date, the page's colours."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    # Ids are made from content, so the same shape twice on a page would clash; a prefix
    # from the title keeps them apart.
    prefix = re.sub(r"\W+", "-", title.lower())
    svg = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{prefix}-", svg)
    svg = re.sub(r'\s(?:width|height)="[\d.]+pt"', "", svg, count=2)
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = svg.replace("<svg", f'<svg role="img" aria-label="{escape(title)}"', 1)
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, f"var({variable})")
    return svg
