"""The `stance` command: parse, call, print."""

import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from stance.errors import StanceError
from stance.records import Prediction

__all__ = ["app", "main"]

app = typer.Typer(
    help="Who is for peace talks, who is against, and who is only saying nice words?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_Model = Annotated[
    str, typer.Option("--model", "-m", help="A shipped model, a checkpoint folder, or a Hub id.")
]
_Device = Annotated[str, typer.Option(help="auto, cpu, cpu-fast, cuda, cuda:N or mps.")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def reports_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn an expected error into one line on stderr and exit code 2."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except StanceError as error:
            typer.echo(f"stance: {error}", err=True)
            raise typer.Exit(2) from error

    return wrapped


@app.command()
@reports_errors
def classify(
    text: Annotated[str, typer.Argument(help="The statement; - reads it from standard input.")],
    context: Annotated[
        str | None, typer.Option("--context", "-c", help="The question or sentence before it.")
    ] = None,
    target: Annotated[
        str | None, typer.Option("--target", "-t", help="The peace effort to judge.")
    ] = None,
    model: _Model = "base",
    device: _Device = "auto",
    as_json: _Json = False,
) -> None:
    """Classify one statement as supporting, opposing or noncommittal toward peace talks."""
    from stance.classifier import StanceClassifier

    statement = sys.stdin.read() if text == "-" else text
    prediction = StanceClassifier.load(model, device).classify(statement, context, target)
    if as_json:
        typer.echo(json.dumps(prediction.as_dict(), ensure_ascii=False))
        return
    rest = ", ".join(f"{label} {p:.2f}" for label, p in prediction.probabilities.items())
    typer.echo(f"{prediction.label}  ({rest})")
    if prediction.truncated:
        typer.echo("the text was longer than the model's window; its end was cut", err=True)


@app.command()
@reports_errors
def analyze(
    file: Annotated[str, typer.Argument(help="A text file; - reads standard input.")],
    model: _Model = "base",
    device: _Device = "auto",
    as_json: _Json = False,
    about_talks: Annotated[
        bool, typer.Option("--about-talks", help="Hide statements on other subjects.")
    ] = False,
) -> None:
    """Find the statements of an article: who said it, the words, the stance, how sure."""
    from stance.classifier import StanceClassifier

    predictions = StanceClassifier.load(model, device).analyze(_read_article(file))
    if about_talks:
        predictions = [p for p in predictions if (p.statement.about_talks or 0.0) >= 0.5]
    if as_json:
        typer.echo(json.dumps([p.as_dict() for p in predictions], ensure_ascii=False, indent=2))
        return
    _print_table(predictions)


def _read_article(file: str) -> str:
    from stance.batch.text import read_text

    return sys.stdin.read() if file == "-" else read_text(Path(file))


def _print_table(predictions: list[Prediction]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("speaker", max_width=28)
    table.add_column("statement", ratio=1)
    table.add_column("stance", no_wrap=True)
    table.add_column("confidence", justify="right")
    colours = {"supporting": "green", "opposing": "red", "noncommittal": "yellow"}
    for prediction in predictions:
        statement = prediction.statement
        table.add_row(
            statement.speaker or "(unknown)",
            statement.text,
            f"[{colours[prediction.label]}]{prediction.label}[/]",
            f"{prediction.confidence:.2f}",
        )
    Console().print(table)


def main() -> None:
    """Console-script entry point."""
    app()


if __name__ == "__main__":
    main()
