"""Networks that are not ours: any text classifier with a label map, and NLI zero-shot."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import field_validator
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from stance.decision import probabilities
from stance.encoding import render
from stance.errors import ArtifactError, reason_of
from stance.evaluation.systems import model_files
from stance.labels import LABELS, Stance
from stance.manifest import sha256
from stance.records import Statement
from stance.runtimes import best_device
from stance.runtimes.torch import torch_device
from stance.settings import Strict, load_config

__all__ = ["CheckpointSystem", "NliConfig", "NliSystem"]

_BATCH = 32
_WINDOW = 512


class NliConfig(Strict):
    """An entailment model as a zero-shot stance classifier.

    Attributes:
        model: folder or Hub id of a checkpoint that has a label "entailment".
        hypotheses: for each stance, the sentence that it entails.
    """

    model: str
    hypotheses: dict[Stance, str]

    @field_validator("hypotheses")
    @classmethod
    def _complete(cls, value: dict[Stance, str]) -> dict[Stance, str]:
        if missing := [label.value for label in LABELS if label not in value]:
            raise ValueError(f"no hypothesis for {', '.join(missing)}")
        return value


class _Network:
    """A sequence classifier and its tokenizer.

    Attributes:
        labels: its label names, by column of the logits.
        device: where it runs.
        files: its files -> SHA-256, where it comes from a folder.
        revision: the commit of the Hub that it comes from; empty for a folder.
    """

    def __init__(self, path_or_hub_id: str, device: str) -> None:
        place = torch_device(best_device(device))
        try:
            # Safetensors only: a pickled checkpoint could run code.
            model = AutoModelForSequenceClassification.from_pretrained(
                path_or_hub_id, use_safetensors=True
            )
            self._tokenizer = AutoTokenizer.from_pretrained(path_or_hub_id)
        except Exception as error:  # offline, unknown id, wrong kind: dozens of classes
            raise ArtifactError(f"{path_or_hub_id} cannot be loaded: {reason_of(error)}") from error
        self._model = model.float().to(place).eval()
        self.device = str(place)
        folder = Path(path_or_hub_id)
        self.files = model_files(folder) if folder.is_dir() else {}
        self.revision = str(getattr(model.config, "_commit_hash", None) or "")
        names = model.config.id2label
        self.labels = [str(names[i]) for i in range(model.config.num_labels)]
        positions = getattr(model.config, "max_position_embeddings", None) or _WINDOW
        # Some architectures count positions from the padding id on, hence the margin.
        self._window = min(_WINDOW, positions - 2)

    @torch.inference_mode()
    def logits(self, pairs: Sequence[tuple[str, str | None]]) -> NDArray[np.float32]:
        """Logits of text pairs in their order: float32 (len(pairs), labels).

        Texts and pairs never share a batch: an empty second segment would add a separator,
        and a statement's result must not depend on what is beside it.
        """
        result = np.empty((len(pairs), len(self.labels)), dtype=np.float32)
        for paired in (False, True):
            chosen = [i for i, (_, second) in enumerate(pairs) if bool(second) == paired]
            chosen.sort(key=lambda i: sum(len(part or "") for part in pairs[i]))
            for start in range(0, len(chosen), _BATCH):
                batch = chosen[start : start + _BATCH]
                inputs = self._tokenizer(
                    [pairs[i][0] for i in batch],
                    [pairs[i][1] for i in batch] if paired else None,
                    truncation=True,
                    max_length=self._window,
                    padding=True,
                    return_tensors="pt",
                ).to(self._model.device)
                result[batch] = self._model(**inputs).logits.float().cpu().numpy()
        return result


class CheckpointSystem:
    """Any text-classification checkpoint, its labels mapped to ours.

    Raises:
        ArtifactError: it cannot be loaded, or has a label that the map does not name.
    """

    probabilistic = True
    conformal: Mapping[str, float] = {}

    def __init__(self, path_or_hub_id: str, label_map: Mapping[str, Stance], device: str) -> None:
        self.name = path_or_hub_id
        self._network = _Network(path_or_hub_id, device)
        self.version = self._network.revision
        self.device = self._network.device
        self.files: Mapping[str, str] = self._network.files
        labels = self._network.labels
        if set(labels) != set(label_map):
            raise ArtifactError(
                f"{path_or_hub_id} has labels {labels}; the label map names {sorted(label_map)}"
            )
        self._columns = np.eye(len(LABELS))[[label_map[name].column for name in labels]]

    def predict(self, statements: Sequence[Statement]) -> NDArray[np.float64]:
        """Softmax over its labels, summed by stance: float64 (n, 3)."""
        logits = self._network.logits([render(s) for s in statements])
        summed: NDArray[np.float64] = probabilities(logits) @ self._columns
        return summed


class NliSystem:
    """Zero-shot: softmax of the three hypotheses' entailment logits (Yin et al. 2019).

    Args:
        path: a YAML file, read as `NliConfig`.

    Raises:
        ConfigError: the file has a fault.
        ArtifactError: the model cannot be loaded or has no label "entailment".
    """

    probabilistic = True
    conformal: Mapping[str, float] = {}

    def __init__(self, path: Path, device: str) -> None:
        config = load_config(path, NliConfig)
        self.name = f"zero-shot {config.model}"
        self._network = _Network(config.model, device)
        self.version = self._network.revision
        self.device = self._network.device
        self.files: Mapping[str, str] = {str(path): sha256(path), **self._network.files}
        names = [name.lower() for name in self._network.labels]
        if "entailment" not in names:
            raise ArtifactError(f"{config.model} has labels {names}, none is 'entailment'")
        self._entailment = names.index("entailment")
        self._hypotheses = [config.hypotheses[label] for label in LABELS]

    def predict(self, statements: Sequence[Statement]) -> NDArray[np.float64]:
        """Probabilities, float64 (n, 3); the context goes before the statement in the premise."""
        premises = [" ".join(part for part in reversed(render(s)) if part) for s in statements]
        pairs = [(premise, hypothesis) for premise in premises for hypothesis in self._hypotheses]
        entailed = self._network.logits(pairs)[:, self._entailment]
        return probabilities(entailed.reshape(len(statements), len(LABELS)))
