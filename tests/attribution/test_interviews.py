"""Interviews without labels: which paragraphs ask, who answers, and what is no interview."""

import pytest

from stance.attribution.interviews import answers_of, interviewed
from stance.attribution.textview import view_of

INTRO = "'We are ready': rebel commander Issa Dabo on the talks\n\nIssa Dabo received us in Tarn."
ASKED = ["Will you attend the talks in Oslo?", "The government calls that a lie.", "And the truce?"]
TOLD = ["We were never asked.", "It says many things.", "I have nothing to add."]


def talk(asked: list[str], told: list[str]) -> str:
    turns = [line for pair in zip(asked, told, strict=True) for line in pair]
    return "\n\n".join([INTRO, *turns])


def turns(text: str) -> list[tuple[str, str]]:
    view = view_of(text)
    parts = [text[slice(*span)] for span in view.paragraphs]
    return [
        (parts[one.question], " / ".join(parts[at] for at in one.at))
        for one in answers_of(text, view)
    ]


@pytest.mark.parametrize("marks", [("**", "**"), ("__", "__"), ("<b>", "</b>"), ("<h3>", "</h3>")])
def test_questions_in_bold_type(marks: tuple[str, str]) -> None:
    bold = [
        marks[0] + line + marks[1]
        for line in ["Will you come to the talks?", "They call you a liar here."]
    ]
    found = turns(talk(bold, TOLD[:2]))
    assert [answer for _, answer in found] == TOLD[:2]


def test_plain_questions_and_a_remark_between_two_answers() -> None:
    assert turns(talk(ASKED, TOLD)) == list(zip(ASKED, TOLD, strict=True))


def test_headings_that_ask() -> None:
    asked = [f"### {line}" for line in ("Why is the road closed?", "Would you open it again?")]
    assert [answer for _, answer in turns(talk(asked, TOLD[:2]))] == TOLD[:2]


def test_an_answer_of_two_paragraphs() -> None:
    told = [TOLD[0] + "\n\nI said so, and I say it again.", *TOLD[1:]]
    assert turns(talk(ASKED, told))[0][1] == told[0].replace("\n\n", " / ")


def test_a_remark_before_the_first_question() -> None:
    asked = ["You spoke for eleven seconds.", "Will you vote again?", "And who else will?"]
    told = ["I had prepared nine.", *TOLD[1:]]
    assert turns(talk(asked, told)) == list(zip(asked, told, strict=True))


def test_notes_are_no_answers() -> None:
    text = talk(ASKED, TOLD) + "\n\nThis interview was edited for length."
    assert turns(text) == list(zip(ASKED, TOLD, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "Who will pay for it?\n\nThe ministry does not say.\n\nAnd why?\n\nNobody knows, they say.",
        "I asked him if you could come?\n\n“No,” he said.\n\nI asked if you knew?\n\n“No.”",
        "We will come.\n\nWill you?\n\nWe hope so.",
    ],
)
def test_questions_that_nobody_is_asked(text: str) -> None:
    assert turns(text) == []


def test_who_answers() -> None:
    for intro, who in (
        (INTRO, "rebel commander Issa Dabo"),
        (
            "A conversation with Mirela Okonjo\n\nShe met the North Front in Port Tarn.",
            "Mirela Okonjo",
        ),
        ("Two doors\n\nThe war began at Port Tarn. Mayor Dorota Vlk stayed.", "Mayor Dorota Vlk"),
        ("Two doors\n\nIt is quiet here.", None),
    ):
        text = f"{intro}\n\n" + "\n\n".join(ASKED)
        first = text[: text.index(ASKED[0])].count("\n\n")
        found = interviewed(view_of(text), first)
        assert (text[slice(*found)] if found else None) == who
