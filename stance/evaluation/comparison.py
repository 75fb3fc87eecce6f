"""Two systems side by side: what each scores, the difference, and whether it can be chance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from stance.evaluation.bootstrap import Resampler
from stance.evaluation.predictions import Predictions
from stance.evaluation.replicates import Replicated
from stance.evaluation.results import Behavioural, Comparison, Estimate, Scores
from stance.evaluation.significance import holm, mcnemar, paired_difference, permutation

__all__ = ["Scored", "compare_suites", "compare_tested", "compare_untested", "corrected"]

_NONE = Estimate(None)


@dataclass(frozen=True, slots=True)
class Scored:
    """One system on one dataset: its predictions, and what they score.

    Attributes:
        found: the figures on each of the bootstrap's draws, from which differences come.
        pairs: contrast pairs, of which `pairs_right` is the share with both members right.
    """

    found: Replicated
    scores: Scores
    pairs: int
    pairs_right: Estimate | None

    @property
    def table(self) -> Predictions:
        """The predictions that were scored."""
        return self.found.table


def compare_tested(dataset: str, a: Scored, b: Scored, source: Resampler) -> list[Comparison]:
    """Accuracy and macro-F1, with an interval of the difference and tests.

    No test takes statements of one unit as independent where `source` draws conflicts or articles.
    """
    names = (dataset, a.table.system, b.table.system)
    accuracy, p = paired_difference(a.found, b.found, "accuracy", source)
    macro_f1, macro_p = paired_difference(a.found, b.found, "macro_f1", source)
    if source.by != "statements":
        exact, test = permutation(a.table, b.table, source), f"permutation of {source.by}"
    else:
        exact, test = mcnemar(a.table, b.table), "McNemar, exact"
    values = [(a.scores.metrics[m], b.scores.metrics[m]) for m in ("accuracy", "macro_f1")]
    paired = "paired bootstrap"
    return [
        Comparison(*names, "accuracy", *values[0], accuracy, test, exact, exact),
        Comparison(*names, "accuracy", *values[0], accuracy, paired, p, p),
        Comparison(*names, "macro_f1", *values[1], macro_f1, paired, macro_p, macro_p),
    ]


def compare_untested(dataset: str, a: Scored, b: Scored) -> list[Comparison]:
    """Contrast pairs and calibration error, where one of the two has them.

    The difference has no interval: neither measure has one from the plain bootstrap, so there
    is nothing to pair.
    """
    measures = {
        "pairs_right": (a.pairs_right, b.pairs_right),
        "ece": (a.scores.metrics.get("ece"), b.scores.metrics.get("ece")),
    }
    return [
        _plain(dataset, (a.table.system, b.table.system), name, values)
        for name, values in measures.items()
        if any(values)
    ]


def compare_suites(
    names: tuple[str, str], a: Behavioural | None, b: Behavioural | None
) -> list[Comparison]:
    """The failure rates on the behavioural suite: of all its cases, then by capability."""
    rates = [_rates(found) for found in (a, b)]
    measures = dict.fromkeys(measure for side in rates for measure in side)
    return [
        _plain("behavioural", names, measure, (rates[0].get(measure), rates[1].get(measure)))
        for measure in measures
    ]


def corrected(rows: Sequence[Comparison]) -> list[Comparison]:
    """The rows with `p_holm` of all their tests."""
    adjusted = iter(holm([row.p for row in rows if row.p is not None]))
    return [row if row.p is None else replace(row, p_holm=next(adjusted)) for row in rows]


def _rates(found: Behavioural | None) -> dict[str, Estimate]:
    if found is None:
        return {}
    by_capability = {c.name: c.failure_rate for c in found.capabilities}
    return {"failure_rate": found.failure_rate, **by_capability}


def _plain(
    dataset: str,
    names: tuple[str, str],
    measure: str,
    values: tuple[Estimate | None, Estimate | None],
) -> Comparison:
    a, b = (value or _NONE for value in values)
    difference = _NONE
    if a.value is not None and b.value is not None:
        difference = Estimate(a.value - b.value)
    return Comparison(dataset, *names, measure, a, b, difference)
