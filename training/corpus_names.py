"""How often training speaks of the conflicts that are tested on, by the names of their places."""

import re
from collections.abc import Sequence

from stance.records import Statement
from training.corpus_pool import PoolRow
from training.corpus_schema import CorpusRow
from training.corpus_sets import SetRow

__all__ = ["name_figures"]

_Row = CorpusRow | SetRow | PoolRow | Statement


def name_figures(
    trained: Sequence[_Row], tested: Sequence[_Row], names: Sequence[str]
) -> dict[str, float]:
    """Statements of both kinds in which one of the names, or a form derived of it, occurs."""
    known = "|".join(map(re.escape, names))
    named = re.compile(rf"\b(?:{known})(?:s|n|ns|an|ans|ian|ians|land)?\b", re.IGNORECASE)

    def count(rows: Sequence[_Row]) -> int:
        fields = ("text", "context", "target")  # members of contrast sets have no target
        texts = (" ".join(getattr(row, name, None) or "" for name in fields) for row in rows)
        return sum(bool(named.search(text)) for text in texts)

    return {
        "trained statements with a tested name": count(trained),
        "tested statements with a tested name": count(tested),
    }
