"""The schema of the corpus: one JSON object a line, validated as it is read."""

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stance.errors import InputError
from stance.evaluation.labelled import read_models
from stance.labels import Stance

__all__ = ["PHENOMENA", "ROLES", "SPLITS", "Coded", "CorpusRow", "read_corpus"]

SPLITS = ("train", "dev", "test")
ROLES = (
    "head_of_state", "minister", "spokesperson", "diplomat", "rebel", "mediator", "un_official",
    "analyst", "military", "clergy", "civilian", "legislator", "activist", "journalist", "exile",
    "crowd", "business", "elder",
)  # fmt: skip
PHENOMENA = (
    "hedged_openness", "substantive_condition", "procedural_condition", "maximalist_condition",
    "peace_praise_withheld", "dodged_question", "negation", "irony", "change_of_mind",
    "pessimism", "others_positions", "gloss_against_words", "mixed_message", "polite_refusal",
    "harsh_support", "implied_stance", "talk_words_other", "other_subject",
    "logistics_forecast", "third_party_pressure", "threat", "ceasefire_terms", "mediation",
    "premature", "terms_rejected", "context_decides", "target_decides", "plain", "wire_act",
    "wire_other",
)  # fmt: skip
NOT_ABOUT_TALKS = frozenset({"talk_words_other", "other_subject", "wire_other"})
"""Phenomena whose statements do not concern peace talks at all."""


class Coded(BaseModel):
    """A label and how it came about.

    Attributes:
        coder_a: the label its author gave it while writing.
        coder_b: the label of a second coder, blind to the first.
        settled: how `label` came about where the coders differ: "adjudicated", else "agreed".
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: Stance
    coder_a: Stance
    coder_b: Stance
    settled: Literal["agreed", "adjudicated"]

    @model_validator(mode="after")
    def _coders_fit(self) -> Self:
        agreed = self.coder_a == self.coder_b
        if agreed != (self.settled == "agreed"):
            raise ValueError("`settled` does not fit the coders' labels")
        if agreed and self.label != self.coder_a:
            raise ValueError("label differs from the one that both coders gave")
        return self


class CorpusRow(Coded):
    """One statement of the corpus; `corpus/DATASHEET.md` describes the fields.

    Attributes:
        pair: shared by the two members of a contrast pair.
    """

    id: str = Field(pattern=r"^[a-z]\d\d-\d{4}$")
    text: str
    speaker: str = Field(min_length=3)
    role: Literal[ROLES]  # type: ignore[valid-type]
    speech: Literal["direct", "indirect", "mixed", "headline", "communique", "post"]
    context: str | None
    target: str | None
    conflict: str = Field(pattern=r"^[a-z0-9_]+$")
    phenomenon: Literal[PHENOMENA]  # type: ignore[valid-type]
    pair: str | None
    split: Literal[SPLITS]  # type: ignore[valid-type]

    @model_validator(mode="after")
    def _length_fits(self) -> Self:
        words = len(self.text.split())
        if not 5 <= words <= 120:
            raise ValueError(f"text has {words} words, not 5 to 120")
        return self


def read_corpus(folder: Path) -> list[CorpusRow]:
    """All rows of `train.jsonl`, `dev.jsonl` and `test.jsonl`, in this order.

    Raises:
        InputError: a row breaks the schema, or is in the file of another split; names file,
            line and field.
    """
    rows = []
    for split in SPLITS:
        path = folder / f"{split}.jsonl"
        for number, row in read_models(path, CorpusRow):
            if row.split != split:
                raise InputError(f"{path}:{number}: field 'split': {row.split!r} in this file")
            rows.append(row)
    return rows
