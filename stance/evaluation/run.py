"""Composes an evaluation: system -> predictions -> scores -> report."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from stance.evaluation.behavioural import read_suite, run_suite
from stance.evaluation.bootstrap import Resampler, resampler
from stance.evaluation.config import DatasetConfig, EvaluateConfig
from stance.evaluation.datasets import FIXTURES, Dataset, load_dataset
from stance.evaluation.gates import check_gates, figures
from stance.evaluation.labelled import Labelled, read_labelled
from stance.evaluation.mistakes import Neighbours, worst_mistakes
from stance.evaluation.predictions import Predictions, predict
from stance.evaluation.predictions_file import PredictionsFile
from stance.evaluation.results import (
    Behavioural,
    Comparison,
    DatasetResult,
    Report,
    SystemInfo,
)
from stance.evaluation.scores import pairs_right, reliability, risk_coverage, score
from stance.evaluation.significance import holm, mcnemar, paired_difference
from stance.evaluation.slices import slice_scores
from stance.evaluation.systems import System, open_system
from stance.labels import LABELS

__all__ = ["compare", "evaluate", "load_data", "read_train"]

Evaluated = System | PredictionsFile
_LIBRARIES = ("stance", "torch", "transformers", "tokenizers", "numpy", "scikit-learn", "scipy")


@dataclass(frozen=True, slots=True)
class Data:
    """What an evaluation reads; `skipped` says why something is not there."""

    datasets: Sequence[Dataset]
    train: Sequence[Labelled] | None
    skipped: dict[str, str]


def load_data(config: EvaluateConfig, *, fixtures: bool = True) -> Data:
    """Read the datasets of a config.

    Raises:
        InputError: a file that is not optional is missing, or any file has a fault.
    """
    wanted = dict(config.datasets)
    if fixtures:
        wanted = {"fixtures": DatasetConfig(path=FIXTURES), **wanted}
    skipped = {
        name: f"{missing[0]} is not there"
        for name, data in wanted.items()
        if data.optional and (missing := [p for p in (data.path, data.texts) if _absent(p)])
    }
    datasets = [load_dataset(n, data) for n, data in wanted.items() if n not in skipped]
    train = read_train(config)
    if train is None:
        skipped["train"] = (
            f"{config.train} is not there: no baselines, no nearest training statements"
            if config.train
            else "no training split named: no baselines, no nearest training statements"
        )
    return Data(datasets, train, skipped)


def read_train(config: EvaluateConfig) -> list[Labelled] | None:
    """The training split; None where there is none."""
    return None if config.train is None or _absent(config.train) else read_labelled(config.train)


def evaluate(system: Evaluated, data: Data, config: EvaluateConfig) -> Report:
    """Evaluate a system on everything that was loaded, beside the baselines.

    Raises:
        InputError: the behavioural suite has a fault.
        ConfigError: a gate names a figure that does not exist.
    """
    skipped = dict(data.skipped)
    baselines = [open_system(n, train=data.train) for n in ("majority", "tfidf") if data.train]
    neighbours = Neighbours(data.train) if data.train else None
    results, comparisons = [], []
    for dataset in data.datasets:
        tables = [predict(s, dataset) for s in (system, *baselines)]
        results.append(_dataset_result(dataset, tables, neighbours, config))
        if baselines and len(dataset.items) > 1:
            comparisons += _compared(dataset, tables[0], tables[-1], config)
    behavioural = _behavioural(system, config, skipped)
    gates = check_gates(config, figures(results, behavioural), skipped)
    return Report(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        system=SystemInfo(system.name, system.version, system.files),
        seed=config.seed,
        resamples=config.resamples,
        libraries=_versions(),
        datasets=results,
        behavioural=behavioural,
        comparisons=_corrected(comparisons),
        gates=gates,
        skipped=skipped,
    )


def compare(a: Evaluated, b: Evaluated, data: Data, config: EvaluateConfig) -> list[Comparison]:
    """Is A better than B, dataset by dataset? p-values are Holm-corrected over all rows."""
    rows = []
    for dataset in data.datasets:
        rows += _compared(dataset, predict(a, dataset), predict(b, dataset), config)
    return _corrected(rows)


def _compared(
    dataset: Dataset, a: Predictions, b: Predictions, config: EvaluateConfig
) -> list[Comparison]:
    source = _resampler(dataset, config)
    accuracy, _ = paired_difference(a, b, "accuracy", source)
    macro_f1, p = paired_difference(a, b, "macro_f1", source)
    names = (dataset.name, a.system, b.system)
    exact = mcnemar(a, b)
    return [
        Comparison(*names, "accuracy", accuracy, "McNemar, exact", exact, exact),
        Comparison(*names, "macro_f1", macro_f1, "paired bootstrap", p, p),
    ]


def _corrected(rows: Sequence[Comparison]) -> list[Comparison]:
    adjusted = holm([row.p for row in rows])
    return [replace(row, p_holm=p) for row, p in zip(rows, adjusted, strict=True)]


def _dataset_result(
    dataset: Dataset,
    tables: Sequence[Predictions],
    neighbours: Neighbours | None,
    config: EvaluateConfig,
) -> DatasetResult:
    source = _resampler(dataset, config)
    table = tables[0]
    pairs, right = pairs_right(table, dataset)
    return DatasetResult(
        name=dataset.name,
        files=dataset.files,
        n=len(dataset.items),
        labels={label.value: int((dataset.gold == label.column).sum()) for label in LABELS},
        resampled=f"{source.units} {source.by}",
        scores=[score(t, source) for t in tables],
        pairs=pairs,
        pairs_right=right,
        slices=slice_scores(table, dataset),
        reliability=reliability(table) if table.probabilistic else [],
        risk_coverage=risk_coverage(table, source) if table.probabilistic else [],
        mistakes=worst_mistakes(table, dataset, neighbours),
        quotable=dataset.quotable,
    )


def _resampler(dataset: Dataset, config: EvaluateConfig) -> Resampler:
    clusters = [item.attributes.get("conflict") for item in dataset.items]
    return resampler(clusters, config.resamples, config.seed)


def _behavioural(
    system: Evaluated, config: EvaluateConfig, skipped: dict[str, str]
) -> Behavioural | None:
    folder = config.behavioural
    if folder is None:
        return None
    if not any(folder.glob("*.jsonl")):
        skipped["behavioural"] = f"{folder} has no *.jsonl"
        return None
    if isinstance(system, PredictionsFile):
        skipped["behavioural"] = "a predictions file has no answers to new statements"
        return None
    return run_suite(system, read_suite(folder))


def _absent(path: Path | None) -> bool:
    return path is not None and not path.exists()


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # run from a checkout that is not installed
            continue
    return found
