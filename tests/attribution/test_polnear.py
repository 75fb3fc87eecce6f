from pathlib import Path

import pytest

from stance.errors import InputError
from training.attribution_polnear import parse_annotations, read_split

TEXT = "He said it\nwas over. Nobody asked."
GOOD = "\n".join(
    [
        "T1\tSource 0 2\tHe",
        "T2\tCue 3 7\tsaid",
        "T3\tContent 8 10;11 19\tit was over",
        "T4\tAttribution 3 7\tsaid",
        "E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1",
        "#1\tAnnotatorNotes T4\twhat?",
        "",
    ]
)


def test_reads_pieces() -> None:
    (one,) = parse_annotations(GOOD, TEXT, "a.ann")
    assert (one.content, one.cue, one.source) == (((8, 10), (11, 19)), (3, 7), ((0, 2),))


def test_wrapped_line_is_read_by_its_offsets() -> None:
    wrapped = GOOD.replace("8 10;11 19\tit was over", "8 19\tit\nwas over")
    (one,) = parse_annotations(wrapped, TEXT, "a.ann")
    assert one.content == ((8, 19),)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("T1\tSource", "T1 Source", "a.ann:1: neither"),
        ("0 2\tHe", "0 99\tHe", "a.ann:1: offsets 0 99"),
        ("\tHe", "\tShe", "a.ann:1: covers 'She'"),
        ("Cue:T2", "Cue:T9", "a.ann:5: Cue:T9"),
    ],
)
def test_anything_else_is_an_error_with_its_place(old: str, new: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_annotations(GOOD.replace(old, new), TEXT, "a.ann")


def test_attribution_without_content_is_left_out() -> None:
    assert parse_annotations(GOOD.replace(" Content:T3", ""), TEXT, "a.ann") == ()


def test_folder_with_several_annotators(tmp_path: Path) -> None:
    (tmp_path / "dev" / "text").mkdir(parents=True)
    (tmp_path / "dev" / "attributions").mkdir()
    (tmp_path / "dev" / "text" / "a.txt").write_text(TEXT, encoding="utf-8")
    for annotator in ("0a1b", "ffff"):
        (tmp_path / "dev" / "attributions" / f"a_{annotator}.ann").write_text(GOOD, "utf-8")
    (article,) = read_split(tmp_path, "dev")
    assert (article.name, len(article.annotations)) == ("a", 2)


def test_missing_corpus_names_the_fix(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--polnear PATH"):
        read_split(tmp_path, "train")
