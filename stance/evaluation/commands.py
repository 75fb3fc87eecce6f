"""What the commands `stance evaluate` and `stance compare` do, once their words are parsed."""

from collections.abc import Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from stance.errors import InputError, OutputError, StanceError, install_hint
from stance.evaluation.config import DEFAULT, DatasetConfig, EvaluateConfig
from stance.settings import load_config

if TYPE_CHECKING:
    from stance.evaluation.results import Report

__all__ = ["CONFIG", "run_compare", "run_evaluate"]

CONFIG = Path("configs/evaluate.yaml")
"""Read where it exists and no other is named."""

_PACKAGES = {"sklearn", "matplotlib", "jinja2", "scipy"}


def run_evaluate(
    model: str,
    device: str,
    config: Path | None,
    data: Sequence[Path],
    label_map: str | None,
    *,
    as_json: bool,
) -> bool:
    """Evaluate, print, and write report.json, report.md and report.html; True if gates held.

    Raises:
        StanceError: bad input, no folder for the report, or a library of the `evaluate` extra is
            missing.
    """
    _need_libraries()
    from stance.evaluation.loading import load_data
    from stance.evaluation.run import evaluate
    from stance.evaluation.systems import open_system, parse_label_map
    from stance.evaluation.terminal import print_report

    source = _config_file(config)
    settings = _settings(source, data)
    loaded = load_data(settings, fixtures=not data, source=source)
    _make(settings.output)  # before minutes of work
    system = open_system(
        model,
        device=device,
        label_map=parse_label_map(label_map) if label_map else None,
        train=loaded.train,
        keep=settings.output,
    )
    report = evaluate(system, loaded, settings)
    pages = _pages(report)
    for name, text in pages.items():
        (settings.output / name).write_text(text, encoding="utf-8")
    if as_json:
        typer.echo(pages["report.json"], nl=False)
    else:
        print_report(report, Console())
        Console(stderr=True).print(f"the whole report: {settings.output / 'report.html'}")
    return report.passed


def _pages(report: "Report") -> dict[str, str]:
    """File name -> text of the report in every format."""
    from stance.evaluation.formats import to_json
    from stance.evaluation.markdown import to_markdown
    from stance.report.evaluation_page import evaluation_page

    return {
        "report.json": to_json(report),
        "report.md": to_markdown(report),
        "report.html": evaluation_page(report),
    }


def run_compare(
    a: str,
    b: str,
    device: str,
    config: Path | None,
    data: Sequence[Path],
    label_map: str | None,
    *,
    as_json: bool,
) -> None:
    """Print two systems side by side, with tests.

    Raises:
        StanceError: bad input, or a library of the `evaluate` extra is missing.
    """
    _need_libraries()
    from stance.evaluation.formats import to_json
    from stance.evaluation.loading import load_data
    from stance.evaluation.run import compare
    from stance.evaluation.systems import open_system, parse_label_map
    from stance.evaluation.terminal import print_comparisons, print_skipped

    settings = _settings(_config_file(config), data)
    loaded = load_data(settings, fixtures=not data)
    labels = parse_label_map(label_map) if label_map else None
    opened = partial(open_system, device=device, train=loaded.train, keep=settings.output)
    first, second = opened(a), opened(b, label_map=labels)
    rows = compare(first, second, loaded, settings)
    if as_json:
        typer.echo(to_json(rows), nl=False)
    else:
        console = Console()
        print_comparisons(rows, console)
        print_skipped(loaded.skipped, console)


def _config_file(given: Path | None) -> Path | None:
    """The file of the config; None where the built-in one applies."""
    return given or (CONFIG if CONFIG.is_file() else None)


def _settings(source: Path | None, data: Sequence[Path]) -> EvaluateConfig:
    """The config, its datasets replaced by the files of `--data`, which no gate is about."""
    settings = load_config(source, EvaluateConfig) if source else DEFAULT
    if not data:
        return settings
    names = [path.stem for path in data]
    if len(set(names)) < len(names):
        raise InputError(f"two of the data files have the same name: {', '.join(names)}")
    datasets = {path.stem: DatasetConfig(path=path) for path in data}
    return settings.model_copy(update={"datasets": datasets, "gates": {}, "behavioural": None})


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{folder}: cannot be made: {error.strerror}; set `output` in a file for --config"
        ) from error


def _need_libraries() -> None:
    missing = sorted(name for name in _PACKAGES if find_spec(name) is None)
    if missing:
        raise StanceError(f"evaluation needs {', '.join(missing)}: {install_hint('evaluate')}")
