"""Trains the topic model of a run: which statements concern peace talks at all.

    python -m training.topic --config configs/train.yaml

Learns from the corpus's phenomena: statements on other talks and other subjects against the
rest. Data without a `phenomenon` field has no such labels, and the step is skipped.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from tokenizers import Tokenizer

from stance.cli import reports_errors
from stance.encoding import EncodedStatement, Encoder
from stance.evaluation.labelled import Labelled, read_labelled
from stance.settings import load_config
from stance.topic import BUCKETS, TOPIC_FILE, TopicModel, buckets
from training.config import TrainConfig
from training.corpus_schema import NOT_ABOUT_TALKS
from training.data import read_training
from training.derive import distract

__all__ = ["fit_topic_model", "write_topic_model"]

_DISTRACTED = 1.0
"""Share of the statements of which a copy is read behind what somebody else said."""


def fit_topic_model(rows: Sequence[EncodedStatement], about: NDArray[np.bool_]) -> TopicModel:
    """Fit the model; `about` has shape (len(rows),)."""
    features = [buckets(row) for row in rows]
    columns = np.concatenate(features)
    values = np.concatenate([np.full(len(f), 1.0 / np.sqrt(len(f))) for f in features])
    starts = np.cumsum([0, *(len(f) for f in features)])
    matrix = csr_array((values, columns, starts), shape=(len(rows), BUCKETS))
    model = LogisticRegression(C=10.0, max_iter=1000, class_weight="balanced")
    model.fit(matrix, about)
    return TopicModel(model.coef_[0].astype(np.float32), float(model.intercept_[0]))


def write_topic_model(config: TrainConfig) -> float | None:
    """Write `topic.safetensors` into the run folder; returns its F1 on dev, None if skipped."""
    train = [item for item in read_training(config.data) if "phenomenon" in item.attributes]
    dev = read_labelled(config.data.dev)
    about = _about(train)
    if not about.any() or about.all():
        return None
    tokenizer = Tokenizer.from_file(str(config.output / "checkpoint" / "tokenizer.json"))
    encoder = Encoder(tokenizer, config.max_length)
    statements = [item.statement for item in train]
    # In an article, the sentence before is often about something else.
    copies = distract(statements, _DISTRACTED, seed=0)
    rows = encoder.encode([*statements, *(statement for _, statement in copies)])
    model = fit_topic_model(rows, np.concatenate([about, about[[place for place, _ in copies]]]))
    model.save(config.output / TOPIC_FILE)
    scores = model.about_talks(encoder.encode([item.statement for item in dev]))
    return float(f1_score(_about(dev), np.array(scores) >= 0.5))


def _about(items: Sequence[Labelled]) -> NDArray[np.bool_]:
    return np.array([i.attributes.get("phenomenon") not in NOT_ABOUT_TALKS for i in items], bool)


def main(config: Annotated[Path, typer.Option(help="The training config of the run.")]) -> None:
    """Train the topic model of a run."""
    score = write_topic_model(load_config(config, TrainConfig))
    skipped = "no `phenomenon` in the training data tells what is not about talks: no topic model"
    typer.echo(skipped if score is None else f"topic model: F1 {score:.3f} on dev")


if __name__ == "__main__":
    typer.run(reports_errors(main))
