import sys

import pytest

from stance.attribution.language import is_english
from stance.attribution.markup import text_of_html
from stance.errors import InputError

ENGLISH = "The minister said on Monday that the talks with the rebels would be held in the capital."


def test_english_and_others() -> None:
    assert is_english(ENGLISH)
    assert is_english("")
    assert is_english("Talks resume")
    assert not is_english(
        "Le ministre a déclaré lundi que les négociations avec les rebelles auraient lieu à Paris."
    )
    assert not is_english(
        "Der Minister sagte am Montag, dass die Gespräche mit den Rebellen in Wien weitergehen."
    )
    assert not is_english("министр сказал")
    assert not is_english(" " * 21_000 + "Le ministre a déclaré que les négociations avec les " * 9)


def test_html_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(ImportError, match=r"pip install '\.\[html\]'"):
        text_of_html("<p>x</p>")


def test_html_page() -> None:
    pytest.importorskip("trafilatura")
    body = f"<nav>Menu</nav><article><p>{ENGLISH}</p><p>{ENGLISH}</p></article>"
    page = f"<html><body>{body}</body></html>"
    assert ENGLISH in text_of_html(page)
    with pytest.raises(InputError, match="no article"):
        text_of_html("<html></html>")
