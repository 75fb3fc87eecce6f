from stance.attribution.speakers import Speakers

TEXT = (
    "Earlier this week, German Chancellor Olaf Scholz met embassy spokesman Liu Pengyu.\n\n"
    "The news was given by Bonnie Glaser, managing director of a program. Glaser said no. "
    "The Foreign Ministry disagreed. The ministry said so. He said yes. They waited. "
    "Ms. Anna Lee, a rebel leader, was quiet. She said that China would come. China said nothing."
)


def span(mention: str, nth: int = 0) -> tuple[int, int]:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(mention, start + 1)
    return start, start + len(mention)


def test_short_name_becomes_the_introduction() -> None:
    introduction = span("Bonnie Glaser, managing director of a program")
    speakers = Speakers(TEXT, [introduction])
    assert speakers.resolve(span("Glaser", 1)) == "Bonnie Glaser, managing director of a program"


def test_role_before_the_name_is_kept() -> None:
    speakers = Speakers(TEXT, [])
    assert speakers.resolve(span("Liu Pengyu")) == "embassy spokesman Liu Pengyu"
    assert speakers.resolve(span("Olaf Scholz")) == "German Chancellor Olaf Scholz"


def test_pronoun_takes_the_last_speaker_of_its_gender() -> None:
    speakers = Speakers(TEXT, [])
    speakers.resolve(span("Liu Pengyu"))
    he = span("He said")[0]
    assert speakers.resolve((he, he + 2)) == "embassy spokesman Liu Pengyu"
    speakers.resolve(span("Ms. Anna Lee, a rebel leader"))
    she = span("She said")[0]
    assert speakers.resolve((she, she + 3)) == "Ms. Anna Lee, a rebel leader"


def test_described_organisation() -> None:
    speakers = Speakers(TEXT, [])
    assert speakers.resolve(span("The ministry")) == "The Foreign Ministry"


def test_places_stay_themselves() -> None:
    speakers = Speakers(TEXT, [])
    assert speakers.resolve(span("China", 1)) == "China"


def test_without_a_source() -> None:
    speakers = Speakers(TEXT, [])
    assert speakers.resolve(None) is None
    assert speakers.running() is None
    speakers.resolve(span("Liu Pengyu"))
    assert speakers.running() == "embassy spokesman Liu Pengyu"
