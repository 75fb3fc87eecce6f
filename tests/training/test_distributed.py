"""Two processes on the CPU (gloo) train one model together, as two GPUs or machines would."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from stance import StanceClassifier
from stance.artifact import MODELS
from tests.conftest import FIXTURES, ROOT


def _write_config(folder: Path) -> Path:
    fixtures = str(FIXTURES / "statements.jsonl")
    config = {
        "output": str(folder / "run"),
        "base": str(MODELS / "base"),
        "layers": 1,
        "freeze_embeddings": True,
        "max_length": 32,
        "precision": "fp32",
        "data": {"train": fixtures, "dev": fixtures},
        "optim": {"epochs": 2, "batch_size": 2, "learning_rate": 1e-3},
    }
    file = folder / "tiny.yaml"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    return file


@pytest.mark.slow
def test_two_processes_share_the_steps(tmp_path: Path) -> None:
    config = _write_config(tmp_path)
    launch = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    done = subprocess.run(
        [sys.executable, *launch, "-m", "training.train", "--config", str(config)],
        cwd=ROOT,
        env={**os.environ, "ACCELERATE_USE_CPU": "true", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    run = tmp_path / "run"
    metrics = json.loads((run / "metrics.json").read_text("utf-8"))
    batches = -(-metrics["examples"] // 2)  # of an epoch; each process takes every second one
    assert metrics["steps"] == 2 * (batches // 2)
    lines = (run / "log.jsonl").read_text("utf-8").splitlines()
    # One process keeps the log: each step stands in it once.
    assert [json.loads(line)["step"] for line in lines] == list(range(1, metrics["steps"] + 1))
    model = StanceClassifier.load(run / "checkpoint", device="cpu")
    assert model.classify("We will come to the talks.").confidence > 1 / 3
