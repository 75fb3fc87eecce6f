import pytest

from stance.attribution.spans import Attribution
from stance.attribution.textview import view_of
from stance.attribution.tidy import tidied
from stance.records import Span


def span(text: str, piece: str) -> Span:
    return text.index(piece), text.index(piece) + len(piece)


def tidy(text: str, content: str, cue: str, source: str) -> list[tuple[str, str]]:
    """What is left of one attribution, and its source."""
    one = Attribution((span(text, content),), span(text, cue), (span(text, source),))
    return [
        (text[slice(*found.content[0])], text[slice(*found.source[0])])
        for found in tidied(view_of(text), [one])
    ]


def test_a_dateline_is_neither_said_nor_a_speaker() -> None:
    text = "TRIPOLI, Libya (Wire) \u2014 The premier will not leave, his office said."
    content = text[: text.index(", his")]
    assert tidy(text, content, "said", "his office") == [
        ("The premier will not leave", "his office")
    ]
    text = "NICOSIA (Wire) - The rival leaders said no."
    assert tidy(text, "no", "said", text[: text.index(" said")]) == [("no", "The rival leaders")]


def test_a_piece_of_a_dateline_is_no_speaker() -> None:
    text = "NICOSIA, Cyprus (Wire) - The rival leaders said no."
    pieces = span(text, "NICOSIA, Cyprus"), span(text, "The rival leaders")
    (one,) = tidied(view_of(text), [Attribution((span(text, "no"),), span(text, "said"), pieces)])
    assert one.source == pieces[1:]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("The envoy said it was “good”, without elaborating.", "it was “good”"),
        ("The envoy said it was good, without giving details.", "it was good"),
        ("The envoy said nobody leaves without saying goodbye.", ""),
    ],
)
def test_what_the_reporter_misses(text: str, content: str) -> None:
    said = text[text.index("said ") + 5 : -1]
    assert tidy(text, said, "said", "The envoy") == [(content or said, "The envoy")]


def test_notes_on_anonymity() -> None:
    text = "According to the official, who spoke on condition of anonymity, Putin did not object."
    content = text[text.index("who") : -1]
    assert tidy(text, content, "According to", "the official") == [
        ("Putin did not object", "the official")
    ]
    for wish in ("not to be named", "that his name not be identified"):
        text = f"A diplomat who asked {wish} said no."
        assert tidy(text, wish, "asked", "who") == []
    text = "The rebels asked not to be left out."
    assert tidy(text, "not to be left out", "asked", "The rebels") != []


def test_a_question_that_nobody_is_named_for() -> None:
    text = "Asked whether Burhan would come, the minister declined to say. He asked why."
    assert tidy(text, "whether Burhan would come", "Asked", "the minister") == []
    assert tidy(text, "why", "asked", "He") != []


def test_the_genre_of_an_article_says_nothing() -> None:
    assert tidy("Analysis: Why nobody came", "Why nobody came", ":", "Analysis") == []
    assert tidy("Kerry: Nobody came", "Nobody came", ":", "Kerry") != []


def test_quoted_as_saying() -> None:
    text = "“There is no other way,” Aoun was quoted as saying by the agency."
    assert tidy(text, "“There is no other way,” Aoun", "was quoted as", "the agency") == [
        ("“There is no other way,”", "Aoun")
    ]
    text = "Hakan Fidan, the minister, was quoted by a daily as saying that it was over."
    daily, over = span(text, "a daily"), span(text, "that it was over")
    both = [
        Attribution(
            (span(text, "Hakan Fidan"), (over[0] - 7, over[1])), span(text, "was"), (daily,)
        ),
        Attribution((over,), span(text, "as saying"), (daily,)),
    ]
    (one,) = tidied(view_of(text), both)
    assert one.content == (over,)
    assert text[slice(*one.source[0])] == "Hakan Fidan, the minister"


