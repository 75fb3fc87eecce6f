"""The torch runtime: GPUs, and any architecture that transformers knows."""

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModelForSequenceClassification

from stance.artifact import Artifact
from stance.encoding import EncodedBatch
from stance.errors import ArtifactError, ConfigError

__all__ = ["TorchRuntime"]


class TorchRuntime:
    """Runs a transformers sequence classifier: bf16 on a GPU, fp32 on the CPU."""

    def __init__(self, artifact: Artifact, device: str) -> None:
        if device.startswith("cuda") and not torch.cuda.is_available():
            raise ConfigError(f"device {device!r}: torch sees no GPU; use device='cpu'")
        self._device = torch.device(device)
        on_gpu = self._device.type != "cpu"
        self.max_batch_tokens = 65_536 if on_gpu else 1_024
        try:
            model = AutoModelForSequenceClassification.from_pretrained(
                artifact.path,
                dtype=torch.bfloat16 if on_gpu else torch.float32,
                local_files_only=True,
                use_safetensors=True,
            )
        except (OSError, ValueError, RuntimeError) as error:
            raise ArtifactError(f"{artifact.path} cannot be loaded: {error}") from error
        self._model = model.to(self._device).eval()
        self._uses_types = getattr(model.config, "type_vocab_size", 0) > 1

    @torch.inference_mode()
    def run(self, batch: EncodedBatch) -> NDArray[np.float32]:
        """Logits of a padded batch of shape (batch, tokens): float32 (batch, labels)."""
        inputs = {
            "input_ids": torch.from_numpy(batch.input_ids),
            "attention_mask": torch.from_numpy(batch.attention_mask),
        }
        if self._uses_types:
            inputs["token_type_ids"] = torch.from_numpy(batch.token_type_ids)
        moved = {name: t.to(self._device, non_blocking=True) for name, t in inputs.items()}
        logits: NDArray[np.float32] = self._model(**moved).logits.float().cpu().numpy()
        return logits
