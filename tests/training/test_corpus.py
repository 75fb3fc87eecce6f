"""The corpus keeps its promises: schema, splits, duplicates, counts, shortcuts."""

import json
from pathlib import Path

import pytest

from stance import InputError
from stance.settings import load_config
from tests.conftest import FIXTURES, ROOT
from training.corpus_check import CorpusConfig, all_figures, faults
from training.corpus_duplicates import frequent_ngrams, near_duplicates
from training.corpus_schema import CorpusRow, read_corpus

_CONFIG = load_config(ROOT / "configs" / "corpus.yaml", CorpusConfig)


@pytest.fixture(scope="module")
def rows() -> list[CorpusRow]:
    return read_corpus(ROOT / _CONFIG.folder)


def test_every_figure_is_within_its_bounds(rows: list[CorpusRow]) -> None:
    assert faults(all_figures(rows, _CONFIG), _CONFIG) == []


def test_a_bound_of_no_figure_is_named() -> None:
    config = _CONFIG.model_copy(update={"bounds": {"pol": (1.0, None)}})
    assert faults({"pool": 2.0}, config) == ["bounds: pol: no such figure; known: pool"]


def test_no_statement_is_near_one_of_the_seed_article(rows: list[CorpusRow]) -> None:
    template = rows[0].model_dump()
    lines = (FIXTURES / "statements.jsonl").read_text("utf-8").splitlines()
    fixtures = [
        CorpusRow.model_construct(**{**template, "text": json.loads(line)["text"], "pair": None})
        for line in lines
    ]
    found = near_duplicates([*fixtures, *rows], _CONFIG.near_duplicate)
    assert not [pair for pair in found if pair[0] in fixtures]


def test_a_copied_statement_is_found(rows: list[CorpusRow]) -> None:
    long = next(row for row in rows if len(row.text.split()) > 30)
    copy = long.model_copy(update={"text": long.text + " Indeed.", "pair": None})
    assert [pair[2] > 0.8 for pair in near_duplicates([long, copy], 0.5)] == [True]


def test_a_template_is_found() -> None:
    texts = [f"The minister said that he would not comment on {i}" for i in range(10)]
    gram, share = frequent_ngrams(texts)[0]
    assert share == 1.0
    assert len(gram.split()) == 6


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"label": "neutral"}, "label"),
        ({"text": "Too short."}, "words"),
        ({"role": "wizard"}, "role"),
        ({"coder_b": "opposing", "coder_a": "supporting"}, "settled"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, change: dict[str, str], message: str) -> None:
    line = (ROOT / "corpus" / "train.jsonl").read_text("utf-8").splitlines()[0]
    (tmp_path / "train.jsonl").write_text(json.dumps({**json.loads(line), **change}), "utf-8")
    with pytest.raises(InputError, match=rf"train\.jsonl:1: .*{message}"):
        read_corpus(tmp_path)
