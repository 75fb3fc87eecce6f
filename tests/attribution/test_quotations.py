from stance.attribution.textview import view_of


def quoted(text: str) -> list[str]:
    """The quotations of a text, from the opening mark up to, and without, the closing one."""
    view = view_of(text)
    inside = "".join(c if q else "\0" for c, q in zip(text, view.quoted, strict=True))
    return [part for part in inside.split("\0") if part]


def test_a_mark_is_closed_by_its_partner() -> None:
    for opening, closing in (
        "\u201c\u201d",
        '""',
        "\u00ab\u00bb",
        "\u00bb\u00ab",
        "\u201e\u201c",
        "\u201e\u201d",
        "\u201d\u201d",
        "\u00bb\u00bb",
        "\u201c\u201c",
        "\u300c\u300d",
    ):
        for text in (
            f"He said {opening}stop it{closing} twice.",
            f"{opening}stop it{closing}, he said, and left. He flew home.",
            f"\u201cOne.\u201d He said: {opening}stop it{closing}",
        ):
            assert quoted(text)[-1] == f"{opening}stop it", text
            assert len(quoted(text)) == 1 + text.startswith("\u201cOne"), text


def test_marks_of_several_styles_in_one_paragraph() -> None:
    text = "„Wir“ is old. She said: „We go.“ He left. »No«, said Karl. «Yes», said Jean. « Oui »"
    assert quoted(text) == ["„Wir", "„We go.", "»No", "«Yes", "« Oui "]
    assert quoted("„He called it “a trap” again”, she said.") == ["„He called it “a trap"]
    assert quoted("He is 6” tall. “Tall,” he said.") == ["“Tall,"]


def test_a_quotation_goes_on_over_paragraphs() -> None:
    for opening, closing in ("\u201c\u201d", '""', "\u00ab\u00bb", "\u201d\u201d", "\u201e\u201c"):
        text = f"{opening}First part.\n\n{opening}Second part.{closing} He left.\n\nNobody spoke."
        assert quoted(text) == [f"{opening}First part.", f"{opening}Second part."]


def single(text: str) -> list[str]:
    """The quotations in single marks, from the opening mark up to, and without, the closing."""
    view = view_of(text)
    inside = "".join(c if q else "\0" for c, q in zip(text, view.single, strict=True))
    return [part for part in inside.split("\0") if part]


def test_single_marks() -> None:
    text = (
        "‘We’re ready, but we won’t beg,’ said Omar, the rebels’ man. ‘Their terms aren’t serious.’"
    )
    assert single(text) == ["‘We’re ready, but we won’t beg,", "‘Their terms aren’t serious."]
    text = "'It's over,' Hadi said. 'The army's patience is gone.' He called it a 'trap', too."
    assert single(text) == ["'It's over,", "'The army's patience is gone.", "'trap"]
    assert single("‹We go.› he said. The ‘regime’ and the rebels’ men left.") == [
        "‹We go.",
        "‘regime",
    ]
    assert single("He said ‘the rebels’ men left’ today.") == ["‘the rebels’ men left"]
    assert single("(‘No “peace” yet,’ she said)") == ["‘No “peace” yet,"]


def test_apostrophes_are_no_single_marks() -> None:
    for text in (
        "The rebels’ spokesman and the ’90s generals’ men left.",
        "The rebels' spokesman told 'em in the '90s that the boys' club was shut.",
        "“We said ‘no,’ and left,” he said.",
        "He lives in ‘Abs and met Sana‘a’s mayor",
    ):
        assert single(text) == []


def test_single_marks_stand_beside_spaces_of_any_kind() -> None:
    for space in (" ", "\u00a0", "\t", "\u2009"):
        assert single(f"He said{space}‘we will talk today.’{space}Then he left.") == [
            "‘we will talk today."
        ]
