"""Composes an evaluation: system -> predictions -> scores -> report."""

import platform
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from stance import __version__
from stance.evaluation.baselines import Majority, TfidfBaseline
from stance.evaluation.behavioural import read_suite, run_suite
from stance.evaluation.bootstrap import Resampler, resampler
from stance.evaluation.comparison import (
    Scored,
    compare_suites,
    compare_tested,
    compare_untested,
    corrected,
)
from stance.evaluation.config import EvaluateConfig
from stance.evaluation.datasets import Dataset
from stance.evaluation.gates import check_gates, figures
from stance.evaluation.loading import Data
from stance.evaluation.mistakes import Neighbours, worst_mistakes
from stance.evaluation.predictions import predict
from stance.evaluation.predictions_file import PredictionsFile
from stance.evaluation.replicates import replicated
from stance.evaluation.results import (
    Behavioural,
    Comparison,
    DatasetResult,
    Report,
    SystemInfo,
    WholeArticles,
)
from stance.evaluation.scores import pairs_right, reliability, risk_coverage, score, whole_articles
from stance.evaluation.slices import slice_scores
from stance.evaluation.systems import OnDevice, Reader, System
from stance.evaluation.tfidf import kept_tfidf
from stance.labels import LABELS
from stance.records import Prediction

__all__ = ["compare", "evaluate"]

Evaluated = System | PredictionsFile
_LIBRARIES = (
    "torch",
    "transformers",
    "tokenizers",
    "openvino",
    "numpy",
    "scikit-learn",
    "scipy",
    "matplotlib",
)


def evaluate(system: Evaluated, data: Data, config: EvaluateConfig) -> Report:
    """Evaluate a system on everything that was loaded, beside the baselines.

    Raises:
        InputError: the behavioural suite has a fault.
        ConfigError: a gate names a figure that does not exist.
    """
    skipped = dict(data.skipped)
    baselines: list[System] = []
    neighbours = None
    if data.train:
        fitted = kept_tfidf(data.train, config.output)
        baselines = [Majority(data.train), TfidfBaseline(fitted)]
        neighbours = Neighbours(data.train, fitted)
    results, comparisons = [], []
    for dataset in data.datasets:
        source = _resampler(dataset, config)
        scored = _scored((system, *baselines), dataset, source)
        read = _read_articles(system, dataset)
        with _one_thread():
            whole = whole_articles(read, dataset, source) if read else None
            results.append(_dataset_result(dataset, scored, neighbours, source, whole))
            if baselines and len(dataset.items) > 1:
                comparisons += compare_tested(dataset.name, scored[0], scored[-1], source)
    behavioural = _behavioural(system, config, skipped)
    gates = check_gates(config, figures(results, behavioural), skipped)
    return Report(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        system=_info(system),
        seed=config.seed,
        resamples=config.resamples,
        libraries=_versions(),
        files=data.files,
        datasets=results,
        behavioural=behavioural,
        comparisons=corrected(comparisons),
        gates=gates,
        skipped=skipped,
    )


def compare(a: Evaluated, b: Evaluated, data: Data, config: EvaluateConfig) -> list[Comparison]:
    """A beside B, dataset by dataset and on the suite. Is A better?

    p-values are Holm-corrected over all rows. A system that is a predictions file has no
    figures on the suite.

    Raises:
        InputError: the behavioural suite has a fault.
    """
    rows = []
    for dataset in data.datasets:
        source = _resampler(dataset, config)
        first, second = _scored((a, b), dataset, source)
        rows += compare_tested(dataset.name, first, second, source)
        rows += compare_untested(dataset.name, first, second)
    suites = (_behavioural(system, config, {}) for system in (a, b))
    return corrected([*rows, *compare_suites((a.name, b.name), *suites)])


def _scored(systems: Sequence[Evaluated], dataset: Dataset, source: Resampler) -> list[Scored]:
    tables = [predict(system, dataset) for system in systems]
    with _one_thread():
        found = replicated(tables, source)
        return [Scored(f, score(f, source), *pairs_right(f.table, dataset, source)) for f in found]


def _one_thread() -> AbstractContextManager[object]:
    """Matrix products by one thread: the same last digits on any number of cores.

    They are too small to gain from threads, which wait for each other on a busy machine.
    """
    found: AbstractContextManager[object] = threadpool_limits(1, user_api="blas")
    return found


def _info(system: Evaluated) -> SystemInfo:
    device = system.device if isinstance(system, OnDevice) else ""
    return SystemInfo(system.name, system.version, device, system.files)


def _dataset_result(
    dataset: Dataset,
    scored: Sequence[Scored],
    neighbours: Neighbours | None,
    source: Resampler,
    whole: WholeArticles | None,
) -> DatasetResult:
    table = scored[0].table
    return DatasetResult(
        name=dataset.name,
        files=dataset.files,
        n=len(dataset.items),
        labels={label.value: int((dataset.gold == label.column).sum()) for label in LABELS},
        resampled=f"{source.units} {source.by}",
        scores=[s.scores for s in scored],
        pairs=scored[0].pairs,
        pairs_right=scored[0].pairs_right,
        whole=whole,
        slices=slice_scores(table, dataset, source),
        reliability=reliability(table) if table.probabilistic else [],
        risk_coverage=risk_coverage(table, source) if table.probabilistic else [],
        mistakes=worst_mistakes(table, dataset, neighbours),
        quotable=dataset.quotable,
    )


def _read_articles(system: Evaluated, dataset: Dataset) -> list[list[Prediction]]:
    """What a system makes of each article; nothing where there are none, or it reads none."""
    if not dataset.articles or not isinstance(system, Reader):
        return []
    return system.analyze([article.text for article in dataset.articles])


def _resampler(dataset: Dataset, config: EvaluateConfig) -> Resampler:
    """Draws the largest units that are enough: conflicts, articles or single statements."""
    for unit in ("conflict", "article"):
        clusters = [item.attributes.get(unit) for item in dataset.items]
        source = resampler(clusters, config.resamples, config.seed, f"{unit}s")
        if source.by != "statements":
            break
    return source


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


def _versions() -> dict[str, str]:
    found = {"stance": __version__, "python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # an extra that this evaluation does not need
            continue
    return found
