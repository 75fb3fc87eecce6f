"""The public API with the shipped model."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread
from time import sleep
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import stance
from stance import (
    Article,
    InputError,
    LanguageWarning,
    Prediction,
    Stance,
    StanceClassifier,
    Statement,
)
from stance.classifier import _default, _loaded
from stance.errors import ConfigError

_TEXTS = [
    "We refuse to sit down with murderers.",
    "The ministry said it was studying the proposal and would reply in due course.",
    "Let the delegations meet tomorrow, and let nobody leave before it is signed.",
    "No.",
    "The two ministers held talks on trade and tourism in Lisbon on Tuesday. " * 8,
]


def test_one_text_gives_one_prediction(classifier: StanceClassifier) -> None:
    prediction = classifier.classify(_TEXTS[0])
    assert isinstance(prediction, Prediction)
    assert isinstance(prediction.label, Stance)
    assert prediction.label in {"supporting", "opposing", "noncommittal"}
    assert sum(prediction.probabilities.values()) == pytest.approx(1)
    assert prediction.confidence == max(prediction.probabilities.values())
    assert prediction.statement == Statement(_TEXTS[0])
    assert prediction.model_version == classifier.artifact.calibration.version
    assert prediction.conformal == classifier.artifact.calibration.conformal
    assert prediction.label in prediction.plausible(0.95)
    assert not prediction.truncated


def test_the_module_function_is_the_shipped_classifier(classifier: StanceClassifier) -> None:
    assert stance.classify(_TEXTS[0]) == classifier.classify(_TEXTS[0])


def test_a_sequence_gives_a_list_in_order(classifier: StanceClassifier) -> None:
    mixed: list[str | Statement] = [Statement(_TEXTS[0]), *_TEXTS[1:]]
    predictions = classifier.classify(mixed)
    assert [p.statement.text for p in predictions] == _TEXTS
    assert classifier.classify([]) == []
    assert classifier.classify(tuple(_TEXTS)) == predictions


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(range(len(_TEXTS))))
def test_a_result_does_not_depend_on_its_batch(
    classifier: StanceClassifier, order: list[int]
) -> None:
    alone = [classifier.classify(text) for text in _TEXTS]
    together = classifier.classify([_TEXTS[i] for i in order])
    for i, prediction in zip(order, together, strict=True):
        assert prediction.label == alone[i].label
        assert prediction.probabilities == pytest.approx(alone[i].probabilities, abs=1e-4)


def test_context_and_target_are_read(classifier: StanceClassifier) -> None:
    with_context = classifier.classify("We will be there.", context="Will you attend the talks?")
    assert with_context.statement.context == "Will you attend the talks?"
    plain = classifier.classify("We will be there.")
    assert with_context.probabilities != plain.probabilities
    with_target = classifier.classify("We will be there.", target="the Geneva talks")
    assert with_target.statement.target == "the Geneva talks"
    assert with_target.probabilities != plain.probabilities


def test_a_statements_own_context_is_kept(classifier: StanceClassifier) -> None:
    own = Statement("We will be there.", context="Will you attend?")
    assert classifier.classify([own], context="Another?")[0].statement.context == "Will you attend?"


def test_a_text_beyond_the_window_is_classified_and_flagged(classifier: StanceClassifier) -> None:
    assert classifier.classify("We want talks. " * 500).truncated


_NO_TEXT: Any = 5


@pytest.mark.parametrize(
    "bad",
    [
        *(None, b"bytes", 3, 2.5, {"a": 1}, [None], ["fine", b"x"]),
        *(Statement("fine", context=_NO_TEXT), [Statement("fine", target=_NO_TEXT)]),
    ],
)
def test_wrong_types_are_type_errors(classifier: StanceClassifier, bad: Any) -> None:
    with pytest.raises(TypeError):
        classifier.classify(bad)


@pytest.mark.parametrize(
    "bad",
    [
        *("", "   ", "\n\t", ["fine", " "], [Statement("")]),
        *("\0", "\ufeff", "\u200b \u202e", "\x07"),  # nothing that anybody could read
        *("half \ud800", Statement("fine", context="\udcff")),
    ],
)
def test_texts_without_words_are_input_errors(classifier: StanceClassifier, bad: Any) -> None:
    with pytest.raises(InputError):
        classifier.classify(bad)


def test_half_a_character_is_named_with_its_place(classifier: StanceClassifier) -> None:
    with pytest.raises(InputError, match=r"item 1: text has half of .* at character 4"):
        classifier.classify(["fine", "café\udce9"])


def test_a_blank_context_or_target_is_none(classifier: StanceClassifier) -> None:
    given = Statement("We will come.", context=" ", target="\t")
    found = classifier.classify(given, context="Will you?", target="the Oslo talks").statement
    assert (found.context, found.target) == ("Will you?", "the Oslo talks")
    found = classifier.classify("We will come.", context=" ", target="").statement
    assert (found.context, found.target) == (None, None)


@pytest.mark.parametrize(
    ("articles", "message"),
    [
        ("He said no.", "expected a sequence of articles, got str"),
        ([Statement("He said no.")], "item 0: expected str or Article, got Statement"),
        ([None], "item 0: expected str or Article, got NoneType"),
    ],
)
def test_what_is_no_article(classifier: StanceClassifier, articles: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        classifier.analyze_batch(articles)


def test_an_article_is_analyzed_as_its_text_is(classifier: StanceClassifier) -> None:
    text = "The army said: “We will not come.”"
    assert classifier.analyze(Article(text, id="1.txt")) == classifier.analyze(text) != []


def test_blank_articles_are_input_errors_that_name_them(classifier: StanceClassifier) -> None:
    for blank in ("", " \n", Article("\t")):
        with pytest.raises(InputError, match="item 0: text is empty or blank"):
            classifier.analyze(blank)
    with pytest.raises(InputError, match=r"^item 1: text is empty or blank$"):
        classifier.analyze_batch(["He said no.", ""])


def test_an_article_in_another_language_is_warned_of(classifier: StanceClassifier) -> None:
    french = "Le ministre a dit que les négociations avec les rebelles auraient lieu à Genève."
    with pytest.warns(LanguageWarning):
        classifier.analyze(french)


def test_threads_that_call_first_load_the_model_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[int] = []
    together = Barrier(4)

    def load() -> StanceClassifier:
        loaded.append(1)
        sleep(0.05)  # long enough for the others to come in
        return StanceClassifier.__new__(StanceClassifier)

    def call() -> None:
        together.wait()
        _default()

    monkeypatch.setattr(StanceClassifier, "load", staticmethod(load))
    _loaded.cache_clear()
    threads = [Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _loaded.cache_clear()
    assert loaded == [1]


def test_threads_that_share_a_classifier_do_not_mix_up_their_results(
    classifier: StanceClassifier,
) -> None:
    def read(texts: list[str]) -> list[float]:
        return [p for found in classifier.classify(texts) for p in found.probabilities.values()]

    lists = [_TEXTS[i % len(_TEXTS) :] for i in range(12)]
    expected = [read(texts) for texts in lists]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(read, lists))
    for one, other in zip(found, expected, strict=True):
        assert one == pytest.approx(other, abs=1e-4)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_gpu_gives_the_labels_of_a_cpu(classifier: StanceClassifier) -> None:
    found = StanceClassifier.load(device="cuda").classify(_TEXTS)
    assert [p.label for p in found] == [p.label for p in classifier.classify(_TEXTS)]


def test_every_bad_index_is_named(classifier: StanceClassifier) -> None:
    items: list[Any] = ["fine", "", "fine", None, " "]
    with pytest.raises(TypeError, match=r"item 1.*item 3.*item 4"):
        classifier.classify(items)


def test_an_unknown_device_is_named() -> None:
    with pytest.raises(ConfigError, match="abacus"):
        StanceClassifier.load(device="abacus")


def test_the_checkpoint_is_an_ordinary_transformers_checkpoint(
    classifier: StanceClassifier,
) -> None:
    from transformers import pipeline

    pipe = pipeline("text-classification", model=str(classifier.artifact.path), device="cpu")
    for text in _TEXTS[:4]:
        assert pipe(text)[0]["label"] == classifier.classify(text).label


def test_import_is_light() -> None:
    code = "import sys, stance; print({'torch', 'numpy', 'transformers'} & {*sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
