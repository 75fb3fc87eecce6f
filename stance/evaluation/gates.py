"""Figures that must hold: named figures of a report against their bounds."""

from collections.abc import Mapping, Sequence

from stance.errors import ConfigError
from stance.evaluation.config import EvaluateConfig, Gate
from stance.evaluation.results import Behavioural, DatasetResult, GateResult

__all__ = ["check_gates", "figures"]


def figures(
    datasets: Sequence[DatasetResult], behavioural: Behavioural | None
) -> dict[str, float | None]:
    """Every figure that a gate may name: "dataset.metric" -> value.

    Beside the metrics, a dataset has `pairs_right`, and of its articles `found`,
    `found_and_right`, `speaker_right` (of those found) and `labelled` (of those given); and
    `macro_f1_over_NAME`: how far the system is ahead of the baseline of that name.
    `behavioural` has `failure_rate` and `worst`.
    """
    values: dict[str, float | None] = {}
    for dataset in datasets:
        system, *others = dataset.scores
        values |= {f"{dataset.name}.{k}": e.value for k, e in system.metrics.items()}
        if dataset.pairs_right:
            values[f"{dataset.name}.pairs_right"] = dataset.pairs_right.value
        if dataset.whole:
            values[f"{dataset.name}.found"] = dataset.whole.found.value
            values[f"{dataset.name}.found_and_right"] = dataset.whole.right.value
            values[f"{dataset.name}.speaker_right"] = dataset.whole.named.value
            values[f"{dataset.name}.labelled"] = dataset.whole.labelled.value
        for other in others:
            mine, theirs = (s.metrics["macro_f1"].value for s in (system, other))
            if mine is not None and theirs is not None:
                values[f"{dataset.name}.macro_f1_over_{other.system}"] = mine - theirs
    if behavioural:
        values["behavioural.failure_rate"] = behavioural.failure_rate.value
        values["behavioural.worst"] = behavioural.worst
    return values


def check_gates(
    config: EvaluateConfig, values: Mapping[str, float | None], skipped: Mapping[str, str]
) -> list[GateResult]:
    """Hold every gate of the config against the figures.

    Raises:
        ConfigError: a gate names a figure that was neither measured nor skipped.
    """
    results = []
    for name, gate in config.gates.items():
        dataset, _, metric = name.partition(".")
        unmeasured = dataset in skipped or (
            "train" in skipped and metric.startswith("macro_f1_over_")  # no baseline without it
        )
        if name not in values and not unmeasured:
            known = ", ".join(sorted(v for v in values if v.startswith(f"{dataset}.")))
            raise ConfigError(
                f"gates.{name}: no such figure; known: {known or ', '.join(sorted(values))}"
            )
        optional = dataset in config.datasets and config.datasets[dataset].optional
        status = _status(gate, values.get(name), skippable=dataset in skipped and optional)
        results.append(GateResult(name, values.get(name), gate.min, gate.max, status))
    return results


def _status(gate: Gate, value: float | None, *, skippable: bool) -> str:
    if value is None:
        return "skipped" if skippable else "not measured"
    low = gate.min is None or value >= gate.min
    high = gate.max is None or value <= gate.max
    return "passed" if low and high else "failed"
