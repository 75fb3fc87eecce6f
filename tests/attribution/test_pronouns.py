import pytest

from tests.attribution.speaking import TEXT, resolved, span, speakers_of


def test_pronoun_takes_the_last_speaker_of_its_gender() -> None:
    speakers = speakers_of(TEXT, [])
    speakers.resolve(span("Liu Pengyu"))
    he = span("He said")[0]
    assert speakers.resolve((he, he + 2)) == "embassy spokesman Liu Pengyu"
    speakers.resolve(span("Ms. Anna Lee, a rebel leader"))
    she = span("She said")[0]
    assert speakers.resolve((she, she + 3)) == "Ms. Anna Lee, a rebel leader"


@pytest.mark.parametrize(
    ("text", "mentions", "last"),
    [
        (
            "Prime Minister Narendra Modi arrived. He said yes.",
            ["He"],
            "Prime Minister Narendra Modi",
        ),
        ("Gen. Ahmed Osman, who commands it, was blunt. He said no.", ["He"], "Gen. Ahmed Osman"),
        (
            "President Volodymyr Zelensky said yes. Trump said no. He said more.",
            ["President Volodymyr Zelensky", "Trump", "He"],
            "Trump",
        ),
        (
            "Hamas said yes. Lavrov said no. Later he added more.",
            ["Hamas", "Lavrov", "he"],
            "Lavrov",
        ),
        ("Trump said no. Hamas said yes. He said more.", ["Trump", "Hamas", "He"], "Trump"),
        (
            "Envoy Bao Pham said yes. Lavrov went home. He said more.",
            ["Envoy Bao Pham", "He"],
            "Envoy Bao Pham",
        ),
        (
            "Sergei Lavrov came. Envoy Bao Pham said yes. Lavrov went home. He said more.",
            ["Envoy Bao Pham", "He"],
            "Sergei Lavrov",
        ),
        (
            "South Sudan is in it. Envoy Bao Pham said yes. Sudan is quiet. He said more.",
            ["Envoy Bao Pham", "He"],
            "Envoy Bao Pham",
        ),
        ("Halima Yusuf has kept a suitcase. She says yes.", ["She"], "Halima Yusuf"),
        ("Thandi Xaba has kept a suitcase. She says yes.", ["She"], "Thandi Xaba"),
        ("We met Thandi Xaba, a nurse. She says yes.", ["She"], "Thandi Xaba"),
        ("Maria Zakharova met Antony Blinken. He said no.", ["He"], "Antony Blinken"),
        ("Maria Zakharova met Antony Blinken. She said no.", ["She"], "Maria Zakharova"),
        (
            "Kaja Kallas rejected it. Her counterpart, Viktor Orban, wanted it. She said no.",
            ["Kaja Kallas", "Her counterpart, Viktor Orban", "She"],
            "Kaja Kallas",
        ),
        (
            "Ngoc Tran told Bao Pham that it was over. He replied that it was not.",
            ["Ngoc Tran", "He"],
            "Bao Pham",
        ),
        (
            "Sergei Lavrov said that Envoy Olaf Scholz was wrong. He said no.",
            ["Sergei Lavrov", "He"],
            "Sergei Lavrov",
        ),
        (
            "The general said no. His rival, Dagalo, said yes. He said no.",
            ["The general", "His rival, Dagalo", "He"],
            "His rival, Dagalo",
        ),
        (
            "Envoy Bao Pham said no. Mediators said yes. He said no.",
            ["Envoy Bao Pham", "Mediators", "He"],
            "Envoy Bao Pham",
        ),
        (
            "Asked whether President Ivan Petrov would come, Envoy Bao Pham demurred. He said no.",
            ["He"],
            "Envoy Bao Pham",
        ),
        (
            "Envoy Ivan Petrov said yes. Asked if it ended, Envoy Bao Pham shrugged. He added no.",
            ["Envoy Ivan Petrov", "He"],
            "Envoy Bao Pham",
        ),
        (
            "Envoy Bao Pham left. Asked about President Ivan Petrov, he said no.",
            ["he"],
            "Envoy Bao Pham",
        ),
        (
            "After President Ivan Petrov left, Envoy Bao Pham wept. He said no.",
            ["He"],
            "Envoy Bao Pham",
        ),
        (
            "Ivan Petrov came. Petrov's adviser Bao Pham was hopeful. He said no.",
            ["He"],
            "Petrov's adviser Bao Pham",
        ),
        (
            "Envoy Ivan Petrov said yes. His counterpart, Fu Cong, disagreed. He said more.",
            ["Envoy Ivan Petrov", "He"],
            "Fu Cong",
        ),
        (
            "Envoy Ivan Petrov said yes. Fu Cong, his counterpart, disagreed. He said more.",
            ["Envoy Ivan Petrov", "He"],
            "Fu Cong",
        ),
        (
            "Envoy Ivan Petrov said yes. A taxi driver laughed at him. He said more.",
            ["Envoy Ivan Petrov", "He"],
            "A taxi driver",
        ),
        (
            "Envoy Ivan Petrov said yes. A soldier was killed. He said more.",
            ["Envoy Ivan Petrov", "He"],
            "Envoy Ivan Petrov",
        ),
        (
            "Envoy Bao Pham said yes. ‘I met President Ivan Petrov today.’ He said more.",
            ["Envoy Bao Pham", "He"],
            "Envoy Bao Pham",
        ),
        ("Wall Street has lost. He said no.", ["He"], "He"),
        ("South Sudan is quiet. He said no.", ["He"], "He"),
    ],
)
def test_pronouns(text: str, mentions: list[str], last: str) -> None:
    assert resolved(text, *mentions)[-1] == last


