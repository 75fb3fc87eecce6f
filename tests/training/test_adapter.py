"""LoRA adapters cut out of a fine-tuned network, and loaded over their base."""

import hashlib
import json
import logging
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import MPNetForSequenceClassification

from stance import StanceClassifier
from stance.artifact import MODELS, open_artifact
from stance.errors import ArtifactError
from stance.labels import LABELS
from stance.records import Statement
from stance.runtimes.adapter import BASE_MODELS
from tests.conftest import FIXTURES
from tests.training.conftest import tiny_mpnet
from training.adapter import write_adapter
from training.base_models import BASES, BaseModel
from training.config import DataConfig, OptimConfig, TrainConfig
from training.network import build_network
from training.scoring import predict_logits

_STATEMENTS = [Statement("We will be in that room."), Statement("No talks.", context="Will you?")]


@pytest.fixture
def adapted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A tiny base in build/base, and the adapter of a network fine-tuned from it."""
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(0)
    network = tiny_mpnet()
    base = tmp_path / "build" / "base" / "tiny"
    network.mpnet.save_pretrained(base)  # without a head, as the real one
    sha256 = hashlib.sha256((base / "model.safetensors").read_bytes()).hexdigest()
    monkeypatch.setitem(BASES, "tiny", BaseModel("nobody/tiny", (), sha256))
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if "embeddings.word" not in name:
                parameter.add_(torch.randn_like(parameter) * 0.3)
    run = tmp_path / "run"
    network.save_pretrained(run / "checkpoint")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(MODELS / "base" / name, run / "checkpoint" / name)
    (run / "calibration.json").write_text('{"temperature": 1.0, "conformal": {}}')
    made = {"name": "run", "base": "tiny", "seed": 13, "data": {"statements.jsonl": "0123456789ab"}}
    inputs = {"base_sha256": sha256}
    (run / "inputs.json").write_text(json.dumps({"inputs": inputs, "stages": [made]}), "utf-8")
    write_adapter(_config(run), tmp_path / "adapter", "1.0", rank=16)
    return run / "checkpoint", tmp_path / "adapter"


def _config(run: Path) -> TrainConfig:
    fixtures = FIXTURES / "statements.jsonl"
    return TrainConfig(
        output=run,
        base="tiny",
        max_length=32,
        data=DataConfig(train=(fixtures,), dev=fixtures),
        optim=OptimConfig(epochs=1, learning_rate=1e-3),
    )


def test_an_adapter_of_full_rank_is_the_network_itself(adapted: tuple[Path, Path]) -> None:
    checkpoint, adapter = adapted
    expected = StanceClassifier.load(checkpoint, "cpu").logits(_STATEMENTS)
    found = StanceClassifier.load(adapter, "cpu").logits(_STATEMENTS)
    assert np.abs(found - expected).max() < 0.02  # it is stored in half precision
    assert not (adapter / "model.safetensors").exists()
    notes = open_artifact(adapter).calibration.notes
    assert (notes["base"], notes["base_sha256"]) == ("tiny", BASES["tiny"].sha256)
    assert (notes["seed"], notes["rank"], notes["stages"]) == (13, 16, [])
    assert notes["data"] == {"statements.jsonl": "0123456789ab"}


def test_users_are_not_told_that_the_base_has_no_head(
    adapted: tuple[Path, Path],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(logging.getLogger("transformers"), "propagate", True)
    caplog.clear()
    StanceClassifier.load(adapted[1], "cpu")
    assert "MISSING" not in caplog.text


def test_a_later_stage_is_cut_over_what_the_first_began_from(
    adapted: tuple[Path, Path], tmp_path: Path
) -> None:
    later = _config(adapted[0].parent).model_copy(update={"base": str(adapted[0])})
    with pytest.raises(ArtifactError, match="was trained from"):
        write_adapter(later, tmp_path / "another", "1.0", rank=16)
    write_adapter(later, tmp_path / "another", "1.0", rank=16, base_model="tiny")
    expected = StanceClassifier.load(adapted[1], "cpu").logits(_STATEMENTS)
    assert np.array_equal(
        StanceClassifier.load(tmp_path / "another", "cpu").logits(_STATEMENTS), expected
    )


def test_training_goes_on_from_an_adapter(adapted: tuple[Path, Path]) -> None:
    checkpoint, adapter = adapted
    config = _config(checkpoint.parent).model_copy(update={"base": str(adapter)})
    network, tokenizer = build_network(config)
    expected = StanceClassifier.load(checkpoint, "cpu").logits(_STATEMENTS)
    found = predict_logits(network, tokenizer, _STATEMENTS, config.max_length)
    assert np.abs(found - expected).max() < 0.02
    assert all(p.requires_grad for p in network.parameters())


def test_what_an_adapter_cannot_hold_is_refused(adapted: tuple[Path, Path], tmp_path: Path) -> None:
    checkpoint, _ = adapted
    network = MPNetForSequenceClassification.from_pretrained(checkpoint)
    with torch.no_grad():
        network.mpnet.embeddings.word_embeddings.weight.add_(1.0)
    network.save_pretrained(checkpoint)
    with pytest.raises(ArtifactError, match=r"changed mpnet\.embeddings\.word"):
        write_adapter(_config(checkpoint.parent), tmp_path / "another", "1.0", rank=16)


def test_the_base_may_be_in_a_folder_of_ones_own(
    adapted: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.move(tmp_path / "build" / "base", tmp_path / "elsewhere")
    monkeypatch.setenv(BASE_MODELS, str(tmp_path / "elsewhere"))
    assert StanceClassifier.load(adapted[1], "cpu").classify("We refuse.").label in LABELS


def test_without_the_base_the_error_says_how_to_get_it(
    adapted: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(tmp_path / "build")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ArtifactError, match="make base-models"):
        StanceClassifier.load(adapted[1], "cpu")


def test_another_base_is_refused(adapted: tuple[Path, Path], tmp_path: Path) -> None:
    with (tmp_path / "build" / "base" / "tiny" / "model.safetensors").open("ab") as stream:
        stream.write(b" ")
    with pytest.raises(ArtifactError, match="SHA-256"):
        StanceClassifier.load(adapted[1], "cpu")
