"""What shallow models can tell from the corpus: the lower, the more a reader is needed."""

from collections.abc import Callable, Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, f1_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from stance.evaluation.tfidf import tfidf_model
from training.corpus_schema import CorpusRow

__all__ = ["shortcut_scores"]


def shortcut_scores(rows: Sequence[CorpusRow]) -> dict[str, float]:
    """Scores of shallow models trained on train and scored on test.

    `tfidf` and `tfidf_pairs` (test's contrast pairs only) are macro-F1; `speaker` and `length`
    are balanced accuracy, whose chance level is 1/3 for any label distribution. No conflict of
    test is in train, so that a conflict's name alone can tell nothing.
    """
    train = [row for row in rows if row.split == "train"]
    test = [row for row in rows if row.split == "test"]
    pairs = [row for row in test if row.pair]
    tfidf = _fit(_text_model(), train, lambda row: f"{row.text} {row.context or ''}")
    speaker = _fit(_text_model(), train, lambda row: row.speaker)
    length = _fit(make_pipeline(StandardScaler(), _regression()), train, _lengths)
    return {
        "tfidf": _macro_f1(test, tfidf(test)),
        "tfidf_pairs": _macro_f1(pairs, tfidf(pairs)),
        "speaker": _balanced(test, speaker(test)),
        "length": _balanced(test, length(test)),
    }


_Predict = Callable[[Sequence[CorpusRow]], Sequence[str]]


def _fit(
    model: Pipeline, rows: Sequence[CorpusRow], feature: Callable[[CorpusRow], object]
) -> _Predict:
    model.fit([feature(row) for row in rows], [row.label.value for row in rows])
    return lambda other: model.predict([feature(row) for row in other])


def _regression() -> LogisticRegression:
    return LogisticRegression(C=10.0, max_iter=2000, class_weight="balanced")


def _text_model() -> Pipeline:
    return tfidf_model().set_params(tfidfvectorizer__min_df=2)


def _lengths(row: CorpusRow) -> list[float]:
    return [float(np.log(len(row.text))), float(len(row.text.split()))]


def _macro_f1(rows: Sequence[CorpusRow], predicted: Sequence[str]) -> float:
    return float(f1_score([row.label.value for row in rows], predicted, average="macro"))


def _balanced(rows: Sequence[CorpusRow], predicted: Sequence[str]) -> float:
    return float(balanced_accuracy_score([row.label.value for row in rows], predicted))
