import pytest

from tests.attribution.speaking import TEXT, resolved, span, speakers_of


def test_short_name_becomes_the_introduction() -> None:
    introduction = span("Bonnie Glaser, managing director of a program")
    speakers = speakers_of(TEXT, [introduction])
    assert speakers.resolve(span("Glaser", 1)) == "Bonnie Glaser, managing director of a program"


def test_role_before_the_name_is_kept() -> None:
    speakers = speakers_of(TEXT, [])
    assert speakers.resolve(span("Liu Pengyu")) == "embassy spokesman Liu Pengyu"
    assert speakers.resolve(span("Olaf Scholz")) == "German Chancellor Olaf Scholz"


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
        ("Leila De Lima left. De Lima said yes.", "De Lima said", "Leila De Lima"),
        ("Ana Lima left. De Lima said yes.", "De Lima said", "De Lima"),
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


@pytest.mark.parametrize("article", ["The", "That", "This"])
def test_a_minister_of_another_country_is_another(article: str) -> None:
    text = f"Hungarian Foreign Minister Bao Pham said no. {article} Polish minister said yes."
    assert resolved(text, f"{article} Polish minister") == [f"{article} Polish minister"]


def test_one_of_several_with_a_first_word() -> None:
    text = "Kim Yo Jong and Kim Jong Un left. Kim Yo Jong said no. Later Kim said more."
    later = text.rindex("Kim"), text.rindex("Kim") + 3
    speakers = speakers_of(text, [])
    assert speakers.resolve(later) == "Kim"
    speakers.resolve(span("Kim Yo Jong", 1, text))
    assert speakers.resolve(later) == "Kim Yo Jong"


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


def test_one_of_two_ministers() -> None:
    text = (
        "Foreign Minister Hana Beck said yes. Defence Minister Ali Sadr said no. "
        "The foreign minister said so. The defence minister said so. The minister said so."
    )
    mentions = ("Foreign Minister Hana Beck", "Defence Minister Ali Sadr")
    assert resolved(
        text, *mentions, "The foreign minister", "The defence minister", "The minister"
    ) == [*mentions, *mentions, mentions[1]]


def test_an_epithet_is_who_spoke_before() -> None:
    text = "President Omar Ndiaye said no. “Traitors!” the veteran leader said ."
    assert resolved(text, "President Omar Ndiaye", "the veteran leader")[1] == (
        "President Omar Ndiaye"
    )
    for text in (
        "The rebels said no. The veteran judge said so .",
        "President Ndiaye said no. The former judge said so .",  # may well be another
    ):
        mentions = (text.split(" said")[0], text.split(". ")[1].split(" said")[0])
        assert resolved(text, *mentions)[1] == mentions[1]


@pytest.mark.parametrize(
    ("before", "mention", "speaker"),
    [
        ("French President Remy Aubin", "The French president", "French President Remy Aubin"),
        ("French President Remy Aubin", "The French leader", "French President Remy Aubin"),
        ("French President Remy Aubin", "The German leader", "The German leader"),
        ("Foreign Minister Sergey Orlov", "The top diplomat", "Foreign Minister Sergey Orlov"),
        ("General Sergey Orlov", "The top diplomat", "The top diplomat"),
        ("Prime Minister Ana Lind", "The premier", "Prime Minister Ana Lind"),
        ("Hamas", "The Palestinian group", "Hamas"),
        ("The Foreign Ministry", "The group", "The group"),
        ("French President Remy Aubin", "The (French) president", "The (French) president"),
    ],
)
def test_who_is_called_anew(before: str, mention: str, speaker: str) -> None:
    text = f"{before} said no. {mention} said yes."
    assert resolved(text, before, mention)[1] == speaker


def test_of_two_of_one_country_none_is_meant_for_sure() -> None:
    text = (
        "French President Remy Aubin said so. French Envoy Ana Lind said so. "
        "The French leader said so."
    )
    mentions = "French President Remy Aubin", "French Envoy Ana Lind", "The French leader"
    assert resolved(text, *mentions)[2] == "The French leader"


def test_who_was_introduced_behind_his_name() -> None:
    text = (
        "Gnana Thero, a monk in parliament, led a march. The minister Ana Lind said no. "
        "The monk said yes. The abbot said yes."
    )
    assert resolved(text, "The minister Ana Lind", "The monk", "The abbot")[1:] == [
        "Gnana Thero",
        "The abbot",
    ]


def test_a_paper_speaks_for_whoever_issued_it() -> None:
    text = "The Southern Front said in a post that it would come. The post added that it was late."
    assert resolved(text, "The Southern Front", "The post") == ["The Southern Front"] * 2
    text = "The Southern Front said that it would come. The post added that it was late."
    assert resolved(text, "The Southern Front", "The post")[1] == "The post"


def test_a_quotation_behind_a_sentence_about_somebody_without_a_name() -> None:
    text = "Ana Lind said no. The guard at the gate has heard it. “They are good men.”"
    speakers = speakers_of(text, [span("Ana Lind", text=text)])
    speakers.resolve(span("Ana Lind", text=text), span("said", text=text))
    assert speakers.running(text.index("“")) == "The guard"
