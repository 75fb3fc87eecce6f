"""The nouns that pass between the stages, one frozen dataclass each."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from stance.labels import Stance

__all__ = ["Article", "Prediction", "Span", "Speech", "Statement"]

Span = tuple[int, int]
"""Half-open character offsets `[start, end)` into a text exactly as given."""


class Speech(StrEnum):
    """How a statement is reported."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Article:
    """A raw news text. `id` is for reports only: a file name, a row number, or empty."""

    text: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one speaker is reported to say: the unit of everything in this project.

    Only `text` is required. The offsets count characters of the article as given;
    they are None for a statement that did not come out of an article.

    Attributes:
        text: the content; for a statement in pieces, the pieces joined by one space.
        speaker: the resolved mention of who speaks ("embassy spokesman Liu Pengyu").
        cue: the words that attribute it ("said", "has dismissed").
        speech: direct, indirect, mixed, or a reported speech act.
        start, end: from the first to behind the last character of the content.
        spans: the pieces of the content in text order; `((start, end),)` when it is whole.
        source_start, source_end: where the source is mentioned beside the statement.
        context: the question or the sentence before it.
        target: the peace effort judged; None means peace talks in general.
        about_talks: how surely the statement concerns peace talks, in [0, 1]: by its words, or by
            the side that it takes, whichever is surer.
    """

    text: str
    speaker: str | None = None
    cue: str | None = None
    speech: Speech | None = None
    start: int | None = None
    end: int | None = None
    spans: tuple[Span, ...] = ()
    source_start: int | None = None
    source_end: int | None = None
    context: str | None = None
    target: str | None = None
    about_talks: float | None = None


@dataclass(frozen=True, slots=True)
class Prediction:
    """The stance of one statement, and how sure the model is.

    Attributes:
        statement: the statement classified.
        label: the most probable stance.
        probabilities: calibrated probability of each label; they sum to 1.
        confidence: the probability of `label`, in [1/3, 1].
        truncated: True when the text or its context did not fit into the model's window.
        model_version: version of the artifact that predicted.
        conformal: for each coverage level, the highest score `1 - p` a plausible label may have.
    """

    statement: Statement
    label: Stance
    probabilities: Mapping[Stance, float]
    confidence: float
    truncated: bool
    model_version: str
    conformal: Mapping[str, float] = field(default_factory=dict, repr=False, compare=False)

    def plausible(self, coverage: float = 0.95) -> frozenset[Stance]:
        """The labels that cannot be excluded at this coverage (split conformal prediction).

        Over statements like those of the calibration set, the true label is among
        them with at least this probability (Vovk et al. 2005; Angelopoulos and Bates
        2023, section 1). The set always holds `label`.

        Args:
            coverage: one of the levels that the artifact was calibrated for.

        Raises:
            ValueError: the artifact has no calibration for this level.
        """
        key = next((level for level in self.conformal if float(level) == coverage), None)
        if key is None:
            known = ", ".join(sorted(self.conformal)) or "none: run `make calibrate`"
            raise ValueError(f"no conformal calibration for coverage {coverage}; known: {known}")
        limit = self.conformal[key]
        inside = {label for label, p in self.probabilities.items() if 1.0 - p <= limit}
        return frozenset(inside | {self.label})

    def as_dict(self) -> dict[str, Any]:
        """A flat, JSON-ready dictionary: the statement's fields beside the prediction's."""
        return {
            **asdict(self.statement),
            "label": self.label.value,
            "probabilities": {label.value: p for label, p in self.probabilities.items()},
            "confidence": self.confidence,
            "truncated": self.truncated,
            "model_version": self.model_version,
        }
