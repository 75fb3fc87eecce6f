"""Runs after each other: what is finished stays, what is not goes on, what changed starts anew."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from accelerate import Accelerator

from stance.artifact import MODELS, SHIPPED
from stance.errors import ArtifactError, ConfigError, InputError
from stance.manifest import sha256
from tests.conftest import FIXTURES
from tests.training.test_train import _config, _steps_of
from training.cards import model_card
from training.config import DataConfig, DistillConfig, OptimConfig, TrainConfig
from training.export import export
from training.provenance import provenance_notes, training_inputs, weights_sha256
from training.run_folder import RunFolder
from training.train import Trainer, train

_FILE = "model.safetensors"


@pytest.fixture
def stages(tmp_path: Path) -> tuple[TrainConfig, TrainConfig]:
    """Two configs, the second over the first's checkpoint, on a copy of the fixtures."""
    file = tmp_path / "data.jsonl"
    file.write_bytes((FIXTURES / "statements.jsonl").read_bytes())
    changes = {
        "data": DataConfig(train=(file,), dev=file),
        "optim": OptimConfig(epochs=1, batch_size=4, learning_rate=1e-3),
    }
    first = _config(tmp_path / "first", **changes)
    base = str(first.output / "checkpoint")
    return first, _config(tmp_path / "second", base=base, layers=None, **changes)


