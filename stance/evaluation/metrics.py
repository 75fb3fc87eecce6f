"""Predictions table -> metrics, as points and over bootstrap replicates.

Points come from scikit-learn where it has the metric. Replicates need the same figures for
a thousand reweighted copies at once: every metric here is a function of sums over
statements (confusion counts, squared errors, calibration gaps), so one matrix product of
weights and per-statement terms gives them all. Tests tie the two together.

A label that occurs neither in gold nor in the predictions has no F1 and stays out of the
macro averages (scikit-learn's `zero_division=nan`); its own figures are nan. The Matthews
correlation is nan where gold has one label only: nothing varies that it could go with.
"""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import (
    accuracy_score,
    brier_score_loss,
    confusion_matrix,
    matthews_corrcoef,
    precision_recall_fscore_support,
)

from stance.evaluation.predictions import Predictions
from stance.labels import LABELS

__all__ = [
    "BINS",
    "LEVELS",
    "METRICS",
    "Terms",
    "bin_of",
    "calibration_error",
    "confusion",
    "confusion_metrics",
    "point_metrics",
    "replicate_metrics",
    "terms",
    "weighted",
]

BINS = 15
"""Equal-width confidence bins of the expected calibration error."""

METRICS = {
    "accuracy": "share of right labels",
    "macro_f1": "mean F1 of the labels",
    "macro_recall": "mean recall of the labels (balanced accuracy)",
    "mcc": "Matthews correlation, -1 to 1 (Gorodkin 2004)",
    "ece": "expected calibration error, 15 bins (Guo et al. 2017)",
    "brier": "Brier score, 0 to 2 (Brier 1950)",
}
"""The figures that every system has; beside them come `precision_`, `recall_` and `f1_` of
each label, and `coverage_`, `coverage_…_LABEL` and `set_size_` of each conformal level."""

Floats = NDArray[np.float64]
_CLASSES = range(len(LABELS))
LEVELS = ("0.90", "0.95")
"""The conformal levels reported, where the artifact has them."""


def confusion(predictions: Predictions) -> NDArray[np.int64]:
    """Counts of shape (3, 3): rows gold, columns predicted, in label order."""
    counts: NDArray[np.int64] = confusion_matrix(
        predictions.gold, predictions.predicted, labels=_CLASSES
    )
    return counts


