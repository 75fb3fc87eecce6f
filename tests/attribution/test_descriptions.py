"""Whom an article means by what somebody is, or is called: "the widow", "the brigadier"."""

import pytest

from tests.attribution.speaking import resolved


@pytest.mark.parametrize(
    ("text", "mention", "speaker"),
    [
        (
            "Mrs. Jean Purdy, whose husband was shot, heard it. The widow said no.",
            "The widow",
            "Mrs. Jean Purdy",
        ),
        (
            "Brig. Salem Warfalli signed it in May. Nobody came. The brigadier said no.",
            "The brigadier",
            "Brig. Salem Warfalli",
        ),
        (
            "Father Luc Mugaruka, whose parish burned, waited. The priest said no.",
            "The priest",
            "Father Luc Mugaruka",
        ),
        (
            "Halyna Porokh, who lost a son, waited. She is a school bookkeeper.\n\n"
            "Nobody came. The bookkeeper said no.",
            "The bookkeeper",
            "Halyna Porokh",
        ),
        (
            "One European diplomat was less hopeful. The diplomat said no.",
            "The diplomat",
            "One European diplomat",
        ),
        # Somebody else is meant, as far as the words tell.
        (
            "Mrs. Jean Purdy, whose husband was shot, heard it. The clerk said no.",
            "The clerk",
            "The clerk",
        ),
        (
            "Mr. Jan Purdy, whose wife was shot, heard it. The widow said no.",
            "The widow",
            "The widow",
        ),
        (
            "Mrs. Jean Purdy, whose husband was shot, heard it.\n\nThe widow said no.",
            "The widow",
            "The widow",
        ),
        (
            "Mrs. Jean Purdy, whose husband was shot, came. The widow of a poet said no.",
            "The widow of a poet",
            "The widow of a poet",
        ),
    ],
)
def test_whom_a_paragraph_is_about(text: str, mention: str, speaker: str) -> None:
    assert resolved(text, mention) == [speaker]


def test_analyst_who_was_introduced_as_a_scholar() -> None:
    text = "Tomas Rey, a political scientist in Lima, said no. It rained. The analyst said yes."
    full = "Tomas Rey, a political scientist in Lima"
    assert resolved(text, full, "The analyst") == [full, full]


@pytest.mark.parametrize(
    ("text", "mention", "speaker"),
    [
        (
            "Colombia's president ended the talks. President Luis Arismendi gave no reason.",
            "Colombia's president",
            "President Luis Arismendi",
        ),
        (
            "Exiled sheikh offered to mediate. Sheikh Mutlaq al-Huwairi lives in Amman.",
            "Exiled sheikh",
            "Sheikh Mutlaq al-Huwairi",
        ),
        # Of several, of another country, or named long before or after, nobody is.
        (
            "A president ended the talks. President Luis Rey met President Ana Ruiz.",
            "A president",
            "A president",
        ),
        (
            "Colombia's president ended the talks. Venezuelan President Luis Rey gave no reason.",
            "Colombia's president",
            "Colombia's president",
        ),
        (
            f"A president ended the talks. {'It rained. ' * 200}President Luis Rey was glad.",
            "A president",
            "A president",
        ),
        (
            "President Luis Rey was glad. A president ended the talks.",
            "A president",
            "A president",
        ),
    ],
)
def test_name_that_comes_behind_the_role(text: str, mention: str, speaker: str) -> None:
    assert resolved(text, mention) == [speaker]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "In West Belfast, Cathal Donoghue of the Front runs a shop. He said no.",
            "Cathal Donoghue",
        ),
        ("For six days Dirk Terblanche has sat there. He said no.", "Dirk Terblanche"),
        ("A U.S. special envoy passed through. He said no.", "A U.S. special envoy"),
        ("Envoy Bao Pham left. Later he said no.", "Envoy Bao Pham"),
        (
            "Envoy Bao Pham left. Its head, a man who uses the name Bikalpa, came. He said no.",
            "Bikalpa",
        ),
        (
            "Envoy Bao Pham left.\n\nIn Goma a grandmother sat. It was late. She said no.",
            "a grandmother",
        ),
        # A paragraph that names somebody outranks who spoke in the one before.
        (
            "Envoy Bao Pham said so.\n\nFor Tomas Rey, who writes, it hurt. It did, he said so.",
            "Tomas Rey",
        ),
    ],
)
def test_he_is_whom_the_paragraph_names(text: str, speaker: str) -> None:
    mention = next(m for m in ("Later he", "He said", "She said", "he said") if m in text)
    mention = mention.removesuffix(" said")
    first = ["Envoy Bao Pham"] if text.startswith("Envoy") else []
    assert resolved(text, *first, mention)[-1] == speaker


def test_colleagues_are_not_she() -> None:
    text = "Beatriz Ruiz, a lawyer, led the team. Colleagues said yes.\n\nShe said no."
    assert resolved(text, "Colleagues", "She")[-1] == "Beatriz Ruiz"


def test_general_with_a_capital() -> None:
    text = "General Noel Gbadora signed. Nobody came.\n\nThe General said no."
    assert resolved(text, "The General") == ["General Noel Gbadora"]
