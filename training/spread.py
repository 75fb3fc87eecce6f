"""How far a result depends on the seed: reports of one recipe's runs -> mean and spread.

    python -m training.spread build/seed13/evaluation/report.json build/seed14/…

The intervals in a report tell what other test statements could do to a figure; this tells what
another draw of order, dropout and noise does (Reimers and Gurevych 2017).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from stance.cli import reports_errors
from stance.errors import InputError

__all__ = ["Spread", "read_spreads"]


@dataclass(frozen=True, slots=True)
class Spread:
    """One gated figure over runs.

    Attributes:
        name: as in the report's gates ("test.macro_f1").
        values: in the order of the reports.
    """

    name: str
    values: tuple[float, ...]

    @property
    def deviation(self) -> float:
        """The sample's standard deviation; 0 for a single run."""
        return stdev(self.values) if len(self.values) > 1 else 0.0


def read_spreads(reports: Sequence[Path]) -> list[Spread]:
    """The gated figures that every report has, in the order of the first.

    Raises:
        InputError: a file is no report.
    """
    found: list[dict[str, float]] = []
    for path in reports:
        try:
            gates = json.loads(path.read_text(encoding="utf-8"))["gates"]
            found.append({g["name"]: g["value"] for g in gates if g["value"] is not None})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}: no report of `stance evaluate`: {error!r}") from error
    return [
        Spread(name, tuple(run[name] for run in found))
        for name in found[0]
        if all(name in run for run in found)
    ]


def main(
    reports: Annotated[list[Path], typer.Argument(help="report.json of each run")],
) -> None:
    """Print mean, standard deviation and range of each gated figure."""
    table = Table("figure", "mean", "deviation", "lowest", "highest", title=f"{len(reports)} runs")
    for one in read_spreads(reports):
        numbers = (mean(one.values), one.deviation, min(one.values), max(one.values))
        table.add_row(one.name, *(f"{number:.3f}" for number in numbers))
    Console().print(table)


if __name__ == "__main__":
    typer.run(reports_errors(main))
