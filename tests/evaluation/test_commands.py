"""The commands, the configuration that ships, and the card."""

import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stance import InputError
from stance.artifact import open_artifact
from stance.cli import app
from stance.evaluation.config import EvaluateConfig
from stance.settings import load_config
from tests.evaluation.test_systems import tiny_checkpoint
from training.cards import model_card, write_card
from training.config import TrainConfig

ROOT = Path(__file__).parents[2]
run = CliRunner().invoke


def test_the_shipped_configs_are_valid() -> None:
    from stance.evaluation.checkpoints import NliConfig

    config = load_config(ROOT / "configs" / "evaluate.yaml", EvaluateConfig)
    assert not config.datasets["newswire"].quotable
    trained_on = load_config(ROOT / "configs" / "train.yaml", TrainConfig).data.train
    assert config.train == tuple(trained_on)
    assert load_config(ROOT / "configs" / "nli.yaml", NliConfig).model


def test_outside_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(app, ["evaluate", "--device", "cpu"])
    assert result.exit_code == 0, result.output
    assert "corpus/test.jsonl is not there" in result.output
    found = json.loads(Path("build/evaluation/report.json").read_text("utf-8"))
    assert [d["name"] for d in found["datasets"]] == ["fixtures"]
    assert set(found["skipped"]) == {"test", "train", "behavioural"}
    card = model_card(found, {"notes": {"base": "x"}, "version": "1", "max_length": 1,
                              "temperature": 1.0})  # fmt: skip
    assert f"{found['datasets'][0]['scores'][0]['metrics']['accuracy']['value']:.3f}" in card
    assert found["system"]["device"] == "cpu"
    assert "Measured on cpu with stance " in card


def test_a_gate_below_its_bound_is_exit_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("e.yaml").write_text("gates: {fixtures.accuracy: {min: 1.1}}\nresamples: 100\n")
    result = run(app, ["evaluate", "--device", "cpu", "--config", "e.yaml", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["gates"][0]["status"] == "failed"


def test_data_takes_the_place_of_the_datasets_the_gates_and_the_suite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("d.csv").write_text("id,text,label\n1,a,opposing\n2,b,supporting\n")
    Path("e.yaml").write_text(
        "gates: {d.accuracy: {min: 1.1}}\nresamples: 100\nbehavioural: suite\n"
        "datasets: {other: {path: other.csv}}\n"
    )
    command = ["evaluate", "--model", "d.csv", "--config", "e.yaml", "--json"]
    result = run(app, [*command, "--data", "d.csv"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert [d["name"] for d in found["datasets"]] == ["d"]
    assert found["gates"] == []
    assert set(found["skipped"]) == {"train"}


def test_a_report_that_has_no_place_is_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("taken").touch()
    Path("e.yaml").write_text("output: taken/report\n")
    result = run(app, ["evaluate", "--model", "nowhere.jsonl", "--config", "e.yaml"])
    assert result.exit_code == 2
    assert "taken/report: cannot be made: Not a directory" in result.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("text,label\nhi,against\n", "d.csv:2: field 'label': 'against' is not one of"),
        ("text\nhi\n", "d.csv:2: no field 'label'"),
        ("id,text,label\n1,a,opposing\n1,b,opposing\n", "id '1' is already on line 2"),
        ("text,label\nhi,opposing,more\n", "d.csv:2: 3 fields where the header has 2; quote"),
        ("text,label\n", "no labelled statements"),
        (
            "text,label,label\nhi,opposing,supporting\n",
            "d.csv, line 1: the column 'label' appears twice",
        ),
    ],
)
def test_bad_data_is_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("d.csv").write_text(text)
    result = run(app, ["evaluate", "--device", "cpu", "--data", "d.csv"])
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_compare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [
        '{"id": "1", "text": "a", "label": "opposing"}',
        '{"id": "2", "text": "b", "label": "supporting"}',
    ]
    Path("d.jsonl").write_text("\n".join(rows))
    result = run(app, ["compare", "base", "d.jsonl", "--data", "d.jsonl", "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert [row["measure"] for row in found] == ["accuracy", "accuracy", "macro_f1", "ece"]
    assert found[0]["value_b"]["value"] == 1.0
    assert found[0]["difference"]["value"] <= 0


def test_the_label_map_of_a_comparison_is_for_the_second_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("d.csv").write_text("id,text,label\n1,a,opposing\n2,b,supporting\n")
    other = str(tiny_checkpoint(tmp_path / "other", ["a", "b", "c"]))
    command = ["compare", "d.csv", other, "--data", "d.csv", "--device", "cpu", "--json"]
    result = run(app, [*command, "--label-map", "a=supporting,b=opposing,c=noncommittal"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)[0]["value_a"]["value"] == 1.0


def test_make_evaluate_passes_on_what_is_given() -> None:
    def shown(*words: str) -> str:
        command = ["make", "--dry-run", "--directory", str(ROOT), "evaluate", *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert "--model" not in shown()
    assert "--data" not in shown()
    assert '--model "tfidf" --data a.csv --data b.csv' in shown("MODEL=tfidf", "DATA=a.csv b.csv")


def test_make_classify_passes_the_text_on_as_it_is() -> None:
    text = """He said: "It costs $5 `or` more", didn't he?"""
    command = ["make", "--silent", "--directory", str(ROOT), "classify", f"TEXT={text}"]
    done = subprocess.run(
        [*command, "STANCE=printf '%s\\n'", "--assume-old=.venv/.ready"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == text


def test_the_committed_card_is_of_the_shipped_version() -> None:
    artifact = open_artifact()
    card = (artifact.path / "README.md").read_text(encoding="utf-8")
    assert f"# Stance toward peace talks, {artifact.calibration.version}\n" in card


def test_a_card_needs_a_report_of_its_artifact(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    with pytest.raises(InputError, match="run `stance evaluate` first"):
        write_card(report, ROOT / "stance" / "models" / "base")
    version = open_artifact().calibration.version
    for system in ({}, {"version": version, "files": {"config.json": "another's"}}):
        report.write_text(json.dumps({"system": system}))
        with pytest.raises(InputError, match="is not of the files in"):
            write_card(report, ROOT / "stance" / "models" / "base")
