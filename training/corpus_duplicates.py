"""Near-duplicates by MinHash, and n-grams that recur too often to be anybody's own words."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Protocol

from datasketch import MinHash, MinHashLSH

from training.corpus_schema import CorpusRow

__all__ = ["frequent_ngrams", "near_duplicates", "similar_across", "similar_statements"]

_PERMUTATIONS = 128


class _Said(Protocol):
    @property
    def text(self) -> str: ...
    @property
    def context(self) -> str | None: ...


def near_duplicates(
    rows: Sequence[CorpusRow], threshold: float
) -> Iterator[tuple[CorpusRow, CorpusRow, float]]:
    """Pairs of statements whose word-trigram sets overlap (Broder 1997).

    Contrast pairs are near-duplicates on purpose: the two members of one pair are passed over
    as long as they are in the same split.

    Args:
        threshold: Jaccard similarity in (0, 1], computed exactly on the MinHash candidates.
    """
    shingles = [_shingles(row.text) for row in rows]
    # The index is asked below the threshold because MinHash estimates are noisy.
    index = MinHashLSH(threshold=max(0.1, threshold - 0.15), num_perm=_PERMUTATIONS)
    for i, row in enumerate(rows):
        sketch = MinHash(num_perm=_PERMUTATIONS)
        sketch.update_batch([s.encode() for s in shingles[i]])
        for j in sorted(index.query(sketch)):
            union = len(shingles[i] | shingles[j])
            overlap = len(shingles[i] & shingles[j]) / union if union else 1.0
            other = rows[j]
            excused = row.pair is not None and row.pair == other.pair and row.split == other.split
            if overlap >= threshold and not excused:
                yield other, row, overlap
        index.insert(i, sketch)


def similar_across(first: Sequence[str], second: Sequence[str], threshold: float) -> list[int]:
    """Indices of the texts of `first` that share their word trigrams with one of `second`.

    Args:
        threshold: Jaccard similarity in (0, 1], computed exactly.
    """
    index: dict[str, set[int]] = {}
    others = [_shingles(text) for text in second]
    for i, shingles in enumerate(others):
        for shingle in shingles:
            index.setdefault(shingle, set()).add(i)
    found = []
    for i, text in enumerate(first):
        mine = _shingles(text)
        shared = Counter(j for shingle in mine for j in index.get(shingle, ()))
        if any(n / len(mine | others[j]) >= threshold for j, n in shared.items()):
            found.append(i)
    return found


def similar_statements(
    first: Sequence[_Said], second: Sequence[_Said], threshold: float
) -> list[int]:
    """Indices of `first` that are like one of `second`, with their contexts or by texts alone."""

    def together(said: Sequence[_Said]) -> list[str]:
        return [f"{one.context or ''} {one.text}" for one in said]

    whole = similar_across(together(first), together(second), threshold)
    texts = similar_across([s.text for s in first], [s.text for s in second], threshold)
    return sorted({*whole, *texts})


def frequent_ngrams(texts: Sequence[str], n: int = 6) -> list[tuple[str, float]]:
    """The n-grams in more than one text, with the share of texts, most frequent first."""
    counts: Counter[str] = Counter()
    for text in texts:
        words = _words(text)
        counts.update({" ".join(words[i : i + n]) for i in range(len(words) - n + 1)})
    return [(gram, c / len(texts)) for gram, c in counts.most_common(20) if c > 1]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _shingles(text: str) -> set[str]:
    words = _words(text)
    return {" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))}
