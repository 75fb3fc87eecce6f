"""The shipped model gives what it gave when it was released, through every entry point."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import stance
from stance import Prediction, StanceClassifier, Statement
from stance.batch import classify_files
from stance.cli import app
from tests.core.golden import ARTICLE, FILE, STATEMENTS

GOLDEN: dict[str, Any] = json.loads(FILE.read_text("utf-8"))


def _same(prediction: Prediction, expected: dict[str, Any]) -> bool:
    found = {label.value: p for label, p in prediction.probabilities.items()}
    return prediction.label == expected["label"] and found == pytest.approx(
        expected["probabilities"], abs=2e-3
    )


def test_the_golden_outputs_are_of_the_shipped_version(classifier: StanceClassifier) -> None:
    assert GOLDEN["version"] == classifier.artifact.calibration.version


def test_classify_in_a_batch_and_alone(classifier: StanceClassifier) -> None:
    for prediction, expected in zip(
        classifier.classify(STATEMENTS), GOLDEN["classify"], strict=True
    ):
        assert _same(prediction, expected)
    for statement, expected in zip(STATEMENTS, GOLDEN["classify"], strict=True):
        assert _same(stance.classify(statement), expected)


def test_analyze(classifier: StanceClassifier) -> None:
    found = classifier.analyze(ARTICLE)
    assert [(p.statement.text, p.statement.speaker) for p in found] == [
        (e["text"], e["speaker"]) for e in GOLDEN["analyze"]
    ]
    assert all(_same(p, e) for p, e in zip(found, GOLDEN["analyze"], strict=True))


@pytest.mark.parametrize("number", [0, 2])
def test_the_command_line(number: int) -> None:
    statement: Statement = STATEMENTS[number]
    arguments = ["classify", "--json", "--device", "cpu"]
    if statement.context:
        arguments += ["--context", statement.context]
    result = CliRunner().invoke(app, [*arguments, statement.text])
    found = json.loads(result.stdout)
    assert found["label"] == GOLDEN["classify"][number]["label"]
    assert found["probabilities"] == pytest.approx(
        GOLDEN["classify"][number]["probabilities"], abs=2e-3
    )


def test_batch(tmp_path: Path) -> None:
    rows = [{"text": s.text, "context": s.context, "target": s.target} for s in STATEMENTS]
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    classify_files([source], target, context_column="context", target_column="target", device="cpu")
    found = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert [row["label"] for row in found] == [e["label"] for e in GOLDEN["classify"]]
