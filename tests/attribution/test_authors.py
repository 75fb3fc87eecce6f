"""Who wrote a document: its title, byline, first sentence, letterhead or signature say it."""

import pytest

from stance.attribution.authors import author_of, titled_author
from stance.attribution.textview import view_of

BODY = "I will come to the talks in Oslo."


@pytest.mark.parametrize(
    ("head", "author"),
    [
        ("Remarks by Foreign Minister Paul Garrel at the Council", "Foreign Minister Paul Garrel"),
        (
            "Statement by the Spokesperson of the Ministry on the offer",
            "the Spokesperson of the Ministry",
        ),
        (
            "Address to the nation by President Augustin Nsele\n\nState House",
            "President Augustin Nsele",
        ),
        ("Open letter to the Secretary-General from the women of Osk", "the women of Osk"),
        (
            "Full text of Prime Minister Ana Brandt's address to parliament",
            "Prime Minister Ana Brandt",
        ),
        ("A table for enemies\n\nBy Mirela Okonjo", "Mirela Okonjo"),
        ("Speech to the congress\n\nDelivered by Teodor Vashti in Isol", "Teodor Vashti"),
        ("Abdelaziz Kuku writing, day 611", "Abdelaziz Kuku"),
        ("Nyakuoth Gatdet\n@nyakuoth · 14 July 2024", "Nyakuoth Gatdet"),
        ("MK Shira Ben-Haroush\nFacebook, Thursday, 23:40", "MK Shira Ben-Haroush"),
        (
            "Briefing to the Council on Yemen\n\nSpecial Envoy Harald Tennvik",
            "Special Envoy Harald Tennvik",
        ),
        ("PARLIAMENT OF LORVIA\nDebate, 8 May\n\nHon. Ana Brandt (Tarn):", "Ana Brandt"),
        ("The Ministry of Defence communicates:", "The Ministry of Defence"),
        ("REPUBLIC OF LORVIA\nMINISTRY OF DEFENCE\n\nPress statement", "MINISTRY OF DEFENCE"),
    ],
)
def test_the_head_names_the_author(head: str, author: str) -> None:
    assert _author(f"{head}\n\n{BODY}") == author


@pytest.mark.parametrize(
    ("tail", "author"),
    [
        ("Yours sincerely,\nAna Brandt\nPrime Minister of Lorvia", "Ana Brandt"),
        ("With my blessing,\n\n+ Anselmo Cifuentes\nBishop of Osk", "Anselmo Cifuentes"),
        ("(Signed) Issa Dabo, commander", "Issa Dabo"),
        ("— Issa Dabo", "Issa Dabo"),
        ("Long live Lorvia!\n\nThe Central Committee", "The Central Committee"),
        ("Ana Brandt is a member of the Council.", "Ana Brandt"),
        ("I thank you.", None),
        ("Until Sunday\n\nOslo, 4 May", None),
    ],
)
def test_the_tail_names_the_author(tail: str, author: str | None) -> None:
    assert _author(f"{BODY}\n\n{tail}") == author


def test_the_first_sentence_names_the_authors() -> None:
    text = (
        "Joint statement\n\nWe, the foreign ministers of Lorvia, Kestan and Samira, call for talks."
    )
    assert _author(text) == "the foreign ministers of Lorvia, Kestan and Samira"


def test_a_body_that_says_we_goes_before_who_signs_except_in_letters() -> None:
    head, tail = "Lorvian Writers' Union\n\n", "\n\nIssa Dabo"
    assert _author(f"{head}{BODY}{tail}", many=True) == "Lorvian Writers' Union"
    assert _author(f"{head}{BODY}{tail}") == "Issa Dabo"
    assert _author(f"{head}Dear Ann,\n\n{BODY}{tail}", many=True) == "Issa Dabo"


def test_whom_a_letter_is_to_did_not_write_it() -> None:
    assert _author(f"To the Prime Minister\n\nMr President,\n\n{BODY}") is None


def test_a_title_without_an_author() -> None:
    text = f"Statement on the message broadcast by the Front\n\n{BODY}"
    assert titled_author(view_of(text), 1) is None


def _author(text: str, *, many: bool = False) -> str | None:
    view = view_of(text)
    said = [
        at for at, span in enumerate(view.paragraphs) if view.text[slice(*span)].endswith("talks.")
    ]
    own = said or [at for at, span in enumerate(view.paragraphs) if BODY in view.text[slice(*span)]]
    who = author_of(view, own[0], own[-1], many=many)
    return text[slice(*who)] if who else None
