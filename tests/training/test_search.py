from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from stance.settings import load_config
from tests.conftest import ROOT
from training.config import TrainConfig
from training.search import Range, SearchConfig, search


def test_the_shipped_config_loads() -> None:
    config = load_config(ROOT / "configs" / "search.yaml", SearchConfig)
    assert load_config(ROOT / config.train, TrainConfig).distill is not None


def test_a_range_has_an_order() -> None:
    with pytest.raises(ValidationError, match="is above high"):
        Range(low=2, high=1)


def test_a_search_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[TrainConfig] = []

    def train(config: TrainConfig) -> dict[str, dict[str, float]]:
        seen.append(config)
        return {"dev": {"macro_f1": config.optim.learning_rate}}

    monkeypatch.setattr("training.search.train", train)
    raw = yaml.safe_load((ROOT / "configs" / "search.yaml").read_text("utf-8"))
    raw |= {"train": str(ROOT / "configs" / "train.yaml"), "output": str(tmp_path)}
    study = search(SearchConfig.model_validate(raw | {"trials": 3}))
    assert len(seen) == 3
    again = search(SearchConfig.model_validate(raw | {"trials": 5}))
    assert len({config.optim.learning_rate for config in seen}) == 5
    assert again.best_value == max(config.optim.learning_rate for config in seen)
    assert len({config.output for config in seen}) == 5
    assert study.best_params.keys() == {"learning_rate", "layer_decay", "weight", "temperature"}
    other = search(SearchConfig.model_validate(raw | {"trials": 1, "fraction": 0.5}))
    assert len(other.trials) == 1  # other settings, another study
    low, high = raw["learning_rate"]["low"], raw["learning_rate"]["high"]
    assert all(low <= config.optim.learning_rate <= high for config in seen)
