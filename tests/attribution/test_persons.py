import pytest

from stance.attribution.given_names import FEMALE_NAMES, MALE_NAMES
from stance.attribution.persons import gender_of, is_collective, is_party, is_plural


def test_no_first_name_tells_two_genders() -> None:
    assert not FEMALE_NAMES & MALE_NAMES
    assert len(FEMALE_NAMES | MALE_NAMES) > 300
    assert all(name == name.lower() for name in FEMALE_NAMES | MALE_NAMES)


@pytest.mark.parametrize(
    ("speaker", "gender"),
    [
        ("Estonian Prime Minister Kaja Kallas", "f"),
        ("Her Hungarian counterpart, Viktor Orban", "m"),
        ("Foreign Ministry spokeswoman Maria Zakharova", "f"),
        ("Secretary of State Hillary Clinton", "f"),
        ("Mrs. Clinton", "f"),
        ("Nick Merrill, a spokesman for Mrs. Clinton", "m"),
        ("Patti Davis, Ronald Reagan\u2019s daughter", "f"),
        ("Viktor Orban's adviser Anna Nagy", "f"),
        ("Kim Yong Chol", None),
        ("María José Pizarro Rodríguez", "f"),
        ("Thomas", None),  # a surname, too
        ("Trump", None),
        ("the envoy of Maria Lopez", None),
    ],
)
def test_gender(speaker: str, gender: str | None) -> None:
    assert gender_of(speaker) == gender


@pytest.mark.parametrize(
    "person",
    [
        "Trump",
        "Lavrov",
        "President Joe Biden",
        "Prime Minister Narendra Modi",
        "Rep. Jim Jordan",
        "Kremlin spokesman Dmitry Peskov",
        "a senior U.S. official, who spoke on condition of anonymity",
        "Her Hungarian counterpart, Viktor Orban",
        "A spokesman for the group",
        "The general",
        "one voter",
        "Alice Church",
    ],
)
def test_one_person(person: str) -> None:
    assert not is_party(person)


@pytest.mark.parametrize(
    "party",
    [
        "Hamas",
        "Houthis",
        "UNICEF",
        "Russia",
        "South Sudan",
        "Ukrainians",
        "She",
        "Others",
        "The Foreign Ministry",
        "Netanyahu's office",
        "Mrs. Clinton's confidants",
        "Brazil and China",
        "Harvard Business School",
        "recent polls",
        "the report",
    ],
)
def test_no_single_person(party: str) -> None:
    assert is_party(party)


def test_number() -> None:
    assert is_plural("The rebels")
    assert is_plural("Investors")
    assert is_plural("Brazil and China")
    assert not is_plural("Human Rights Watch")
    assert not is_plural("Honduras")
    assert is_collective("Hamas")
    assert is_collective("The United States")
    assert not is_collective("the Foreign Ministry")
