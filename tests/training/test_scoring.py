"""Checkpoints that predict: where they run, and that their labels are ours."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from transformers import PreTrainedModel

from stance.errors import ConfigError
from stance.records import Statement
from training import scoring


@pytest.mark.parametrize("gpu", [True, False])
def test_a_gpu_is_used_if_there_is_one(
    gpu: bool, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved: list[str] = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: gpu)
    monkeypatch.setattr(PreTrainedModel, "to", lambda _, device: moved.append(device))
    statements = [Statement("We will come.")]
    scoring.checkpoint_logits(tiny, statements, 32)
    network, _ = scoring.load_for_prediction(tiny)
    assert network.dtype == torch.float32
    assert moved == 2 * ["cuda" if gpu else "cpu"]


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_gpu_gives_the_logits_of_a_cpu(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    statements = [Statement("We will come."), Statement("No talks.", context="Will you?")]
    found = scoring.checkpoint_logits(tiny, statements, 32)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert found == pytest.approx(scoring.checkpoint_logits(tiny, statements, 32), abs=1e-3)


def test_other_labels_are_refused(tiny: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny, tmp_path / "other")
    file = tmp_path / "other" / "config.json"
    settings = json.loads(file.read_text("utf-8"))
    settings["id2label"] = {"0": "opposing", "1": "supporting", "2": "noncommittal"}
    file.write_text(json.dumps(settings), "utf-8")
    with pytest.raises(ConfigError, match="labels are not"):
        scoring.load_for_prediction(tmp_path / "other")
