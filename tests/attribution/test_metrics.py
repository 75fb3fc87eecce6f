import pytest

from stance.attribution.spans import Attribution, merge
from stance.evaluation.attribution import Counts, count_article, scores_of
from stance.evaluation.attribution_baselines import by_quotation_marks

TEXT = 'He said "we will come," and left. She denied it.'


def attribution(*pieces: str, source: str | None = None) -> Attribution:
    spans = tuple((TEXT.index(p), TEXT.index(p) + len(p)) for p in pieces)
    mention = ((TEXT.index(source), TEXT.index(source) + len(source)),) if source else ()
    return Attribution(spans, None, mention)


def test_perfect_and_nothing() -> None:
    gold = [attribution("we will come", source="He")]
    perfect = scores_of(count_article(TEXT, gold, [gold]))
    assert perfect.characters == perfect.exact == perfect.sourced == (1.0, 1.0, 1.0)
    assert scores_of(count_article(TEXT, [], [gold])).characters == (0.0, 0.0, 0.0)
    assert scores_of(Counts()).exact == (0.0, 0.0, 0.0)


def test_quotation_marks_and_end_punctuation_do_not_count() -> None:
    gold = [attribution("we will come")]
    found = [attribution('"we will come,"')]
    scores = scores_of(count_article(TEXT, found, [gold]))
    assert scores.exact[2] == 1.0
    assert scores.characters[1] == 1.0


def test_overlap_exact_and_source_are_told_apart() -> None:
    gold = [attribution("we will come", source="He")]
    found = [attribution("will come", source="She")]
    counts = count_article(TEXT, found, [gold])
    assert (counts.overlapping, counts.exact, counts.sourced) == (1, 0, 0)


def test_one_found_matches_one_gold() -> None:
    gold = [attribution("we will come")]
    found = [attribution("we will come"), attribution("will come")]
    scores = scores_of(count_article(TEXT, found, [gold]))
    assert scores.overlapping == pytest.approx((0.5, 1.0, 2 / 3))


def test_annotators_are_averaged() -> None:
    found = [attribution("we will come")]
    counts = count_article(TEXT, found, [found, []])
    assert (counts.gold_spans, counts.overlapping, counts.found_spans) == (0.5, 0.5, 1.0)


def test_merge_joins_touching_spans() -> None:
    assert merge([(5, 7), (0, 2), (2, 4), (6, 9), (3, 3)]) == ((0, 4), (5, 9))


def test_baseline_finds_the_quotation_and_its_speaker() -> None:
    text = "\u201cWe will come to the talks,\u201d said Li Wei."
    (one,) = by_quotation_marks(text)
    assert text[slice(*one.content[0])] == "\u201cWe will come to the talks,\u201d"
    assert text[slice(*one.source[0])] == "Li Wei"
