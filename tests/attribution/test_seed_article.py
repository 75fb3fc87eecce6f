"""Every statement of the seed article that the codebook's table lists, by the shipped tagger."""

import pytest

from stance.attribution.extract import Extractor
from stance.records import Speech, Statement

LISTED = [
    ("Bonnie Glaser", "doubled down on their alignment with Russia", Speech.MIXED),
    ("Bonnie Glaser", "that ship has sailed", Speech.DIRECT),
    ("German Chancellor Olaf Scholz", "was working to ensure China would attend", Speech.INDIRECT),
    ("embassy spokesman Liu Pengyu", "committed to promoting talks for peace", Speech.DIRECT),
    ("embassy spokesman Liu Pengyu", "supports the holding in due course of", Speech.DIRECT),
    ("Moscow", "has dismissed the plans", Speech.ACT),
    ("Putin", "We are open to a dialogue on Ukraine, but such negotiations", Speech.DIRECT),
]


@pytest.fixture(scope="module")
def found(extractor: Extractor, article: str) -> list[Statement]:
    return extractor.statements(article)


@pytest.mark.parametrize(("speaker", "words", "speech"), LISTED)
def test_listed_statement_is_found(
    found: list[Statement], article: str, speaker: str, words: str, speech: Speech
) -> None:
    (one,) = [s for s in found if words in s.text]
    assert one.speaker is not None
    assert speaker in one.speaker
    assert one.speech is speech
    assert one.text == " ".join(article[start:end] for start, end in one.spans)
    assert one.start is not None
    assert one.end is not None
    assert words in article[one.start : one.end]


def test_short_names_become_full_ones(found: list[Statement]) -> None:
    speakers = {s.speaker for s in found if s.speaker}
    assert "Russian President Vladimir Putin" in speakers
    assert not speakers & {"Glaser", "Putin", "Scholz", "he"}


def test_context_holds_the_question(found: list[Statement]) -> None:
    (one,) = [s for s in found if "committed to promoting talks" in s.text]
    assert one.context == (
        "Asked about the conference, a spokesman for the Chinese embassy in Washington was "
        "noncommittal."
    )


def test_date_stamp_is_nobody(found: list[Statement]) -> None:
    assert all("2024" not in f"{s.speaker} {s.text} {s.context}" for s in found)


def test_markup_moves_no_offset(extractor: Extractor) -> None:
    page = "<p>\u201cWe will come to the talks,\u201d <b>Maria Lopez</b> said on Monday.</p>"
    (one,) = extractor.statements(page)
    assert one.speaker is not None
    assert "Maria Lopez" in one.speaker
    assert one.text == page[one.start : one.end]
    assert "We will come to the talks" in one.text
