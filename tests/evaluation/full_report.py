"""A report with a row in every part of it, of a system that is mostly right."""

import json
from pathlib import Path

import numpy as np

from stance import Stance, Statement
from stance.evaluation.config import DatasetConfig, EvaluateConfig, Gate
from stance.evaluation.datasets import Dataset
from stance.evaluation.labelled import Labelled
from stance.evaluation.loading import Data
from stance.evaluation.results import Report
from stance.evaluation.run import evaluate
from stance.labels import LABELS
from tests.evaluation.known import Oracle

_GATES = {
    "statements.accuracy": Gate(min=0.95),
    "statements.macro_f1_over_tfidf": Gate(min=-1.0),
    "wire.macro_f1": Gate(min=0.5),
    "absent.macro_f1": Gate(min=0.5),
}
_TAIL = (
    "that the delegation would not be in Geneva before the prisoners were, and *not* <b>then</b>"
)


def full_report(folder: Path) -> Report:
    """Gates of each status, contrast pairs, suite, comparisons, mistakes with neighbours.

    Args:
        folder: an empty one, for the files of the suite.
    """
    rng = np.random.default_rng(0)
    items = [_item(i, LABELS[int(rng.integers(3))]) for i in range(200)]
    answers = {
        item.statement.text: rng.dirichlet(0.7 + 2.3 * np.eye(3)[item.label.column]).tolist()
        for item in items
    }
    _write_suite(folder)
    config = EvaluateConfig(
        resamples=100,
        output=folder,
        datasets={"wire": DatasetConfig(path=folder / "wire.tsv", optional=True)},
        behavioural=folder,
        gates=_GATES,
    )
    skipped = {"wire": "wire.tsv is not there", "absent": "absent.tsv is not there"}
    data = Dataset("statements", items, {"corpus/statements.jsonl": "0" * 64})
    read = {"configs/evaluate.yaml": "1" * 64}
    return evaluate(Oracle(answers), Data([data], items, skipped, read), config)


def _item(i: int, label: Stance) -> Labelled:
    attributes = {
        "phenomenon": f"a_rather_long_phenomenon_{i % 20}" if i % 4 else "negation",
        "speech": ("direct", "indirect")[i % 2],
        "conflict": f"conflict_{i % 15}",
        "pair": f"p{i // 2}",
    }
    statement = Statement(f"Speaker {i} said {_TAIL}", context=f"Question {i}: will you come?")
    return Labelled(f"s-{i}", statement, label, attributes)


def _write_suite(folder: Path) -> None:
    cases = [
        {"id": f"c{i}", "capability": f"a_capability_of_some_length_{i % 5}", "kind": "mft",
         "text": f"Case {i}: we will not go.", "label": LABELS[i % 3]}
        for i in range(30)
    ]  # fmt: skip
    (folder / "suite.jsonl").write_text("\n".join(map(json.dumps, cases)), encoding="utf-8")
