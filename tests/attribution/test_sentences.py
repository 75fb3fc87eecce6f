from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from stance.attribution.context import LIMIT, context_of
from stance.attribution.sentences import sentence_at, sentences_of
from stance.attribution.textview import view_of


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences_of(view_of(text))]


def test_abbreviations_and_quotations() -> None:
    text = 'Mr. Xi met Gen. J. Smith in the U.S. on Monday. "We agree." He left! Did he?'
    assert split(text) == [
        "Mr. Xi met Gen. J. Smith in the U.S. on Monday.",
        '"We agree."',
        "He left!",
        "Did he?",
    ]


def test_quotation_in_two_apostrophes_ends_a_sentence() -> None:
    assert split("''We agree.'' He left.") == ["''We agree.''", "He left."]


def test_sentence_may_end_in_an_abbreviation() -> None:
    assert split("He went to the U.S. The talks failed.") == [
        "He went to the U.S.",
        "The talks failed.",
    ]


@given(st.text(alphabet=st.sampled_from(list("aB. !?\n\"'"))))
def test_sentences_cover_every_letter(text: str) -> None:
    found = sentences_of(view_of(text))
    inside = sum(c.isalpha() for start, end in found for c in text[start:end])
    assert inside == sum(c.isalpha() for c in text)
    assert all(a[1] <= b[0] for a, b in pairwise(found))


def test_context_holds_the_sentence_before_and_the_lead() -> None:
    text = "Asked about talks, he was silent.\n\nLater the minister said he would come."
    sentences = sentences_of(view_of(text))
    start = text.index("he would come")
    assert context_of(text, sentences, start) == (
        "Asked about talks, he was silent. Later the minister said"
    )
    assert sentence_at(sentences, start) == 1


def test_context_is_short_and_absent_at_the_start() -> None:
    text = "word " * 200 + "end. He agreed."
    context = context_of(text, sentences_of(view_of(text)), text.index("He agreed"))
    assert context is not None
    assert len(context) <= LIMIT
    assert context_of("He agreed.", sentences_of(view_of("He agreed.")), 0) is None
    assert context_of("", [], 0) is None


def test_a_headline_is_a_sentence_of_the_context_and_marks_before_a_line_are_none() -> None:
    def context(text: str, statement: str) -> str | None:
        return context_of(text, sentences_of(view_of(text)), text.index(statement))

    text = "Kyiv rejects talks\n\nKYIV, May 14 (AP) - Ukraine's president said he would not come."
    assert context(text, "he would") == "Kyiv rejects talks. Ukraine's president said"
    assert context(text, "Ukraine's president") == "Kyiv rejects talks"
    assert context("- Kyiv left.\n• Moscow said it would stay.", "it would") == (
        "Kyiv left. Moscow said"
    )
    assert context("MOSCOW \u2014 Russia said it would stay.", "it would") == "Russia said"


def test_a_quotation_before_a_statement_keeps_both_marks() -> None:
    text = 'Nobody came. "He will come," the analyst said, adding that he "would not stay".'
    sentences = sentences_of(view_of(text))
    context = context_of(text, sentences, text.index('he "would'))
    assert context == 'Nobody came. "He will come," the analyst said, adding that'
    assert context_of(text, sentences, text.index("He will")) == "Nobody came."
