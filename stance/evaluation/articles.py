"""Labelled articles: statements that stand where they were said, as `analyze` meets them.

The sentence before a statement, and the beginning of its own, often give another's position. So
a model that is right about statements by themselves may still be wrong about an article's.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from pydantic import Field, model_validator

from stance.attribution.context import context_of
from stance.attribution.sentences import sentences_of
from stance.attribution.spans import overlap
from stance.attribution.textview import view_of
from stance.labels import Stance
from stance.records import Prediction, Span, Speech
from stance.settings import Strict

__all__ = ["Found", "LabelledArticle", "Reading", "Said", "found_in", "rows_of"]

_SAME = 0.5
"""Share of the characters of both that two statements have in common, from which they are one."""


_MOST = 0.5
"""Two mentions are of one speaker when the shorter shares more than this of its words."""
_WORD = re.compile(r"\w+")
_ARTICLES = frozenset(("the", "a", "an", "of"))


@dataclass(frozen=True, slots=True)
class Found:
    """What `analyze` has of one labelled statement.

    Attributes:
        there: that it finds it.
        right, named: that it finds it, and has its stance, or its speaker, right.
    """

    there: bool
    right: bool
    named: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What `analyze` has of one article.

    Attributes:
        found: by the ids of the labelled statements.
        labelled: of the statements that it gives, those that are labelled.
        returned: the statements that it gives.
    """

    found: Mapping[str, Found]
    labelled: int
    returned: int


class Said(Strict):
    """One statement of an article.

    Attributes:
        speaker: as the article names who speaks.
        spans: the pieces of the article that are the statement, in order.
        coder_a: the label of the article's author.
        coder_b: of a second coder, blind to the first; None where there was none.
    """

    speaker: str = Field(min_length=1)
    speech: Speech
    spans: tuple[Span, ...] = Field(min_length=1)
    label: Stance
    coder_a: Stance
    coder_b: Stance | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        ends = [position for span in self.spans for position in span]
        if ends != sorted(set(ends)):
            raise ValueError("spans must not be empty, overlap or go back")
        if self.label not in (self.coder_a, self.coder_b):
            raise ValueError("label is none that a coder gave")
        return self


class LabelledArticle(Strict):
    """An article, or a piece of one, with the stance of each of its statements."""

    id: str = Field(min_length=1)
    conflict: str | None = None
    text: str = Field(min_length=1)
    statements: tuple[Said, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _inside(self) -> Self:
        if max(said.spans[-1][1] for said in self.statements) > len(self.text):
            raise ValueError("a span ends behind the text")
        return self

    def id_of(self, number: int) -> str:
        """The id of its statement of that number, from 1."""
        return f"{self.id}-{number}"


def rows_of(article: LabelledArticle) -> Iterator[dict[str, Any]]:
    """Its statements as rows of a labelled file, each with the context that `analyze` gives it."""
    view = view_of(article.text)
    sentences = sentences_of(view)
    for number, said in enumerate(article.statements, start=1):
        yield {
            "id": article.id_of(number),
            "article": article.id,
            "conflict": article.conflict,
            "text": " ".join(" ".join(article.text[slice(*span)].split()) for span in said.spans),
            "context": context_of(view.plain, sentences, said.spans[0][0]),
            "speaker": said.speaker,
            "speech": said.speech.value,
            "label": said.label.value,
        }


def found_in(article: LabelledArticle, predictions: Sequence[Prediction]) -> Reading:
    """What of an article's statements `analyze` found.

    Args:
        predictions: what `analyze` makes of the article's text.
    """
    table = [
        [overlap(said.spans, p.statement.spans) for p in predictions] for said in article.statements
    ]
    found = {}
    for number, (said, shared) in enumerate(zip(article.statements, table, strict=True), start=1):
        best = max(range(len(shared)), key=shared.__getitem__, default=None)
        one = predictions[best] if best is not None and shared[best] >= _SAME else None
        found[article.id_of(number)] = Found(
            there=one is not None,
            right=one is not None and one.label == said.label,
            named=one is not None and _is_same_speaker(one.statement.speaker, said.speaker),
        )
    labelled = sum(max(column) >= _SAME for column in zip(*table, strict=True))
    return Reading(found, labelled, len(predictions))


def _is_same_speaker(one: str | None, other: str) -> bool:
    """Whether two mentions, of which either may have roles beside the name, are of one speaker."""
    mine, theirs = ({*_WORD.findall((name or "").casefold())} - _ARTICLES for name in (one, other))
    return len(mine & theirs) > _MOST * min(len(mine), len(theirs))
