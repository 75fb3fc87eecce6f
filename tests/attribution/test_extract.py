import re
import shutil
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance.attribution.decoding_config import DecodingConfig, read_decoding, write_decoding
from stance.attribution.encoding import windows_of
from stance.attribution.extract import Extractor, _extraction
from stance.attribution.language import LanguageWarning
from stance.attribution.sentences import sentences_of
from stance.attribution.spans import Attribution, shifted
from stance.attribution.statements import statements_of
from stance.attribution.tagger import OVERLAP, SHIPPED_TAGGER, WINDOW
from stance.attribution.textview import TextView, view_of
from stance.errors import ArtifactError
from stance.records import Statement

STANCE = str(Path(statements_of.__code__.co_filename).parents[1])
PIECES = (
    'he|said|\u201cyes|no,\u201d|"|Mr. Xi|\n\n|\x00|\u05e9\u05dc\u05d5\u05dd|\U0001f600|talks.|'
    "<p>|&quot;|A:|\ud800|e\u0301|\u0130stanbul|\r\n|\ufb01|\n3\n|\f|nego-\ntiate"
)
WORDS = st.sampled_from(PIECES.split("|"))


def check(text: str, statements: list[Statement]) -> None:
    last = (0, 0)
    for one in statements:
        assert one.text == " ".join(text[s:e] for s, e in one.spans)
        assert one.start == one.spans[0][0] >= last[0]
        assert one.end == one.spans[-1][1] <= len(text)
        assert all(s < e for s, e in one.spans)
        assert all(a[1] <= b[0] for a, b in zip(one.spans, one.spans[1:], strict=False))
        if one.source_start is not None and one.source_end is not None:
            assert 0 <= one.source_start < one.source_end <= len(text)
        assert one.cue is None or one.cue in text
        assert one.text.strip()
        last = one.spans[0]


@pytest.mark.filterwarnings("ignore::stance.attribution.language.LanguageWarning")
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=80).map(" ".join)))
def test_every_offset_slices_back(tiny_extractor: Extractor, text: str) -> None:
    check(text, tiny_extractor.statements(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n ",
        "\u201cOnly a quotation, and nothing else at all.\u201d",
        "\u201cAn opened quotation that never ends, he said.\n\n\u201cAnd another one.",
        "x" * 100_000,
        "word " * 2_000,
        "\x00" * 50,
        '"' * 500,
    ],
)
@pytest.mark.filterwarnings("ignore::stance.attribution.language.LanguageWarning")
def test_bad_input_never_crashes(tiny_extractor: Extractor, text: str) -> None:
    check(text, tiny_extractor.statements(text))


@pytest.mark.parametrize(
    "piece",
    [
        "\u201cWe will come,\u201d Mr. Xi said. The ministry said that talks failed.\n\n",
        "no end of a paragraph,\nand a wrapped line that goes on for more than fifty signs ",
        "<script> <!-- &amp; ",
        "Dear Ann, I said.\n\nA statement by the Front of Ann's words.\n\nWill you?\n\n",
        "          ",
        '"a',
        "- The minister said:\n",
        "The army      attacked the rebels who said no. ",
        "It said no. They said so, which tells them that the Front (NAS) will come. ",
        "A: We said yes.\nWe said no.\n",
        ". . . -- ... The army was quoted as saying no. ",
    ],
)
@pytest.mark.filterwarnings("ignore::stance.attribution.language.LanguageWarning")
def test_work_is_linear_in_length(piece: str) -> None:
    once, twice = (_lines_run((piece * 20_000)[:length]) for length in (20_000, 40_000))
    assert twice < 2.2 * once
    # Work inside regular expressions is not counted: were it quadratic, this would take minutes.
    text = (piece * 200_000)[:200_000]
    check(text, _all_but_the_network(text))


def _all_but_the_network(text: str) -> list[Statement]:
    """Every stage but the network, whose windows `test_windows_are_linear_in_length` counts."""
    view = view_of(text)
    tagged = [_told(view, *span) for span in sentences_of(view)]
    return list(_extraction(text, view, tagged).statements)


def _told(view: TextView, start: int, end: int) -> Attribution:
    """A sentence as if its second word told what its first one says."""
    words = [word.span() for word in re.finditer(r"\S+", view.text[start:end])][:2]
    if len(words) < 2 or words[1][1] == end - start:
        return Attribution(((start, end),), None)
    source, cue = shifted(words, start)
    return Attribution(((cue[1], end),), cue, (source,))


def _lines_run(text: str) -> int:
    """How many lines of stance run, each as often as a loop passes it."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        if STANCE not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        _all_but_the_network(text)
    finally:
        sys.settrace(before)
    return count


def test_windows_are_linear_in_length() -> None:
    for length in (1_000, 100_000):
        windows = windows_of(length, WINDOW, OVERLAP)
        assert len(windows) <= length / (WINDOW - OVERLAP) + 1
        assert max(window.end - window.start for window in windows) <= WINDOW


def test_style_of_quotation_marks_changes_nothing(extractor: Extractor) -> None:
    def found(opening: str, closing: str) -> list[tuple[str, str | None, str]]:
        text = (
            f"The talks failed. {opening}We will come back in May,{closing} the envoy Anna Lind "
            f"said on Monday. {opening}Nobody has given up.{closing} She left at once."
        )
        return [
            (one.text.replace(opening, "<").replace(closing, ">"), one.speaker, str(one.speech))
            for one in extractor.statements(text)
        ]

    expected = found("\u201c", "\u201d")
    assert expected[0][0].startswith("<We will come back in May,>")
    assert found("``", "''") == expected


def test_batch_equals_single(tiny_extractor: Extractor) -> None:
    texts = ["He said yes to talks. " * n for n in (1, 40, 3)]

    def places(found: list[Statement]) -> list[tuple[int | None, int | None, str | None]]:
        return [(one.start, one.end, one.speaker) for one in found]

    batched = tiny_extractor.statements_batch(texts)
    alone = [tiny_extractor.statements(text) for text in texts]
    assert [places(found) for found in batched] == [places(found) for found in alone]
    assert all(batched)
    assert tiny_extractor.statements_batch([]) == []


def test_other_languages_are_flagged(tiny_extractor: Extractor) -> None:
    french = (
        "Le ministre a dit que les négociations avec les rebelles auraient lieu à Genève lundi."
    )
    with pytest.warns(LanguageWarning, match="article 1"):
        tiny_extractor.statements_batch(["He said that the talks would go on.", french])
    assert not tiny_extractor.extract_batch([french])[0].english


def test_an_altered_tagger_is_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(SHIPPED_TAGGER, tmp_path / "tagger")
    with (folder / "decoding.json").open("a", encoding="utf-8") as file:
        file.write("\n")
    with pytest.raises(ArtifactError, match=r"decoding\.json was altered"):
        Extractor.load(folder)


def test_missing_or_foreign_folder(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match=r"has no config\.json"):
        Extractor.load(tmp_path)
    write_decoding(tmp_path, DecodingConfig(bias=1.5))
    assert read_decoding(tmp_path).bias == 1.5
    (tmp_path / "decoding.json").write_text('{"treshold": 1}', encoding="utf-8")
    with pytest.raises(ArtifactError, match="treshold"):
        read_decoding(tmp_path)
