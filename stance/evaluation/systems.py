"""What can be evaluated: one small protocol, and how a word on the command line becomes one."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from stance.classifier import StanceClassifier
from stance.errors import ConfigError, InputError
from stance.evaluation.baselines import BASELINES, open_baseline
from stance.evaluation.labelled import Labelled
from stance.evaluation.predictions_file import PredictionsFile
from stance.labels import LABELS, Stance
from stance.manifest import sha256
from stance.records import Prediction, Statement
from stance.runtimes import best_device

__all__ = [
    "ArtifactSystem",
    "OnDevice",
    "Reader",
    "System",
    "model_files",
    "open_system",
    "parse_label_map",
]

_TABLES = (".jsonl", ".csv", ".tsv")
_NLI = (".yaml", ".yml")
_MODEL_FILES = (".safetensors", ".json", ".txt", ".model")


class System(Protocol):
    """Anything that gives statements a stance.

    Attributes:
        name: as reports show it.
        version: of its weights; empty where it has none.
        probabilistic: whether its probabilities mean something, or are one-hot labels.
        conformal: coverage level -> highest score `1 - p` of a plausible label; may be empty.
        files: its own files -> SHA-256, for the report.
    """

    name: str
    version: str
    probabilistic: bool
    conformal: Mapping[str, float]
    files: Mapping[str, str]

    def predict(self, statements: Sequence[Statement]) -> NDArray[np.float64]:
        """Probabilities, float64 (n, 3), rows sum to 1, columns in label order."""
        ...


@runtime_checkable
class OnDevice(Protocol):
    """A system whose network runs on a device: "cpu", "cuda", …, never "auto"."""

    device: str


@runtime_checkable
class Reader(Protocol):
    """A system that finds the statements of raw articles itself."""

    def analyze(self, articles: Sequence[str]) -> list[list[Prediction]]:
        """Predictions for each article, in order."""
        ...


class ArtifactSystem:
    """An artifact, shipped or one's own, run just as users run it."""

    probabilistic = True

    def __init__(self, path_or_hub_id: str, device: str = "auto") -> None:
        self._classifier = StanceClassifier.load(path_or_hub_id, device)
        artifact = self._classifier.artifact
        self.name = path_or_hub_id
        self.version = artifact.calibration.version
        self.device = best_device(device)
        self.conformal: Mapping[str, float] = artifact.calibration.conformal
        files = model_files(artifact.path)
        for other in artifact.asked:
            asked = model_files(other.path)
            files |= {f"{other.path.name}/{name}": found for name, found in asked.items()}
        self.files: Mapping[str, str] = files

    def predict(self, statements: Sequence[Statement]) -> NDArray[np.float64]:
        """Calibrated probabilities, float64 (n, 3)."""
        rows = [p.probabilities for p in self._classifier.classify(statements)]
        return np.array([[row[label] for label in LABELS] for row in rows])

    def analyze(self, articles: Sequence[str]) -> list[list[Prediction]]:
        """Predictions for the statements that it finds in each article."""
        return self._classifier.analyze_batch(articles)


def model_files(folder: Path) -> dict[str, str]:
    """The weights, settings and tokenizer of a checkpoint folder: file name -> SHA-256."""
    files = sorted(file for file in folder.iterdir() if file.suffix in _MODEL_FILES)
    return {file.name: sha256(file) for file in files}


def open_system(
    spec: str,
    *,
    device: str = "auto",
    label_map: Mapping[str, Stance] | None = None,
    train: Sequence[Labelled] | None = None,
    keep: Path | None = None,
) -> System | PredictionsFile:
    """The system that a word names.

    Args:
        spec: "majority" or "tfidf" (baselines); a .jsonl, .csv or .tsv file of predictions; a
            .yaml file that makes an NLI model a zero-shot classifier; otherwise a shipped
            artifact, a checkpoint folder or a Hub id.
        device: where networks run.
        label_map: label of a checkpoint that is not ours -> stance.
        train: training statements for the baselines.
        keep: a folder that keeps what the TF-IDF baseline learned for the next time.

    Raises:
        InputError, ArtifactError, ConfigError: it cannot be opened; the message says why.
    """
    suffix = Path(spec).suffix.lower()
    if label_map and (spec in BASELINES or suffix in (*_TABLES, *_NLI)):
        raise ConfigError(f"{spec} has no labels to map; a label map is for a checkpoint")
    if spec in BASELINES:
        if train is None:
            raise InputError(f"baseline {spec!r} needs a training file: set `train` in the config")
        return open_baseline(spec, train, keep)
    if suffix in _TABLES:
        return PredictionsFile(Path(spec))
    # Imported here and not above: they bring torch and transformers, which takes seconds.
    if suffix in _NLI:
        from stance.evaluation.checkpoints import NliSystem

        return NliSystem(Path(spec), device)
    if label_map:
        from stance.evaluation.checkpoints import CheckpointSystem

        return CheckpointSystem(spec, label_map, device)
    return ArtifactSystem(spec, device)


def parse_label_map(text: str) -> dict[str, Stance]:
    """`"LABEL_0=supporting,LABEL_1=opposing"` as a mapping; several labels may share a stance.

    Raises:
        ConfigError: a part is not NAME=STANCE, or a stance has no label.
    """
    mapping: dict[str, Stance] = {}
    for part in text.split(","):
        name, _, stance = (piece.strip() for piece in part.partition("="))
        if not name or stance not in set(LABELS):
            raise ConfigError(f"label map: {part!r} is not NAME=STANCE with one of {[*LABELS]}")
        mapping[name] = Stance(stance)
    if missing := [label.value for label in LABELS if label not in mapping.values()]:
        raise ConfigError(f"label map: no label means {', '.join(missing)}")
    return mapping
