"""TF-IDF of the training statements: fitted once, kept in a file, read by all that need it.

The baseline and the nearest training statements see the same vectors. They depend on the
training data and on nothing that is evaluated, so what is fitted stays in a file under the
hash of all that goes into it, and the next evaluation reads it.
"""

import hashlib
import os
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import scipy
import sklearn
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from stance.errors import InputError
from stance.evaluation.labelled import Labelled
from stance.labels import LABELS
from stance.records import Statement

__all__ = ["Tfidf", "fit_tfidf", "kept_tfidf", "texts_of", "tfidf_model"]


@dataclass(frozen=True)
class Tfidf:
    """Training statements as vectors, and a logistic regression on them.

    Attributes:
        vectorizer: fitted to the words and word pairs of text and context.
        matrix: the training statements, sparse float64 (n, features), rows of length 1.
        model: fitted to the rows of `matrix` and their label columns.
    """

    vectorizer: TfidfVectorizer
    matrix: csr_matrix
    model: LogisticRegression

    def predict_proba(self, statements: Sequence[Statement]) -> NDArray[np.float64]:
        """Probabilities, float64 (n, 3); 0 for a label that training never saw."""
        probs = np.zeros((len(statements), len(LABELS)))
        vectors = self.vectorizer.transform(texts_of(statements))
        probs[:, self.model.classes_] = self.model.predict_proba(vectors)
        return probs

    def similarities(self, statements: Sequence[Statement]) -> NDArray[np.float64]:
        """Cosines with the training statements, float64 (n, training statements)."""
        vectors = self.vectorizer.transform(texts_of(statements))
        cosines: NDArray[np.float64] = (vectors @ self.matrix.T).toarray()
        return cosines


def tfidf_model() -> Pipeline:
    """The unfitted pipeline of the TF-IDF baseline."""
    # Newton's method: the same optimum as the default's in a fifth of its time.
    regression = LogisticRegression(
        C=10.0, solver="newton-cg", max_iter=100, class_weight="balanced"
    )
    return make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), regression)


def fit_tfidf(train: Sequence[Labelled]) -> Tfidf:
    """Fit vectors and regression to training statements.

    Raises:
        InputError: they have one label only.
    """
    if len({item.label for item in train}) < 2:
        raise InputError("the training statements have one label only; TF-IDF needs two")
    vectorizer, model = (step for _, step in tfidf_model().steps)
    matrix = vectorizer.fit_transform(texts_of([item.statement for item in train]))
    # The solver's many small steps gain nothing from threads, and on a busy machine spend
    # most of their time waiting for each other.
    with threadpool_limits(1):
        model.fit(matrix, _columns(train))
    return Tfidf(vectorizer, matrix, model)


def kept_tfidf(train: Sequence[Labelled], folder: Path) -> Tfidf:
    """`fit_tfidf`, from the file that an earlier call left in a folder, where there is one.

    The file's name has the hash of the statements, their labels, the settings and the library
    versions, so what it holds is what fitting would give. A damaged file is written anew.
    """
    path = folder / f"tfidf-{_key(train)}.npz"
    try:
        return _read(path)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        found = fit_tfidf(train)
    # A folder that cannot be written only means that the next evaluation fits again.
    with suppress(OSError):
        _keep(found, path)
    return found


def _keep(found: Tfidf, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        with part.open("wb") as stream:
            _write(found, stream)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    for other in path.parent.glob("tfidf-*.npz"):  # of other training data; some 160 MB each
        if other != path:
            other.unlink(missing_ok=True)


def texts_of(statements: Sequence[Statement]) -> list[str]:
    """What the vectors are made of: each text and its context."""
    return [f"{s.text} {s.context or ''}" for s in statements]


def _columns(train: Sequence[Labelled]) -> NDArray[np.int64]:
    return np.array([item.label.column for item in train], dtype=np.int64)


def _key(train: Sequence[Labelled]) -> str:
    settings = [tfidf_model(), np.__version__, scipy.__version__, sklearn.__version__]
    digest = hashlib.sha256(repr(settings).encode())
    for text, item in zip(texts_of([item.statement for item in train]), train, strict=True):
        digest.update(f"{item.label.column}{text}\0".encode())
    return digest.hexdigest()[:20]


def _write(found: Tfidf, stream: BinaryIO) -> None:
    # Words as bytes and numbers as arrays: a file that can be read without pickle.
    words = "\n".join(found.vectorizer.get_feature_names_out()).encode()
    np.savez(
        stream,
        words=np.frombuffer(words, dtype=np.uint8),
        idf=found.vectorizer.idf_,
        data=found.matrix.data,
        indices=found.matrix.indices,
        indptr=found.matrix.indptr,
        coef=found.model.coef_,
        intercept=found.model.intercept_,
        classes=found.model.classes_,
    )


def _read(path: Path) -> Tfidf:
    with np.load(path, allow_pickle=False) as kept:
        words = kept["words"].tobytes().decode().split("\n")
        vectorizer, model = (step for _, step in tfidf_model().steps)
        vectorizer.vocabulary = dict(zip(words, range(len(words)), strict=True))
        vectorizer.idf_ = kept["idf"]
        model.coef_, model.intercept_ = kept["coef"], kept["intercept"]
        model.classes_ = kept["classes"]
        parts = (kept["data"], kept["indices"], kept["indptr"])
        matrix = csr_matrix(parts, shape=(len(parts[2]) - 1, len(words)))
    return Tfidf(vectorizer, matrix, model)
