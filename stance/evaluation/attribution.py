"""Metrics of attribution: found against annotated, over articles.

Unit of the span metrics is an attribution: the content is the set of its characters, its
pieces taken together. Each found attribution is matched with at most one annotated one,
best intersection over union first. Spaces and quotation marks never count, so conventions
about them cannot decide. Articles with several annotators count as one: the counts
against each annotator are averaged.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
import numpy.typing as npt

from stance.attribution.spans import Attribution, meets
from stance.records import Span

__all__ = ["AttributionScores", "Counts", "count_article", "overlaps", "scores_of"]

_IGNORED = frozenset("\"'`\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb")
_EDGE = frozenset(".,;:!?()[]-\u2013\u2014\u2026")

Characters = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of one article, or their sum; fractions come from averaging annotators.

    Attributes:
        gold, found, both: content characters, and those in both.
        gold_spans, found_spans: attributions.
        overlapping: pairs whose contents have an intersection over union of at least 0.5.
        exact: pairs with the same content, punctuation at the pieces' edges aside.
        sourced: overlapping pairs whose sources overlap, or that both have no source.
    """

    gold: float = 0.0
    found: float = 0.0
    both: float = 0.0
    gold_spans: float = 0.0
    found_spans: float = 0.0
    overlapping: float = 0.0
    exact: float = 0.0
    sourced: float = 0.0

    def __add__(self, other: "Counts") -> "Counts":
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Counts(*(mine + its for mine, its in pairs))

    def scaled(self, factor: float) -> "Counts":
        """Every count times a factor."""
        return Counts(*(factor * value for value in astuple(self)))


@dataclass(frozen=True, slots=True)
class AttributionScores:
    """Precision, recall and F1, each in [0, 1], of the four measures."""

    characters: tuple[float, float, float]
    overlapping: tuple[float, float, float]
    exact: tuple[float, float, float]
    sourced: tuple[float, float, float]

    def line(self) -> str:
        """The four F1 on one line, for logs."""
        names = ("characters", "overlapping", "exact", "sourced")
        return "  ".join(f"{name} {getattr(self, name)[2]:.3f}" for name in names)


def scores_of(counts: Counts) -> AttributionScores:
    """Scores of summed counts (micro averages)."""

    def spans(hits: float) -> tuple[float, float, float]:
        return _prf(hits, counts.found_spans, counts.gold_spans)

    return AttributionScores(
        _prf(counts.both, counts.found, counts.gold),
        spans(counts.overlapping),
        spans(counts.exact),
        spans(counts.sourced),
    )


def _prf(hits: float, found: float, gold: float) -> tuple[float, float, float]:
    precision = hits / found if found else 0.0
    recall = hits / gold if gold else 0.0
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0


def overlaps(
    text: str, mine: Sequence[Sequence[Span]], theirs: Sequence[Sequence[Span]]
) -> npt.NDArray[np.float64]:
    """Intersections over union, in [0, 1], of contents: (mine, theirs)."""
    countable = _countable(text)
    rows = [_characters(spans, countable) for spans in mine]
    columns = [_characters(spans, countable) for spans in theirs]
    table = [[_overlap(a, b) for b in columns] for a in rows]
    return np.asarray(table, dtype=np.float64).reshape(len(rows), len(columns))


def count_article(
    text: str, found: Sequence[Attribution], annotations: Sequence[Sequence[Attribution]]
) -> Counts:
    """Counts of one article against each of its annotators, averaged over them."""
    total = Counts()
    for gold in annotations:
        total = total + _count(text, found, gold)
    return total.scaled(1 / len(annotations))


def _count(text: str, found: Sequence[Attribution], gold: Sequence[Attribution]) -> Counts:
    countable = _countable(text)
    mine = [_characters(a.content, countable) for a in found]
    theirs = [_characters(a.content, countable) for a in gold]
    all_mine, all_theirs = _union(mine), _union(theirs)
    pairs = _match(mine, theirs)
    exact = sum(
        np.array_equal(
            _characters(_trimmed(text, found[i].content), countable),
            _characters(_trimmed(text, gold[j].content), countable),
        )
        for i, j in pairs
    )
    return Counts(
        gold=len(all_theirs),
        found=len(all_mine),
        both=len(np.intersect1d(all_mine, all_theirs, assume_unique=True)),
        gold_spans=len(gold),
        found_spans=len(found),
        overlapping=len(pairs),
        exact=exact,
        sourced=sum(_same_source(found[i].source, gold[j].source) for i, j in pairs),
    )


def _countable(text: str) -> npt.NDArray[np.bool_]:
    return np.fromiter((not c.isspace() and c not in _IGNORED for c in text), np.bool_, len(text))


def _overlap(a: Characters, b: Characters) -> float:
    if not len(a) or not len(b) or a[-1] < b[0] or b[-1] < a[0]:
        return 0.0
    common = len(np.intersect1d(a, b, assume_unique=True))
    return common / (len(a) + len(b) - common)


def _characters(spans: Sequence[Span], countable: npt.NDArray[np.bool_]) -> Characters:
    """Sorted positions of the characters of some spans that count."""
    positions = _union([np.arange(start, end) for start, end in spans])
    kept: Characters = positions[countable[positions]]
    return kept


def _union(parts: Sequence[Characters]) -> Characters:
    return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *parts]))


def _trimmed(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans without quotation marks and punctuation at their edges."""

    def drop(position: int) -> bool:
        return text[position].isspace() or text[position] in _IGNORED | _EDGE

    trimmed = []
    for start, end in spans:
        kept = [i for i in range(start, end) if not drop(i)]
        trimmed.append((kept[0], kept[-1] + 1) if kept else (start, start))
    return trimmed


def _match(mine: Sequence[Characters], theirs: Sequence[Characters]) -> list[tuple[int, int]]:
    """One-to-one pairs with an intersection over union of at least 0.5, best first."""
    scored = []
    for i, a in enumerate(mine):
        for j, b in enumerate(theirs):
            overlap = _overlap(a, b)
            if overlap >= 0.5:
                scored.append((-overlap, i, j))
    pairs, used_mine, used_theirs = [], set[int](), set[int]()
    for _, i, j in sorted(scored):
        if i not in used_mine and j not in used_theirs:
            pairs.append((i, j))
            used_mine.add(i)
            used_theirs.add(j)
    return pairs


def _same_source(mine: Sequence[Span], theirs: Sequence[Span]) -> bool:
    if not mine or not theirs:
        return not mine and not theirs
    return any(meets(theirs, one) for one in mine)