def _logged(config: TrainConfig) -> list[int]:
    lines = (config.output / "log.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["step"] for line in lines]


def test_a_kill_in_the_second_stage_leaves_the_first_alone(
    stages: tuple[TrainConfig, TrainConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = stages
    metrics = train(first)

    def dies(self: Trainer) -> None:
        checkpoint(self)
        if self.step == 2:
            raise KeyboardInterrupt

    checkpoint = Trainer._checkpoint
    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "_checkpoint", dies)
        with pytest.raises(KeyboardInterrupt):
            train(second)
    assert _steps_of(first, monkeypatch) == []
    assert train(first) == metrics
    assert _steps_of(second, monkeypatch) == [2, 3]
    assert _logged(first) == _logged(second) == [1, 2, 3, 4]


def test_what_was_logged_after_the_last_state_is_not_logged_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    config = _config(tmp_path)
    killed = RunFolder(tmp_path)
    killed.begin(config, {})
    killed.log(1, loss=1.0)
    killed.save_state({"step": 1})
    killed.log(2, loss=0.9)
    with monkeypatch.context() as patch:
        patch.setattr(torch, "save", full)
        with pytest.raises(OSError, match="no space"):
            killed.save_state({"step": 2})
    assert _logged(config) == [1, 2]
    again = RunFolder(tmp_path)
    assert again.begin(config, {}) is None
    assert again.load_state() == {"step": 1}
    again.log(2, loss=0.9)
    again.save_state({"step": 2})
    assert _logged(config) == [1, 2]


def _begin(config: TrainConfig) -> dict[str, object] | None:
    return RunFolder(config.output).begin(config, training_inputs(config, Path(config.base)))


def _checkpoint(folder: Path, content: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "config.json").touch()
    (folder / "model.safetensors").write_text(content, "utf-8")
    return str(folder)


@pytest.mark.parametrize("change", ["data", "base", "mean_with", "soft labels", "config"])
@pytest.mark.parametrize("finished", [True, False])
def test_what_changed_is_trained_anew(finished: bool, change: str, tmp_path: Path) -> None:
    data, soft = tmp_path / "data.jsonl", tmp_path / "soft.parquet"
    for file in (data, soft):
        file.write_text("one", "utf-8")
    config = _config(
        tmp_path / "run",
        base=_checkpoint(tmp_path / "base", "one"),
        mean_with=(_checkpoint(tmp_path / "other", "one"),),
        data=DataConfig(train=(FIXTURES / "statements.jsonl", data), dev=data),
        distill=DistillConfig(soft_labels=soft),
    )
    assert _begin(config) is None
    run = RunFolder(config.output)
    run.log(1, loss=1.0)
    run.save_state({"step": 1})
    if finished:
        run.checkpoint.mkdir()
        run.finish({"steps": 1})
    (config.output / "calibration.json").touch()
    assert _begin(config) == (json.loads(_metrics(config)) if finished else None)
    assert _logged(config) == [1]
    if change == "config":
        config = config.model_copy(update={"dropout": 0.2})
    else:
        places = {"data": data, "soft labels": soft, "base": tmp_path / "base" / _FILE}
        places.get(change, tmp_path / "other" / _FILE).write_text("two", "utf-8")
    assert _begin(config) is None
    left = {file.name for file in config.output.iterdir()}
    assert left == {"config.yaml", "inputs.json"}


def _metrics(config: TrainConfig) -> str:
    return (config.output / "metrics.json").read_text("utf-8")


def test_a_folder_that_is_no_run_is_not_emptied(tmp_path: Path) -> None:
    mine = ["config.yaml", "train.csv"]  # one's own config is no run's
    for name in mine:
        (tmp_path / name).touch()
    with pytest.raises(ConfigError, match="holds files that are no run's; name a new folder"):
        RunFolder(tmp_path).begin(_config(tmp_path), {})
    assert sorted(path.name for path in tmp_path.iterdir()) == mine


def test_a_missing_input_is_named(stages: tuple[TrainConfig, TrainConfig], tmp_path: Path) -> None:
    config = stages[0]
    nowhere = config.data.model_copy(update={"train": (tmp_path / "nowhere.jsonl",)})
    with pytest.raises(InputError, match=r"nowhere\.jsonl: no such file"):
        train(config.model_copy(update={"data": nowhere}))
    with pytest.raises(ArtifactError, match="nowhere: no checkpoint here"):
        train(config.model_copy(update={"mean_with": (str(tmp_path / "nowhere"),)}))
    soft = DistillConfig(soft_labels=tmp_path / "none.parquet")
    with pytest.raises(ConfigError, match="make distill"):
        train(config.model_copy(update={"distill": soft}))
    assert not config.output.exists()


def test_weights_are_those_that_training_begins_from(tmp_path: Path) -> None:
    for name in ("a.safetensors", "b.safetensors", "int8.safetensors", "topic.safetensors"):
        (tmp_path / name).write_text(name, "utf-8")
    before = weights_sha256(tmp_path)
    (tmp_path / "int8.safetensors").write_text("fitted anew", "utf-8")
    assert weights_sha256(tmp_path) == before
    (tmp_path / "b.safetensors").write_text("other", "utf-8")
    assert weights_sha256(tmp_path) != before
    (tmp_path / "b.safetensors").unlink()
    assert weights_sha256(tmp_path) == sha256(tmp_path / "a.safetensors")


def test_an_artifact_tells_its_stages(
    stages: tuple[TrainConfig, TrainConfig], tmp_path: Path
) -> None:
    first, second = stages
    second = second.model_copy(update={"mean_with": (str(MODELS / SHIPPED),)})
    train(first)
    train(second)
    (second.output / "calibration.json").write_text('{"temperature": 1.0}', "utf-8")
    export(second, tmp_path / "artifact", "9.9.9")
    settings = json.loads((tmp_path / "artifact" / "stance.json").read_text("utf-8"))
    notes = settings["notes"]
    released = json.loads((MODELS / SHIPPED / "stance.json").read_text("utf-8"))["version"]
    assert notes["base"] == "first"
    assert notes["base_sha256"] == sha256(first.output / "checkpoint" / "model.safetensors")
    shipped = weights_sha256(MODELS / SHIPPED)[:12]
    assert notes["mean_with"] == [f"stance base {released} {shipped}"]
    assert notes["data"] == {"data.jsonl": sha256(first.data.dev)[:12]}
    assert notes["dev"].keys() >= {"macro_f1"}
    release, stage = notes["stages"]
    assert release["name"] == f"stance base {released}"
    assert "/" not in release["base"]
    assert stage["name"] == "first"
    assert (stage["base"], stage["base_sha256"]) == (release["name"], shipped)
    report: dict[str, Any] = {"datasets": [], "behavioural": None, "libraries": {}, "read": {}}
    report["system"] = {"device": "cpu"}
    card = model_card(report, settings)
    assert f"\n- first: base stance base {released}, base_sha256 {shipped}, seed 13, data " in card
    assert f"data.jsonl {notes['data']['data.jsonl']}" in card
    assert str(tmp_path) not in card


def test_a_run_of_an_older_version_has_no_notes(tmp_path: Path) -> None:
    assert provenance_notes(tmp_path) == {}


def test_other_processes_write_nothing(
    stages: tuple[TrainConfig, TrainConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Accelerator, "is_main_process", False)
    assert train(stages[0]) == {}
    assert not stages[0].output.exists()


def test_more_processes_than_batches_are_an_error(
    stages: tuple[TrainConfig, TrainConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Accelerator, "num_processes", 5)
    with pytest.raises(ConfigError, match="4 batches of 4 for 5 processes"):
        train(stages[0])
