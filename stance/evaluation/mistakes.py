"""The worst mistakes, each beside the training statements most like it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stance.evaluation.datasets import Dataset
from stance.evaluation.labelled import Labelled
from stance.evaluation.predictions import Predictions
from stance.evaluation.results import Mistake, Neighbour
from stance.evaluation.tfidf import Tfidf
from stance.labels import LABELS
from stance.records import Statement

__all__ = ["RULES", "Neighbours", "worst_mistakes"]

_FACTS = ("phenomenon", "rule", "why", "speech", "conflict", "pair")

RULES = {
    "hedged_openness": "tie-break 4",
    "substantive_condition": "tie-break 3",
    "procedural_condition": "tie-break 3",
    "maximalist_condition": "tie-break 3",
    "peace_praise_withheld": "tie-break 4",
    "dodged_question": "labels: declines to comment; tie-break 4",
    "negation": "tie-break 5",
    "irony": "tie-break 7",
    "change_of_mind": "tie-break 2",
    "pessimism": "tie-break 6",
    "others_positions": "tie-break 1",
    "gloss_against_words": "tie-break 1",
    "mixed_message": "tie-break 8",
    "polite_refusal": "labels: refuses",
    "harsh_support": "labels: commits to taking part",
    "implied_stance": "tie-break 15",
    "talk_words_other": "target: other talks",
    "other_subject": "labels: another subject",
    "logistics_forecast": "labels: forecasts and logistics; tie-break 20",
    "third_party_pressure": "tie-break 19",
    "threat": "tie-break 14",
    "ceasefire_terms": "tie-break 18",
    "mediation": "tie-breaks 10 and 21",
    "premature": "tie-break 11",
    "terms_rejected": "tie-break 10",
    "context_decides": "tie-break 9",
    "target_decides": "tie-break 13",
    "plain": "labels",
    "wire_act": "unit: a reported act",
    "wire_other": "labels: another subject",
}
"""Where `corpus/CODEBOOK.md` decides statements of a phenomenon: used for rows without
a `rule`. Tie-breaks by their numbers; else the section, and the typical form there."""


class Neighbours:
    """Finds training statements by the cosine of TF-IDF vectors.

    Args:
        train: the statements that `fitted` was fitted to, in the same order.
    """

    def __init__(self, train: Sequence[Labelled], fitted: Tfidf) -> None:
        self._train = train
        self._fitted = fitted

    def nearest(self, statements: Sequence[Statement], count: int) -> list[list[Neighbour]]:
        """For each statement its nearest training statements, nearest first."""
        if not statements:
            return []
        return [self._nearest(row, count) for row in self._fitted.similarities(statements)]

    def _nearest(self, similarities: NDArray[np.float64], count: int) -> list[Neighbour]:
        # The few that can be among the nearest, then these in order; the first of equals.
        least = np.partition(similarities, -count)[-count] if count < len(similarities) else 0.0
        near = np.flatnonzero(similarities >= least)
        order = near[np.argsort(-similarities[near], kind="stable")][:count]
        return [self._neighbour(j, float(similarities[j])) for j in order.tolist()]

    def _neighbour(self, index: int, similarity: float) -> Neighbour:
        item = self._train[index]
        return Neighbour(item.id, item.label.value, similarity, item.statement.text)


def worst_mistakes(
    predictions: Predictions,
    dataset: Dataset,
    neighbours: Neighbours | None,
    count: int = 20,
) -> list[Mistake]:
    """The wrong predictions that gave the gold label the least probability."""
    rows = np.arange(len(predictions.gold))
    of_gold = predictions.probs[rows, predictions.gold]
    wrong = np.flatnonzero(~predictions.correct)
    worst = wrong[np.argsort(of_gold[wrong], kind="stable")][:count].tolist()
    statements = [dataset.items[i].statement for i in worst]
    nearest = neighbours.nearest(statements, 3) if neighbours else [[] for _ in worst]
    return [
        _mistake(predictions, dataset, i, float(of_gold[i]), near)
        for i, near in zip(worst, nearest, strict=True)
    ]


def _mistake(
    predictions: Predictions, dataset: Dataset, i: int, of_gold: float, near: list[Neighbour]
) -> Mistake:
    item = dataset.items[i]
    given = item.attributes
    known = {"rule": RULES.get(given.get("phenomenon", ""), ""), **given}
    return Mistake(
        id=item.id,
        text=item.statement.text if dataset.quotable else None,
        context=item.statement.context if dataset.quotable else None,
        gold=item.label.value,
        predicted=LABELS[int(predictions.predicted[i])].value,
        confidence=float(predictions.confidence[i]),
        gold_probability=of_gold,
        facts={name: known[name] for name in _FACTS if known.get(name)},
        nearest=near,
    )
