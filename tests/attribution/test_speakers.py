import pytest

from stance.attribution.sentences import sentences_of
from stance.attribution.speakers import Speakers
from stance.attribution.textview import view_of
from stance.records import Span

TEXT = (
    "Earlier this week, German Chancellor Olaf Scholz met embassy spokesman Liu Pengyu.\n\n"
    "The news was given by Bonnie Glaser, managing director of a program. Glaser said no. "
    "The Foreign Ministry disagreed. The ministry said so. He said yes. They waited. "
    "Ms. Anna Lee, a rebel leader, was quiet. She said that China would come. China said nothing."
)


def speakers_of(text: str, sources: list[Span]) -> Speakers:
    view = view_of(text)
    return Speakers(view, sentences_of(view), sources)


def span(mention: str, nth: int = 0, text: str = TEXT) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = text.index(mention, start + 1)
    return start, start + len(mention)


def resolved(text: str, *mentions: str) -> list[str | None]:
    """The speakers of mentions, one after another; the word behind each is its cue."""
    sources: list[Span] = []
    for mention in mentions:
        start = text.index(mention, sources[-1][1] if sources else 0)
        sources.append((start, start + len(mention)))
    cues = [(end + 1, text.index(" ", end + 1)) for _, end in sources]
    speakers = speakers_of(text, sources)
    return [speakers.resolve(*pair) for pair in zip(sources, cues, strict=True)]


def test_short_name_becomes_the_introduction() -> None:
    introduction = span("Bonnie Glaser, managing director of a program")
    speakers = speakers_of(TEXT, [introduction])
    assert speakers.resolve(span("Glaser", 1)) == "Bonnie Glaser, managing director of a program"


def test_role_before_the_name_is_kept() -> None:
    speakers = speakers_of(TEXT, [])
    assert speakers.resolve(span("Liu Pengyu")) == "embassy spokesman Liu Pengyu"
    assert speakers.resolve(span("Olaf Scholz")) == "German Chancellor Olaf Scholz"


def test_pronoun_takes_the_last_speaker_of_its_gender() -> None:
    speakers = speakers_of(TEXT, [])
    speakers.resolve(span("Liu Pengyu"))
    he = span("He said")[0]
    assert speakers.resolve((he, he + 2)) == "embassy spokesman Liu Pengyu"
    speakers.resolve(span("Ms. Anna Lee, a rebel leader"))
    she = span("She said")[0]
    assert speakers.resolve((she, she + 3)) == "Ms. Anna Lee, a rebel leader"


def test_described_organisation() -> None:
    speakers = speakers_of(TEXT, [])
    assert speakers.resolve(span("The ministry")) == "The Foreign Ministry"


def test_places_stay_themselves() -> None:
    speakers = speakers_of(TEXT, [])
    assert speakers.resolve(span("China", 1)) == "China"


def test_without_a_source() -> None:
    speakers = speakers_of(TEXT, [])
    assert speakers.resolve(None) is None
    assert speakers.running(0) is None
    speakers.resolve(span("Liu Pengyu"))
    end = len(TEXT) - 1
    assert speakers.running(end) == "embassy spokesman Liu Pengyu"


