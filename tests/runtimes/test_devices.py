"""What "auto" finds on a machine."""

from pathlib import Path

import pytest
import torch

from stance.errors import ConfigError
from stance.runtimes import best_device


@pytest.mark.parametrize(
    ("names", "hidden", "found"),
    [
        (["nvidia0"], None, "cuda"),
        (["nvidia3", "nvidiactl"], None, "cuda"),  # a container with one of several GPUs
        (["nvidia0"], "", "cpu"),
        (["nvidiactl", "nvidia-uvm", "nvidia-caps"], None, "cpu"),
    ],
)
def test_auto_takes_whichever_gpu_is_there(
    names: list[str],
    hidden: str | None,
    found: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in names:
        (tmp_path / name).touch()
    monkeypatch.setattr("stance.runtimes._DEV", tmp_path)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if hidden is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", hidden)
    assert best_device("auto") == found


@pytest.mark.parametrize("device", ["cuda:", "cuda:first", "cuda1", "cudas", "CPU", ""])
def test_a_name_that_is_no_device(device: str) -> None:
    with pytest.raises(ConfigError, match="is not one of auto, cpu"):
        best_device(device)
