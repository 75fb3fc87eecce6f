"""Statements per second of every runtime, and how many labels each changes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

from benchmarks.config import BenchConfig
from benchmarks.measure import Timing, alternate
from stance import Stance, StanceClassifier
from stance.artifact import open_artifact
from stance.encoding import Encoder
from stance.errors import ConfigError
from stance.evaluation.labelled import Labelled, read_labelled
from stance.runtimes.torch import TorchRuntime

__all__ = ["Contender", "contenders", "throughput"]


@dataclass(frozen=True, slots=True)
class Contender:
    """A way to classify.

    Attributes:
        labels: texts -> labels.
        scored: the classifier behind it, for its macro-F1; None for `pipeline`.
        reference: name of the contender whose labels it should give.
    """

    labels: Callable[[Sequence[str]], list[str]]
    scored: StanceClassifier | None
    reference: str


def contenders(config: BenchConfig, device: str) -> dict[str, Contender]:
    """All rows of the table; the baselines are called "pipeline".

    Raises:
        ConfigError: the model is averaged with another, which the baselines would not ask.
    """
    artifact = open_artifact(config.model)
    if artifact.partner is not None:
        raise ConfigError(f"model: {config.model} asks another model; name one that answers alone")
    baseline = "pipeline, batch 32"
    rows = {baseline: Contender(_pipeline(artifact.path, 32, device), None, baseline)}
    if device != "cpu":
        for name, dtype in (("pipeline", "float32"), ("pipeline bf16", "bfloat16")):
            run = _pipeline(artifact.path, 256, device, dtype)
            rows[f"{name}, batch 256"] = Contender(run, None, baseline)
        rows["stance, bf16"] = _stance(StanceClassifier.load(config.model, device), baseline)
        return rows
    encoder = Encoder.from_folder(artifact.path, artifact.calibration.max_length)
    sorted_torch = StanceClassifier(artifact, encoder, TorchRuntime(artifact, "cpu"))
    rows["torch fp32, sorted"] = _stance(sorted_torch, baseline)
    rows["stance, cpu"] = _stance(StanceClassifier.load(config.model, "cpu"), baseline)
    rows["stance, cpu-fast"] = _stance(StanceClassifier.load(config.model, "cpu-fast"), baseline)
    if config.has_student():
        rows["student, cpu"] = _stance(StanceClassifier.load(config.student, "cpu"), "student, cpu")
        rows["student, cpu-fast"] = _stance(
            StanceClassifier.load(config.student, "cpu-fast"), "student, cpu"
        )
    return rows


def throughput(
    config: BenchConfig, rows: dict[str, Contender], sentences: Sequence[str]
) -> tuple[dict[str, Timing], dict[str, dict[str, float | None]]]:
    """Statements/s of each contender; and its changed labels and macro-F1."""

    def task(name: str, row: Contender) -> tuple[int, Callable[[], object]]:
        slow = name.startswith(("pipeline", "torch"))
        given = sentences[: config.baseline_count] if slow else sentences
        return len(given), lambda: row.labels(given)

    timings = alternate({name: task(name, row) for name, row in rows.items()}, config.rounds)
    answers = {name: np.array(row.labels(sentences)) for name, row in rows.items()}
    items = read_labelled(config.labelled)
    quality: dict[str, dict[str, float | None]] = {
        name: {
            "changed": float((answers[name] != answers[row.reference]).mean()),
            "macro_f1": _macro_f1(row.scored, items) if row.scored and items else None,
        }
        for name, row in rows.items()
    }
    return timings, quality


def _macro_f1(classifier: StanceClassifier, items: Sequence[Labelled]) -> float:
    predicted = classifier.classify([item.statement for item in items])
    gold = [str(item.label) for item in items]
    return float(f1_score(gold, [str(p.label) for p in predicted], average="macro"))


def _stance(classifier: StanceClassifier, reference: str) -> Contender:
    def labels(texts: Sequence[str]) -> list[str]:
        return [str(p.label) for p in classifier.classify(list(texts))]

    return Contender(labels, classifier, reference)


def _pipeline(
    path: Path, batch: int, device: str, dtype: str = "float32"
) -> Callable[[Sequence[str]], list[str]]:
    from transformers import pipeline

    run = pipeline("text-classification", model=str(path), device=device, dtype=dtype)

    def labels(texts: Sequence[str]) -> list[str]:
        return [str(Stance(r["label"])) for r in run(list(texts), batch_size=batch)]

    return labels