def point_metrics(predictions: Predictions) -> dict[str, float]:
    """Every metric of a predictions table; nan where it is not defined."""
    gold, predicted = predictions.gold, predictions.predicted
    per_label = precision_recall_fscore_support(
        gold, predicted, labels=_CLASSES, zero_division=np.nan
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one label predicted: defined as 0, and sklearn says so
        mcc = float(matthews_corrcoef(gold, predicted)) if np.ptp(gold) else np.nan
    values = {
        "accuracy": float(accuracy_score(gold, predicted)),
        "macro_f1": float(np.nanmean(per_label[2])),
        "macro_recall": float(np.nanmean(per_label[1])),
        "mcc": mcc,
    }
    for name, row in zip(("precision", "recall", "f1"), per_label, strict=False):
        values |= {f"{name}_{label}": float(v) for label, v in zip(LABELS, row, strict=True)}
    if predictions.probabilistic:
        sums = _summed(terms(predictions))
        values["ece"] = calibration_error(predictions.confidence, predictions.correct)
        values["brier"] = float(
            brier_score_loss(gold, predictions.probs, labels=_CLASSES, scale_by_half=False)
        )
        values |= {name: float(v[0]) for name, v in _conformal_metrics(sums).items()}
    return values


@dataclass(frozen=True, slots=True)
class Terms:
    """Per-statement terms, float64 (n, k) each; or their weighted sums, (replicates, k).

    Attributes:
        confusion: one-hot of `3 * gold + predicted`.
        brier: squared distance of the probabilities from the gold label, k = 1.
        gaps: `correct - confidence` in the column of the confidence's bin.
        sets: level -> size of the conformal set, and for each label whether it was gold and
            covered, k = 4.
    """

    confusion: Floats
    brier: Floats
    gaps: Floats
    sets: dict[str, Floats]

    @property
    def columns(self) -> Floats:
        """All terms side by side, float64 (n, k of all)."""
        return np.hstack([self.confusion, self.brier, self.gaps, *self.sets.values()])

    def like(self, columns: Floats) -> "Terms":
        """The parts of sums of `columns`, float64 (replicates, k of all)."""
        widths = [part.shape[1] for part in (self.confusion, self.brier, self.gaps)]
        ends = np.cumsum([*widths, *(part.shape[1] for part in self.sets.values())])
        confusion, brier, gaps, *sets = np.split(columns, ends[:-1], axis=1)
        return Terms(confusion, brier, gaps, dict(zip(self.sets, sets, strict=True)))


def terms(predictions: Predictions) -> Terms:
    """The terms whose sums give every metric."""
    n = len(predictions.gold)
    rows = np.arange(n)
    gold = np.eye(len(LABELS))[predictions.gold]
    cells = np.zeros((n, len(LABELS) ** 2))
    cells[rows, len(LABELS) * predictions.gold + predictions.predicted] = 1.0
    gaps = np.zeros((n, BINS))
    gaps[rows, bin_of(predictions.confidence)] = predictions.correct - predictions.confidence
    sets = {}
    for level in LEVELS:
        if level in predictions.conformal:
            plausible = predictions.plausible(level)
            size = plausible.sum(axis=1, keepdims=True)
            sets[level] = np.hstack([size, plausible * gold])
    brier = ((predictions.probs - gold) ** 2).sum(axis=1, keepdims=True)
    return Terms(cells, brier, gaps, sets)


def bin_of(confidence: Floats, bins: int = BINS) -> NDArray[np.int64]:
    """Index of the bin `(low, high]`, of equally wide ones, that holds a confidence in [0, 1]."""
    return np.clip(np.ceil(confidence * bins).astype(np.int64) - 1, 0, bins - 1)


def calibration_error(confidence: Floats, correct: NDArray[np.bool_], bins: int = BINS) -> float:
    """The expected calibration error, in [0, 1], over equally wide bins (Guo et al. 2017).

    Args:
        confidence: probability of the predicted label, float64 (n,).
        correct: whether that is the gold one, bool (n,).
    """
    gaps = np.bincount(bin_of(confidence, bins), confidence - correct, minlength=bins)
    return float(np.abs(gaps).sum() / len(confidence))


def weighted(parts: Terms, weights: Floats) -> Terms:
    """Sums of the terms under weights of shape (replicates, n)."""
    return parts.like(weights @ parts.columns)


def replicate_metrics(sums: Terms, *, probabilistic: bool = True) -> dict[str, Floats]:
    """Every metric for each replicate: name -> float64 (replicates,)."""
    values = confusion_metrics(sums.confusion.reshape(-1, len(LABELS), len(LABELS)))
    if probabilistic:
        values["ece"] = np.abs(sums.gaps).sum(axis=1) / sums.confusion.sum(axis=1)
        values["brier"] = sums.brier[:, 0] / sums.confusion.sum(axis=1)
        values |= _conformal_metrics(sums)
    return values


def confusion_metrics(counts: Floats) -> dict[str, Floats]:
    """The metrics of confusion matrices (replicates, 3, 3): name -> (replicates,)."""
    hits = np.diagonal(counts, axis1=1, axis2=2)
    gold, predicted = counts.sum(axis=2), counts.sum(axis=1)
    total = counts.sum(axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        recall, precision = hits / gold, hits / predicted
        f1 = 2 * hits / (gold + predicted)
        covariance = hits.sum(1) * total - (gold * predicted).sum(1)
        spread = np.sqrt((total**2 - (gold**2).sum(1)) * (total**2 - (predicted**2).sum(1)))
        mcc = np.where(spread > 0, covariance / spread, 0.0)
    mcc = np.where(gold.max(axis=1) < total, mcc, np.nan)
    values = {
        "accuracy": hits.sum(1) / total,
        "macro_f1": _defined_mean(f1),
        "macro_recall": _defined_mean(recall),
        "mcc": mcc,
    }
    for name, columns in (("precision", precision), ("recall", recall), ("f1", f1)):
        values |= {f"{name}_{label}": columns[:, i] for i, label in enumerate(LABELS)}
    return values


def _defined_mean(columns: Floats) -> Floats:
    defined = ~np.isnan(columns)
    mean: Floats = np.where(defined, columns, 0.0).sum(axis=1) / defined.sum(axis=1)
    return mean


def _summed(parts: Terms) -> Terms:
    return weighted(parts, np.ones((1, len(parts.brier))))


def _conformal_metrics(sums: Terms) -> dict[str, Floats]:
    gold = sums.confusion.reshape(-1, len(LABELS), len(LABELS)).sum(axis=2)
    values = {}
    for level, columns in sums.sets.items():
        covered = columns[:, 1:]
        values[f"coverage_{level}"] = covered.sum(axis=1) / gold.sum(axis=1)
        values[f"set_size_{level}"] = columns[:, 0] / gold.sum(axis=1)
        with np.errstate(invalid="ignore"):
            share = covered / gold
        values |= {f"coverage_{level}_{label}": share[:, i] for i, label in enumerate(LABELS)}
    return values
