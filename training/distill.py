"""A teacher's logits, and hidden states, over everything the student is distilled over.

    python -m training.distill --config configs/train.yaml --teacher stance/models/accurate

Several teachers (seeds) are averaged. The stages of a training share one file, so all their
configs are given together; those without distillation have no part in it. The Parquet file it
writes holds no text: a key for each statement (see `training.data.example_key`) and three logits
in float16; what the file has of other statements, such as those of another training, stays. The
hidden states (`training.hints`), which are the first teacher's, are 6 KB for each statement: too
many for a repository, and written only where a config names a file for them.
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
from stance.progress import track
from stance.records import Statement
from stance.settings import load_config
from training.config import TrainConfig
from training.data import example_key, load_examples, read_soft_labels
from training.hints import HINTS, TeacherStates, pooled_states
from training.scoring import forward, load_for_prediction

__all__ = ["write_soft_labels"]

_CHUNK = 1024


def write_soft_labels(configs: Sequence[TrainConfig], teachers: Sequence[Path]) -> int:
    """Label every example of some distillation configs; returns the number of statements.

    Raises:
        ConfigError: no config has a `distill` section, they name several files, or no teacher
            was given.
    """
    stages = [(config, config.distill) for config in configs if config.distill is not None]
    if not teachers or not stages:
        raise ConfigError("distilling needs a config with a `distill` section and a teacher")
    soft_file = _only("soft_labels", {distill.soft_labels for _, distill in stages})
    hidden = {distill.hidden for _, distill in stages if distill.hidden is not None}
    hidden_file = _only("hidden", hidden) if hidden else None
    known = read_soft_labels(soft_file) if soft_file.is_file() else {}
    unique = {
        example_key(example.judged): example.judged
        for config, _ in stages
        for example in load_examples(config.data, config.seed, unlabelled=True)
    }
    config = stages[0][0]
    keys, statements = list(unique), list(unique.values())
    first, vectors = _label(teachers[0], statements, config, hidden=hidden_file is not None)
    others = [_label(teacher, statements, config)[0] for teacher in teachers[1:]]
    labelled = dict(zip(keys, np.mean([first, *others], axis=0), strict=True))
    _write(soft_file, known | labelled)
    if hidden_file is not None:
        TeacherStates.save(hidden_file, keys, vectors)
    return len(keys)


def _write(file: Path, labels: dict[str, NDArray[np.float32]]) -> None:
    logits = np.stack(list(labels.values())).astype(np.float16)
    columns: dict[str, pa.Array] = {"key": pa.array(list(labels))}
    for column, label in enumerate(LABELS):
        columns[label.value] = pa.array(logits[:, column])
    file.parent.mkdir(parents=True, exist_ok=True)
    # Aside, since pyarrow removes the file that it cannot finish, and with it hours of labelling.
    aside = file.with_suffix(".tmp")
    pq.write_table(pa.table(columns), aside, compression="zstd")
    aside.replace(file)


def _only(name: str, files: set[Path]) -> Path:
    if len(files) > 1:
        raise ConfigError(f"distill.{name}: the configs name {len(files)} files, not one")
    return files.pop()


def _label(
    teacher: Path, statements: Sequence[Statement], config: TrainConfig, *, hidden: bool = False
) -> tuple[NDArray[np.float32], NDArray[np.float16]]:
    """Logits (statements, 3), and pooled hidden states (statements, HINTS, width) if wanted."""
    network, tokenizer = load_for_prediction(teacher)
    logits = np.empty((len(statements), len(LABELS)), dtype=np.float32)
    width = network.config.hidden_size if hidden else 0
    vectors = np.empty((len(statements), HINTS, width), dtype=np.float16)
    bf16 = config.precision == "bf16"
    chunks = range(0, len(statements), _CHUNK)
    with track(f"labelling with {teacher.name}", len(chunks), log=True) as advance:
        for start in chunks:
            part = statements[start : start + _CHUNK]
            batches = forward(network, tokenizer, part, config.max_length, bf16=bf16, hidden=hidden)
            for indices, output, mask in batches:
                places = np.array(indices) + start
                logits[places] = output.logits.float().cpu().numpy()
                if hidden:
                    vectors[places] = pooled_states(output.hidden_states, mask).cpu().numpy()
            advance(1)
    return logits, vectors


def main(
    config: Annotated[list[Path], typer.Option(help="A config of the student; may be repeated.")],
    teacher: Annotated[list[Path], typer.Option(help="A checkpoint folder; may be repeated.")],
) -> None:
    """Write the soft labels that a student's configs name."""
    count = write_soft_labels([load_config(path, TrainConfig) for path in config], teacher)
    typer.echo(f"{count} statements labelled")


if __name__ == "__main__":
    typer.run(reports_errors(main))
