"""A run's folder: config, versions, learning curve, resumable state, checkpoint, metrics."""

import json
import platform
import shutil
from importlib.metadata import version
from typing import Any

import matplotlib
import torch
import yaml

from training.config import TrainConfig

__all__ = ["RunFolder"]

_LIBRARIES = ("torch", "transformers", "tokenizers", "accelerate", "numpy")


class RunFolder:
    """Files of one training run. Starting over with another config empties it first."""

    def __init__(self, config: TrainConfig) -> None:
        self.path = config.output
        self.checkpoint = self.path / "checkpoint"
        self._state = self.path / "state.pt"
        self._log = self.path / "log.jsonl"
        settings = yaml.safe_dump(json.loads(config.model_dump_json()), sort_keys=False)
        file = self.path / "config.yaml"
        if file.is_file() and file.read_text(encoding="utf-8") != settings:
            shutil.rmtree(self.path)
        self.path.mkdir(parents=True, exist_ok=True)
        file.write_text(settings, encoding="utf-8")
        self._lines: list[dict[str, float]] = []

    def log(self, step: int, **values: float) -> None:
        """Note the values of one step; written with the next state."""
        self._lines.append({"step": step, **values})

    def save_state(self, state: dict[str, Any]) -> None:
        """Write the resumable state aside and rename it, so that a kill cannot break it."""
        self._flush()
        aside = self._state.with_suffix(".tmp")
        torch.save(state, aside)
        aside.replace(self._state)

    def load_state(self) -> dict[str, Any] | None:
        """The last state, or None for a fresh run."""
        if not self._state.is_file():
            return None
        # weights_only: tensors and plain values, never code
        state: dict[str, Any] = torch.load(self._state, map_location="cpu", weights_only=True)
        return state

    def finish(self, metrics: dict[str, Any]) -> None:
        """Write metrics, versions and the picture of the curve; drop the resumable state."""
        self._flush()
        versions = {name: version(name) for name in _LIBRARIES}
        report = {**metrics, "versions": versions, "machine": platform.processor()}
        (self.path / "metrics.json").write_text(json.dumps(report, indent=2) + "\n", "utf-8")
        self._draw()
        self._state.unlink(missing_ok=True)

    def _flush(self) -> None:
        with self._log.open("a", encoding="utf-8") as stream:
            stream.writelines(json.dumps(line) + "\n" for line in self._lines)
        self._lines.clear()

    def _draw(self) -> None:
        matplotlib.use("agg")
        from matplotlib import pyplot as plt

        rows = [json.loads(line) for line in self._log.read_text("utf-8").splitlines()]
        figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
        axes.plot([r["step"] for r in rows], [r["loss"] for r in rows], linewidth=0.6)
        axes.set(xlabel="step", ylabel="training loss", title=str(self.path))
        figure.savefig(self.path / "curve.png", dpi=120)
        plt.close(figure)
