"""Articles whose statements are labelled, as the tagger learns from them."""

from collections.abc import Sequence

import numpy as np
import pytest
from pydantic import ValidationError

from stance.attribution.extract import Extractor
from stance.attribution.spans import Attribution
from stance.attribution.tagger import SHIPPED_TAGGER
from stance.encoding import open_tokenizer
from stance.evaluation.articles import LabelledArticle
from stance.records import Span
from stance.settings import load_config
from tests.attribution.conftest import CONFIGS
from training.attribution_articles import Marked, labelled_articles, marked
from training.attribution_config import AttributionConfig, WindowConfig
from training.attribution_labels import IGNORE
from training.attribution_windows import batches, window_ids

TEXT = (
    "The rebels have walked out of the hall. The envoy said they would be back, and flew home. "
    "Captain Ali, who had pressed for talks, agreed. So did Brown. The bishop has bought boots."
)


class _Drafts(Extractor):
    """What a tagger found, without one."""

    def __init__(self, *found: Attribution) -> None:
        self._found = list(found)

    def attributions_batch(self, texts: Sequence[str]) -> list[list[Attribution]]:
        return [self._found for _ in texts]


def _at(words: str) -> Span:
    return TEXT.index(words), TEXT.index(words) + len(words)


def _marked(*said: tuple[str, str, str], drafts: Sequence[Attribution] = ()) -> Marked:
    """Of statements as (speaker, speech, words)."""
    statements = [
        {"speaker": who, "speech": how, "spans": [_at(words)], "label": label, "coder_a": label}
        for label in ("opposing",)
        for who, how, words in said
    ]
    given = {"id": "t", "text": TEXT, "statements": statements}
    (one,) = marked([LabelledArticle.model_validate(given)], _Drafts(*drafts))
    return one


def _words(one: Marked) -> list[tuple[str, str, str]]:
    """Source, cue and content of each attribution."""

    def text(spans: Sequence[Span]) -> str:
        return " ".join(TEXT[slice(*span)] for span in spans).strip()

    return [
        (text(a.source), text([a.cue] if a.cue else []), text(a.content))
        for a in one.article.annotations[0]
    ]


def test_what_the_tagger_misses_begins_with_its_cue() -> None:
    acts = [
        ("The rebels", "act", "have walked out of the hall"),
        ("The envoy", "act", "flew home"),
        ("Captain Ali", "act", "agreed"),
    ]
    assert _words(_marked(*acts)) == [
        ("The rebels", "have walked out", "of the hall"),
        ("The envoy", "flew", "home"),
        ("Captain Ali", "agreed", "agreed"),
    ]


def test_what_the_tagger_finds_has_its_cue_and_the_labelled_pieces() -> None:
    draft = Attribution(
        (_at("they would be back, and flew home"),), _at("said"), (_at("The envoy"),), 0.7
    )
    said = ("The envoy", "indirect", "they would be back")
    assert _words(_marked(said, drafts=[draft])) == [("The envoy", "said", "they would be back")]


def test_a_fragment_is_refused_and_what_nobody_labelled_is_left_open() -> None:
    fragment = Attribution((_at("of the hall"),), _at("walked out"), (_at("The rebels"),))
    other = Attribution((_at("for talks"),), _at("had pressed"), (_at("who"),))
    act = ("The rebels", "act", "have walked out of the hall. The envoy")
    said = ("a novice", "indirect", "The bishop has bought boots")
    one = _marked(act, said, drafts=[fragment, other])
    assert one.unknown[-3:] == (_at("for talks"), _at("had pressed"), _at("who"))
    assert _at("The bishop has bought boots.") in one.unknown  # its cue is not to be told
    tokenizer = open_tokenizer(SHIPPED_TAGGER / "tokenizer.json")
    (labelled,) = labelled_articles([one], tokenizer, (64, 96))
    tokens = labelled.tokens
    boots = (tokens.starts >= TEXT.index("The bishop")) & (tokens.ends <= len(TEXT))
    assert (labelled.flat[boots] == IGNORE).all()
    assert (labelled.flat[tokens.starts == 0] != IGNORE).all()


def test_a_refused_cue_is_shown_as_one_that_is_none() -> None:
    refused = Attribution((_at("home. Captain Ali"),), _at("flew"), ())
    said = ("The envoy", "indirect", "they would be back, and flew home. Captain")
    draft = Attribution((_at("they would be back, and"),), _at("said"), (_at("The envoy"),))
    one = _marked(said, drafts=[refused, draft])
    assert one.refused == (_at("flew"),)
    tokenizer = open_tokenizer(SHIPPED_TAGGER / "tokenizer.json")
    articles = labelled_articles([one], tokenizer, (64, 96))
    windows = WindowConfig(size=254, plain_case=0, plain_layout=0, trimmed_cues=0, false_cues=0)
    rng = np.random.default_rng(1)
    seen = [
        (float(true), soft)
        for batch in batches(articles, windows, 4, window_ids(tokenizer), rng)
        for true, soft in zip(batch.true, batch.soft_arguments, strict=True)
    ]
    assert sorted(true for true, _ in seen) == [0.0, 1.0]
    assert all(np.isnan(soft).all() for _, soft in seen)  # no teacher is heard


def test_labelled_articles_need_what_keeps_the_rest() -> None:
    given = load_config(CONFIGS / "attribution.yaml", AttributionConfig).model_dump()
    with pytest.raises(ValidationError, match="labelled: needs soft_labels"):
        AttributionConfig.model_validate(given | {"labelled": ("a.jsonl",)})