def test_a_question_that_is_put_to_somebody_is_not_his() -> None:
    text = "The minister was asked by Reuters whether Burhan would come. He shrugged."
    assert tidy(text, "whether Burhan would come", "was asked", "The minister") == []
    text = "The envoy, pressed on whether it would hold, changed the subject."
    assert tidy(text, "whether it would hold", "pressed on", "The envoy") == []
    text = "A reporter asked what he made of it. The minister asked what there was to talk about."
    assert tidy(text, "what he made of it", "asked", "A reporter") == []
    assert tidy(text, "what there was to talk about", "asked", "The minister") != []
    text = "The committee was asked to hurry. He was asked to say if he would come."
    assert tidy(text, "to hurry", "was asked", "The committee") != []


def test_an_agency_that_quotes_somebody_does_not_speak() -> None:
    text = "“There will be no talks,” Interfax quoted the minister, Arkady Velichko, as saying."
    said = "“There will be no talks,” Interfax"
    assert tidy(text, said, "quoted", "Interfax") == [
        ("“There will be no talks,”", "the minister, Arkady Velichko")
    ]
    text = "RIA cited Oleg Brun as saying that Russia would come."
    assert tidy(text, "that Russia would come", "as saying", "RIA") == [
        ("that Russia would come", "Oleg Brun")
    ]


def test_what_came_of_it_is_not_said() -> None:
    text = "She would not meet them, dashing hopes of peace. He had been raising pigs."
    assert tidy(text, "of peace", "dashing hopes", "She") == []
    assert tidy(text, "pigs", "raising", "He") != []


def test_when_it_was_said_is_not_said() -> None:
    text = "The minister said talks would go on, just two days after a bomb killed nine people."
    said = text[text.index("talks") : -1]
    assert tidy(text, said, "said", "The minister") == [("talks would go on", "The minister")]
    text = "The minister said it would take two days after the vote to count."
    said = text[text.index("it") : -1]
    assert tidy(text, said, "said", "The minister") == [(said, "The minister")]


@pytest.mark.parametrize(
    "subject",
    [
        "Lt. Gen. Yusuf Bako",
        "The U.S. State Department",
        "The newly appointed deputy minister for the border provinces, Colonel Ayo Danso Mbeki",
    ],
)
def test_who_was_quoted_is_named_in_full(subject: str) -> None:
    text = f"Nobody came. {subject} was quoted as saying that it was over."
    assert tidy(text, "that it was over", "quoted as saying", subject.rsplit(maxsplit=1)[-1]) == [
        ("that it was over", subject)
    ]


def test_a_paragraph_that_breaks_off_is_no_heading() -> None:
    text = "The minister set out his terms…\n\nThe army must leave first."
    assert tidy(text, "The army must leave first", "set out", "The minister") == [
        ("The army must leave first", "The minister")
    ]


def test_what_somebody_speaks_about_is_not_said() -> None:
    text = "Referring to the offer of talks, Baqaei said that it was late."
    one = Attribution((span(text, "the offer of talks"),), span(text, "Referring to"))
    assert tidied(view_of(text), [one]) == []


def test_a_gesture_is_not_said() -> None:
    text = "“Politics is not his business,” he says, stirring his tea."
    said, gesture = span(text, "“Politics is not his business,”"), span(text, "stirring his tea")
    one = Attribution((said, gesture), span(text, "says"), (span(text, "he"),))
    assert [found.content for found in tidied(view_of(text), [one])] == [(said,)]


def test_what_came_of_it_is_cut_off_what_was_said() -> None:
    text = "They said they would not come, dashing hopes of a truce."
    assert tidy(text, "they would not come, dashing hopes of a truce", "said", "They") == [
        ("they would not come", "They")
    ]


def test_words_before_a_colon_are_no_part_of_a_quotation() -> None:
    text = "Sumbeiywo was quoted as saying: “We are waiting.”"
    assert tidy(text, ": “We are waiting.”", "quoted as saying", "Sumbeiywo") == [
        ("“We are waiting.”", "Sumbeiywo")
    ]


def test_whom_somebody_quotes_is_not_what_he_says() -> None:
    text = "Ravanchi would not go, lawmaker Rezaei quoted him as saying."
    assert tidy(text, "him as saying", "quoted", "lawmaker Rezaei") == []
