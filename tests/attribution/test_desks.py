"""What desks and records put around statements, as readers who tried the tool found it."""

import pytest

from stance.attribution.extract import Extractor


def told(extractor: Extractor, text: str) -> list[tuple[str | None, str]]:
    return [(one.speaker, one.text) for one in extractor.statements(text)]


@pytest.mark.parametrize(
    "text",
    [
        "WHAT THE REBELS SAY\n\nThe rebels neither confirmed nor denied the report.",
        "WHAT THE EXPERTS SAY\n\nThe talks have little chance.",
        "Shells fell on Goma.\n\nRelated: China says it supports talks",
        "Shells fell on Goma.\n\nRead more: Suri says he will not talk to the army",
        "The minister, asked about the remark, smiled.",
    ],
)
def test_nobody_says_anything(extractor: Extractor, text: str) -> None:
    assert told(extractor, text) == []


def test_fields_of_an_export(extractor: Extractor) -> None:
    export = (
        "HD Rebels rule out talks with the army of the province\nBY Anna Reed\nWC 300 words\n"
        "PD 4 May 2024\n\nLP\n"
    )
    (one,) = extractor.statements(
        f"{export}Shells fell on the town of Goma on Monday.\n\nTD\nNobody was hurt in it."
    )
    assert (one.speaker, one.text) == ("Rebels", "rule out talks with the army of the province")


def test_turns_of_a_meeting_record(extractor: Extractor) -> None:
    record = (
        "Mrs. Brandt (United States of America): We call on both to return to Windhoek.\n\n"
        "Mr. Markov (Russian Federation) (spoke in Russian): We shall vote against the talks.\n\n"
        "The President (spoke in French): I thank both speakers."
    )
    assert told(extractor, record) == [
        ("Mrs. Brandt (United States of America)", "We call on both to return to Windhoek."),
        ("Mr. Markov (Russian Federation)", "We shall vote against the talks."),
        ("The President", "I thank both speakers."),
    ]


def test_whoever_wrote_the_article_is_not_in_it(extractor: Extractor) -> None:
    text = "By Anna Reed\n\nThe senator met voters on Monday. She rejected the talks with them."
    assert told(extractor, text) == [("The senator", "rejected the talks with them")]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("EU 12 Oct welcomed the talks in Geneva.", "EU"),
        ("Rebels on Friday said that they would come.", "Rebels"),
        ("Minister Oleg Vernik rejected peace talks, Delta News reported.", "Minister Oleg Vernik"),
    ],
)
def test_a_speaker_is_neither_a_date_nor_a_paper(
    extractor: Extractor, text: str, speaker: str
) -> None:
    assert [who for who, _ in told(extractor, text)] == [speaker]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "Hector Quiroga resigned from the peace panel. "
            "The 67-year-old said that he still believed in talks.",
            "Hector Quiroga",
        ),
        (
            "Germany offered a venue for the talks. Turkey was sceptical. "
            "It asked that the talks be called off.",
            "Turkey",
        ),
        (
            "“Talks are a trap,” Foreign Minister Ewa Nowak said.\n\n"
            "Her colleague Rui Falcao disagreed. “We need talks now,” he said.",
            "Rui Falcao",
        ),
    ],
)
def test_who_is_called_anew(extractor: Extractor, text: str, speaker: str) -> None:
    assert told(extractor, text)[-1][0] == speaker


def test_who_tells_it_goes_before_what_is_told(extractor: Extractor) -> None:
    (one,) = extractor.statements("The rebels have rejected talks, a Red Cross official said.")
    assert one.context == "A Red Cross official said"
    (one,) = extractor.statements("“We reject the talks,” a Red Cross official said.")
    assert one.context is None
