"""Shares of slices and pairs: intervals that know of conflicts."""

import numpy as np

from stance.evaluation.bootstrap import FEW, MIN_CLUSTERS, Resampler, resampler, shares, wilson
from stance.evaluation.results import Estimate
from stance.evaluation.slices import slice_scores
from stance.labels import Stance
from tests.evaluation.known import by_statement, dataset, one_hot, table


def test_shares_know_of_conflicts() -> None:
    groups = np.repeat(np.arange(MIN_CLUSTERS), 30)
    source = Resampler(groups, MIN_CLUSTERS, "conflicts", 400, 1)
    right = groups % 4 > 0  # a conflict is right or wrong as a whole
    members = np.ones((len(groups), 4), dtype=bool)
    members[FEW - 1 :, 1] = False
    members[groups == 0, 2] = False
    hits = np.column_stack([right, right, right, np.ones_like(right)])
    found = shares(hits, members, source)
    plain = wilson(int(right.sum()), len(right))
    assert _width(found[0]) > 3 * _width(plain)
    assert found[1] == wilson(0, FEW - 1)  # few statements
    assert found[2] == wilson(int(right[30:].sum()), len(right) - 30)  # too few conflicts
    assert found[3] == wilson(len(right), len(right))  # all right
    assert shares(hits, members, by_statement(len(right)))[0] == plain


def test_slices_take_the_resampler() -> None:
    conflicts = [f"c{i // 20:02d}" for i in range(400)]
    data = dataset([Stance.OPPOSING] * 400, conflict=conflicts, speech=["a", "b"] * 200)
    predicted = np.array([1 if i // 20 % 4 else 0 for i in range(400)])
    predictions = table(data.gold, one_hot(predicted))
    source = resampler(conflicts, 400, 1)
    plain = {s.value: s.accuracy for s in slice_scores(predictions, data, by_statement(400))}
    found = {s.value: s.accuracy for s in slice_scores(predictions, data, source)}
    assert _width(found["a"]) > 2 * _width(plain["a"])
    assert found["c03"] == plain["c03"]  # one conflict


def _width(found: Estimate) -> float:
    assert found.low is not None
    assert found.high is not None
    return found.high - found.low
