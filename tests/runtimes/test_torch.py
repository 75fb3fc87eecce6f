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
from stance.runtimes.torch import TorchRuntime, torch_device

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


@pytest.mark.parametrize("device", ["cuda", "cuda:1", "mps"])
def test_no_gpu(device: str, artifact: Artifact, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(ConfigError, match=f"device '{device}': torch sees no GPU"):
        TorchRuntime(artifact, device)


def test_a_gpu_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert torch_device("cuda:1") == torch.device("cuda", 1)
    with pytest.raises(ConfigError, match="'cuda:2': the last GPU that torch sees is cuda:1"):
        torch_device("cuda:2")


def test_everything_is_queued_before_the_first_result_is_waited_for(
    artifact: Artifact, rows: Sequence[EncodedStatement], monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = TorchRuntime(artifact, "cpu")
    expected = runtime.run(rows)
    forward, seen = runtime._forward, list[str]()

    class Queued:
        def __init__(self, logits: torch.Tensor) -> None:
            self._logits = logits

        def cpu(self) -> torch.Tensor:  # on a GPU it waits
            seen.append("wait")
            return self._logits

    def queue(batch: Sequence[EncodedStatement]) -> Queued:
        seen.append("queue")
        return Queued(forward(batch))

    monkeypatch.setattr(runtime, "_batch_tokens", 16)
    monkeypatch.setattr(runtime, "_forward", queue)
    assert np.abs(runtime.run(rows) - expected).max() < 1e-4
    assert seen == ["queue"] * 3 + ["wait"] * 3


def test_what_goes_to_a_gpu_is_pinned_and_not_waited_for(
    artifact: Artifact, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = TorchRuntime(artifact, "cpu")
    seen: list[object] = []

    def pin(tensor: torch.Tensor) -> torch.Tensor:
        seen.append("pinned")
        return tensor

    def move(tensor: torch.Tensor, device: torch.device, *, non_blocking: bool) -> torch.Tensor:
        seen.append((str(device), non_blocking))
        return tensor

    monkeypatch.setattr(torch.Tensor, "pin_memory", pin)
    monkeypatch.setattr(torch.Tensor, "to", move)
    ids = np.array([[101, 102]], dtype=np.int64)
    runtime._to_device(ids)
    assert seen == [("cpu", True)]
    runtime._device = torch.device("cuda:1")
    assert runtime._to_device(ids).tolist() == ids.tolist()
    assert seen[1:] == ["pinned", ("cuda:1", True)]


def test_off_the_cpu_weights_are_half_and_nothing_is_read_back(
    artifact: Artifact, rows: Sequence[EncodedStatement]
) -> None:
    runtime = TorchRuntime(artifact, "meta")  # shapes without values: to read one is an error
    assert {p.dtype for p in runtime._model.parameters()} == {torch.bfloat16}
    assert runtime._batch_tokens == 65_536
    for batch in (rows, rows[:1]):  # with padding, and without
        logits = runtime._forward(batch)
        assert (logits.shape, logits.dtype) == ((len(batch), 3), torch.float32)
        assert logits.device.type == "meta"


def test_the_mask_is_that_of_transformers(
    artifact: Artifact, rows: Sequence[EncodedStatement]
) -> None:
    runtime = TorchRuntime(artifact, "cpu")
    assert runtime._takes_4d
    ours = runtime.run(rows)
    runtime._takes_4d = False
    assert np.abs(runtime.run(rows) - ours).max() < 1e-5
    alone = np.concatenate([runtime.run([row]) for row in rows])
    assert np.abs(alone - ours).max() < 1e-4
