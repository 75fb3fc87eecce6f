import pytest

from stance.attribution.layout import colon_of_dateline, dateline_end
from stance.attribution.textview import view_of


def paragraphs(text: str) -> list[str]:
    return [text[start:end] for start, end in view_of(text).paragraphs]


@pytest.mark.parametrize(
    "following",
    [
        "KYIV, May 14 (AP) - Ukraine's president ruled them out on Tuesday in a speech.",
        "Geneva (Reuters) — Ukraine's president ruled them out on Tuesday in a speech.",
        "- Kyiv ruled them out",
        "• Kyiv ruled them out",
        "2. Kyiv ruled them out",
        "3) Kyiv ruled them out",
        "VOLODYMYR ZELENSKY: We do not negotiate with occupiers.",
        "The president of Ukraine ruled them out on Tuesday.",
        "Volodymyr Zelensky ruled them out on Tuesday" + " in a speech to the country" * 5 + ".",
    ],
)
def test_a_headline_is_a_paragraph(following: str) -> None:
    headline = "Zelensky says Russia must withdraw from all territory before talks"
    assert paragraphs(f"{headline}\n{following}") == [headline, following]


def test_lines_of_a_list_are_paragraphs() -> None:
    bullets = [
        "Reactions to the proposal for a ceasefire conference in Doha",
        "- The African Union urged all the parties to attend without delay",
        "- Rebel leader Musa Tarik rejected the proposal as a trap of the government",
        "- ceasefire first, says the army, whose delegation has not left yet",
    ]
    assert paragraphs("\n".join(bullets)) == bullets
    ticker = [
        "RUSSIA'S LAVROV SAYS NO POINT IN TALKS WITH UKRAINE NOW",
        "ISRAEL PM NETANYAHU SAYS WILL NOT ATTEND CAIRO NEGOTIATIONS",
        "SUDAN ARMY CHIEF BURHAN SAYS OPEN TO TALKS WITH THE FORCES",
    ]
    assert paragraphs("\n".join(ticker)) == ticker


def test_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "The foreign minister said on Monday that the talks with the army of\n"
        "Sudan in the capital would go on, whatever the delegation of General\n"
        "Burhan did, and that nobody had asked for a break; the envoy of the\n"
        "African Union was there."
    )
    assert paragraphs(text) == [text]
    assert paragraphs(f"Talks to go on\n{text}\n\nEnd.") == ["Talks to go on", text, "End."]
    small = "a short line\nthat goes on"
    assert paragraphs(small) == [small]


WRAPPED = (
    "The rebels' envoy said that he would stay in the capital. Nobody had\n"
    "told him to go. The minister, who had called him a liar on Monday,\n"
    "was seen at the same hotel. Neither of them would say what they did.\n"
    "Their drivers played cards.\n\n"
    "On Tuesday both had left, and the mediators gave the keys of the two\n"
    "suites back. They hope to need them again before the rains, they say.\n"
    "The hotel hopes so, too."
)


def test_a_line_of_a_wrapped_text_may_end_with_its_sentence() -> None:
    assert paragraphs(WRAPPED) == WRAPPED.split("\n\n")
    assert view_of(WRAPPED).text.count("\n") == 2
    labelled = WRAPPED.replace("The hotel hopes", "HOTEL: We hope")
    assert paragraphs(labelled)[-1] == "HOTEL: We hope so, too."
    short = WRAPPED.split("\n\n", maxsplit=1)[0]
    assert len(paragraphs(short)) > 1  # too little to tell


def test_a_word_that_would_have_fitted_begins_a_paragraph() -> None:
    lines = [
        "Zelensky says Russia must withdraw before talks",
        "Kyiv is a city with a very long history and more.",
    ]
    assert paragraphs("\n".join(lines)) == lines


@pytest.mark.parametrize(
    ("text", "colon"),
    [
        ("ISLAMABAD: The prime minister ruled out talks.", 9),
        ("NEW DELHI (PTI): The minister ruled out talks.", 15),
        ("KHUZDAR, May 4: The jirga met.", 14),
        ("KHUZDAR: The jirga would meet, its elder said.", 7),
        ("KHUZDAR: The jirga will meet.", None),  # who may well be somebody
        ("BLITZER: The talks failed, he said.\nKERRY: No.\nBLITZER: They did.", None),
        ("ISLAMABAD: We shall come, he said.", None),
        ("Islamabad: The prime minister ruled out talks.", None),
    ],
)
def test_the_colon_of_a_dateline(text: str, colon: int | None) -> None:
    assert colon_of_dateline(text) == colon
    folded = view_of(text)
    assert [a == b for a, b in zip(text, folded.text, strict=True)].count(False) == (
        0 if colon is None else 1
    )
    assert (dateline_end(folded.text, 0, len(text)) > 0) == (colon is not None)
