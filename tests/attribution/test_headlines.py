"""Headlines that end with who says it."""

import pytest

from stance.attribution.headlines import with_headlines
from stance.attribution.spans import Attribution
from stance.attribution.textview import view_of

_BELOW = "\n\nThere is no point in talks, Foreign Minister Sergey Orlov said."


@pytest.mark.parametrize(
    ("what", "dash", "who"),
    [
        ("No point in talks while drones fly", "\u2014", "Russian senior diplomat"),
        ("Talks pointless at this stage", "\u2013", "Orlov"),
        ("Ceasefire \u2018within reach\u2019", "-", "foreign ministry"),
    ],
)
def test_the_source_stands_last(what: str, dash: str, who: str) -> None:
    text = f"{what} {dash} {who}{_BELOW}"
    (one,) = with_headlines(view_of(text), [])
    assert text[slice(*one.content[0])] == what
    assert text[slice(*one.source[0])] == who


@pytest.mark.parametrize(
    "line",
    [
        "Gaza ceasefire talks resume - BBC News",
        "Peace talks in Geneva \u2013 Day 3",
        "The evening bulletin \u2014 Radio Orlov",
        "No point in talks while drones fly \u2014 Lavrov",  # nobody of that name below
        "They met \u2014 the mediator said so \u2014 in Cairo.",
    ],
)
def test_no_source(line: str) -> None:
    assert with_headlines(view_of(line + _BELOW), []) == []


def test_what_is_found_already_is_not_found_twice() -> None:
    text = f"Talks pointless at this stage \u2013 Orlov{_BELOW}"
    found = [Attribution(((0, 5),), (6, 15))]
    assert with_headlines(view_of(text), found) == found
