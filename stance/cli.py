"""The `stance` command: parse, call, print."""

import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from stance.errors import ConfigError, StanceError
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

    statement = _read("-") if text == "-" else text
    prediction = StanceClassifier.load(model, device).classify(statement, context, target)
    if as_json:
        typer.echo(json.dumps(prediction.as_dict(), ensure_ascii=False))
        return
    rest = ", ".join(f"{label} {p:.2f}" for label, p in prediction.probabilities.items())
    typer.echo(f"{prediction.label}  ({rest})")
    if prediction.truncated:
        typer.echo("text and context are longer than the model's window, and were cut", err=True)


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

    predictions = StanceClassifier.load(model, device).analyze(_read(file))
    if about_talks:
        if any(p.statement.about_talks is None for p in predictions):
            raise ConfigError(f"{model}: no topic.safetensors in it; leave out --about-talks")
        predictions = [p for p in predictions if (p.statement.about_talks or 0.0) >= 0.5]
    if as_json:
        typer.echo(json.dumps([p.as_dict() for p in predictions], ensure_ascii=False, indent=2))
        return
    if predictions:
        _print_table(predictions)
    else:
        typer.echo("no statements found", err=True)


def _read(file: str) -> str:
    from stance.batch.text import decode, read_text

    # As bytes: the offsets of an article must not depend on how it came in.
    return (
        decode(sys.stdin.buffer.read(), "standard input") if file == "-" else read_text(Path(file))
    )


def _print_table(predictions: list[Prediction]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("speaker", max_width=28)
    table.add_column("statement", ratio=1)
    table.add_column("stance", no_wrap=True)
    table.add_column("confidence", justify="right")
    colours = {"supporting": "green", "opposing": "red", "noncommittal": "yellow"}
    for prediction in predictions:
        statement = prediction.statement
        table.add_row(
            # Not as strings: square brackets, frequent in quotations, are rich's markup there.
            Text(statement.speaker or "(unknown)"),
            Text(statement.text),
            Text(prediction.label, style=colours[prediction.label]),
            f"{prediction.confidence:.2f}",
        )
    Console().print(table)


_Config = Annotated[
    Path | None,
    typer.Option(
        "--config", help="What to measure, and the gates; by default configs/evaluate.yaml."
    ),
]
_Data = Annotated[
    list[Path] | None,
    typer.Option("--data", help="A labelled CSV, TSV or JSONL in place of the config's."),
]
_LabelMap = Annotated[
    str | None,
    typer.Option(help="For a checkpoint with other labels: LABEL_0=supporting,LABEL_1=opposing,…"),
]


@app.command()
@reports_errors
def evaluate(
    model: Annotated[
        str,
        typer.Option(
            "--model",
            "-m",
            help="As elsewhere; or majority, tfidf, a predictions file, a YAML of NLI hypotheses.",
        ),
    ] = "base",
    device: _Device = "auto",
    config: _Config = None,
    data: _Data = None,
    label_map: _LabelMap = None,
    as_json: _Json = False,
) -> None:
    """Measure a model on labelled statements; exit code 1 when it falls below a gate."""
    from stance.evaluation.commands import run_evaluate

    if not run_evaluate(model, device, config, data or [], label_map, as_json=as_json):
        raise typer.Exit(1)


@app.command()
@reports_errors
def compare(
    a: Annotated[str, typer.Argument(metavar="A", help="A model, as in `stance evaluate`.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another; the label map is for this one.")],
    device: _Device = "auto",
    config: _Config = None,
    data: _Data = None,
    label_map: _LabelMap = None,
    as_json: _Json = False,
) -> None:
    """Is A better than B? Differences with intervals, and tests corrected for their number."""
    from stance.evaluation.commands import run_compare

    run_compare(a, b, device, config, data or [], label_map, as_json=as_json)


_ContextColumn = Annotated[
    str | None, typer.Option(help="Column with the question or sentence before it.")
]
_TargetColumn = Annotated[str | None, typer.Option(help="Column with the peace effort to judge.")]


@app.command()
@reports_errors
def batch(
    inputs: Annotated[list[str], typer.Argument(help="Files, 'globs'; with --articles folders.")],
    output: Annotated[
        str, typer.Argument(help=".csv, .jsonl (either also .gz, .zst, .bz2) or .parquet.")
    ],
    text_column: Annotated[str, typer.Option(help="Column with the statement.")] = "text",
    context_column: _ContextColumn = None,
    target_column: _TargetColumn = None,
    articles: Annotated[
        bool, typer.Option("--articles", help="Inputs are .txt articles; a row per statement.")
    ] = False,
    model: _Model = "base",
    device: _Device = "auto",
    engine: Annotated[str, typer.Option(help="local, or ray for a cluster.")] = "local",
    address: Annotated[
        str | None,
        typer.Option(help="Of a Ray cluster; by default RAY_ADDRESS, or one starts here."),
    ] = None,
    num_gpus: Annotated[int, typer.Option(help="Ray workers, with one GPU each.")] = 0,
    as_json: _Json = False,
) -> None:
    """Classify the rows of files, or the statements of articles, into one file.

    Interrupted or crashed, the same command goes on where it stopped. Rows that cannot be
    classified go to OUTPUT.rejects.jsonl. Exit codes: 0 all rows classified, 1 the output
    cannot be written, 2 the input cannot be used, 3 there are rejects, 130 interrupted.
    """
    from stance.batch.command import run_batch

    settings = {
        "text_column": text_column,
        "context_column": context_column,
        "target_column": target_column,
        "articles": articles,
        "model": model,
        "device": device,
        "engine": engine,
        "address": address,
        "num_gpus": num_gpus,
    }
    raise typer.Exit(run_batch(inputs, output, settings, as_json=as_json))


def main() -> None:
    """Console-script entry point."""
    app()


if __name__ == "__main__":
    main()