@pytest.mark.parametrize(
    ("text", "mention", "speaker"),
    [
        ("The two sides met in Geneva. Lavrov said no.", "Lavrov said", "Lavrov"),
        (
            "Aides met U.S. President Joe Biden. Biden said no.",
            "Biden said",
            "U.S. President Joe Biden",
        ),
        ("Kremlin Rejects Talks With Kyiv\n\nBy noon Kyiv said yes.", "Kyiv said", "Kyiv"),
        ("On Monday Turkey offered to mediate. Turkey said yes.", "Turkey said", "Turkey"),
        ("Meanwhile Beijing waited. Beijing said yes.", "Beijing said", "Beijing"),
        ("Vladimir Putin's Russia waited. Russia said yes.", "Russia said", "Russia"),
        ("He is from South Sudan. But Sudan said yes.", "Sudan said", "Sudan"),
        ("Radio Free Europe wrote it. Europe said yes.", "Europe said", "Europe"),
        ("He praised the Al Qassam Hamas. Hamas said yes.", "Hamas said", "Hamas"),
        ("Rep. Jim Jordan came. Jordan said yes.", "Jordan said", "Rep. Jim Jordan"),
        ("He crossed West Jordan. Jordan said yes.", "Jordan said", "Jordan"),
        ("Hillary Clinton ran. Clinton aides said yes.", "Clinton aides said", "Clinton aides"),
        (
            "Bill Clinton left. Hillary Clinton ran. Mrs. Clinton said yes.",
            "Mrs. Clinton said",
            "Hillary Clinton",
        ),
        (
            "He met Ursula von der Leyen. Von der Leyen said yes.",
            "Von der Leyen said",
            "Ursula von der Leyen",
        ),
        (
            "Chinese leader Xi Jinping left. Then Xi said yes.",
            "Xi said",
            "Chinese leader Xi Jinping",
        ),
        (
            "North Korean leader Kim Jong Un left. Then Kim said yes.",
            "Kim said",
            "North Korean leader Kim Jong Un",
        ),
        ("Envoy Kim Yong Chol and leader Kim Jong Un left. Then Kim said yes.", "Kim said", "Kim"),
        ("White House plans failed. Then White said yes.", "White said", "White"),
        ("Pope Francis spoke. Then Francis said yes.", "Francis said", "Pope Francis"),
        (
            "Gen. Abdel Fattah al-Burhan spoke. Burhan said yes.",
            "Burhan said",
            "Gen. Abdel Fattah al-Burhan",
        ),
        (
            "Israel's Defence Minister Yoav Gallant left. Gallant said yes.",
            "Gallant said",
            "Israel's Defence Minister Yoav Gallant",
        ),
    ],
)
def test_names_of_one_word(text: str, mention: str, speaker: str) -> None:
    start, end = span(mention, text=text)
    speakers = speakers_of(text, [])
    assert speakers.resolve((start, end - len(" said"))) == speaker


def test_mention_that_only_holds_a_name_introduces_nobody() -> None:
    text = "Bernie Sanders supporters said no. Critics of Ivan Petrov said yes. Sanders said yes."
    sources = [span(m, text=text) for m in ("Bernie Sanders supporters", "Critics of Ivan Petrov")]
    assert speakers_of(text, sources).resolve(span("Sanders", 1, text)) == "Bernie Sanders"


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
            "Envoy Bao Pham said no. ‘I met President Ivan Petrov today.’ He said more.",
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


def test_ministry_of_a_spokeswoman() -> None:
    text = (
        "Foreign Ministry spokeswoman Maria Zakharova said yes. The ministry said no. "
        "The spokeswoman added more. It said more."
    )
    full = "Foreign Ministry spokeswoman Maria Zakharova"
    found = resolved(text, full, "The ministry", "The spokeswoman", "It")
    assert found[1:] == ["Foreign Ministry", full, "Foreign Ministry"]
    text = "A Foreign Ministry spokesman, Bao Pham, said yes. The ministry said no."
    found = resolved(text, "A Foreign Ministry spokesman, Bao Pham", "The ministry")
    assert found[1] == "Foreign Ministry"


def test_described_with_a_complement() -> None:
    text = "Defence Minister Yoav Gallant said no. The minister in Cairo said yes."
    assert resolved(text, "Defence Minister Yoav Gallant", "The minister in Cairo")[1] == (
        "Defence Minister Yoav Gallant"
    )
    text = "Union leader Musa Tarik said no. The leader of the army said yes."
    assert resolved(text, "Union leader Musa Tarik", "The leader of the army")[1] == (
        "The leader of the army"
    )
    text = "Sudanese army chief Gen. Abdel Fattah al-Burhan said no. The general said yes."
    full = "Sudanese army chief Gen. Abdel Fattah al-Burhan"
    assert resolved(text, full, "The general")[1] == full
    text = "A spokesman for the group said no. The group said yes."
    assert resolved(text, "A spokesman for the group", "The group")[1] == "The group"


