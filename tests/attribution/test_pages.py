import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance import Statement
from stance.attribution.extract import Extractor
from stance.attribution.pages import blank_pages, broken_words, page_breaks, whole_words
from stance.attribution.textview import view_of
from stance.encoding import render

PAGES = (
    "REPORT OF THE ENVOY 2021/88\n\n"
    "Colonel Ayo Danso said on Monday that his movement would nego-\n"
    "tiate with the government in Lomé as soon as the rains were over and\n\n"
    "- 1 -\n\fREPORT OF THE ENVOY 2021/89\n\n"
    "that nothing had been signed. The minister, Ruth Amadi, dismissed the plan as a vice-\n"
    "president's dream.\n\nPage 2 of 2\n"
)
TRICKY = st.text(alphabet=st.sampled_from(list("ab -\u00ad\n\f\r12|/")))


def at(text: str, piece: str) -> int:
    return text.index(piece)


@given(st.one_of(st.text(), TRICKY))
def test_pages_move_no_offset(text: str) -> None:
    breaks = page_breaks(text)
    assert len(blank_pages(text, breaks)) == len(text)
    assert list(breaks) == sorted(breaks)
    assert all(start < end for start, end in breaks)


def test_numbers_and_running_heads_are_blanked_in_place() -> None:
    blank = blank_pages(PAGES, page_breaks(PAGES))
    assert blank.count("REPORT") == 1
    assert "- 1 -" not in blank
    assert "Page 2" not in blank
    for kept in ("would", "that nothing", "Ruth Amadi"):
        assert at(blank, kept) == at(PAGES, kept)


def test_a_paragraph_goes_on_behind_a_page_break() -> None:
    view = view_of(PAGES)
    first = view.paragraph_at(at(PAGES, "Colonel"))
    assert view.paragraph_at(at(PAGES, "that nothing")) == first


@pytest.mark.parametrize(
    "text",
    [
        "He called three times.\n\nThe year was\n\n1994 and all was quiet.",
        "Peace talks\n\nPeace talks\n\nHe said no.",
        "A well-known plan - the last one - was dropped.",
        "1. The army withdraws.\n2. Talks begin.",
        "2014\nThe rebels refuse.\n2015\nThe rebels refuse.\n2016\nThe army agrees.",
    ],
)
def test_a_text_without_pages_stays_as_it_is(text: str) -> None:
    assert page_breaks(text) == ()
    assert blank_pages(text, ()) == text


def test_broken_words_are_whole_where_their_first_half_stood() -> None:
    blank = blank_pages(PAGES, page_breaks(PAGES))
    assert at(blank, "negotiate  ") == at(PAGES, "nego-")
    assert [PAGES[s:e] for s, e in broken_words(PAGES)] == ["nego-\ntiate", "vice-\npresident"]
    assert whole_words("a cease-\n  fire; the cease-fire; Ban-\nKi") == (
        "a cease-fire; the cease-fire; Ban-\nKi"
    )


def test_a_page_may_end_inside_of_a_word(extractor: Extractor) -> None:
    said = "said on Monday that his movement would never nego-"
    text = f"Colonel Ayo Danso {said}\n\n- 1 -\n\ftiate.\n\nNobody in the capital was surprised."
    assert [text[s:e] for s, e in broken_words(text, page_breaks(text))] == [
        "nego-\n\n- 1 -\n\ftiate"
    ]
    (one,) = extractor.statements(text)
    assert one.text == "his movement would never nego- tiate"


def test_the_model_reads_whole_words() -> None:
    assert render(Statement("We will nego-\ntiate.")) == ("We will negotiate.", None)


def test_statements_leave_page_breaks_out(extractor: Extractor) -> None:
    first, *_, last = extractor.statements(PAGES)
    assert first.speaker == "Colonel Ayo Danso"
    assert "REPORT" not in first.text
    assert first.text.startswith("his movement would nego-\ntiate")
    assert all(one.text == " ".join(PAGES[s:e] for s, e in one.spans) for one in (first, last))
    assert last.speaker == "The minister, Ruth Amadi"
    assert last.text.endswith("dream")
