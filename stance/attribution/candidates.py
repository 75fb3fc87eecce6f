"""What the network says about one article, before thresholds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stance.attribution.assemble import assemble, candidate
from stance.attribution.decoding import Arguments, CueCandidate, decode_arguments, find_cues
from stance.attribution.decoding_config import DecodingConfig
from stance.attribution.encoding import Tokens, tokenize, word_starts
from stance.attribution.scoring import features_of, score
from stance.attribution.spans import Attribution
from stance.attribution.tagger import ArticleTags, Tagger
from stance.attribution.textview import TextView

__all__ = ["Candidates", "find_candidates"]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Candidates of one article: what may be an attribution.

    Attributes:
        cues, arguments: one of each for every candidate, in text order.
        features: (candidates, len(FEATURES)).
    """

    view: TextView
    tokens: Tokens
    cues: tuple[CueCandidate, ...]
    arguments: tuple[Arguments, ...]
    features: npt.NDArray[np.float64]

    def attributions(self, config: DecodingConfig) -> list[Attribution]:
        """The candidates that pass the thresholds."""
        scores = score(self.features, config.weights, config.bias).tolist()
        return assemble(self.view, self.tokens, self.cues, self.arguments, scores, config)

    def each(self) -> Iterator[tuple[npt.NDArray[np.float64], Attribution]]:
        """Features and attribution of each candidate that has any content."""
        for row, cue, argument in zip(self.features, self.cues, self.arguments, strict=True):
            one = candidate(self.view, self.tokens, cue, argument, 1.0)
            if one.content:
                yield row, one


def find_candidates(
    tagger: Tagger, views: Sequence[TextView], eagerness: float
) -> list[Candidates]:
    """Run the network over some articles, batched together.

    Args:
        eagerness: see `find_cues`.
    """
    articles = tokenize(tagger.tokenizer, views)
    tags = tagger.tag(articles)
    cues = [
        find_cues(tag.flat[:, :3], eagerness, word_starts(view, tokens))
        for view, tokens, tag in zip(views, articles, tags, strict=True)
    ]
    decoded = _decoded(tagger, articles, tags, cues)
    results = []
    for view, tokens, tag, found in zip(views, articles, tags, cues, strict=True):
        own = tuple(next(decoded) for _ in found)
        features = features_of(found, own, tag.flat[:, 3:6])
        results.append(Candidates(view, tokens, tuple(found), own, features))
    return results


def _decoded(
    tagger: Tagger,
    articles: Sequence[Tokens],
    tags: Sequence[ArticleTags],
    cues: Sequence[Sequence[CueCandidate]],
) -> Iterator[Arguments]:
    """The arguments of all cues, article after article."""
    lengths = np.array([len(a) for a, own in zip(articles, cues, strict=True) for _ in own])
    starts = np.array([cue.start for own in cues for cue in own])
    at = 0
    for logits in tagger.arguments(tags, [[(c.start, c.end) for c in own] for own in cues]):
        part = slice(at, at + len(logits))
        yield from decode_arguments(logits, starts[part], lengths[part], tagger.reach_left)
        at += len(logits)
