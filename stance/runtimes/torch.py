"""The torch runtime: GPUs, and any architecture that transformers knows."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModelForSequenceClassification

from stance.artifact import Artifact
from stance.batching import plan_batches
from stance.encoding import EncodedStatement, collate, reads_token_types
from stance.errors import ArtifactError, ConfigError
from stance.runtimes.adapter import ADAPTER_CONFIG, load_adapted

__all__ = ["TorchRuntime", "torch_device"]


class TorchRuntime:
    """Runs a transformers sequence classifier: bf16 on a GPU, fp32 on the CPU."""

    def __init__(self, artifact: Artifact, device: str) -> None:
        self._device = torch_device(device)
        on_gpu = self._device.type != "cpu"
        self._batch_tokens = 65_536 if on_gpu else 1_024
        model = _load(artifact, torch.bfloat16 if on_gpu else torch.float32)
        self._model = model.to(self._device).eval()
        # What transformers makes of a mask of two dimensions it first reads back, which waits for
        # the GPU in each batch; one of four dimensions BERT takes as it is.
        config = model.config
        self._takes_4d = config.model_type == "bert" and config._attn_implementation == "sdpa"
        self._uses_types = reads_token_types(model.config)
        self._pad_id = model.config.pad_token_id or 0

    @torch.inference_mode()
    def run(self, rows: Sequence[EncodedStatement]) -> NDArray[np.float32]:
        """Logits of statements in their order: float32 (rows, labels of the checkpoint)."""
        plan = plan_batches([len(row.input_ids) for row in rows], self._batch_tokens)
        # Nothing waits for the GPU until all of its work is queued, so the next batch is
        # collated while the last one is computed.
        outputs = [self._forward([rows[i] for i in batch]) for batch in plan]
        logits = np.empty((len(rows), self._model.config.num_labels), dtype=np.float32)
        for batch, output in zip(plan, outputs, strict=True):
            logits[batch] = output.cpu().numpy()
        return logits

    def _forward(self, rows: Sequence[EncodedStatement]) -> torch.Tensor:
        batch = collate(rows, self._pad_id)
        inputs: dict[str, NDArray[Any]] = {"input_ids": batch.input_ids}
        if not self._takes_4d:
            inputs["attention_mask"] = batch.attention_mask
        elif not batch.attention_mask.all():
            inputs["attention_mask"] = batch.attention_mask.astype(np.bool_)[:, None, None]
        if self._uses_types:
            inputs["token_type_ids"] = batch.token_type_ids
        moved = {name: self._to_device(array) for name, array in inputs.items()}
        logits: torch.Tensor = self._model(**moved).logits.float()
        return logits

    def _to_device(self, array: NDArray[Any]) -> torch.Tensor:
        tensor = torch.from_numpy(array)
        if self._device.type == "cuda":
            tensor = tensor.pin_memory()  # a copy from other memory makes the caller wait
        return tensor.to(self._device, non_blocking=True)


def torch_device(name: str) -> torch.device:
    """The device of a name that `best_device` gave.

    Raises:
        ConfigError: torch does not have it, or not on this machine.
    """
    kind, _, number = name.partition(":")
    there: dict[str, Callable[[], bool]] = {
        "cuda": torch.cuda.is_available,
        "mps": torch.backends.mps.is_available,
    }
    if kind in there and not there[kind]():
        raise ConfigError(f"device {name!r}: torch sees no GPU; use device='cpu'")
    if number and int(number) >= torch.cuda.device_count():
        last = torch.cuda.device_count() - 1
        raise ConfigError(f"device {name!r}: the last GPU that torch sees is cuda:{last}")
    if kind == "cpu-fast":
        raise ConfigError(f"device {name!r} is for artifacts with int8 ranges; use device='cpu'")
    return torch.device(name)


def _load(artifact: Artifact, dtype: torch.dtype) -> Any:
    path = artifact.path
    if (path / ADAPTER_CONFIG).is_file():
        return load_adapted(artifact, dtype)
    try:
        return AutoModelForSequenceClassification.from_pretrained(
            path, dtype=dtype, local_files_only=True, use_safetensors=True
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise ArtifactError(f"{path} cannot be loaded: {error}") from error
