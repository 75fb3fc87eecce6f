"""The model card, written from the artifact's settings and the report of `stance evaluate`.

    python -m training.cards --report build/evaluation/report.json --artifact stance/models/base

Every figure of the card comes out of these two files, so it cannot drift from them.
"""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from stance.artifact import open_artifact
from stance.cli import reports_errors
from stance.errors import InputError
from stance.evaluation.formats import HEADLINE, table, with_interval
from stance.evaluation.results import Estimate
from stance.evaluation.systems import model_files
from stance.labels import LABELS

__all__ = ["model_card", "write_card"]

_FRONT = """\
---
license: apache-2.0
language: en
library_name: transformers
pipeline_tag: text-classification
tags: [stance-detection, peace-talks, news]
---
"""
_INTRO = """\
Labels one attributed statement as `supporting`, `opposing` or `noncommittal` toward peace
talks. What the labels mean is laid down in `corpus/CODEBOOK.md` of the project.

## Limits, before you use it
- English only, and trained on synthetic statements, written after a codebook by language
  models. The `newswire` rows below, where measured, are real sentences.
- It judges a statement by its words, its context line and its target, not by what the
  speaker did before.
- It measures stance toward *talks*, not toward peace, a party or a war. Do not act on a
  single label.

## Use
```python
from stance import classify
classify("We will be in that room.", context="Will you attend the talks?").label
```
It is an ordinary checkpoint, too: `transformers.pipeline("text-classification", model=PATH)`.
Only `stance` applies the temperature and gives conformal sets.
"""


def write_card(report: Path, artifact: Path) -> Path:
    """Write the artifact's README.md; returns its path.

    The manifest stays as it is: it names every file of the artifact but the card, so a new
    card does not make the artifact look altered.

    Raises:
        InputError: no such report, or it is of another artifact, or of this one before it changed.
    """
    try:
        found = json.loads(report.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{report}: {error}; run `stance evaluate` first") from error
    calibration = open_artifact(artifact).calibration
    if not model_files(artifact).items() <= found.get("system", {}).get("files", {}).items():
        raise InputError(
            f"{report} is not of the files in {artifact}; run `stance evaluate --model {artifact}`"
        )
    card = artifact / "README.md"
    card.write_text(model_card(found, calibration.model_dump()), encoding="utf-8")
    return card


def model_card(report: dict[str, Any], settings: dict[str, Any]) -> str:
    """The card as Markdown.

    Args:
        report: the contents of report.json.
        settings: the contents of the artifact's stance.json.
    """
    parts = [
        _FRONT,
        f"# Stance toward peace talks, {settings['version']}\n",
        _INTRO,
        "## How it was made",
        f"{_facts(settings['notes'])}. Window {settings['max_length']} tokens, "
        f"temperature {settings['temperature']}.\n",
        _stages(settings["notes"].get("stages")),
        "## How good it is",
        "95 % bootstrap intervals in brackets.\n",
        _scores(report["datasets"]),
        *(_labels(dataset) for dataset in report["datasets"]),
        _behavioural(report["behavioural"]),
        _provenance(report),
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _facts(notes: dict[str, Any]) -> str:
    """All of a stage but its name and what it was measured at."""
    parts = []
    for key, value in notes.items():
        if key in {"name", "dev", "stages"}:
            continue
        items = (
            [f"{name} {digest}" for name, digest in value.items()]
            if isinstance(value, dict)
            else value
        )
        parts.append(f"{key} {' + '.join(items) if isinstance(items, list) else items}")
    return ", ".join(parts)


def _stages(stages: list[dict[str, Any]] | None) -> str:
    """The runs that led to the base, where the artifact knows them."""
    if not stages:
        return ""
    lines = [f"- {stage['name']}: {_facts(stage)}" for stage in stages]
    return "\n".join(["Before that, first to last:\n", *lines]) + "\n"


def _scores(datasets: list[dict[str, Any]]) -> str:
    rows = [
        [dataset["name"], str(dataset["n"]), scores["system"],
         *(_interval(scores["metrics"].get(name)) for name in HEADLINE)]
        for dataset in datasets
        for scores in dataset["scores"]
    ]  # fmt: skip
    return table(["dataset", "n", "system", *HEADLINE], rows) + "\n"


def _labels(dataset: dict[str, Any]) -> str:
    metrics = dataset["scores"][0]["metrics"]
    names = ("precision", "recall", "f1")
    rows = [[label, *(_interval(metrics[f"{name}_{label}"]) for name in names)] for label in LABELS]
    lines = [f"### {dataset['name']}\n", table(["label", *names], rows)]
    if dataset["pairs_right"]:
        right = _interval(dataset["pairs_right"])
        lines.append(f"\nContrast pairs with both members right: {right} of {dataset['pairs']}.")
    if "coverage_0.95" in metrics:
        size = _interval(metrics["set_size_0.95"])
        coverage = _interval(metrics["coverage_0.95"])
        lines.append(f"\n95 % conformal sets: coverage {coverage}, mean size {size}.")
    return "\n".join(lines) + "\n"


def _behavioural(found: dict[str, Any] | None) -> str:
    if found is None:
        return ""
    rate, count = _interval(found["failure_rate"]), len(found["capabilities"])
    return (
        f"### Behavioural suite\n\n{found['cases']} cases in {count} capabilities: failure rate "
        f"{rate}, worst capability {found['worst']:.3f}.\n"
    )


def _provenance(report: dict[str, Any]) -> str:
    device = report["system"]["device"]
    versions = ", ".join(f"{name} {version}" for name, version in report["libraries"].items())
    read = table(["file", "SHA-256"], [[k, f"`{v}`"] for k, v in report["read"].items()])
    return f"## What was read\n\nMeasured on {device or 'no device'} with {versions}.\n\n{read}"


def _interval(estimate: dict[str, float | None] | None) -> str:
    return with_interval(Estimate(**estimate) if estimate else None)


def main(
    report: Annotated[Path, typer.Option(help="report.json of `stance evaluate`.")],
    artifact: Annotated[Path, typer.Option(help="The artifact that it is about.")],
) -> None:
    """Write the model card of an evaluated artifact."""
    typer.echo(f"{write_card(report, artifact)} written")


if __name__ == "__main__":
    typer.run(reports_errors(main))
