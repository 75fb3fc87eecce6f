"""An interval for the expected calibration error, which the plain bootstrap does not give.

The error is a sum of absolute values, so noise only adds to it: a calibrated system measured
on 300 statements shows 0.05, its bootstrap replicates 0.07, and the percentile interval
misses the truth, 0, every time. Here the upper end is corrected once for the bias that the
bootstrap shows. The lower end is that of the basic interval, corrected once more, because
the bias near 0 is larger than the bootstrap can see; and it is 0 where a calibrated system
would show as much by chance ("consistency resampling", Bröcker and Smith 2007). In
simulation this holds at least 93 % of the time, and more near 0, where it is cautious.
"""

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.bootstrap import Resampler
from stance.evaluation.metrics import BINS, bin_of
from stance.evaluation.predictions import Predictions
from stance.evaluation.results import Estimate

__all__ = ["calibrated_errors", "calibration_estimate"]

_CHUNK = 250_000  # numbers drawn at once, 2 MB


def calibration_estimate(
    predictions: Predictions, value: float, replicates: NDArray[np.float64], source: Resampler
) -> Estimate:
    """The expected calibration error with its 95 % interval.

    Args:
        value: the error on all statements.
        replicates: the errors of the bootstrap replicates, float64 (resamples,).
    """
    _, high_quantile = source.quantiles()
    highest = float(np.quantile(replicates, high_quantile))
    bias = float(replicates.mean()) - value
    chance = float(np.quantile(calibrated_errors(predictions, source), high_quantile))
    low = 0.0 if value <= chance else max(0.0, 2 * value - highest - bias)
    return Estimate(value, min(low, value), max(highest - bias, value))


def calibrated_errors(predictions: Predictions, source: Resampler) -> NDArray[np.float64]:
    """Errors that a perfectly calibrated system of these confidences shows by chance.

    Returns:
        float64 (resamples,): each with outcomes drawn anew, right with the confidence's
        probability.
    """
    confidence = predictions.confidence
    n = len(confidence)
    # Counts of right answers fit float32 exactly, which multiplies twice as fast.
    bins = np.zeros((n, BINS), dtype=np.float32)
    bins[np.arange(n), bin_of(confidence)] = 1.0
    expected = confidence @ bins.astype(np.float64)
    rng = np.random.default_rng(source.seed)
    errors = []
    step = max(1, _CHUNK // n)
    for start in range(0, source.resamples, step):
        drawn = rng.random((min(step, source.resamples - start), n)) < confidence
        errors.append(np.abs(drawn.astype(np.float32) @ bins - expected).sum(axis=1) / n)
    return np.concatenate(errors)
