"""Fits what turns logits into attributions, on articles that training held out."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from stance.attribution.candidates import Candidates
from stance.attribution.decoding_config import DecodingConfig
from stance.attribution.extract import Extractor
from stance.attribution.spans import Attribution
from stance.attribution.tagger import Tagger
from stance.evaluation.attribution import (
    AttributionScores,
    Counts,
    count_article,
    overlaps,
    scores_of,
)
from training.attribution_polnear import AnnotatedArticle

__all__ = ["fit_decoding", "score_articles"]

Float = npt.NDArray[np.float64]
_THRESHOLDS = tuple(float(t) for t in np.arange(0.30, 0.61, 0.05).round(2))
_NOISE = 0.005
"""By how much two sums of F1 on the held-out articles differ for no reason."""
_REGULARISATION = 0.3


def fit_decoding(
    tagger: Tagger, held_out: Sequence[AnnotatedArticle]
) -> tuple[DecodingConfig, list[str]]:
    """The logistic model over candidates, and the threshold, with a log of what was tried.

    A candidate is right when its content has an intersection over union of 0.5 with an
    annotated one's. The threshold is the highest, as it gives the least that is none, whose sum of
    the character and the span F1 on the same articles is about the best.
    """
    everything = DecodingConfig(threshold=0.0, twin_overlap=1.0)
    candidates = Extractor(tagger, everything).candidates([a.text for a in held_out])
    decoding = _with_model(everything, candidates, held_out)
    tried: list[tuple[float, DecodingConfig]] = []
    log = []
    for threshold in _THRESHOLDS:
        one = replace(decoding, threshold=threshold, twin_overlap=DecodingConfig().twin_overlap)
        found = [c.attributions(one) for c in candidates]
        scores = score_articles(held_out, found)
        log.append(f"threshold {threshold:.2f}: {scores.line()}")
        tried.append((scores.characters[2] + scores.overlapping[2], one))
    enough = max(value for value, _ in tried) - _NOISE
    return next(one for value, one in reversed(tried) if value >= enough), log


def _with_model(
    decoding: DecodingConfig,
    candidates: Sequence[Candidates],
    articles: Sequence[AnnotatedArticle],
) -> DecodingConfig:
    features: list[Float] = []
    right: list[bool] = []
    for candidate, article in zip(candidates, articles, strict=True):
        rows = list(candidate.each())
        gold = [one.content for one in article.annotations[0]]
        table = overlaps(article.text, [one.content for _, one in rows], gold)
        features += [row for row, _ in rows]
        right += (table.max(axis=1, initial=0.0) >= 0.5).tolist()
    if len(set(right)) < 2:  # a smoke run finds nothing, or everything
        return decoding
    inputs = np.asarray(features)
    scale = inputs.std(axis=0) + 1e-6
    model = LogisticRegression(C=_REGULARISATION, max_iter=1000).fit(inputs / scale, right)
    weights = tuple((model.coef_[0] / scale).round(4).tolist())
    return replace(decoding, weights=weights, bias=round(float(model.intercept_[0]), 4))


def score_articles(
    articles: Sequence[AnnotatedArticle], found: Sequence[Sequence[Attribution]]
) -> AttributionScores:
    """What is found in some articles, against their annotations."""
    total = Counts()
    for article, mine in zip(articles, found, strict=True):
        total = total + count_article(article.text, mine, article.annotations)
    return scores_of(total)