@pytest.mark.parametrize(
    ("between", "speaker"),
    [
        ("", "Envoy Ivan Petrov"),
        (" Her husband, Aram, shakes his head.", "Aram"),
        (" Envoy Bao Pham scoffed at that.", "Envoy Bao Pham"),
        (" A taxi driver who gave no name laughed.", "A taxi driver"),
        (" But a senior diplomat was blunter.", "a senior diplomat"),
        (" His comrade Sushila Rai, who commanded men, is unimpressed.", "Sushila Rai"),
        (" He looked at Envoy Bao Pham.", "Envoy Ivan Petrov"),
        (" Envoy Bao Pham scoffed at that.\n\n", "Envoy Ivan Petrov"),
    ],
)
def test_quotation_without_a_cue(between: str, speaker: str) -> None:
    text = f"Envoy Ivan Petrov said yes.{between} “The river is theirs now,” and so on."
    speakers = speakers_of(text, [])
    speakers.resolve(span("Envoy Ivan Petrov", text=text))
    assert speakers.running(text.index("“")) == speaker


def test_pronoun_tells_a_gender_for_later() -> None:
    text = (
        "Thandi Xaba, a nurse, left. She said no. He said yes. Ivan Petrov said it. She added more."
    )
    assert resolved(text, "She", "He", "Ivan Petrov", "She") == [
        "Thandi Xaba",
        "He",
        "Ivan Petrov",
        "Thandi Xaba",
    ]


def test_who_is_spoken_about_does_not_say_it() -> None:
    text = "Envoy Bao Pham said no. It was a plan of President Ivan Petrov, he said again."
    assert resolved(text, "Envoy Bao Pham", "he")[-1] == "Envoy Bao Pham"


def test_it_and_they() -> None:
    text = "The United States said no. Investors said yes. It said no. They said no."
    found = resolved(text, "The United States", "Investors", "It", "They")
    assert found[2:] == ["The United States", "The United States"]


def test_the_latter_and_relatives() -> None:
    text = "Envoy Bao Pham met President Ivan Petrov. The latter said no."
    assert resolved(text, "The latter") == ["President Ivan Petrov"]
    text = "Malaysia, which leads the bloc, said no. A man from Kandahar who said no left."
    assert resolved(text, "which", "who") == ["Malaysia", "A man from Kandahar"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The National Relief Front (NRF), which said no, came.", "National Relief Front"),
        ("The army attacked the rebels, who said no.", "the rebels"),
        (
            "He met the elders of the northern clans who said no.",
            "the elders of the northern clans",
        ),
        ("The leader of the rebels, who said no, left.", "The leader of the rebels"),
        ("Rebels who said no left.", "who"),
    ],
)
def test_a_relative_clause_belongs_to_the_phrase_before(text: str, speaker: str) -> None:
    relative = "which" if "which" in text else "who"
    assert resolved(text, relative) == [speaker]


def test_it_may_be_what_opens_its_sentence() -> None:
    text = "BAMAKO (Wire) - Mali's military government has left the accord, it said on TV."
    it = text.index(" it ") + 1
    assert speakers_of(text, []).resolve((it, it + 2)) == "Mali's military government"


def test_they_are_the_people_of_the_sentence_before() -> None:
    text = "The rebels met the mediators on Monday. They said no more. Talks failed. They said so."
    first, second = resolved(text, "They", "They")
    assert first == "The rebels"
    assert second == "The rebels"


def test_things_are_not_they() -> None:
    assert resolved("The talks were in the old papers. They said so .", "They") == ["They"]


def test_he_is_who_opens_the_sentence_before_by_his_role() -> None:
    text = "The army chief flew to Doha on Monday. He said nothing."
    assert resolved(text, "He") == ["The army chief"]


@pytest.mark.parametrize(
    "before",
    [
        "Ahmed al-Sharaa said no. ",
        "President Kiir said no. A member of his bloc, Ahmed al-Sharaa, was blunter. ",
        "President Kiir said no. A former minister, Ahmed al-Sharaa, was blunter. ",
        "President Kiir said so. One of his advisers, Ahmed al-Sharaa - a son - was blunter. ",
    ],
)
def test_a_name_that_an_article_is_part_of(before: str) -> None:
    first = "President Kiir" if "Kiir" in before else "Ahmed al-Sharaa"
    assert resolved(f"{before}He said yes.", first, "He")[1] == "Ahmed al-Sharaa"
