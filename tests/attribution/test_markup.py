import pytest

from stance import Statement
from stance.attribution.extract import Extractor
from stance.attribution.markup import blank_markup, entities_of, without_markup
from stance.attribution.spans import widened
from stance.encoding import render

PAGE = (
    "<html><head><title>Talks</title></head><body><nav><a href='/'>Home</a></nav>"
    "<h1>Sudan army rejects talks</h1><p>Sudan&#8217;s army <b>rejected</b> an invitation to "
    "talks, its spokesman Nabil Abdallah said.</p><p>&ldquo;We will not go to Geneva,&rdquo; "
    "he said.</p></body></html>"
)


def test_spans_are_widened_to_widened() -> None:
    text = "&ldquo;No,&rdquo; he &amp; she &unknown; said"
    entities = entities_of(text)
    assert [text[slice(*span)] for span in entities] == ["&ldquo;", "&rdquo;", "&amp;"]
    spans = widened([(6, 11), (7, 10), (0, 17), (29, 35)], entities)
    assert [text[slice(*span)] for span in spans] == [
        "&ldquo;No,&rdquo;",
        "No,",
        "&ldquo;No,&rdquo;",
        text[29:35],
    ]
    assert widened([(1, 3)], entities_of("no & such;")) == [(1, 3)]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('"20 people were killed," he said.', '"20 people were killed," he said.'),
        ('He said: "3 of us came."', 'He said: "3 of us came."'),
        ("“No,”12 he said.", "“No,”   he said."),
        ('"No."3 He left.', '"No."  He left.'),
    ],
)
def test_the_number_of_a_footnote_is_none_of_a_quotation(text: str, read: str) -> None:
    assert blank_markup(text) == read


def test_a_statement_is_read_without_the_marks_of_markdown() -> None:
    assert without_markup("We **will** go to [Oslo](https://ex.org/a).").split() == [
        *["We", "will", "go", "to", "Oslo", "."]
    ]


def test_a_page_is_read_without_its_markup(extractor: Extractor) -> None:
    headline, first, *_, last = extractor.statements(PAGE)
    assert (headline.text, headline.speaker) == ("rejects talks", "Sudan army")
    assert first.text == "Sudan&#8217;s army <b>rejected</b> an invitation to talks"
    assert first.context == "Sudan army rejects talks. Its spokesman Nabil Abdallah said"
    assert last.text == "&ldquo;We will not go to Geneva,&rdquo;"
    assert last.text == PAGE[last.start : last.end]
    assert last.context is not None
    assert last.context.startswith("Sudan\u2019 s army rejected an invitation")
    for one in (first, last):
        assert one.speaker is not None
        assert one.speaker.endswith("spokesman Nabil Abdallah")


def test_the_model_reads_a_statement_without_its_markup() -> None:
    text = "&ldquo;We <b>will</b> go,&rdquo;"
    words, _ = render(Statement(text))
    assert words.split() == ["\u201cWe", "will", "go,\u201d"]
    for kept in ("3 < 5 & 7 > 6", "R&D; no", "<p>", "We will go,\n he said "):
        assert render(Statement(kept)) == (kept, None)
    assert without_markup("plain") == "plain"


def test_markdown_and_footnotes_are_blanked_in_place() -> None:
    text = "The [Muscat talks](https://ex.org/a_(b)) are **dead**,²³ she said. “No,”12 he said [3]."
    blank = blank_markup(text)
    assert len(blank) == len(text)
    assert " ".join(blank.split()) == ("The Muscat talks are dead , she said. “No,” he said [3].")
    assert blank.index("Muscat") == text.index("Muscat")
    for plain in ("[12](see below)", "2 ** 3", "x[1](y)", "snake__case", "“No,”123456 he"):
        assert blank_markup(plain).replace(" ", "") == plain.replace(" ", "").replace("**", "")
