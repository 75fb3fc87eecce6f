import pytest

from stance.attribution.mentions import clean, core_of, short_name, with_role, without_owner
from stance.attribution.names import bare_words, is_headline, names_of
from stance.attribution.sentences import sentences_of
from stance.attribution.textview import view_of


def names(text: str) -> list[str]:
    view = view_of(text)
    sentences = [s for s in sentences_of(view) if not is_headline(text[slice(*s)])]
    return [text[slice(*n.span)] for n in names_of(view, sentences) if len(n.words) > 1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met in Geneva. Sergei Lavrov said no.", ["Sergei Lavrov"]),
        ("The two sides met in Geneva. Lavrov said no.", []),
        ("Aides met U.S. President Joe Biden. Biden said no.", ["U.S. President Joe Biden"]),
        ("He was in the U.S. Lavrov said no.", []),
        (
            "Gen. Ahmed Osman met John F. Kennedy Jr. there.",
            ["Gen. Ahmed Osman", "John F. Kennedy Jr."],
        ),
        ("On Monday Ivan Petrov left.", ["Ivan Petrov"]),
        ("In May Ivan Petrov met Theresa May.", ["Ivan Petrov", "Theresa May"]),
        ("In April Ivan Petrov met April Ryan.", ["Ivan Petrov", "April Ryan"]),
        ("Meanwhile Xi Jinping left.", ["Xi Jinping"]),
        ("Visiting Ivan Petrov, he smiled.", ["Ivan Petrov"]),
        (
            "Speaking to Xi Jinping, Acting President Ivan Petrov smiled.",
            ["Xi Jinping", "Acting President Ivan Petrov"],
        ),
        ("He left Vladimir Putin's Russia.", ["Vladimir Putin"]),
        ("In Kyiv Prime Minister Narendra Modi spoke.", ["Prime Minister Narendra Modi"]),
        ("Here is Secretary of State Antony Blinken.", ["Secretary of State Antony Blinken"]),
        ("Here is Crown Prince Mohammed bin Salman.", ["Crown Prince Mohammed bin Salman"]),
        ("Here is Majed al-Ansari.", ["Majed al-Ansari"]),
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_a_headline_holds_no_name() -> None:
    assert names("Kremlin Rejects Talks With Kyiv\n\nIt said so.") == []
    assert names("Joe Biden Meets Xi Jinping in Lima\n\nJoe Biden came.") == ["Joe Biden"]
    assert names("Senator Chris Coons, Democrat of Delaware, came.") == ["Senator Chris Coons"]
    assert not is_headline("The Foreign Ministry in Moscow said no")
    assert not is_headline("Bonnie Glaser")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Prime Minister Narendra Modi", ["Narendra", "Modi"]),
        ("Secretary of State Antony Blinken", ["Antony", "Blinken"]),
        ("Secretary-General Antonio Guterres", ["Antonio", "Guterres"]),
        ("Martin Luther King", ["Martin", "Luther", "King"]),
        ("Robert F. Kennedy Jr.", ["Robert", "F", "Kennedy"]),
        ("Mr. Xi's", ["Xi"]),
        ("Prime Minister", []),
    ],
)
def test_words_of_a_name_are_without_titles(name: str, words: list[str]) -> None:
    assert bare_words(name) == words


@pytest.mark.parametrize(
    ("mention", "short"),
    [
        ("Putin", "Putin"),
        ("Mr. Xi, who left", "Xi"),
        ("spokesman Peskov", "Peskov"),
        ("Obama himself", "Obama"),
        ("Clinton aides", None),
        ("Putin's Russia", None),
        ("Xi, Putin and Modi", None),
        ("Joe Biden", None),
    ],
)
def test_short_name(mention: str, short: str | None) -> None:
    assert short_name(mention) == short


@pytest.mark.parametrize(
    ("text", "mention", "full"),
    [
        ("He met embassy spokesman Liu Pengyu.", "Liu Pengyu", "embassy spokesman Liu Pengyu"),
        ("He met Putin's aide Yuri Ushakov.", "Yuri Ushakov", "Putin's aide Yuri Ushakov"),
        (
            "On Monday Israel's Defence Minister Yoav Gallant left.",
            "Defence Minister Yoav Gallant",
            "Israel's Defence Minister Yoav Gallant",
        ),
        (
            "A U.N. special envoy Hans Grundberg.",
            "Hans Grundberg",
            "U.N. special envoy Hans Grundberg",
        ),
        ("It's Sergei Lavrov.", "Sergei Lavrov", "Sergei Lavrov"),
        ("He told President Putin that Sergei Lavrov left.", "Sergei Lavrov", "Sergei Lavrov"),
    ],
)
def test_role_and_owner_before_a_name(text: str, mention: str, full: str) -> None:
    start = text.index(mention)
    assert text[slice(*with_role(text, (start, start + len(mention))))] == full


@pytest.mark.parametrize(
    ("mention", "core"),
    [
        ("The minister in Cairo", "The minister"),
        ("A spokesman for the group, Hazem Qassem", "A spokesman"),
        ("Secretary of State Antony Blinken", "Secretary of State Antony Blinken"),
        ("the Foreign Ministry", "the Foreign Ministry"),
    ],
)
def test_core(mention: str, core: str) -> None:
    assert core_of(mention) == core


def test_owner_is_left_out_before_a_noun() -> None:
    assert without_owner("Pope Francis's", "call for") == "Pope Francis"
    assert without_owner("The rebels'", "demand") == "The rebels"
    assert without_owner("Moody's", "said") == "Moody's"
    assert without_owner("McDonald\u2019s", "has rejected") == "McDonald\u2019s"


def test_clean() -> None:
    assert clean("spokesman Majed al-Ansari (") == "spokesman Majed al-Ansari"
    assert clean("Sen. Bernie Sanders (I-Vt.),") == "Sen. Bernie Sanders (I-Vt.)"
    assert clean("(Bernie Sanders of Vermont)") == "Bernie Sanders of Vermont"
    assert clean("a minister) of\n state") == "a minister of state"
    assert clean("President Odrin, who") == "President Odrin"
    assert clean("who") == "who"
