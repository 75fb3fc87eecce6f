"""A whole training of a tiny tagger: killed and resumed, finished, changed, exported."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from stance.attribution.extract import Extractor
from stance.errors import ConfigError
from stance.runtimes.weights import read_weights
from tests.attribution.conftest import INVENTED
from training.attribution_config import AttributionConfig
from training.attribution_export import export
from training.attribution_train import WEIGHTS, _Training, train
from training.attribution_windows import Batch


def _weights(config: AttributionConfig) -> dict[str, torch.Tensor]:
    return load_file(config.output / "checkpoint" / WEIGHTS)


def _steps_of(
    config: AttributionConfig, polnear: Path, patch: pytest.MonkeyPatch, last: int = 99
) -> list[int]:
    """Trains, killed before step `last`; returns the steps it made."""
    made: list[int] = []
    step = _Training._train_step

    def counted(self: _Training, batch: Batch) -> dict[str, torch.Tensor]:
        if self.step == last:
            raise KeyboardInterrupt
        made.append(self.step)
        return step(self, batch)

    with patch.context() as inner:
        inner.setattr(_Training, "_train_step", counted)
        try:
            train(config, polnear)
        except KeyboardInterrupt:
            assert last < 99
    return made


def test_a_killed_run_goes_on_to_the_same_weights(
    finished: AttributionConfig, polnear: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = finished.model_copy(update={"output": tmp_path})
    assert _steps_of(config, polnear, monkeypatch, last=3) == [0, 1, 2]
    assert _steps_of(config, polnear, monkeypatch) == [2, 3, 4]
    expected, found = _weights(finished), _weights(config)
    assert all(torch.equal(expected[name], found[name]) for name in expected)
    lines = (tmp_path / "log.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["step"] for line in lines] == [5]  # every twentieth, and the last


def test_a_finished_run_makes_no_step(
    finished: AttributionConfig, polnear: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _steps_of(finished, polnear, monkeypatch) == []


def test_other_settings_or_articles_begin_anew(
    config: AttributionConfig, polnear: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = config.model_copy(update={"output": tmp_path / "run"})
    assert _steps_of(config, polnear, monkeypatch, last=3) == [0, 1, 2]
    optim = config.optim.model_copy(update={"learning_rate": 1e-3})
    config = config.model_copy(update={"optim": optim})
    assert _steps_of(config, polnear, monkeypatch, last=3) == [0, 1, 2]
    others = tmp_path / "others"
    shutil.copytree(polnear, others)
    file = others / "train" / "text" / "a.txt"
    file.write_text(INVENTED.replace("asked", "came"), "utf-8")
    assert _steps_of(config, others, monkeypatch, last=1) == [0]


def test_a_run_is_exported(finished: AttributionConfig, polnear: Path, tmp_path: Path) -> None:
    folder = export(finished.output, polnear, tmp_path)
    assert isinstance(Extractor.load(folder).statements(INVENTED), list)


def test_an_export_keeps_a_share_of_the_tagger_before(
    finished: AttributionConfig, polnear: Path, tmp_path: Path
) -> None:
    before = export(finished.output, polnear, tmp_path / "before")
    config = finished.model_copy(
        update={"base": str(before), "base_share": 0.25, "output": tmp_path / "run"}
    )
    train(config, polnear)
    found = read_weights(export(config.output, polnear, tmp_path / "after"))
    own = _weights(config)
    moved = 0
    for name, weight in read_weights(before).items():
        new = own[name if name.startswith("head.") else f"encoder.{name}"]
        expected = 0.25 * torch.from_numpy(weight).float() + 0.75 * new
        kept = torch.from_numpy(found[name]).float()
        torch.testing.assert_close(kept, expected, atol=1e-3, rtol=1e-2)
        moved += not torch.equal(new.half(), torch.from_numpy(weight))
    assert moved


def test_something_must_be_left_to_train_on(config: AttributionConfig, polnear: Path) -> None:
    with pytest.raises(ConfigError, match="held_out: 5 of 5"):
        train(config.model_copy(update={"held_out": 5}), polnear)
