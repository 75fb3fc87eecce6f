"""A teacher's logits, and hidden states, over everything the student is distilled over.

    python -m training.distill --config configs/train.yaml --teacher stance/models/accurate

Several teachers (seeds) are averaged; one is its own network alone, whatever its artifact
defers to or is averaged with. The stages of a training share one file, so all their
configs are given together; those without distillation have no part in it. The Parquet file it
writes holds no text: a key for each statement (see `training.data.example_key`) and three logits
in float16; what the file has of other statements, such as those of another training, stays. The
hidden states (`training.teacher_states`), which are the first teacher's, are 40 KB for each
statement: too many for a repository, and written only where a config names a file for them.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch
import typer
from numpy.typing import NDArray
from torch import Tensor

from stance.cli import reports_errors
from stance.errors import ConfigError
from stance.labels import LABELS
from stance.progress import track
from stance.records import Statement
from stance.settings import load_config
from training.config import TrainConfig
from training.data import example_key, load_examples, read_soft_labels
from training.scoring import forward, load_for_prediction
from training.teacher_states import StatesWriter, token_states

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
    statements = list(unique.values())
    writer = StatesWriter(hidden_file, list(unique)) if hidden_file is not None else None
    first = _label(teachers[0], statements, config, writer)
    logits = np.mean([first, *(_label(t, statements, config) for t in teachers[1:])], axis=0)
    _write(soft_file, known | dict(zip(unique, logits, strict=True)))
    if writer is not None:
        writer.finish()
    return len(unique)


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
    teacher: Path,
    statements: Sequence[Statement],
    config: TrainConfig,
    writer: StatesWriter | None = None,
) -> NDArray[np.float32]:
    """Logits (statements, 3); a writer takes the hidden states."""
    network, tokenizer = load_for_prediction(teacher)
    hidden, bf16 = writer is not None, config.precision == "bf16"
    special = torch.tensor(tokenizer.all_special_ids, device=network.device)
    logits = np.empty((len(statements), len(LABELS)), dtype=np.float32)

    def outputs(part: Sequence[Statement]) -> Iterator[tuple[list[int], Any, Tensor, Tensor]]:
        batches = forward(network, tokenizer, part, config.max_length, bf16=bf16, hidden=hidden)
        for indices, output, inputs in batches:
            mask = inputs["attention_mask"]
            yield indices, output, mask, mask.bool() & ~torch.isin(inputs["input_ids"], special)

    if writer is not None:
        sample = statements[:: max(1, len(statements) // _CHUNK)]
        writer.fit(token_states(o.hidden_states, words) for _, o, _, words in outputs(sample))
    chunks = range(0, len(statements), _CHUNK)
    with track(f"labelling with {teacher.name}", len(chunks), log=True) as advance:
        for start in chunks:
            for indices, output, mask, words in outputs(statements[start : start + _CHUNK]):
                places = [i + start for i in indices]
                logits[places] = output.logits.float().cpu().numpy()
                if writer is not None:
                    writer.add(places, output.hidden_states, mask, words)
            advance(1)
    return logits


def main(
    config: Annotated[list[Path], typer.Option(help="A config of the student; may be repeated.")],
    teacher: Annotated[list[Path], typer.Option(help="A checkpoint folder; may be repeated.")],
) -> None:
    """Write the soft labels that a student's configs name."""
    count = write_soft_labels([load_config(path, TrainConfig) for path in config], teacher)
    typer.echo(f"{count} statements labelled")


if __name__ == "__main__":
    typer.run(reports_errors(main))
