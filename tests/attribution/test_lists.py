"""What is said in the items of a list."""

import pytest

from stance.attribution.lists import with_lists
from stance.attribution.spans import Attribution
from stance.attribution.statements import statements_of
from stance.attribution.textview import view_of


@pytest.mark.parametrize(
    "marks", [("1. ", "2. "), ("\u2022 ", "\u2022 "), ("(a) ", "(b) "), ("- ", "- ")]
)
def test_each_item_is_said(marks: tuple[str, str]) -> None:
    text = (
        "OSLO, May 4 (AP) - Prime Minister Edvard Lund said on Tuesday:\n"
        f"{marks[0]}The government will attend the talks in Oslo.\n"
        f"{marks[1]}It will not negotiate under fire.\n"
        "Nobody asked why."
    )
    view = view_of(text)
    inside = text.index("negotiate")
    found = with_lists(view, [Attribution(((inside, inside + 9),), None)])
    assert [(s.speaker, s.text) for s in statements_of(text, view, found)] == [
        ("Prime Minister Edvard Lund", "The government will attend the talks in Oslo."),
        ("Prime Minister Edvard Lund", "It will not negotiate under fire."),
    ]


def test_what_nobody_is_said_to_say_is_no_list() -> None:
    for text in (
        "Three towns fell:\n1. Oslo.\n2. Bergen.",
        "The minister said:\n1. The government will attend.",
        "The minister said he would come.\n1. Oslo.\n2. Bergen.",
    ):
        assert with_lists(view_of(text), []) == []


def test_an_item_that_opens_a_list_is_read_once() -> None:
    view = view_of("The ministry said:\n- The army agreed:\n- One thing.\n- Another thing.")
    said = [view.text[slice(*one.content[0])] for one in with_lists(view, [])]
    assert said == ["The army agreed:", "One thing.", "Another thing."]
    assert len(with_lists(view_of("- The minister said:\n" * 300), [])) == 299
