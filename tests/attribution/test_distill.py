"""A teacher, its soft labels, and a student that learns from them."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from transformers import MPNetConfig, MPNetModel

from stance.attribution.tagger import SHIPPED_TAGGER, Tagger
from stance.encoding import open_tokenizer
from stance.errors import ArtifactError, InputError
from tests.attribution.test_training import article
from training.attribution_config import AttributionConfig, WindowConfig
from training.attribution_distill import open_trained, soft_labels
from training.attribution_export import export
from training.attribution_labels import IGNORE, label_articles
from training.attribution_losses import argument_losses, flat_losses
from training.attribution_polnear import read_split
from training.attribution_soft import (
    SoftLabels,
    read_soft_labels,
    read_unlabelled,
    write_soft_labels,
)
from training.attribution_train import WEIGHTS, split_held_out, train
from training.attribution_windows import batches, window_ids

_SPECIAL = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>", "[MASK]": "<mask>"}


@pytest.fixture(scope="module")
def teacher(
    config: AttributionConfig,
    polnear: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> AttributionConfig:
    """A finished run of a narrow MPNet, of which the lowest of two kept layers is frozen."""
    torch.manual_seed(0)
    base = tmp_path_factory.mktemp("mpnet")
    narrow = MPNetConfig(
        hidden_size=16, num_hidden_layers=3, num_attention_heads=2, intermediate_size=16
    )
    MPNetModel(narrow, add_pooling_layer=False).save_pretrained(base)
    text = (SHIPPED_TAGGER / "tokenizer.json").read_text("utf-8")
    for piece, name in _SPECIAL.items():
        text = text.replace(f'"{piece}"', f'"{name}"')
    (base / "tokenizer.json").write_text(text, "utf-8")
    changes = {"base": str(base), "output": tmp_path_factory.mktemp("teacher")}
    one = config.model_copy(update=changes | {"layers": 2, "frozen": 1})
    train(one, polnear)
    return one


def test_only_what_may_learn_has_changed(teacher: AttributionConfig) -> None:
    trained = open_trained(teacher.output)._encoder._module.body  # type: ignore[attr-defined]
    base = MPNetModel.from_pretrained(teacher.base, add_pooling_layer=False)
    assert len(trained.encoder.layer) == 2
    same = [
        torch.equal(a, b)
        for new, old in zip(trained.encoder.layer, base.encoder.layer, strict=False)
        for a, b in zip(new.parameters(), old.parameters(), strict=True)
    ]
    assert all(same[: len(same) // 2])
    assert not any(same[len(same) // 2 :])


def test_a_student_learns_from_soft_labels(
    teacher: AttributionConfig,
    finished: AttributionConfig,
    polnear: Path,
    tmp_path: Path,
) -> None:
    student = export(finished.output, polnear, tmp_path / "student")
    more = tmp_path / "articles.jsonl"
    more.write_text('{"name": "own", "text": "She told us it may rain. It did."}\n', "utf-8")
    articles, _ = split_held_out(read_split(polnear, "train"), teacher.held_out)
    articles += read_unlabelled(more)
    taggers = [open_trained(teacher.output), Tagger.load(student)]
    labels = list(soft_labels(taggers, articles))
    path = tmp_path / "soft.safetensors"
    write_soft_labels(path, articles, labels)
    for one, read in zip(labels, read_soft_labels(path, articles), strict=True):
        np.testing.assert_array_equal(one.flat, read.flat)
        np.testing.assert_array_equal(one.cues, read.cues)
        np.testing.assert_array_equal(one.arguments, read.arguments)
    labelled = tmp_path / "labelled.jsonl"
    said = {"speaker": "The rebels", "speech": "act", "spans": [[11, 21]], "label": "opposing"}
    whole = {"id": "t", "text": "The rebels walked out.", "statements": [said]}
    said["coder_a"] = "opposing"
    labelled.write_text(json.dumps(whole) + "\n", "utf-8")
    changes = {
        "base": str(student),
        "labelled": (labelled,),
        "output": tmp_path / "run",
        "soft_labels": path,
        "unlabelled": (more,),
        "loss": finished.loss.model_copy(update={"soft": 0.7}),
    }
    metrics = train(finished.model_copy(update=changes), polnear)
    assert (metrics["steps"], metrics["articles"]) == (5, len(articles) + 1)
    before, after = (
        load_file(run / "checkpoint" / WEIGHTS) for run in (finished.output, tmp_path / "run")
    )
    assert before.keys() == after.keys()
    assert not torch.equal(before["head.tags.weight"], after["head.tags.weight"])


def test_a_line_that_is_no_article_is_named(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text('{"name": "a", "text": "b\u2028c"}\n{"name": "c"}\n', "utf-8")
    with pytest.raises(InputError, match=r"articles\.jsonl:2: field 'text': "):
        read_unlabelled(file)


def test_missing_soft_labels_name_the_command(tmp_path: Path) -> None:
    path = tmp_path / "soft.safetensors"
    with pytest.raises(ArtifactError, match="make attribution-teacher"):
        list(read_soft_labels(path, [article()]))


def _soft(count: int, cues: list[tuple[int, int]]) -> SoftLabels:
    """Logits that tell their own token: channel 0 is its index."""
    reach, left = 160, 64
    flat = np.zeros((count, 9), np.float16)
    flat[:, 0] = np.arange(count)
    arguments = np.zeros((len(cues), reach, 6), np.float16)
    for row, (start, _) in enumerate(cues):
        arguments[row, :, 0] = start - left + np.arange(reach)
    return SoftLabels(flat, np.array(cues), arguments, left)


@pytest.mark.parametrize("seed", range(5))
def test_soft_labels_stand_at_their_tokens(seed: int) -> None:
    tokenizer = open_tokenizer(SHIPPED_TAGGER / "tokenizer.json")
    (labelled,) = label_articles([article()], tokenizer)
    count = len(labelled.tokens)
    doubtful = (count - 2, count - 1)
    cues = [*(cue.cue for cue in labelled.cues or ()), doubtful]
    taught = replace(labelled, soft=_soft(count, cues))
    windows = WindowConfig(size=40, plain_case=0, plain_layout=0, trimmed_cues=1, false_cues=0)
    special = window_ids(tokenizer)
    for batch in batches([taught], windows, 1, special, np.random.default_rng(seed)):
        inside = batch.flat[0, :, 0] != IGNORE
        indices = batch.soft_flat[0, inside, 0]
        tokens = taught.tokens.ids[indices.astype(int)]
        np.testing.assert_array_equal(batch.input_ids[0, inside], tokens)
        assert batch.soft_arguments.shape[:2] == batch.arguments.shape
        for true, tags, soft in zip(batch.true, batch.arguments, batch.soft_arguments, strict=True):
            read = np.isfinite(soft[:, 0])
            np.testing.assert_array_equal(soft[inside & read, 0], indices[read[inside]])
            assert true == 1 or (tags == IGNORE).all()


def test_who_agrees_with_the_teacher_has_nothing_to_learn() -> None:
    torch.manual_seed(0)
    flat, tags = torch.randn(2, 7, 9), torch.zeros(2, 7, 3, dtype=torch.int64)
    tags[:, 0] = IGNORE
    parts = flat_losses(flat, tags, flat)
    assert parts["soft_cue"] < 1e-6 > parts["soft_flat"]
    assert flat_losses(flat, tags, flat.flip(1))["soft_cue"] > 0.1
    output, labels = torch.randn(3, 7, 6), torch.zeros(2, 7, dtype=torch.int64)
    soft = output[:2].clone()
    soft[1, 3:] = torch.nan
    truth = torch.tensor([1.0, 0.0, 0.0])
    assert argument_losses(output, labels, truth, soft)["soft_arguments"] < 1e-6
    other = argument_losses(output, labels, truth, soft.roll(1, dims=2))
    assert other["soft_arguments"] > 0.1
    assert all(value.isfinite() for value in other.values())


def test_nobodys_labels_teach_nothing() -> None:
    tags = torch.full((1, 4, 3), IGNORE)
    parts = flat_losses(torch.randn(1, 4, 9), tags, torch.randn(1, 4, 9))
    assert parts["cue"] == parts["flat"] == 0 < parts["soft_cue"]
    unknown = torch.tensor([torch.nan])
    heard = argument_losses(torch.randn(1, 4, 6), tags[..., 0], unknown, torch.randn(1, 4, 6))
    assert heard["arguments"] == heard["valid"] == 0 < heard["soft_valid"]
