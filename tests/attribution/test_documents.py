"""Documents: which texts are one author's, what is said in them, and what stands beside it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.attribution.documents import Document, document_of
from stance.attribution.extract import Extractor
from stance.attribution.spans import Attribution
from stance.attribution.textview import view_of
from stance.records import Speech
from tests.attribution.placing import attribution

SPEECH = (
    "Remarks by Foreign Minister Paul Garrel at the Council\n\nOslo, 12 March 2024\n\n"
    "Excellencies,\n\nThree years ago this Council met to hear that the war was over.\n\n"
    "We will be in Oslo on Monday, and we will stay as long as it takes.\n\nI thank you."
)
OPINION = (
    "Whom are we supposed to invite?\n\nBy Mirela Okonjo\n\n"
    "I was nineteen when the generals first offered us a dialogue.\n\n"
    'The generals call it an "open door". It opens onto a cell.\n\n'
    "I will not sit down with them.\n\nMirela Okonjo teaches law in Tarn."
)
LETTER = (
    "Dear Mr Secretary-General,\n\nMy government has left the talks.\n\n"
    "The shelling of the towns goes on.\n\nYours sincerely,\nAna Brandt\nPrime Minister"
)
MINISTRY = (
    "Statement by the Ministry of Foreign Affairs on the conference\n\n"
    "The Ministry rejects a conference from which it is excluded.\n\n"
    "The Ministry has informed the chair of its decision."
)
NEWS = (
    "Garrel rejects talks\n\nForeign Minister Paul Garrel rejected the talks on Monday.\n\n"
    "“We will not go, and I will not explain it,” he told reporters."
)


def document(text: str, found: list[Attribution] | None = None) -> Document | None:
    return document_of(text, view_of(text), found or [])


def said(text: str) -> list[tuple[str, str]]:
    found = document(text)
    assert found is not None
    return [
        (text[slice(*one.source[0])], " / ".join(text[slice(*piece)] for piece in one.content))
        for one in found.passages
    ]


@pytest.mark.parametrize(
    ("text", "author", "passages"),
    [
        (SPEECH, "Foreign Minister Paul Garrel", ["Three years ago", "We will be in Oslo"]),
        (OPINION, "Mirela Okonjo", ["I was nineteen", "The generals call", "I will not"]),
        (LETTER, "Ana Brandt", ["My government", "The shelling"]),
        (
            MINISTRY,
            "the Ministry of Foreign Affairs",
            ["The Ministry rejects", "The Ministry has informed"],
        ),
        ("We will come to Oslo.\n\nOur envoys have left today.", "We", ["We will", "Our envoys"]),
    ],
)
def test_every_paragraph_is_its_authors(text: str, author: str, passages: list[str]) -> None:
    found = said(text)
    assert [who for who, _ in found] == [author] * len(passages)
    for (_, passage), opening in zip(found, passages, strict=True):
        assert passage.startswith(opening)


def test_titles_salutations_and_notes_are_beside() -> None:
    found = document(OPINION)
    assert found is not None
    assert [OPINION[slice(*span)] for span in found.beside] == [
        "Whom are we supposed to invite?",
        "By Mirela Okonjo",
        "Mirela Okonjo teaches law in Tarn.",
    ]


@pytest.mark.parametrize("text", [NEWS, "", "Oslo", MINISTRY.replace("Statement by", "Talks:")])
def test_an_article_is_no_document(text: str) -> None:
    assert document(text) is None


def test_a_reporter_in_the_first_person_writes_no_document() -> None:
    text = (
        "We reached the bridge at noon.\n\n“Let them talk,” said Hrant Aram. “I drive.”\n\n"
        "I went on to the camp. “Nobody will come,” Elvin Rza told us there."
    )

    quoted = [
        attribution(text, "“Let them talk,”", "said", "Hrant Aram"),
        attribution(text, "“Nobody will come,”", "told", "Elvin Rza"),
    ]
    assert document(text) is not None
    assert document(text, quoted) is None


_LINES = """\
I will come.
We said so: no.
Dear Ann,
By Ann Lee
Will you come?
“No,” he said.
**Why not?**
Statement by the Front
Thank you.
Ann Lee is a doctor.
-
"""


@given(
    st.lists(st.sampled_from(_LINES.split("\n")), max_size=12), st.sampled_from(["\n\n", "\n", " "])
)
def test_passages_and_what_is_beside_are_apart_and_in_order(
    pieces: list[str], between: str
) -> None:
    text = between.join(pieces)
    found = document(text)
    if found is None:
        return
    passages = [span for one in found.passages for span in one.content]
    assert passages == sorted(passages)
    assert all(one.source and one.cue is None for one in found.passages)
    everything = sorted([*passages, *found.beside])
    assert all(end <= start for (_, end), (start, _) in pairwise(everything))
    assert all(text[start:end].strip() for start, end in everything)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load()


def test_an_authors_words_are_direct_speech(extractor: Extractor) -> None:
    statements = extractor.statements(SPEECH)
    assert [(s.speaker, s.speech, s.cue) for s in statements] == [
        ("Foreign Minister Paul Garrel", Speech.DIRECT, None)
    ] * 2
    assert [SPEECH[s.start : s.end] for s in statements] == [s.text for s in statements]
    assert statements[1].context == statements[0].text


def test_of_others_a_document_has_what_it_quotes(extractor: Extractor) -> None:
    text = OPINION.replace(
        "The generals call", "General Bao Pham said last week: “The door is open.” We call"
    )
    found = {(s.speaker, s.text) for s in extractor.statements(text)}
    assert ("General Bao Pham", "“The door is open.”") in found
