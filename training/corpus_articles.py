"""The articles and documents of the corpus: statements that stand where they were said."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from sklearn.metrics import cohen_kappa_score

from stance.evaluation.articles import LabelledArticle
from stance.evaluation.labelled import Labelled, read_articles, read_labelled
from stance.records import Statement
from training.corpus_duplicates import similar_statements
from training.corpus_schema import CorpusRow

__all__ = ["TESTED_FILES", "TRAINED_FILES", "article_figures", "own_words", "read_both"]

TRAINED_FILES = ("labelled_articles.jsonl", "documents.jsonl", "stories.jsonl")
TESTED_FILES = (
    "labelled_articles_test.jsonl",
    "documents_test.jsonl",
    "stories_test.jsonl",
    "labelled_articles_dev.jsonl",
    "documents_dev.jsonl",
    "stories_dev.jsonl",
)
"""Of conflicts that the test split is about, and of others."""

_COMMON = 8
"""Words of a statement that may be nobody's own: "did not", "declined to comment on it"."""


def own_words(statements: Iterable[Statement]) -> list[Statement]:
    """Those that are long enough to be told from others by their words."""
    return [said for said in statements if len(said.text.split()) > _COMMON]


def read_both(folder: Path) -> tuple[list[Labelled], list[Labelled]]:
    """The statements of the articles that are trained on, and of those that are tested on.

    Raises:
        InputError: a row breaks the schema; names file, line and field.
    """
    tested = [item for name in TESTED_FILES for item in read_labelled(folder / name)]
    trained = [item for name in TRAINED_FILES for item in read_labelled(folder / name)]
    return trained, tested


def article_figures(
    folder: Path,
    said: Sequence[Statement],
    tested: Sequence[CorpusRow | Statement],
    near_duplicate: float,
) -> dict[str, float]:
    """Figures of the articles, among them how much of them is too near to what is tested on.

    Args:
        said: the statements of those that are trained on.
        tested: everything that is tested on, the articles' statements among it.
    """
    trained = [article for name in TRAINED_FILES for article in read_articles(folder / name)]
    coded = [article for name in TESTED_FILES for article in read_articles(folder / name)]
    pairs = [(one.coder_a, one.coder_b) for article in coded for one in article.statements]
    both = [(a.column, b.column) for a, b in pairs if b is not None]
    return {
        "articles": len(trained),
        "articles' statements": len(said),
        "tested articles": len(coded),
        "tested articles' statements": len(pairs),
        "articles' duplicate ids": _duplicates([*trained, *coded]),
        "articles' near-duplicates of tests": len(
            similar_statements(own_words(said), tested, near_duplicate)
        ),
        "tested articles' statements coded once": len(pairs) - len(both),
        "tested articles' kappa": float(cohen_kappa_score(*zip(*both, strict=True))),
    }


def _duplicates(articles: Sequence[LabelledArticle]) -> int:
    return len(articles) - len({article.id for article in articles})
