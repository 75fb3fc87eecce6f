"""A stand-in for the model, so that what happens around it can be tested in milliseconds."""

import csv
import hashlib
import json
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance import Article, Prediction, Statement, classify_files
from stance.artifact import SHIPPED, Artifact, Calibration, open_artifact
from stance.batch import blocks, readers, store
from stance.decision import decide
from stance.errors import OutputError


class FakeClassifier:
    """Predicts from a hash of what it reads, and notes what it has read."""

    def __init__(self) -> None:
        self.read: list[Statement | str] = []

    def classify(self, statements: Sequence[Statement]) -> list[Prediction]:
        self.read += statements
        sums = [
            hashlib.sha256(repr((s.text, s.context, s.target)).encode("utf-8")).digest()
            for s in statements
        ]
        probs = np.array([[b + 1 for b in s[:3]] for s in sums], dtype=np.float64).reshape(-1, 3)
        probs /= probs.sum(axis=1, keepdims=True)
        cut = [len(s.text) > 200 for s in statements]
        return decide(list(statements), probs, cut, model_version="fake", conformal={})

    def analyze_batch(self, articles: Sequence[str | Article]) -> list[list[Prediction]]:
        """Every line with "said" is a statement."""
        found = []
        for article in articles:
            text = article if isinstance(article, str) else article.text
            self.read.append(text)
            said = [line for line in text.splitlines() if "said" in line]
            found.append(
                self.classify(
                    [
                        Statement(
                            line,
                            speaker=line.split()[0],
                            start=text.index(line),
                            end=text.index(line) + len(line),
                            spans=((text.index(line), text.index(line) + len(line)),),
                        )
                        for line in said
                    ]
                )
            )
        return found


@pytest.fixture
def fake(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> FakeClassifier:
    """Stands in for the shipped model, which is neither read nor hashed."""
    one = FakeClassifier()
    folder = tmp_path_factory.mktemp("model")

    def opened(model: str) -> Artifact:
        if model != SHIPPED:
            return open_artifact(model)
        return Artifact(folder, Calibration(version="fake", max_length=8), (0, 1, 2))

    monkeypatch.setattr("stance.batch.job.open_artifact", opened)
    monkeypatch.setattr("stance.classifier.StanceClassifier.load", lambda *_, **__: one)
    return one


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "SHARD_ROWS", 4)
    monkeypatch.setattr(blocks, "SHARD_ARTICLES", 2)
    monkeypatch.setattr(readers, "_PARQUET_BATCH", 2)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, Any], Path]:
    def write_one(name: str, content: str | bytes) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return file

    return write_one


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of an output of any format."""
    kind = next(s for s in path.suffixes if s in (".csv", ".jsonl", ".parquet"))
    if kind == ".parquet":
        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return rows
    with pa.input_stream(str(path)) as stream:
        text = stream.read().decode("utf-8")
    if kind == ".jsonl":
        return [json.loads(line) for line in text.splitlines()]
    return list(csv.DictReader(text.splitlines(keepends=True), strict=True))


def wait_for_shards(process: "subprocess.Popen[Any]", journal: Path, count: int) -> None:
    """Returns when a run has finished so many shards, and is still at work."""
    deadline = time.monotonic() + 120
    while not journal.exists() or journal.read_bytes().count(b"\n") < count:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.002)


def leave_unfinished(source: Path, output: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commits all shards, then fails before the output is put together."""
    with monkeypatch.context() as patch:
        patch.setattr(store, "join", lambda *_: (_ for _ in ()).throw(OSError("gone")))
        with pytest.raises(OutputError):
            classify_files(source, output)
    return store.partial_of(output)
