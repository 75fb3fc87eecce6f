"""Composes the stages: statements -> encoded batches -> logits -> predictions."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, overload

import numpy as np
from numpy.typing import NDArray

from stance.artifact import SHIPPED, Artifact, open_artifact
from stance.decision import averaged, decide, probabilities
from stance.encoding import EncodedStatement, EncodedTexts, Encoder, render
from stance.inputs import to_statements, to_texts
from stance.labels import Stance
from stance.records import Article, Prediction, Statement
from stance.runtimes import Runtime, open_runtime
from stance.topic import TopicModel

if TYPE_CHECKING:
    from stance.attribution.extract import Extractor

__all__ = ["StanceClassifier", "analyze", "classify"]


class StanceClassifier:
    """An artifact ready to classify. Make one with `StanceClassifier.load`.

    Safe to share between threads; results do not depend on what else is in the call, but for
    rounding in the last digits.
    """

    def __init__(
        self,
        artifact: Artifact,
        encoder: Encoder,
        runtime: Runtime,
        *,
        bulk: bool = False,
        partner: "StanceClassifier | None" = None,
    ) -> None:
        if (partner is None) != (artifact.partner is None):
            raise ValueError("the classifier of an artifact with a partner needs that, no other")
        self.artifact = artifact
        self._encoder = encoder
        self._runtime, self._bulk = runtime, bulk
        self._partner = partner
        self._topic = TopicModel.from_folder(artifact.path)

    @classmethod
    def load(
        cls,
        path_or_hub_id: str | Path = SHIPPED,
        device: str = "auto",
        revision: str | None = None,
        *,
        bulk: bool = False,
    ) -> "StanceClassifier":
        """Open a shipped model, a checkpoint folder, or a Hub id.

        Args:
            path_or_hub_id: "base" (the default), another shipped name, a folder, or a Hub id.
            device: "auto" (an NVIDIA GPU under Linux, else the CPU), "cpu", "cpu-fast" (int8),
                "cuda", "cuda:1" or "mps".
            revision: branch, tag or commit of a Hub id.
            bulk: for a job that brings many statements in each call: on a CPU it needs less
                memory, and a call with few statements takes longer.

        Raises:
            ArtifactError: the weights are missing, altered, or not a three-way stance model.
            ConfigError: the device is not known or not on this machine.
        """
        return cls._open(open_artifact(path_or_hub_id, revision), device, bulk)

    @classmethod
    def _open(cls, artifact: Artifact, device: str, bulk: bool) -> "StanceClassifier":
        encoder = Encoder.from_folder(artifact.path, artifact.calibration.max_length)
        runtime = open_runtime(artifact, device, bulk=bulk)
        partner = cls._open(artifact.partner, device, bulk) if artifact.partner else None
        return cls(artifact, encoder, runtime, bulk=bulk, partner=partner)

    @overload
    def classify(  # type: ignore[overload-overlap]  # a str is a Sequence[str] too; this one wins
        self, text: str | Statement, context: str | None = None, target: str | None = None
    ) -> Prediction: ...
    @overload
    def classify(
        self,
        text: Sequence[str | Statement],
        context: str | None = None,
        target: str | None = None,
    ) -> list[Prediction]: ...
    def classify(
        self,
        text: str | Statement | Sequence[str | Statement],
        context: str | None = None,
        target: str | None = None,
    ) -> Prediction | list[Prediction]:
        """Classify one text or statement, or a sequence of them in order.

        Args:
            text: a text, a `Statement`, or a sequence of these (it may be mixed and empty).
            context: the question or sentence before it, where a statement has none of its own.
            target: the peace effort to judge; by default peace talks in general.

        Returns:
            One `Prediction` for one text; a list in the same order for a sequence.

        Raises:
            TypeError: an item is neither str nor Statement (every bad index is named).
            InputError: an item has nothing to read, or half a character (a lone surrogate); every
                bad index is named.
        """
        if isinstance(text, str | Statement):
            return self._predict(to_statements([text], context, target))[0]
        if isinstance(text, bytes) or not isinstance(text, Sequence):
            raise TypeError(
                f"expected str, Statement or a sequence of them, got {type(text).__name__}"
            )
        return self._predict(to_statements(text, context, target))

    def analyze(self, article: str | Article) -> list[Prediction]:
        """Find the statements of a raw article and classify each.

        Returns:
            Predictions in text order; offsets of their statements count characters of the
            article as given. An article without statements gives an empty list.

        Raises:
            TypeError: the article is neither str nor Article.
            InputError: the article is empty or blank.
        """
        return self.analyze_batch([article])[0]

    def analyze_batch(self, articles: Sequence[str | Article]) -> list[list[Prediction]]:
        """`analyze` for many articles at once: one list of predictions for each."""
        texts = to_texts(articles)
        found = self._extractor.statements_batch(texts)
        flat = [s for statements in found for s in statements]
        read = self._encode(flat)
        predictions = iter(self._with_topic(self._decide(flat, read), read))
        return [[next(predictions) for _ in statements] for statements in found]

    def logits(self, statements: Sequence[Statement]) -> NDArray[np.float32]:
        """Raw logits in the order of `stance.labels.LABELS`: float32 (len(statements), 3)."""
        read = self._encode(statements)
        return self._run(read)[read.places]

    @cached_property
    def _extractor(self) -> "Extractor":
        # Loaded on first use: most callers bring statements, not articles.
        from stance.attribution.extract import Extractor

        return Extractor.load(bulk=self._bulk)

    def _encode(self, statements: Sequence[Statement]) -> EncodedTexts:
        pairs = [render(statement) for statement in statements]
        place = {pair: i for i, pair in enumerate(dict.fromkeys(pairs))}
        places = np.array([place[pair] for pair in pairs], dtype=np.intp)
        distinct = list(place)
        # The two networks may have different tokenizers.
        others = self._partner._encoder.encode_pairs(distinct) if self._partner else []
        return EncodedTexts(self._encoder.encode_pairs(distinct), others, places)

    def _with_topic(self, predictions: list[Prediction], read: EncodedTexts) -> list[Prediction]:
        """Who takes a side takes it toward talks, whatever the words: "rejected the plan"."""
        if self._topic is None:
            return predictions
        words = self._topic.about_talks(read.rows)
        sides = [1.0 - p.probabilities[Stance.NONCOMMITTAL] for p in predictions]
        return [
            replace(p, statement=replace(p.statement, about_talks=max(words[i], side)))
            for p, side, i in zip(predictions, sides, read.places.tolist(), strict=True)
        ]

    def _predict(self, statements: list[Statement]) -> list[Prediction]:
        return self._decide(statements, self._encode(statements))

    def _decide(self, statements: list[Statement], read: EncodedTexts) -> list[Prediction]:
        if not statements:
            return []
        calibration = self.artifact.calibration
        return decide(
            statements,
            probabilities(self._run(read)[read.places], calibration.temperature),
            [read.is_truncated(i) for i in read.places.tolist()],
            model_version=calibration.version,
            conformal=calibration.conformal,
        )

    def _run(self, read: EncodedTexts) -> NDArray[np.float32]:
        logits = self._own(read.rows)
        if self._partner is None:
            return logits
        return averaged(logits, self._partner._own(read.partner_rows))

    def _own(self, rows: Sequence[EncodedStatement]) -> NDArray[np.float32]:
        return self._runtime.run(rows)[:, self.artifact.columns]


_loading = Lock()  # or threads that call at once would each load the model


def _default() -> StanceClassifier:
    with _loading:
        return _loaded()


@cache
def _loaded() -> StanceClassifier:
    return StanceClassifier.load()


@overload
def classify(  # type: ignore[overload-overlap]  # a str is a Sequence[str] too; this one wins
    text: str | Statement, context: str | None = None, target: str | None = None
) -> Prediction: ...
@overload
def classify(
    text: Sequence[str | Statement], context: str | None = None, target: str | None = None
) -> list[Prediction]: ...
def classify(
    text: str | Statement | Sequence[str | Statement],
    context: str | None = None,
    target: str | None = None,
) -> Prediction | list[Prediction]:
    """`StanceClassifier.classify` with the shipped model, loaded on the first call."""
    return _default().classify(text, context, target)


def analyze(article: str | Article) -> list[Prediction]:
    """`StanceClassifier.analyze` with the shipped model, loaded on the first call."""
    return _default().analyze(article)