def test_the_latter_and_relatives() -> None:
    text = "Envoy Bao Pham met President Ivan Petrov. The latter said no."
    assert resolved(text, "The latter") == ["President Ivan Petrov"]
    text = "Malaysia, which leads the bloc, said no. A man from Kandahar who said no left."
    assert resolved(text, "which", "who") == ["Malaysia", "who"]


def test_role_with_its_name_is_no_other_one_of_that_role() -> None:
    text = "Prime Minister Bao Pham said no. The minister in charge of it, Minoru Kihara, said yes."
    mentions = ["Prime Minister Bao Pham", "The minister in charge of it, Minoru Kihara,"]
    assert resolved(text, *mentions)[1] == "The minister in charge of it, Minoru Kihara"
    text = "Hungarian Foreign Minister Bao Pham said no. The Polish minister said yes."
    assert resolved(text, "Hungarian Foreign Minister Bao Pham", "The Polish minister")[1] == (
        "The Polish minister"
    )


def test_role_behind_a_bare_name() -> None:
    text = "There was criticism from Ivan Petrov. The Polish foreign minister said no."
    assert resolved(text, "The Polish foreign minister") == ["Ivan Petrov"]
    for before in (
        "It was criticism from Envoy Bao Pham. ",
        "Bao Pham came.\n\n",
        "Anna Lee came. ",
    ):
        text = f"{before}The Polish spokesman said no."
        assert resolved(text, "The Polish spokesman") == ["The Polish spokesman"]


def test_one_of_several_with_a_first_word() -> None:
    text = "Kim Yo Jong and Kim Jong Un left. Kim Yo Jong said no. Later Kim said more."
    later = text.rindex("Kim"), text.rindex("Kim") + 3
    speakers = speakers_of(text, [])
    assert speakers.resolve(later) == "Kim"
    speakers.resolve(span("Kim Yo Jong", 1, text))
    assert speakers.resolve(later) == "Kim Yo Jong"


def test_it_may_be_what_opens_its_sentence() -> None:
    text = "BAMAKO (Wire) - Mali's military government has left the accord, it said on TV."
    it = text.index(" it ") + 1
    assert speakers_of(text, []).resolve((it, it + 2)) == "Mali's military government"


def test_two_who_speak_together_introduce_none_of_them() -> None:
    text = "President Ahmed al-Sharaa, and Mazloum Abdi said yes. Abdi said no."
    mentions = ["President Ahmed al-Sharaa, and Mazloum Abdi", "Abdi said"]
    sources = [span(m, text=text) for m in mentions]
    speakers = speakers_of(text, sources[:1])
    assert speakers.resolve(span("Abdi", 1, text)) == "Mazloum Abdi"
    text = text.replace("Abdi said no", "Al-Sharaa said no")
    assert speakers_of(text, sources[:1]).resolve(span("Al-Sharaa", text=text)) == (
        "President Ahmed al-Sharaa"
    )


def test_owner_of_a_noun() -> None:
    text = "Pope Francis's call for a truce failed. His insistence on it did not."
    assert resolved(text, "Pope Francis's", "His") == ["Pope Francis", "Pope Francis"]
    text = "Prime Minister Benjamin Netanyahu came. Then Netanyahu's refusal hurt."
    assert resolved(text, "Netanyahu's") == ["Prime Minister Benjamin Netanyahu"]
    assert resolved("Moody's said no.", "Moody's") == ["Moody's"]


def test_source_that_starts_in_the_headline() -> None:
    text = "Kremlin Rejects Talks With Kyiv\n\nKyiv said that it was ready."
    assert resolved(text, "Kremlin Rejects Talks With Kyiv\n\nKyiv") == ["Kyiv"]
