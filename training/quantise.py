"""Artifact -> its `int8.safetensors`: ranges of activations, and the margin of doubt.

    python -m training.quantise --config configs/quantise.yaml --artifact stance/models/base

Post-training quantisation with in-domain calibration: every linear layer of the encoder gets
a smoothed input (Xiao et al. 2023, "SmoothQuant"), as strongly as loses least of its output.
What int8 still changes lies where two labels are close; the margin below which a statement
is computed again is chosen on statements that the ranges were not fitted on. Where the processor
multiplies bf16, that is asked next and has a margin of its own; the two share what may change.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from numpy.typing import NDArray
from pydantic import Field
from torch import nn
from transformers import AutoModelForSequenceClassification, PreTrainedModel

from stance.artifact import open_artifact
from stance.cli import reports_errors
from stance.encoding import EncodedStatement, Encoder, collate
from stance.evaluation.labelled import read_labelled
from stance.manifest import read_json, write_manifest
from stance.runtimes.cascade import margins
from stance.runtimes.cpu import OpenVinoRuntime, is_built_here
from stance.runtimes.graph import Blocks, Int8Input
from stance.runtimes.int8 import Int8Settings
from stance.runtimes.network import multiplies_bf16
from stance.runtimes.weights import read_weights
from stance.settings import Strict, load_config

__all__ = ["QuantiseConfig", "fit_input", "fit_margin", "fit_margins", "quantise"]

# 0 would leave all of the difficulty in the activations, 1 move all of it to the weights.
_SMOOTHING = (0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9)
_TOKENS_JUDGED = 2_000

Float = NDArray[np.float32]


class QuantiseConfig(Strict):
    """The quantisation step.

    Attributes:
        statements: labelled JSONL; its labels are not used.
        calibration: statements that ranges are fitted on; the others fit the margin.
        changed: share of statements whose label may change, int8 and bf16 together: each gets half
            of it (int8 all of it, where there is no bf16). Far fewer do change.
    """

    seed: int
    statements: Path
    calibration: int = Field(ge=16)
    changed: float = Field(gt=0, lt=1)


def quantise(config: QuantiseConfig, folder: Path) -> dict[str, float]:
    """Write the artifact's int8 file and manifest; returns what the margin costs and saves.

    Raises:
        InputError: the statements cannot be read.
        ArtifactError: the artifact is not a BERT classifier.
    """
    artifact = open_artifact(folder)
    encoder = Encoder.from_folder(folder, artifact.calibration.max_length)
    items = read_labelled(config.statements)
    order = np.random.default_rng(config.seed).permutation(len(items))
    rows = encoder.encode([items[i].statement for i in order])
    fitting, held_out = rows[: config.calibration], rows[config.calibration :]
    inputs = fit_inputs(folder, fitting)
    weights = read_weights(folder)
    settings = read_json(folder / "config.json")
    exact = OpenVinoRuntime(Blocks(weights), settings).run(held_out)
    stages = [OpenVinoRuntime(Blocks(weights, inputs), settings).run(held_out)]
    # What is close is another model's to answer where an artifact defers: this network is not
    # asked again.
    defers = artifact.calibration.deferral is not None
    if multiplies_bf16() and not defers:
        stages.append(OpenVinoRuntime(Blocks(weights), settings, bf16=True).run(held_out))
    fitted = [0.0] if defers else fit_margins(stages, exact, config.changed)
    Int8Settings(inputs, *fitted).save(folder)
    write_manifest(folder)
    return _report(stages, fitted, exact)


def _report(stages: Sequence[Float], fitted: Sequence[float], exact: Float) -> dict[str, float]:
    labels = exact.argmax(axis=1)
    alone = float((stages[0].argmax(axis=1) != labels).mean())
    report = {"statements": float(len(exact)), "changed by int8 alone": alone}
    changed, doubtful = 0, np.arange(len(exact))
    for name, logits, margin in zip(("int8", "bf16"), stages, fitted, strict=False):
        sure = margins(logits[doubtful]) >= margin
        passed, doubtful = doubtful[sure], doubtful[~sure]
        changed += int((logits[passed].argmax(axis=1) != labels[passed]).sum())
        report[f"margin of {name}"] = margin
        report[f"computed again after {name}"] = len(doubtful) / len(exact)
    return report | {"changed": changed / len(exact)}


def fit_margins(stages: Sequence[Float], exact: Float, changed: float) -> list[float]:
    """Margins of stages asked in turn that together change at most this share of labels.

    A statement can pass each stage with a changed label, so each gets an equal part.

    Args:
        stages: each stage's logits of the same statements, float32 (n, 3).
        exact: the last stage's logits of them, which are right.
    """
    return [fit_margin(logits, exact, changed / len(stages)) for logits in stages]


def fit_margin(narrow: Float, exact: Float, changed: float) -> float:
    """A margin that at most this share of statements can pass with a changed label.

    A label changes only if the difference of two logits moves by more than the int8 gap
    between them, so the margin is a quantile of how far differences move. That bounds the
    changes for statements on which the model is less sure than on these, too.

    Args:
        narrow, exact: logits of the same statements, float32 (n, 3).
    """
    moved = np.ptp(narrow - exact, axis=1)
    return float(np.quantile(moved, 1 - changed, method="higher"))


def fit_inputs(folder: Path, rows: Sequence[EncodedStatement]) -> dict[str, Int8Input]:
    """How the input of every linear layer of the encoder becomes int8."""
    network = AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32)
    seen = _layer_inputs(network.eval(), rows)
    fitted: dict[str, Int8Input] = {}
    for name, x in seen.items():
        # Query, key and value read the same tensor, which becomes int8 once.
        parts = ("query", "key", "value") if name.endswith(".query") else ("",)
        layers = [name.removesuffix("query") + part for part in parts] if parts[0] else [name]
        matrices = [network.get_submodule(layer).weight.detach().numpy() for layer in layers]
        fitted |= dict.fromkeys(layers, fit_input(x, np.concatenate(matrices)))
    return fitted


def fit_input(x: Float, weight: Float) -> Int8Input:
    """The smoothing whose int8 output has the least squared error.

    The range always covers all of x: in this network the rare large values carry meaning.

    Args:
        x: (tokens, in), the layer's input.
        weight: (out, in).
    """
    judged = x[:: max(1, len(x) // _TOKENS_JUDGED)]
    expected = judged @ weight.T
    activity = np.maximum(np.abs(x).max(axis=0), 1e-3)
    size = np.maximum(np.abs(weight).max(axis=0), 1e-3)

    def candidate(strength: float) -> Int8Input:
        smooth = activity**strength / size ** (1 - strength)
        smooth = (smooth / np.exp(np.log(smooth).mean())).astype(np.float32)
        scaled = x / smooth
        return Int8Input(smooth, float(min(scaled.min(), 0)), float(max(scaled.max(), 0)))

    def loss(how: Int8Input) -> float:
        output = _rounded_input(judged / how.smooth, how) @ _rounded_weight(weight * how.smooth).T
        return float(((output - expected) ** 2).mean())

    return min((candidate(strength) for strength in _SMOOTHING), key=loss)


def _rounded_input(x: Float, how: Int8Input) -> Float:
    step = (how.high - how.low) / 255
    zero = np.round(-how.low / step)
    steps = np.clip(np.round(x / step) + zero, 0, 255) - zero
    return np.asarray(steps * step, dtype=np.float32)


def _rounded_weight(weight: Float) -> Float:
    step = np.maximum(np.abs(weight).max(axis=1, keepdims=True), 1e-8) / 127
    return np.asarray(np.round(weight / step) * step, dtype=np.float32)


@torch.inference_mode()
def _layer_inputs(network: PreTrainedModel, rows: Sequence[EncodedStatement]) -> dict[str, Float]:
    """Inputs of the encoder's linear layers: float32 (tokens of all rows, in)."""
    kept: dict[str, list[torch.Tensor]] = {}
    for name, module in network.named_modules():
        inner = isinstance(module, nn.Linear) and ".layer." in name
        if inner and not name.endswith((".key", ".value")):
            kept[name] = []
            module.register_forward_pre_hook(_keep(kept[name]))
    for row in rows:  # one at a time, so that no padding is among the values
        batch = collate([row], 0)
        network(
            torch.from_numpy(batch.input_ids),
            torch.from_numpy(batch.attention_mask),
            torch.from_numpy(batch.token_type_ids),
        )
    return {name: torch.cat(tensors).numpy() for name, tensors in kept.items()}


def _keep(store: list[torch.Tensor]) -> Callable[[nn.Module, tuple[torch.Tensor, ...]], None]:
    def hook(_: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        store.append(inputs[0].flatten(0, -2))

    return hook


def main(
    config: Annotated[Path, typer.Option(help="A YAML file like configs/quantise.yaml.")],
    artifact: Annotated[Path, typer.Option(help="The folder to add the int8 file to.")],
) -> None:
    """Fit int8 ranges for the fast CPU runtime; of a network that it does not run, only say so."""
    file = artifact / "config.json"
    if file.is_file() and not is_built_here(read_json(file)):
        # No failure: `make train` may be of any network.
        typer.echo(f"{artifact}: cpu-fast runs BERT classifiers alone, so it has none")
        return
    report = quantise(load_config(config, QuantiseConfig), artifact)
    typer.echo(json.dumps(report, indent=2))


if __name__ == "__main__":
    typer.run(reports_errors(main))
