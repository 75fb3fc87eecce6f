"""The evaluation as one HTML page: no script, no request, its pictures inside."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from stance.evaluation.formats import (
    BRACKETS,
    HEADLINE,
    SLICE_TESTS,
    bounds,
    number,
    percent,
    whole_line,
    with_interval,
)
from stance.evaluation.metrics import LEVELS, METRICS
from stance.evaluation.results import DatasetResult, Report
from stance.labels import LABELS
from stance.report.figures import (
    confusion_matrix,
    reliability_diagram,
    risk_coverage_curve,
    slice_intervals,
)

__all__ = ["evaluation_page"]

_TEMPLATES = Path(__file__).parent / "templates"


def evaluation_page(report: Report) -> str:
    """A complete HTML document, light or dark as the reader's system is."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"interval": with_interval, "number": number, "percent": percent}
    environment.filters["articles"] = whole_line
    return environment.get_template("evaluation.html.j2").render(
        report=report,
        labels=LABELS,
        headline=HEADLINE,
        meanings=METRICS,
        brackets=BRACKETS,
        slice_tests=SLICE_TESTS,
        set_sizes=[f"set_size_{level}" for level in LEVELS],
        bounds=bounds,
        pictures={data.name: _pictures(data) for data in report.datasets},
    )


def _pictures(data: DatasetResult) -> Sequence[tuple[str, Markup]]:
    """Captions and SVG of one dataset. The SVG is our own drawing, its texts escaped by it."""
    found = [("Confusion matrix: counts, and the share of each gold label", confusion_matrix(data))]
    if data.reliability:
        found += [
            (
                "Reliability: on the dashed line, confidence is what it says",
                reliability_diagram(data.reliability, data.name),
            ),
            (
                "Abstaining: accuracy when only the surest statements are answered",
                risk_coverage_curve(data.risk_coverage, data.name),
            ),
        ]
    overall = data.scores[0].metrics["accuracy"].value or 0.0
    for attribute, slices in groupby(data.slices, key=lambda s: s.attribute):
        rows = sorted(slices, key=lambda s: (s.accuracy.value or 0.0, s.value))
        caption = f"By {attribute}: accuracy, worst first; hollow where statements are few"
        found.append((caption, slice_intervals(rows, overall, data.name)))
    return [(caption, Markup(svg)) for caption, svg in found]
