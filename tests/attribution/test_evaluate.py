"""`make attribution-evaluate`: its goals, its floors and its exit codes."""

import subprocess
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from stance.evaluation.attribution import AttributionScores
from stance.settings import load_config
from tests.attribution.conftest import CONFIGS
from training import attribution_evaluate
from training.attribution_evaluate import GatesConfig, Row

_CONFIG = CONFIGS / "attribution_evaluate.yaml"
_app = typer.Typer()
_app.command()(attribution_evaluate.main)


def _run(tmp_path: Path, *more: str) -> Result:
    command = ["--config", str(_CONFIG), "--polnear", str(tmp_path / "polnear")]
    return CliRunner().invoke(_app, [*command, "--output", str(tmp_path / "out"), *more])


def _scores(**changes: float) -> AttributionScores:
    floors = load_config(_CONFIG, GatesConfig).floors.model_dump() | changes
    return AttributionScores(**{name: (value, value, value) for name, value in floors.items()})


def test_a_missing_corpus_is_exit_code_2(tmp_path: Path) -> None:
    result = _run(tmp_path)
    assert result.exit_code == 2
    assert "polnear: no PolNeAR here" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_wrong_key_is_exit_code_2(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(_CONFIG.read_text("utf-8").replace("exact", "exakt"), "utf-8")
    result = _run(tmp_path, "--config", str(broken))
    assert result.exit_code == 2
    assert "floors.exakt" in result.stderr


@pytest.mark.parametrize("unit", ["characters", "overlapping", "exact", "sourced"])
def test_below_a_floor_is_exit_code_1(
    unit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = _scores()
    monkeypatch.setattr(attribution_evaluate, "read_split", lambda *_: [])
    monkeypatch.setattr(attribution_evaluate, "evaluate", lambda *_: [Row("tagger", measured, 1.0)])
    result = _run(tmp_path)
    assert result.exit_code == 0, result.output
    assert "goal" in result.stdout
    assert (tmp_path / "out" / "attribution.md").is_file()
    lower = getattr(load_config(_CONFIG, GatesConfig).floors, unit) - 0.001
    measured = _scores(**{unit: lower})
    result = _run(tmp_path)
    assert result.exit_code == 1
    assert result.stderr == f"below the floor: {attribution_evaluate._HEADS[unit]}\n"


def test_make_gives_the_config(tmp_path: Path) -> None:
    root = CONFIGS.parent
    command = ["make", "--dry-run", "--directory", str(root), "attribution-evaluate"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert f"--config configs/{_CONFIG.name} --polnear " in shown
