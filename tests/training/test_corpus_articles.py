"""The labelled articles: what is counted of them, and that they keep clear of what is tested on."""

import json
from pathlib import Path
from typing import Any

from stance import Statement
from training.corpus_articles import TESTED_FILES, TRAINED_FILES, article_figures, read_both

_TEXT = "The abbot asked both armies to come to his orchard on Friday. The general did not."


def _article(name: str, *words: str, **coders: str) -> dict[str, Any]:
    said = [
        {
            "speaker": "the abbot",
            "speech": "act",
            "spans": [[_TEXT.index(part), _TEXT.index(part) + len(part)]],
            "label": "supporting",
            "coder_a": "supporting",
            **coders,
        }
        for part in words
    ]
    return {"id": name, "text": _TEXT, "statements": said}


def _corpus(folder: Path) -> Path:
    long = "asked both armies to come to his orchard on Friday"
    twice = _article("t1", long, "did not", coder_b="supporting")
    more = [[_article(f"a{i}", "did not")] for i in range(2, len(TRAINED_FILES) + 1)]
    trained = [[_article("a1", long, "did not")], *more]
    once = [[_article("t2", "did not")], [twice], [_article("t3", "did not")]]
    others = len(TESTED_FILES) - len(once) - 1
    coded = [[_article(f"s{i}", "did not", coder_b="supporting")] for i in range(others)]
    tested = [[twice], *once, *coded]
    for name, rows in zip((*TRAINED_FILES, *TESTED_FILES), [*trained, *tested], strict=True):
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return folder


def _trained(folder: Path) -> list[Statement]:
    return [item.statement for item in read_both(folder)[0]]


def test_figures(tmp_path: Path) -> None:
    folder = _corpus(tmp_path)
    tested = [Statement("He did not."), Statement("Not at all.")]
    figures = article_figures(folder, _trained(folder), tested, 0.5)
    assert figures["articles"] == len(TRAINED_FILES)
    assert figures["articles' statements"] == len(TRAINED_FILES) + 1
    assert figures["tested articles"] == len(TESTED_FILES)
    assert figures["tested articles' statements"] == len(TESTED_FILES) + 2
    assert figures["articles' duplicate ids"] == 1
    assert figures["tested articles' statements coded once"] == 2


def test_what_is_too_near_to_a_test_is_counted_unless_it_is_nobodys_own(tmp_path: Path) -> None:
    folder = _corpus(tmp_path)
    near = [
        Statement("He asked both armies to come to his orchard on Friday"),
        Statement("did not"),
    ]
    figures = article_figures(folder, _trained(folder), near, 0.5)
    assert figures["articles' near-duplicates of tests"] == 1


def test_tested_articles_are_apart(tmp_path: Path) -> None:
    folder = _corpus(tmp_path)
    for number, file in enumerate((*TRAINED_FILES, *TESTED_FILES)):
        name = f"a{number}"
        (folder / file).write_text(json.dumps(_article(name, "did not")) + "\n", "utf-8")
    trained, tested = read_both(folder)
    assert [item.id for item in trained] == [f"a{i}-1" for i in range(len(TRAINED_FILES))]
    first = len(TRAINED_FILES)
    assert [item.id for item in tested] == [f"a{first + i}-1" for i in range(len(TESTED_FILES))]
