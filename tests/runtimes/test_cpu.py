"""The CPU runtimes against transformers, and against themselves in other batches."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from stance.artifact import Artifact, open_artifact
from stance.encoding import EncodedStatement, Encoder
from stance.errors import ArtifactError, ConfigError
from stance.records import Statement
from stance.runtimes import Runtime, open_runtime
from stance.runtimes.torch import TorchRuntime

TEXTS = (
    "No.",
    "We will be in that room.",
    "The minister said that talks without preconditions were the only way out of the war.",
    "Nobody here will sit down with people who shell our markets, and nobody should ask us to.",
    "Asked whether he would come, he spoke of the harvest, the roads and the price of bread. " * 3,
)


@pytest.fixture(scope="module")
def rows(encoder: Encoder) -> list[EncodedStatement]:
    contexts = (None, "Will your side attend the talks?")
    return encoder.encode([Statement(text, context=c) for text in TEXTS for c in contexts])


@pytest.fixture(scope="module")
def exact(artifact: Artifact) -> Runtime:
    return open_runtime(artifact, "cpu")


@pytest.fixture(scope="module")
def exact_alone(exact: Runtime, rows: Sequence[EncodedStatement]) -> NDArray[np.float32]:
    return np.concatenate([exact.run([row]) for row in rows])


@pytest.fixture(scope="module")
def fast_alone(fast: Runtime, rows: Sequence[EncodedStatement]) -> NDArray[np.float32]:
    return np.concatenate([fast.run([row]) for row in rows])


@pytest.fixture(scope="module")
def fast(artifact: Artifact) -> Runtime:
    return open_runtime(artifact, "cpu-fast")


def test_exact_equals_transformers(
    artifact: Artifact, rows: Sequence[EncodedStatement], exact: Runtime
) -> None:
    expected = TorchRuntime(artifact, "cpu").run(rows)
    assert np.abs(exact.run(rows) - expected).max() < 1e-4


@settings(max_examples=15, deadline=None)
@given(order=st.lists(st.integers(0, 2 * len(TEXTS) - 1), min_size=1, max_size=50))
def test_exact_is_independent_of_the_batch(
    rows: Sequence[EncodedStatement],
    exact: Runtime,
    exact_alone: NDArray[np.float32],
    order: list[int],
) -> None:
    assert np.abs(exact.run([rows[i] for i in order]) - exact_alone[order]).max() < 1e-4


@settings(max_examples=15, deadline=None)
@given(order=st.lists(st.integers(0, 2 * len(TEXTS) - 1), min_size=1, max_size=50))
def test_fast_is_independent_of_the_batch(
    rows: Sequence[EncodedStatement],
    fast: Runtime,
    fast_alone: NDArray[np.float32],
    order: list[int],
) -> None:
    together = fast.run([rows[i] for i in order])
    assert (together.argmax(axis=1) == fast_alone[order].argmax(axis=1)).all()
    # Rounding before an int8 step may tip a value into its neighbour.
    assert np.abs(together - fast_alone[order]).max() < 0.1


def test_fast_keeps_the_labels(
    rows: Sequence[EncodedStatement], exact: Runtime, fast: Runtime
) -> None:
    assert (fast.run(rows).argmax(axis=1) == exact.run(rows).argmax(axis=1)).all()


def test_no_rows(exact: Runtime, fast: Runtime) -> None:
    assert exact.run([]).shape == fast.run([]).shape == (0, 3)


def test_many_batches_take_the_other_path(rows: Sequence[EncodedStatement], exact: Runtime) -> None:
    many = list(rows) * 12
    assert np.abs(exact.run(many) - np.tile(exact.run(rows), (12, 1))).max() < 1e-4


def test_unknown_device(artifact: Artifact) -> None:
    with pytest.raises(ConfigError, match="tpu"):
        open_runtime(artifact, "tpu")


def test_fast_needs_its_ranges(artifact: Artifact, tmp_path: Path) -> None:
    plain = _plain_checkpoint(artifact.path, tmp_path)
    with pytest.raises(ArtifactError, match=r"int8\.safetensors"):
        open_runtime(open_artifact(plain), "cpu-fast")


def test_exact_reads_a_plain_checkpoint(
    artifact: Artifact, rows: Sequence[EncodedStatement], exact: Runtime, tmp_path: Path
) -> None:
    copied = open_runtime(open_artifact(_plain_checkpoint(artifact.path, tmp_path)), "cpu")
    assert np.abs(copied.run(rows) - exact.run(rows)).max() < 1e-5


def test_missing_shard(artifact: Artifact, tmp_path: Path) -> None:
    plain = _plain_checkpoint(artifact.path, tmp_path)
    (plain / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(ArtifactError, match="cannot be read"):
        open_runtime(open_artifact(plain), "cpu")


def test_cpu_loads_no_torch() -> None:
    code = (
        "import sys; from stance.artifact import open_artifact; "
        "from stance.runtimes import open_runtime; open_runtime(open_artifact(), 'cpu'); "
        "sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _plain_checkpoint(source: Path, target: Path) -> Path:
    """The checkpoint as transformers would save it, without our own files."""
    ours = shutil.ignore_patterns("manifest.json", "stance.json", "int8.safetensors")
    return Path(shutil.copytree(source, target / "plain", ignore=ours))
