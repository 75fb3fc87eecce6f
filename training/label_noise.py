"""Looks for wrong labels in the training data: cross-validated predictions and cleanlab.

    python -m training.label_noise --config configs/label_noise.yaml

Each statement is judged by a model that saw nothing of its conflict (or contrast set). What such
a model finds improbable is a suspect (Northcutt et al. 2021, "Confident Learning"); suspects
are for a person to read and settle by the codebook, nothing is changed here.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from cleanlab.filter import find_label_issues
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from stance.cli import reports_errors
from stance.decision import probabilities
from stance.evaluation.labelled import Labelled
from stance.labels import LABELS
from stance.settings import load_config
from training.config import TrainConfig
from training.data import group_of, read_training
from training.scoring import checkpoint_logits
from training.train import train

__all__ = ["out_of_fold", "suspects"]

SUSPECTS_FILE = "suspects.jsonl"


def out_of_fold(config: TrainConfig, items: Sequence[Labelled], folds: int) -> NDArray[np.float64]:
    """Probabilities of each item by a model that did not see its group: (len(items), 3)."""
    groups = [group_of(item) for item in items]
    found = np.empty((len(items), len(LABELS)))
    splits = GroupKFold(folds, shuffle=True, random_state=config.seed).split(groups, groups=groups)
    for number, (seen, unseen) in enumerate(splits):
        folder = config.output / f"fold_{number}"
        data = config.data.model_copy(
            update={
                "share": {},
                "train": (_write([items[i] for i in seen], folder.with_suffix(".train.jsonl")),),
                "dev": _write([items[i] for i in unseen], folder.with_suffix(".dev.jsonl")),
            }
        )
        train(config.model_copy(update={"output": folder, "data": data}))
        held_out = [items[i].statement for i in unseen]
        logits = checkpoint_logits(
            folder / "checkpoint", held_out, config.max_length, bf16=config.precision == "bf16"
        )
        found[unseen] = probabilities(logits, 1.0)
    return found


def suspects(items: Sequence[Labelled], probs: NDArray[np.float64]) -> list[dict[str, object]]:
    """The items that cleanlab doubts, the most doubtful first."""
    ranked = find_label_issues(
        labels=[item.label.column for item in items],
        pred_probs=probs,
        return_indices_ranked_by="self_confidence",
    )
    return [
        {
            "id": items[i].id,
            "context": items[i].statement.context,
            "text": items[i].statement.text,
            "label": items[i].label.value,
            "guess": LABELS[int(probs[i].argmax())].value,
            "probability": round(float(probs[i].max()), 4),
        }
        for i in ranked
    ]


def _write(items: Sequence[Labelled], file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as stream:
        for number, item in enumerate(items):
            row = {
                "id": number,
                "text": item.statement.text,
                "context": item.statement.context,
                "target": item.statement.target,
                "label": item.label.value,
            }
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    return file


def main(
    config: Annotated[Path, typer.Option(help="A training config of a small model.")],
    folds: Annotated[int, typer.Option(min=2, help="Parts that the data is cut into.")] = 3,
) -> None:
    """List the training statements whose label a model that never saw their conflict doubts."""
    settings = load_config(config, TrainConfig)
    items = read_training(settings.data)
    found = suspects(items, out_of_fold(settings, items, folds))
    file = settings.output / SUSPECTS_FILE
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in found)
    file.write_text("".join(lines), encoding="utf-8")
    typer.echo(f"{len(found)} of {len(items)} statements are suspect: {file}")


if __name__ == "__main__":
    typer.run(reports_errors(main))
