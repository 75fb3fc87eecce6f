"""Whose act or word it is that media, documents and bystanders relay."""

import pytest

from stance.attribution.extract import Extractor
from stance.attribution.relayed import with_actors
from stance.attribution.spans import Attribution
from stance.attribution.textview import view_of


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
            "Fidan underlined the importance of the truce, according to diplomatic sources.",
            "Fidan",
            "underlined the importance of the truce",
        ),
        (
            "Erdogan told Putin in a call that Ankara would host talks, the presidency said.",
            "Erdogan",
            "Ankara would host talks",
        ),
        (
            "Ali Rahman rejected the offer of talks, rebel sources said.",
            "rebel sources",
            "Ali Rahman rejected the offer of talks",
        ),
        (
            "The rebels rejected the offer of talks, according to the presidency.",
            "the presidency",
            "The rebels rejected the offer of talks",
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


def test_the_full_stop_that_a_clause_is_read_with_is_none_of_the_article() -> None:
    text = "Ali vowed to fight on, state media reported"
    view = view_of(text)
    clause = text.index(",")
    cue = (text.index("reported"), len(text))
    relayed = Attribution(((0, clause),), cue, ((clause + 2, cue[0] - 1),))
    actor = Attribution(((10, clause + 1),), (4, 9), ((0, 3),))
    [[one]] = with_actors([view], [[relayed]], lambda clauses: [[actor] for _ in clauses])
    assert one.content == ((10, clause),)
