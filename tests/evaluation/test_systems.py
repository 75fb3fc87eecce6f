"""Systems: our artifact, others' checkpoints, zero-shot NLI, the scikit-learn estimator."""

import json
import pickle
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.exceptions import SkipTestWarning
from sklearn.model_selection import cross_val_score
from sklearn.utils import estimator_checks as checks
from sklearn.utils.estimator_checks import check_estimator

from stance import ArtifactError, ConfigError, InputError, Stance, StanceClassifier, Statement
from stance.decision import probabilities
from stance.evaluation.checkpoints import CheckpointSystem, NliSystem
from stance.evaluation.estimator import StanceEstimator
from stance.evaluation.systems import ArtifactSystem, open_system, parse_label_map
from stance.manifest import sha256

TEXTS = ["We will come.", "Never.", "We shall see what the other side has to say about it."]
STATEMENTS = [Statement(text) for text in TEXTS] + [Statement("Yes.", context="Will you come?")]


def tiny_checkpoint(folder: Path, labels: list[str]) -> Path:
    """A random BERT of a few thousand parameters with a word tokenizer."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    torch.manual_seed(0)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "We", "will", "come", ".", "Never", "Yes"]
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]"
    ).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        id2label=dict(enumerate(labels)),
        label2id={name: i for i, name in enumerate(labels)},
        initializer_range=1.0,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def raw_logits(folder: Path, pairs: Sequence[tuple[str, str | None]]) -> NDArray[np.float32]:
    """What transformers itself makes of each pair alone, by column of the checkpoint."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    with torch.inference_mode():
        rows = [model(**tokenizer(*pair, return_tensors="pt")).logits[0] for pair in pairs]
    return np.array([row.numpy() for row in rows])


def test_the_artifact_is_evaluated_as_users_run_it(classifier: StanceClassifier) -> None:
    system = ArtifactSystem("base", "cpu")
    assert system.device == "cpu"
    assert {"config.json", "tokenizer.json"} <= set(system.files)
    found = system.predict(STATEMENTS)
    expected = [p.probabilities[Stance.OPPOSING] for p in classifier.classify(STATEMENTS)]
    assert found[:, Stance.OPPOSING.column] == pytest.approx(expected)


def test_any_checkpoint_with_a_label_map(tmp_path: Path) -> None:
    path = str(tiny_checkpoint(tmp_path, ["LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3"]))
    mapping = parse_label_map(
        "LABEL_0=noncommittal, LABEL_1=supporting, LABEL_2=opposing, LABEL_3=noncommittal"
    )
    system = open_system(path, device="cpu", label_map=mapping)
    assert isinstance(system, CheckpointSystem)
    assert system.device == "cpu"
    weights = tmp_path / "model.safetensors"
    assert system.files[weights.name] == sha256(weights)
    raw = probabilities(raw_logits(tmp_path, [(s.text, s.context) for s in STATEMENTS]))
    expected = np.stack([raw[:, 1], raw[:, 2], raw[:, 0] + raw[:, 3]], axis=1)
    assert system.predict(STATEMENTS) == pytest.approx(expected, abs=1e-5)
    with pytest.raises(ConfigError, match="'cpu-fast' is for artifacts with int8 ranges"):
        CheckpointSystem(path, mapping, "cpu-fast")
    with pytest.raises(ArtifactError, match="the label map names"):
        CheckpointSystem(path, {"LABEL_0": Stance.OPPOSING}, "cpu")


@pytest.mark.parametrize("spec", ["tfidf", "majority", "mine.jsonl", "zero.yaml"])
def test_a_label_map_is_for_checkpoints_only(spec: str) -> None:
    with pytest.raises(ConfigError, match=f"{spec} has no labels to map"):
        open_system(spec, label_map={"LABEL_0": Stance.OPPOSING}, train=[])


