"""95 % intervals: the bootstrap, and Wilson's interval for small proportions.

What is drawn: whole conflicts where a dataset has at least `MIN_CLUSTERS` of them, because
statements about one conflict share speakers and wording and are right or wrong together;
otherwise whole articles, where the statements stand in so many; else single statements.
Measured in simulation (docs/evaluation.md): drawing statements where conflicts matter gives
"95 %" intervals that hold 54 to 92 % of the time.

Plain percentiles are too short for few units and lie too high near 1, where figures are
skewed. So they are expanded (Hesterberg 2015, "What Teachers Should Know About the
Bootstrap", section 5.3), and corrected for bias and skewness (Efron 1987, "Better Bootstrap
Confidence Intervals"), with the acceleration read from the replicates' skewness.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import binomtest, norm, skew, t

from stance.evaluation.results import Estimate

__all__ = ["FEW", "MIN_CLUSTERS", "Resampler", "estimate", "resampler", "shares", "wilson"]

MIN_CLUSTERS = 12
FEW = 20
"""Below this many statements a share has Wilson's interval, and a slice its mark."""
CONFIDENCE = 0.95
_CHUNK = 8_000_000  # counts held at once, 64 MB
_CACHED = 100_000  # counts drawn at once, under 1 MB

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Resampler:
    """Draws bootstrap weights; the same ones each time, so that two systems pair up.

    Attributes:
        groups: the unit that each statement belongs to, int64 (n,) with values below `units`.
        by: "conflicts", "articles" or "statements", for the report.
    """

    groups: NDArray[np.int64]
    units: int
    by: str
    resamples: int
    seed: int

    def counts(self, width: int = 0) -> Iterator[Floats]:
        """How often each unit is drawn: chunks of float64 (some replicates, units).

        Args:
            width: numbers that the caller makes of each replicate, where more than `units`.
        """
        rng = np.random.default_rng(self.seed)
        step = max(1, _CHUNK // max(self.units, width))
        for start in range(0, self.resamples, step):
            yield self._drawn_counts(rng, min(step, self.resamples - start))

    def _drawn_counts(self, rng: np.random.Generator, rows: int) -> Floats:
        counts = np.empty((rows, self.units))
        # A few rows at a time stay in the processor's cache, which takes half the time.
        step = max(1, _CACHED // self.units)
        for start in range(0, rows, step):
            part = counts[start : start + step]
            drawn = rng.integers(self.units, size=part.shape)
            drawn += np.arange(len(part))[:, None] * self.units
            part[:] = np.bincount(drawn.ravel(), minlength=part.size).reshape(part.shape)
        return counts

    def weights(self) -> Iterator[Floats]:
        """How often each statement is drawn: chunks of float64 (some replicates, n)."""
        for counts in self.counts(len(self.groups)):
            yield counts[:, self.groups]

    def sums(self, columns: Floats) -> Floats:
        """Sums of per-statement columns over each replicate's draws.

        Args:
            columns: float64 (n, k).

        Returns:
            float64 (resamples, k): `weights @ columns`, but added up by unit first, so that
            drawing 22 conflicts costs 22 numbers a replicate and not one for each statement.
        """
        return self.drawn(self.by_unit(columns))

    def drawn(self, totals: Floats) -> Floats:
        """Sums of per-unit totals (units, k) over each replicate: float64 (resamples, k)."""
        return np.concatenate([counts @ totals for counts in self.counts()])

    def by_unit(self, columns: Floats) -> Floats:
        """Sums of per-statement columns (n, k) over each unit: float64 (units, k)."""
        n = len(self.groups)
        if self.by == "statements":
            return columns
        members = csr_array((np.ones(n), (self.groups, np.arange(n))), shape=(self.units, n))
        return np.asarray(members @ columns)

    def spans(self, members: Bools) -> list[int]:
        """How many units figures about some statements rest on, where they are enough.

        Args:
            members: bool (n, k).

        Returns:
            k numbers: effective units (Kish 1965: four large conflicts are but four), or 0
            where statements are drawn, the members are fewer than `FEW`, or their units
            fewer than `MIN_CLUSTERS`.
        """
        if self.by == "statements":
            return [0] * members.shape[1]
        sizes = self.by_unit(members.astype(np.float64))
        totals = sizes.sum(axis=0)
        spans = (totals**2 / np.maximum((sizes**2).sum(axis=0), 1)).astype(int)
        enough = (totals >= FEW) & (spans >= MIN_CLUSTERS)
        return [int(span) for span in np.where(enough, spans, 0)]

    def quantiles(self) -> tuple[float, float]:
        """The two quantiles of a 95 % interval, widened for the number of units."""
        low = float(norm.cdf(-_tail(self.units)))
        return low, 1.0 - low


def _tail(units: int) -> float:
    """How many standard deviations a 95 % interval reaches: 1.96 widened for few units.

    One factor sqrt(units / (units - 1)) makes up for the bootstrap's variance, which is too
    small by that much; the second for replicates that seldom reach the tails.
    """
    if units < 2:
        return float("inf")
    return float(t.ppf((1 + CONFIDENCE) / 2, units - 1)) * units / (units - 1)


def resampler(
    clusters: Sequence[str | None], resamples: int, seed: int, by: str = "conflicts"
) -> Resampler:
    """Draw clusters where every statement has one and there are enough; else statements.

    Args:
        clusters: the unit of each statement.
        by: what such units are called.
    """
    names = {name for name in clusters if name}
    if all(clusters) and MIN_CLUSTERS <= len(names) < len(clusters):
        place = {name: i for i, name in enumerate(sorted(names))}
        groups = np.array([place[str(name)] for name in clusters])
        return Resampler(groups, len(names), by, resamples, seed)
    n = len(clusters)
    return Resampler(np.arange(n), n, "statements", resamples, seed)


def estimate(
    value: float, replicates: Floats, source: Resampler, units: int | None = None
) -> Estimate:
    """A point with its interval: expanded percentiles, corrected for bias and skewness.

    Args:
        value: the point; nan gives an estimate without a value.
        replicates: float64 (resamples,); those that are nan (no such label drawn) are left out.
        units: how many of the source's units the figure rests on; all of them by default.

    Returns:
        No interval where every replicate says the same (a perfect score of few statements):
        the bootstrap cannot see what it never drew.
    """
    defined = replicates[~np.isnan(replicates)]
    if np.isnan(value):
        return Estimate(None)
    if not defined.size or np.ptp(defined) < 1e-12:
        return Estimate(float(value))
    tail = _tail(source.units if units is None else units)
    low, high = np.quantile(defined, _corrected(value, defined, tail)).tolist()
    return Estimate(float(value), low, high)


def _corrected(value: float, replicates: Floats, tail: float) -> Floats:
    """The two quantiles of replicates that bound the value (Efron 1987): float64 (2,)."""
    # Sums in another order differ in the last digits; such replicates count as equal, by half.
    below = (np.sum(replicates < value - 1e-12) + np.sum(replicates <= value + 1e-12)) / 2
    bias = norm.ppf((below + 0.5) / (replicates.size + 1))
    acceleration = skew(replicates) / 6
    reached = bias + np.array([-tail, tail])
    # Past 1 / acceleration the formula turns back; its limit there is the last replicate.
    bent = reached / np.maximum(1 - acceleration * reached, 1e-9)
    quantiles: Floats = norm.cdf(bias + bent)
    return quantiles


def shares(hits: Bools, members: Bools, source: Resampler) -> list[Estimate]:
    """Shares of hits among members, with intervals that know of conflicts where they can.

    Args:
        hits: bool (n, k), or (n, 1) where all shares count the same; only members count.
        members: bool (n, k), the statements (or one for each pair) that a share is about.

    Returns:
        k estimates. The bootstrap's interval where conflicts or articles are drawn and the members
        are at least `FEW`, of effectively `MIN_CLUSTERS` units, and not all alike; else Wilson's.
    """
    hits = hits & members
    sizes, right = members.sum(axis=0).tolist(), hits.sum(axis=0).tolist()
    found = [wilson(*counts) for counts in zip(right, sizes, strict=True)]
    spans = source.spans(members)
    drawn = [i for i, span in enumerate(spans) if span]
    if not drawn:
        return found
    sums = source.sums(np.hstack([hits[:, drawn], members[:, drawn]]).astype(np.float64))
    with np.errstate(invalid="ignore"):
        replicates = sums[:, : len(drawn)] / sums[:, len(drawn) :]
    for i, column in zip(drawn, replicates.T, strict=True):
        bootstrapped = estimate(right[i] / sizes[i], column, source, spans[i])
        found[i] = found[i] if bootstrapped.low is None else bootstrapped
    return found


def wilson(hits: int, n: int) -> Estimate:
    """A proportion with Wilson's score interval.

    It holds its 95 % at ten statements and at perfect scores, where the bootstrap does not
    (Brown, Cai and DasGupta 2001, "Interval Estimation for a Binomial Proportion").
    """
    if n == 0:
        return Estimate(None)
    interval = binomtest(hits, n).proportion_ci(CONFIDENCE, method="wilson")
    return Estimate(hits / n, float(interval.low), float(interval.high))
