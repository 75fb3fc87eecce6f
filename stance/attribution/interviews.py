"""Interviews whose questions carry no label: in bold type, or paragraphs of their own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stance.attribution.heads import HEAD_PARAGRAPHS, person_in
from stance.attribution.layout import FINISHED, lines_of
from stance.attribution.paragraphs import ends_with, first_person, is_beside, is_prose
from stance.attribution.spans import words_in
from stance.attribution.textview import TextView
from stance.records import Span

__all__ = ["Answer", "answers_of", "interviewed"]

_YOU = re.compile(r"(?i)\byou(?:rs?|rself)?\b")
_INTERVIEW = re.compile(
    r"(?i)\b(?:interview|conversation|q ?& ?a|spoke (?:to|with)|talks? to|speaks? to)\b"
)
_OPENS_BOLD = re.compile(
    r"(?i)(?:\*\*|__|<(?:b|strong)\b[^<>]{0,20}>|(?P<heading><h\d\b[^<>]{0,20}>))[\s\"'\u201c]*$"
)
_HEADING = re.compile(r"#{1,6} ")
_CLOSES_BOLD = ("**", "__", "</")
_HEAD = 1_000
"""Characters of each paragraph before the first question that are read for a name."""
_QUESTIONS = 2
_LONGEST, _REMARK = 60, 30
"""Words of a question, and of what an interviewer says without a question mark, at most."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The paragraphs of one answer, by their indices, and that of its question."""

    question: int
    at: tuple[int, ...]


def answers_of(article: str, view: TextView) -> list[Answer]:
    """The answers of an interview in text order; none where a text is no interview.

    Args:
        article: the text as given, whose bold type the view does not show.
        view: its view.
    """
    sure = _questions(article, view)
    if not sure:
        return []
    asked = _with_remarks(view, sure)
    ends = [*asked[1:], len(view.paragraphs)]
    answers = [
        Answer(question, tuple(at for at in range(question + 1, end) if _answers(view, at)))
        for question, end in zip(asked, ends, strict=True)
    ]
    told = [one for one in answers if one.at]
    spoken = sum(any(_voice(view, at) for at in one.at) for one in told)
    quoted = sum(any(view.quoted[view.paragraphs[at][0]] for at in one.at) for one in told)
    is_one = len(told) >= _QUESTIONS and 3 * spoken >= len(told) > 3 * quoted
    return answers if is_one else []


def interviewed(view: TextView, first: int) -> Span | None:
    """Who answers in an interview: whom its headline and its introduction name.

    Args:
        first: index of the paragraph that is the first question.
    """
    head = view.paragraphs[max(0, first - HEAD_PARAGRAPHS) : first]
    lines = [
        line for start, end in head for line in lines_of(view.text, start, min(end, start + _HEAD))
    ]
    return person_in(view, lines, "", least=1)


def _voice(view: TextView, at: int) -> str | None:
    """The "I" or "we" of a paragraph."""
    pronoun = first_person(view, view.paragraphs[at])
    return view.text[slice(*pronoun)] if pronoun else None


def _answers(view: TextView, at: int) -> bool:
    """Whether a paragraph behind a question is an answer: "No." is one."""
    span = view.paragraphs[at]
    return not is_beside(view, span) and view.text[span[1] - 1] in FINISHED


def _questions(article: str, view: TextView) -> list[int]:
    """The paragraphs that must be questions; none where there is no interview.

    They are in bold type, or end in a question mark, where they address somebody, are more than
    two, or follow a headline that speaks of an interview.
    """
    spans = view.paragraphs
    bold = [at for at, span in enumerate(spans) if _is_bold(article, span) and is_prose(view, span)]
    asking = [
        at
        for at, span in enumerate(spans)
        if ends_with(view, span, "?")
        and words_in(view.text, span) <= _LONGEST
        and _voice(view, at) != "I"
    ]
    if len(bold) >= _QUESTIONS and _alternate(bold, len(spans)):
        plain = [at for at in asking if at > bold[0] and not first_person(view, spans[at])]
        return sorted({*bold, *plain})
    if len(asking) < _QUESTIONS or not _alternate(asking, len(spans)):
        return []
    addressed = any(_YOU.search(view.text, *spans[at]) for at in asking)
    head = _INTERVIEW.search(view.text, 0, spans[asking[0]][0])
    return asking if addressed or head or len(asking) > _QUESTIONS else []


def _alternate(questions: Sequence[int], paragraphs: int) -> bool:
    """Whether something else stands behind most questions."""
    asked = set(questions)
    alone = [at for at in questions if at + 1 < paragraphs and at + 1 not in asked]
    return 4 * len(alone) >= 3 * len(questions)


def _is_bold(article: str, span: Span) -> bool:
    """Whether Markdown's or HTML's marks of bold type, or of a heading, are around a paragraph."""
    if _HEADING.match(article, *span):
        return True
    before = _OPENS_BOLD.search(article[max(0, span[0] - 40) : span[0]])
    after = article[span[1] : span[1] + 10].lstrip(" ")
    return before is not None and (before["heading"] is not None or after[:2] in _CLOSES_BOLD)


def _with_remarks(view: TextView, sure: Sequence[int]) -> list[int]:
    """The questions, and between answers what the interviewer says without asking."""
    asked = list(sure)
    opening = sure[0] - 2
    while opening >= 0 and _is_remark(view, opening) and _opens(view, opening):
        asked.append(opening)
        opening -= 2
    for first, following in zip(sure, [*sure[1:], len(view.paragraphs)], strict=True):
        last = first
        for at in range(first + 2, following - 1):
            if at - last > 1 and _is_remark(view, at):
                asked.append(at)
                last = at
    return sorted(asked)


def _is_remark(view: TextView, at: int) -> bool:
    """Whether a paragraph may be an interviewer's: short, and not about the one who speaks."""
    span = view.paragraphs[at]
    short = is_prose(view, span) and words_in(view.text, span) <= _REMARK
    return short and not first_person(view, span)


def _opens(view: TextView, at: int) -> bool:
    """Whether a remark before the first question addresses somebody, or somebody answers it."""
    text = view.text[slice(*view.paragraphs[at])]
    addresses = _YOU.search(text) is not None or "?" in text
    return addresses or _voice(view, at + 1) == "I"
