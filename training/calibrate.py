"""Fits temperature and conformal thresholds of a checkpoint on dev.

    python -m training.calibrate --config configs/train.yaml

Temperature (Guo et al. 2017): the one number with the lowest calibration error on dev.
Conformal: the finite-sample quantile of `1 - p(true label)` on dev (split conformal, Vovk et
al. 2005).
A small student that defers (`defer` of its config) is calibrated as it answers: with its better
model, which it gives as many statements of dev as the config says; and so is a network whose
logits are averaged with another's (`averaged_with`).
Dev is never trained on; test is not read here.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from stance import StanceClassifier
from stance.artifact import MODELS
from stance.cli import reports_errors
from stance.decision import averaged, probabilities
from stance.errors import ConfigError
from stance.evaluation.labelled import Labelled, read_labelled
from stance.evaluation.metrics import calibration_error
from stance.runtimes.cascade import doubtful, margins
from stance.settings import load_config
from training.config import DeferConfig, TrainConfig
from training.scoring import checkpoint_logits

__all__ = [
    "COVERAGES",
    "calibrate",
    "calibration",
    "conformal_thresholds",
    "fit_deferral",
    "fit_temperature",
]

COVERAGES = (0.80, 0.90, 0.95, 0.99)


def fit_temperature(logits: NDArray[np.float32], gold: Sequence[int]) -> float:
    """The temperature in [0.25, 4] with the lowest expected calibration error.

    The usual objective, log loss, follows a handful of mistakes that the model is sure of. On
    dev it raised the calibration error of every student above that without any temperature.

    Args:
        logits: float32 of shape (n, 3).
        gold: n label indices.
    """
    temperatures = np.exp(np.arange(np.log(0.25), np.log(4.0), 0.01))
    errors = [_mean_error(probabilities(logits, float(t)), gold) for t in temperatures]
    return float(temperatures[int(np.argmin(errors))])


def _mean_error(probs: NDArray[np.float64], gold: Sequence[int]) -> float:
    """Mean over 10 to 20 bins, so that no single bin's edge decides (Naeini et al. 2015)."""
    confidence, correct = probs.max(axis=1), probs.argmax(axis=1) == np.asarray(gold)
    return float(np.mean([calibration_error(confidence, correct, n) for n in range(10, 21)]))


def conformal_thresholds(
    probs: NDArray[np.float64], gold: Sequence[int], coverages: Sequence[float] = COVERAGES
) -> dict[str, float]:
    """Highest score `1 - p` of a plausible label, for each coverage level.

    Uses rank `ceil((n + 1) * coverage)` of the scores, which guarantees the coverage for
    exchangeable data; where n is too small for that rank, every label is plausible (1.0).
    """
    scores = np.sort(1.0 - probs[np.arange(len(gold)), gold])
    ranks = [int(np.ceil((len(scores) + 1) * coverage)) for coverage in coverages]
    return {
        f"{coverage:.2f}": float(scores[rank - 1]) if rank <= len(scores) else 1.0
        for coverage, rank in zip(coverages, ranks, strict=True)
    }


def calibrate(config: TrainConfig) -> Path:
    """Write `calibration.json` into the run folder; returns its path.

    Raises:
        ArtifactError: a model that the config has it ask cannot be opened.
        ConfigError: such a model asks others itself.
    """
    items = read_labelled(config.data.dev)
    statements = [item.statement for item in items]
    logits = checkpoint_logits(config.output / "checkpoint", statements, config.max_length)
    result = calibration(logits, items, config.defer, config.averaged_with)
    file = config.output / "calibration.json"
    file.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return file


def calibration(
    logits: NDArray[np.float32],
    items: Sequence[Labelled],
    defer: DeferConfig | None,
    averaged_with: str | None,
) -> dict[str, Any]:
    """What of an artifact's settings is fitted, as `stance.artifact.Calibration` has it.

    Args:
        logits: the network's own, float32 (items, 3).

    Raises:
        ArtifactError: a model that it asks cannot be opened.
        ConfigError: such a model asks others itself.
    """
    statements = [item.statement for item in items]
    result: dict[str, Any] = {}
    if defer:
        asked, better = _load_asked("defer.to", defer.to)
        margin, logits = fit_deferral(logits, better.logits(statements), defer.share)
        result["deferral"] = {**asked, "margin": round(margin, 4)}
    if averaged_with:
        asked, partner = _load_asked("averaged_with", averaged_with)
        logits = averaged(logits, partner.logits(statements))
        result["averaged_with"] = asked
    gold = [item.label.column for item in items]
    temperature = fit_temperature(logits, gold)
    thresholds = conformal_thresholds(probabilities(logits, temperature), gold)
    result["temperature"] = round(temperature, 4)
    result["conformal"] = {level: round(score, 6) for level, score in thresholds.items()}
    return result


def _load_asked(key: str, given: str) -> tuple[dict[str, str], StanceClassifier]:
    """A model that another asks: how its artifact names it (`stance.artifact.Asked`), and itself.

    A folder is named in full, as the artifact may be opened from anywhere.
    """
    asked = StanceClassifier.load(given, "cpu")
    folder = asked.artifact.path
    if asked.artifact.asked:
        raise ConfigError(f"{key}: {folder} asks another model itself; name one that answers alone")
    own_folder = folder.parent != MODELS and Path(given).expanduser().is_dir()
    name = str(folder.resolve()) if own_folder else given
    return {"to": name, "version": asked.artifact.calibration.version}, asked


def fit_deferral(
    logits: NDArray[np.float32], better: NDArray[np.float32], share: float
) -> tuple[float, NDArray[np.float32]]:
    """The margin below which this share of statements lies, and what the two models then give.

    Args:
        logits, better: of the same statements, float32 (n, 3).
    """
    margin = float(np.quantile(margins(logits), share))
    answers, deferred = logits.copy(), doubtful(logits, margin)
    answers[deferred] = better[deferred]
    return margin, answers


def main(config: Annotated[Path, typer.Option(help="The training config of the run.")]) -> None:
    """Calibrate a trained checkpoint on dev."""
    typer.echo(calibrate(load_config(config, TrainConfig)).read_text("utf-8"))


if __name__ == "__main__":
    typer.run(reports_errors(main))
