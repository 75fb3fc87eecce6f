"""Whose act or word it is that media, documents and bystanders relay."""

import pytest

from stance.attribution.extract import Extractor


@pytest.mark.parametrize(
    ("text", "speaker", "said"),
    [
        (
            "Ethiopia has declined an offer by Egypt to mediate, state media reported.",
            "Ethiopia",
            "has declined an offer by Egypt to mediate",
        ),
        (
            "Rebel leader Alan Kodo said he would not go to Geneva for talks, Interfax reported.",
            "Rebel leader Alan Kodo",
            "he would not go to Geneva for talks",
        ),
        (
            "The Front has agreed to a truce, according to a statement.",
            "The Front",
            "has agreed to a truce",
        ),
        (
            "At least nine people were killed in the shelling, residents said.",
            "residents",
            "At least nine people were killed in the shelling",
        ),
        (
            "State media said its reporters had been told to leave the talks.",
            "State media",
            "its reporters had been told to leave the talks",
        ),
        (
            "The rebels had rejected every offer, the president said.",
            "the president",
            "The rebels had rejected every offer",
        ),
    ],
)
def test_who_acts_and_not_who_relays_it(
    extractor: Extractor, text: str, speaker: str, said: str
) -> None:
    (one,) = extractor.statements(text)
    assert (one.speaker, one.text) == (speaker, said)
    assert text[one.start : one.end] == said
