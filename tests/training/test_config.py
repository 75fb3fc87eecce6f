from pathlib import Path

import pytest
import yaml

from stance import ConfigError
from stance.settings import load_config
from tests.conftest import ROOT
from training.config import TrainConfig

_TRAIN_CONFIGS = sorted(
    file.name
    for file in (ROOT / "configs").glob("*.yaml")
    if not file.name.startswith("attribution") and "\noptim:" in file.read_text("utf-8")
)


@pytest.mark.parametrize("name", _TRAIN_CONFIGS)
def test_every_shipped_config_loads(name: str) -> None:
    assert len(_TRAIN_CONFIGS) > 10
    trains = not name.endswith("mean.yaml")
    assert load_config(ROOT / "configs" / name, TrainConfig).optim.epochs >= trains


def _write(tmp_path: Path, **changes: object) -> Path:
    raw = yaml.safe_load((ROOT / "configs" / "smoke.yaml").read_text("utf-8"))
    raw.update(changes)
    file = tmp_path / "config.yaml"
    file.write_text(yaml.safe_dump(raw), "utf-8")
    return file


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"learning_rat": 1}, "learning_rat: Extra inputs"),
        ({"optim": {"epochs": 1}}, "optim.learning_rate: Field required"),
        ({"optim": {"epochs": -1, "learning_rate": 1e-4}}, "optim.epochs"),
        ({"precision": "fp8"}, "precision"),
        ({"max_length": 4}, "max_length"),
        ({"dropout": 1.0}, "dropout"),
    ],
)
def test_a_wrong_key_fails_with_its_path(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        load_config(_write(tmp_path, **changes), TrainConfig)


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml"):
        load_config(tmp_path / "nowhere.yaml", TrainConfig)
    broken = tmp_path / "broken.yaml"
    broken.write_text("a: [", "utf-8")
    with pytest.raises(ConfigError, match="not valid YAML"):
        load_config(broken, TrainConfig)
