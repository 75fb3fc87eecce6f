"""Two processes on the CPU (gloo) train one model together, as two GPUs or machines would."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import yaml
from safetensors.torch import load_file

from stance import StanceClassifier
from stance.artifact import MODELS
from tests.conftest import FIXTURES, ROOT

_DIES_AT_STEP_3 = """
from training import train

step = train.Trainer._train_step

def dies(self, batch):
    if self.step == 3:
        raise RuntimeError("killed")
    return step(self, batch)

train.Trainer._train_step = dies
train.typer.run(train.main)
"""


def _write_config(folder: Path) -> Path:
    fixtures = str(FIXTURES / "statements.jsonl")
    config = {
        "output": str(folder / "run"),
        "base": str(MODELS / "base"),
        "layers": 1,
        "freeze_embeddings": True,
        "max_length": 32,
        "precision": "fp32",
        "checkpoint_every": 2,
        "data": {"train": fixtures, "dev": fixtures},
        "optim": {"epochs": 2, "batch_size": 2, "learning_rate": 1e-3},
    }
    file = folder / "tiny.yaml"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    return file


def _launch(config: Path, *program: str) -> subprocess.CompletedProcess[str]:
    launch = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    return subprocess.run(
        [sys.executable, *launch, *program, "--config", str(config)],
        cwd=ROOT,
        env={
            **os.environ,
            "ACCELERATE_USE_CPU": "true",
            "OMP_NUM_THREADS": "1",
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def _check(run: Path) -> None:
    metrics = json.loads((run / "metrics.json").read_text("utf-8"))
    batches = -(-metrics["examples"] // 2)  # of an epoch; each process takes every second one
    assert metrics["steps"] == 2 * (batches // 2)
    lines = (run / "log.jsonl").read_text("utf-8").splitlines()
    # One process keeps the log: each step stands in it once.
    assert [json.loads(line)["step"] for line in lines] == list(range(1, metrics["steps"] + 1))


@pytest.mark.slow
def test_two_processes_share_the_steps(tmp_path: Path) -> None:
    config = _write_config(tmp_path)
    run, whole = tmp_path / "run", tmp_path / "whole"
    done = _launch(config, "-m", "training.train")
    assert done.returncode == 0, done.stderr[-2000:]
    _check(run)
    model = StanceClassifier.load(run / "checkpoint", device="cpu")
    assert model.classify("We will come to the talks.").confidence > 1 / 3
    done = _launch(config, "-m", "training.train")
    assert "is finished" in done.stdout
    run.rename(whole)

    program = tmp_path / "dies.py"
    program.write_text(_DIES_AT_STEP_3, encoding="utf-8")
    assert _launch(config, str(program)).returncode != 0
    done = _launch(config, "-m", "training.train")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "resumed at step 2 of" in done.stdout
    _check(run)
    expected, found = (load_file(f / "checkpoint" / "model.safetensors") for f in (whole, run))
    assert all(torch.equal(expected[name], found[name]) for name in expected)
