from hypothesis import given
from hypothesis import strategies as st

from stance.attribution.textview import view_of

TRICKY = st.text(
    alphabet=st.sampled_from(
        list("ab. \n\"'\u201c\u201d\u00ab\u00bb\u2019\x00\t<>p/&;\u05d0\u0645\U0001f600\r")
    )
)


@given(st.one_of(st.text(), TRICKY))
def test_view_keeps_every_offset(text: str) -> None:
    view = view_of(text)
    assert len(view.text) == len(text) == len(view.quoted)


@given(st.one_of(st.text(), TRICKY))
def test_paragraphs_are_ordered_and_trimmed(text: str) -> None:
    view = view_of(text)
    last = 0
    for start, end in view.paragraphs:
        assert last <= start < end
        assert view.text[start:end] == view.text[start:end].strip()
        last = end


def quoted(text: str) -> str:
    view = view_of(text)
    return "".join(c for c, inside in zip(view.text, view.quoted, strict=True) if inside)


def test_styles_of_quotation_marks() -> None:
    for opening, closing in ("\u201c\u201d", '""', "\u00ab\u00bb", "\u201e\u201c", "\u300c\u300d"):
        assert quoted(f"He said {opening}stop it{closing} twice.") == '"stop it'


def test_open_quotation_ends_with_its_paragraph() -> None:
    text = "\u201cFirst part of a speech.\n\n\u201cSecond part.\u201d He left.\n\nNobody spoke."
    assert quoted(text) == '"First part of a speech."Second part.'


def test_wrapped_lines_are_one_paragraph() -> None:
    wrapped = (
        "The foreign minister said on Monday that the talks in the\ncapital would go on.\n\nEnd."
    )
    assert len(view_of(wrapped).paragraphs) == 2
    assert len(view_of("Heading\nThe text follows here.").paragraphs) == 2


def test_markup_is_blanked_in_place() -> None:
    text = "<p>He said &quot;no&quot; to <b>talks</b>.</p><script>x<y</script>"
    view = view_of(text)
    assert view.text.split() == ["He", "said", '"no"', "to", "talks", "."]
    assert text[view.text.index("talks") :].startswith("talks</b>")


def test_date_stamp_before_an_article_is_blanked() -> None:
    view = view_of(" date 2024-05-15 Western leaders met.")
    assert view.text.strip() == "Western leaders met."
    assert view_of("On 2024-05-15 they met.").text == "On 2024-05-15 they met."


def test_lone_signs_are_not_markup() -> None:
    assert view_of("3 < 5 and 7 > 6").text == "3 < 5 and 7 > 6"


def test_two_apostrophes_are_a_quotation_mark() -> None:
    view = view_of("''We come,'' he said. ``It's not 'over'.'' She left.")
    assert view.text == '" We come, " he said. " It\'s not \'over\'. " She left.'
    assert quoted(view.text) == "\" We come, \" It's not 'over'. "
    assert quoted("''Stop me 'now,''' he said.") == "\" Stop me 'now,' "
    for kept in ("don''t", "a '''' b", "5'"):
        assert view_of(kept).text == kept


def test_titles_and_menus_are_no_text_and_captions_are_paragraphs() -> None:
    page = (
        "<html><head><title>Talks</title></head><nav class='a'><a>Home</a></nav>"
        "<h1>No talks</h1><figcaption>A hall.</figcaption><dl><dt>One<dd>Two</dl></html>"
    )
    view = view_of(page)
    assert [view.text[start:end] for start, end in view.paragraphs] == [
        "No talks",
        "A hall.",
        "One",
        "Two",
    ]
    assert "Home" in view_of("<nav>Home, without an end").text


def test_the_marks_of_entities_are_marks_of_their_kind() -> None:
    text = "&bdquo;No&ldquo;, he said. He left. &rdquo;Yes,&rdquo; she said."
    view = view_of(text)
    inside = "".join(c if q else "|" for c, q in zip(view.text, view.quoted, strict=True))
    assert [part.strip() for part in inside.split("|") if part.strip()] == ['"No', '"Yes,']
