"""A teacher's logits over everything the student is distilled over.

    python -m training.distill --config configs/train.yaml --teacher build/teacher/checkpoint

Several teachers (seeds) are averaged. The stages of a training share one file, so all their
configs are given together; those without distillation have no part in it. The Parquet file it
writes holds no text: a key for each statement (see `training.data.example_key`) and three logits
in float16.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import typer
from numpy.typing import NDArray

from stance.cli import reports_errors
from stance.errors import ConfigError
from stance.labels import LABELS
from stance.records import Statement
from stance.settings import load_config
from training.config import TrainConfig
from training.data import example_key, load_examples
from training.progress import track
from training.scoring import load_for_prediction, predict_logits

__all__ = ["write_soft_labels"]

_CHUNK = 1024


def write_soft_labels(configs: Sequence[TrainConfig], teachers: Sequence[Path]) -> int:
    """Label every example of some distillation configs; returns the number of statements.

    Raises:
        ConfigError: no config has a `distill` section, they name several files, or no teacher
            was given.
    """
    stages = [(config, config.distill) for config in configs if config.distill is not None]
    files = {distill.soft_labels for _, distill in stages}
    if not teachers or not files:
        raise ConfigError("distilling needs a config with a `distill` section and a teacher")
    if len(files) > 1:
        raise ConfigError(f"distill.soft_labels: the configs name {len(files)} files, not one")
    unique = {
        example_key(example.judged): example.judged
        for config, _ in stages
        for example in load_examples(config.data, config.seed, unlabelled=True)
    }
    config, path = stages[0][0], files.pop()
    keys, statements = list(unique), list(unique.values())
    logits = np.mean([_label(teacher, statements, config) for teacher in teachers], axis=0)
    columns: dict[str, pa.Array] = {"key": pa.array(keys)}
    for column, label in enumerate(LABELS):
        columns[label.value] = pa.array(logits[:, column].astype(np.float16))
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path, compression="zstd")
    return len(keys)


def _label(
    teacher: Path, statements: Sequence[Statement], config: TrainConfig
) -> NDArray[np.float32]:
    network, tokenizer = load_for_prediction(teacher)
    parts = []
    chunks = range(0, len(statements), _CHUNK)
    with track(f"labelling with {teacher.parent.name}", len(chunks)) as advance:
        for start in chunks:
            part = statements[start : start + _CHUNK]
            bf16 = config.precision == "bf16"
            parts.append(predict_logits(network, tokenizer, part, config.max_length, bf16=bf16))
            advance("")
    return np.concatenate(parts)


def main(
    config: Annotated[list[Path], typer.Option(help="A config of the student; may be repeated.")],
    teacher: Annotated[list[Path], typer.Option(help="A checkpoint folder; may be repeated.")],
) -> None:
    """Write the soft labels that a student's configs name."""
    count = write_soft_labels([load_config(path, TrainConfig) for path in config], teacher)
    typer.echo(f"{count} statements labelled")


if __name__ == "__main__":
    typer.run(reports_errors(main))
