"""A run's folder: config, inputs, versions, learning curve, resumable state, metrics."""

import json
import platform
import shutil
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import matplotlib
import torch
import yaml
from pydantic import BaseModel, ValidationError

from stance.errors import ConfigError, StanceError

__all__ = ["CONFIG_FILE", "INPUTS_FILE", "RunFolder", "renew"]

CONFIG_FILE = "config.yaml"
INPUTS_FILE = "inputs.json"
_AFTERWARDS = {"defer", "averaged_with"}
"""Settings of a config that its run is calibrated with, and not trained."""
_LIBRARIES = ("torch", "transformers", "tokenizers", "accelerate", "numpy")


class RunFolder:
    """Files of one training run; of several processes only the main one may use it.

    A run is the same run when its inputs (the hashes of all that it reads) and its config are, but
    for what it is only calibrated with.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.checkpoint = path / "checkpoint"
        self._state = path / "state.pt"
        self._log = path / "log.jsonl"
        self._metrics = path / "metrics.json"
        self._lines: list[dict[str, float]] = []

    def begin(
        self,
        config: BaseModel,
        inputs: Mapping[str, object],
        stages: Sequence[Mapping[str, object]] = (),
    ) -> dict[str, Any] | None:
        """Make the folder that of this run; returns the run's metrics if it is finished already.

        An unfinished run is left as it is, to go on; the folder of any other run is emptied.

        Args:
            config: all settings.
            inputs: hashes of what the run reads, as JSON.
            stages: how its base came about, and this run as the last; kept, not compared.

        Raises:
            ConfigError: the folder holds other files than a run's.
        """
        settings = yaml.safe_dump(json.loads(config.model_dump_json()), sort_keys=False)
        config_file, inputs_file = self.path / CONFIG_FILE, self.path / INPUTS_FILE
        if (
            _is_same(_read(config_file), config)
            and json.loads(_read(inputs_file) or "{}").get("inputs") == inputs
        ):
            if self._metrics.is_file() and self.checkpoint.exists():
                finished: dict[str, Any] = json.loads(self._metrics.read_text("utf-8"))
                return finished
            if self._state.is_file():
                return None
        foreign = f"output: {self.path} holds files that are no run's; name a new folder"
        renew(self.path, INPUTS_FILE, ConfigError(foreign))
        _write(inputs_file, {"inputs": inputs, "stages": stages})
        config_file.write_text(settings, encoding="utf-8")
        return None

    def log(self, step: int, **values: float) -> None:
        """Note the values of one step; written with the next state."""
        self._lines.append({"step": step, **values})

    def save_state(self, state: dict[str, Any]) -> None:
        """Write the resumable state aside and rename it, so that a kill cannot break it.

        Args:
            state: tensors and plain values, `step` among them.
        """
        self._flush()
        aside = self._state.with_suffix(".tmp")
        torch.save(state, aside)
        aside.replace(self._state)

    def load_state(self) -> dict[str, Any] | None:
        """The last state, or None for a fresh run; drops what was logged after it."""
        if not self._state.is_file():
            return None
        # weights_only: tensors and plain values, never code
        state: dict[str, Any] = torch.load(self._state, map_location="cpu", weights_only=True)
        kept = [row for row in self._logged() if row["step"] <= state["step"]]
        self._log.write_text("".join(json.dumps(row) + "\n" for row in kept), encoding="utf-8")
        return state

    def finish(self, metrics: dict[str, Any]) -> dict[str, Any]:
        """Draw the curve, write and return metrics and versions, drop the resumable state."""
        self._flush()
        self._draw()
        versions = {name: version(name) for name in _LIBRARIES}
        report = {**metrics, "versions": versions, "machine": platform.processor()}
        _write(self._metrics, report)  # last: where it is, the run is finished
        self._state.unlink(missing_ok=True)
        return report

    def _flush(self) -> None:
        with self._log.open("a", encoding="utf-8") as stream:
            stream.writelines(json.dumps(line) + "\n" for line in self._lines)
        self._lines.clear()

    def _logged(self) -> list[dict[str, float]]:
        return [json.loads(line) for line in (_read(self._log) or "").splitlines()]

    def _draw(self) -> None:
        matplotlib.use("agg")
        from matplotlib import pyplot as plt

        rows = self._logged()
        figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
        axes.plot([r["step"] for r in rows], [r["loss"] for r in rows], linewidth=0.6)
        axes.set(xlabel="step", ylabel="training loss", title=str(self.path))
        figure.savefig(self.path / "curve.png", dpi=120)
        plt.close(figure)


def renew(folder: Path, mark: str, foreign: StanceError) -> None:
    """Make a folder anew, without what it may hold of its kind.

    Args:
        mark: the file that every folder of this kind has.
        foreign: raised where the folder holds files, but not this one.
    """
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / mark).is_file():
            raise foreign
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)


def _is_same(before: str | None, config: BaseModel) -> bool:
    """Whether a run's config, as written by this or an earlier release, trains what this does."""
    try:
        known = type(config).model_validate(yaml.safe_load(before or ""))
    except (ValidationError, yaml.YAMLError):
        return False
    return known.model_dump(exclude=_AFTERWARDS) == config.model_dump(exclude=_AFTERWARDS)


def _read(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _write(file: Path, value: object) -> None:
    aside = file.with_suffix(".tmp")
    aside.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    aside.replace(file)
