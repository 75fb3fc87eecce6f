"""The torch runtime in half precision, as on a GPU, and without a GPU."""

from collections.abc import Sequence

import numpy as np
import pytest
import torch

from stance.artifact import Artifact
from stance.encoding import EncodedStatement, Encoder
from stance.errors import ConfigError
from stance.records import Statement
from stance.runtimes import torch as runtime_module
from stance.runtimes.torch import TorchRuntime

TEXTS = (
    "We will be in that room.",
    "No.",
    "Nobody here will sit down with people who shell our markets, and nobody should ask us to.",
)


@pytest.fixture(scope="module")
def rows(encoder: Encoder) -> list[EncodedStatement]:
    return encoder.encode([Statement(text) for text in TEXTS])


def test_autocast_gives_the_same_labels(
    artifact: Artifact, rows: Sequence[EncodedStatement]
) -> None:
    runtime = TorchRuntime(artifact, "cpu")
    exact = runtime.run(rows)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        half = runtime.run(rows)
    assert half.dtype == np.float32  # numpy has no bf16
    assert 0 < np.abs(half - exact).max() < 0.2
    assert (half.argmax(axis=1) == exact.argmax(axis=1)).all()


def test_bf16_weights_give_the_same_labels(
    artifact: Artifact, rows: Sequence[EncodedStatement], monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = TorchRuntime(artifact, "cpu").run(rows)
    load = runtime_module._load
    monkeypatch.setattr(runtime_module, "_load", lambda a, _: load(a, torch.bfloat16))
    half = TorchRuntime(artifact, "cpu").run(rows)
    assert half.dtype == np.float32
    assert (half.argmax(axis=1) == exact.argmax(axis=1)).all()


def test_no_gpu(artifact: Artifact, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ConfigError, match="torch sees no GPU"):
        TorchRuntime(artifact, "cuda")