def test_zero_shot(tmp_path: Path) -> None:
    path = tiny_checkpoint(tmp_path / "nli", ["contradiction", "neutral", "entailment"])
    hypotheses = {"noncommittal": "We will", "opposing": "Never", "supporting": "Yes"}
    config = tmp_path / "nli.yaml"
    config.write_text(json.dumps({"model": str(path), "hypotheses": hypotheses}))
    system = NliSystem(config, "auto")
    assert system.device in ("cpu", "cuda")
    assert {str(config), "config.json", "model.safetensors"} <= set(system.files)
    pairs = [
        (premise, hypotheses[label])
        for premise in (*TEXTS, "Will you come? Yes.")
        for label in ("supporting", "opposing", "noncommittal")
    ]
    entailed = raw_logits(path, pairs)[:, 2].reshape(4, 3)
    assert system.predict(STATEMENTS) == pytest.approx(probabilities(entailed), abs=1e-5)
    config.write_text(json.dumps({"model": str(path), "hypotheses": {"supporting": "Yes"}}))
    with pytest.raises(ConfigError, match="no hypothesis for opposing, noncommittal"):
        open_system(str(config))
    other = str(tiny_checkpoint(tmp_path / "other", ["a", "b", "c"]))
    config.write_text(json.dumps({"model": other, "hypotheses": hypotheses}))
    with pytest.raises(ArtifactError, match="none is 'entailment'"):
        NliSystem(config, "cpu")


def test_systems_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="needs a training file"):
        open_system("tfidf")
    with pytest.raises(InputError, match="no such file"):
        open_system(str(tmp_path / "none.jsonl"))
    for text in ("LABEL_0", "LABEL_0=against", "a=opposing,b=supporting"):
        with pytest.raises(ConfigError, match="label map"):
            parse_label_map(text)


def test_the_estimator_passes_the_checks_that_text_input_allows() -> None:
    estimator = StanceEstimator(device="cpu")
    with pytest.warns(SkipTestWarning, match="requires input"):  # the rest wants numbers
        check_estimator(estimator)
    for check in (
        checks.check_no_attributes_set_in_init,
        checks.check_parameters_default_constructible,
        checks.check_get_params_invariance,
        checks.check_set_params,
        checks.check_estimator_repr,
        checks.check_estimator_tags_renamed,
        checks.check_valid_tag_types,
    ):
        check("StanceEstimator", estimator)


def test_the_estimator_predicts_as_the_classifier(classifier: StanceClassifier) -> None:
    estimator = StanceEstimator(device="cpu")
    probs = estimator.predict_proba(np.array(TEXTS))
    expected = classifier.classify(TEXTS)
    assert list(estimator.classes_) == ["noncommittal", "opposing", "supporting"]
    assert estimator.predict(TEXTS).tolist() == [p.label.value for p in expected]
    assert probs[:, 1] == pytest.approx([p.probabilities[Stance.OPPOSING] for p in expected])
    assert estimator.predict_proba([]).shape == (0, 3)


def test_the_estimator_drops_into_scikit_learn() -> None:
    estimator = clone(StanceEstimator(device="cpu"))
    labels = estimator.predict(TEXTS * 4)
    assert cross_val_score(estimator, TEXTS * 4, labels, cv=2).tolist() == [1.0, 1.0]
    assert len(pickle.dumps(estimator)) < 1000  # parameters, no weights
    with pytest.raises(InputError, match="y has 'against'"):
        estimator.fit(["text"], ["against"])
    with pytest.raises(InputError, match="1 statements and y 2"):
        estimator.fit(["text"], ["opposing", "opposing"])
    with pytest.raises(TypeError, match="wrap it in a list"):
        estimator.predict("text")
    with pytest.raises(InputError, match="one dimension"):
        estimator.predict(np.array([["a"], ["b"]]))
    table = pytest.importorskip("pandas").DataFrame({"text": TEXTS, "speaker": "x"})
    with pytest.raises(InputError, match=r"shape \(3, 2\).*give one column"):
        estimator.predict(table)
    assert estimator.predict(table["text"]).tolist() == estimator.predict(TEXTS).tolist()
