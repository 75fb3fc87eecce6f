"""Articles of the lengths of news, put together from what the repository holds."""

import random
from collections.abc import Sequence

__all__ = ["news_like"]

_SPEAKERS = (
    "Foreign minister Anna Kowal",
    "Bob Marsh, an envoy,",
    "A spokesman",
    "The opposition leader",
    "Mayor Lena Duarte",
)
_CUES = ("said", "told reporters", "wrote", "insisted", "warned on Monday", "added")
# Of 400 articles of a news corpus: half have 676 words or more, one in twenty 1,700, one 5,500.
_MEDIAN_WORDS, _SPREAD, _LONGEST = 676, 0.58, 5_500


def news_like(paragraphs: Sequence[str], quotes: Sequence[str], count: int) -> list[str]:
    """Articles of many lengths, and of many quotations: a shape met once may cost memory.

    Args:
        paragraphs: of which an article is made, at random.
        quotes: what is said in between, each by somebody.

    Returns:
        `count` articles, the same for the same arguments.
    """
    rng = random.Random(0)
    drawn = [_MEDIAN_WORDS * rng.lognormvariate(0, _SPREAD) for _ in range(count - 1)]
    return [_article(paragraphs, quotes, rng, words) for words in (_LONGEST, *drawn)]


def _article(
    paragraphs: Sequence[str], quotes: Sequence[str], rng: random.Random, words: float
) -> str:
    parts: list[str] = []
    while words > 0:
        said = f"{rng.choice(_SPEAKERS)} {rng.choice(_CUES)}: “{rng.choice(quotes)}”"
        parts.append(rng.choice((rng.choice(paragraphs), said)))
        words -= len(parts[-1].split())
    return "\n\n".join(parts)
