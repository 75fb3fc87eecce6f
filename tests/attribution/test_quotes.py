from stance.attribution.extract import Extractor
from stance.attribution.quotes import with_quotations
from stance.attribution.spans import Attribution
from stance.attribution.statements import statements_of
from stance.attribution.textview import view_of
from tests.attribution.placing import spans

KILLED = "“My son was killed at the bridge.\n\n“I drink coffee.\n\n“But I have two sons,” she adds."


def test_a_quotation_belongs_to_the_paragraph_it_goes_on_in() -> None:
    view = view_of(KILLED)
    first, second = "“My son was killed at the bridge.", "“I drink coffee."
    content, cue, source, nested = spans(KILLED, "“But I have two sons,”", "adds", "she", "two")
    found = [Attribution((nested,), None), Attribution((content,), cue, (source,))]
    joined = with_quotations(view, found, [])
    assert len(joined) == len(found)
    assert joined[0] == found[0]
    assert joined[1].content == (*spans(KILLED, first, second), content)
    assert (joined[1].cue, joined[1].source) == (cue, (source,))


def test_a_quotation_of_several_paragraphs_is_one() -> None:
    text = KILLED.replace(" she adds.", "\n\n“Nobody will take them, either.” Silence.")
    (first, second) = with_quotations(view_of(text), [], [])
    assert len(first.content) == 3
    assert [text[slice(*piece)] for piece in second.content] == ["“Nobody will take them, either.”"]


def test_a_closed_quotation_and_one_in_the_text_stay_alone() -> None:
    for text in (
        "“My son was killed at the bridge.”\n\n“But I have two sons,” she adds.",
        "“My son was killed at the bridge.\n\nThat was all: “But I have two sons,” she adds.",
    ):
        content, cue = spans(text, "“But I have two sons,”", "adds")
        found = [Attribution((content,), cue)]
        alone, uncued = with_quotations(view_of(text), found, [])
        assert (alone, uncued.cue) == (found[0], None)


def test_uncued_quotation_is_found_once() -> None:
    text = "He left. \u201cWe will not come to these talks.\u201d A \u201cpeace train\u201d left."
    (one,) = with_quotations(view_of(text), [], [])
    assert text[slice(*one.content[0])] == "\u201cWe will not come to these talks.\u201d"
    assert with_quotations(view_of(text), [one], []) == [one]
    assert with_quotations(view_of(text), [], [one]) == []


def test_uncued_quotation_in_single_marks() -> None:
    text = (
        "‘We can’t wait,’ said Bao Pham. ‘Nobody can wait for ever.’ It was Mao’s ‘big red book of "
        "great proverbs’.\n\n‘The women get a webinar.’ ‘The Long Road to Peace’ is a book."
    )
    found = with_quotations(view_of(text), [Attribution(spans(text, "‘We can’t wait,’"), None)], [])
    assert [text[slice(*one.content[0])] for one in found[1:]] == [
        "‘Nobody can wait for ever.’",
        "‘The women get a webinar.’",
    ]


def test_what_is_quoted_behind_other_words_is_not_that_cues() -> None:
    text = (
        "“They sign and then they shoot,” said Ivan Petrov.\n\n"
        "A taxi driver laughed. “Which peace do they mean?”\n\n“It is a pause,” and so on."
    )
    pieces = spans(
        text, "“They sign and then they shoot,”", "“Which peace do they mean?”", "“It is a pause,”"
    )
    cue, source = spans(text, "said", "Ivan Petrov")
    view = view_of(text)
    found = with_quotations(view, [Attribution(pieces, cue, (source,))], [])
    assert [one.content for one in found] == [(pieces[0], pieces[2]), (pieces[1],)]
    assert [one.speaker for one in statements_of(text, view, found)] == [
        "Ivan Petrov",
        "A taxi driver",
    ]


def test_a_quotation_that_is_signed() -> None:
    text = "- “We welcome the talks.” — Minister Paul Garrel\n- “Nobody should go.” — Kemal Aydar"
    dash, minister = spans(text, "—", "Minister")
    wrong = Attribution(spans(text, "“Nobody should go.”"), dash, (minister,))
    found = with_quotations(view_of(text), [Attribution(wrong.content, None), wrong], [])
    assert [(text[slice(*one.content[0])], text[slice(*one.source[0])]) for one in found] == [
        ("“We welcome the talks.”", "Minister Paul Garrel"),
        ("“Nobody should go.”", "Kemal Aydar"),
    ]


def test_words_behind_a_dash_are_no_signature() -> None:
    for text in (
        "“We welcome the talks.” — Garrel told the agency",
        "He said “We welcome the talks.” — Minister Paul Garrel",
        "“We welcome the talks.” — That was all.",
    ):
        assert all(not one.source for one in with_quotations(view_of(text), [], []))


def test_a_headline_that_says_the_same_is_no_part_of_it(extractor: Extractor) -> None:
    text = (
        "Syria's Kurds agree to talks, commander says\n\nSyria's Kurds have agreed to talks with "
        "the government in Damascus, their top commander has said.\n\nThe African Union said it "
        "regretted the delay."
    )
    said = [one.text for one in extractor.statements(text)]
    assert "Syria's Kurds have agreed to talks with the government in Damascus" in said
    assert all("\n" not in text[one.start : one.end] for one in extractor.statements(text))
