"""A teacher's hidden states: what is kept of them, their file, and learning from them."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch

from stance.errors import ConfigError
from tests.training.test_train import _config, _steps_of, _train_until_killed, _weights
from training.config import DistillConfig, TrainConfig
from training.data import read_soft_labels
from training.distill import write_soft_labels
from training.hints import HINTS, HintLoss, TeacherStates, pooled_states
from training.train import train


def test_padding_is_in_no_mean_and_layers_are_thirds_of_the_way() -> None:
    hidden = [torch.full((1, 3, 2), float(layer)) for layer in range(7)]
    hidden[6][0, 0] = 9.0  # the first token of the top
    hidden[6][0, 2] = 99.0  # padding
    low, high, first, mean = pooled_states(hidden, torch.tensor([[1, 1, 0]]))[0, :, 0].tolist()
    assert (low, high, first, mean) == (2.0, 4.0, 9.0, 7.5)


def test_the_file_gives_each_statement_its_own(tmp_path: Path) -> None:
    vectors = np.arange(2 * HINTS * 3, dtype=np.float16).reshape(2, HINTS, 3)
    keys = ["00000000000000ff", "fedcba9876543210"]
    TeacherStates.save(tmp_path / "a" / "hidden.safetensors", keys, vectors)
    loaded = TeacherStates.load(tmp_path / "a" / "hidden.safetensors")
    assert loaded.place == {keys[0]: 0, keys[1]: 1}
    assert (loaded.vectors == vectors).all()


def test_a_map_that_gives_the_teachers_states_has_no_loss() -> None:
    vectors = np.random.default_rng(0).normal(3, 5, (50, HINTS, 4)).astype(np.float16)
    hints = HintLoss(4, vectors)
    same = {f"maps.{i}.weight": torch.eye(4) for i in range(HINTS)}
    same |= {f"maps.{i}.bias": torch.zeros(4) for i in range(HINTS)}
    hints.load_state_dict(hints.state_dict() | same)
    teacher = torch.from_numpy(vectors.astype(np.float32))
    standardised = (teacher - hints.mean) / hints.deviation
    with torch.inference_mode():
        assert float(hints(standardised, teacher).max()) < 1e-6
        assert float(hints(standardised.roll(1, dims=0), teacher).min()) > 0.1


@pytest.fixture
def taught(tmp_path: Path) -> TrainConfig:
    """A student whose teacher is a run of another seed."""
    teacher = _config(tmp_path / "teacher", seed=5)
    train(teacher)
    distill = DistillConfig(
        soft_labels=tmp_path / "soft.parquet", hidden=tmp_path / "hidden.safetensors"
    )
    config = _config(tmp_path / "student", distill=distill)
    write_soft_labels([config], [teacher.output / "checkpoint"])
    return config


def test_a_student_resumes_with_its_maps(
    taught: TrainConfig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = taught.model_copy(update={"output": tmp_path / "whole"})
    train(whole)
    _train_until_killed(taught, 5, monkeypatch)
    assert _steps_of(taught, monkeypatch)[0] == 4  # the last checkpoint's
    assert all(torch.equal(w, _weights(whole)[name]) for name, w in _weights(taught).items())
    assert not [name for name in _weights(taught) if "maps" in name]


def test_hints_change_what_is_learnt(taught: TrainConfig, tmp_path: Path) -> None:
    assert taught.distill is not None
    plain = taught.distill.model_copy(update={"hidden": None})
    without = taught.model_copy(update={"distill": plain, "output": tmp_path / "without"})
    train(taught)
    train(without)
    name = "bert.encoder.layer.0.attention.self.query.weight"
    assert not torch.equal(_weights(taught)[name], _weights(without)[name])


def test_missing_states_are_an_error_that_says_how_to_make_them(taught: TrainConfig) -> None:
    assert taught.distill is not None
    assert taught.distill.hidden is not None
    taught.distill.hidden.unlink()
    with pytest.raises(ConfigError, match=r"hidden\.safetensors is missing; `make .*distill`"):
        train(taught)


def test_a_file_without_soft_labels_is_an_error(taught: TrainConfig) -> None:
    assert taught.distill is not None
    table = pq.read_table(taught.distill.soft_labels)
    pq.write_table(table.slice(0, 0), taught.distill.soft_labels)
    with pytest.raises(ConfigError, match="have no soft label"):
        train(taught)


def test_labels_of_another_training_stay(taught: TrainConfig, tmp_path: Path) -> None:
    assert taught.distill is not None
    before = read_soft_labels(taught.distill.soft_labels)
    data = taught.data.model_copy(update={"use_context": False})
    other = taught.model_copy(update={"data": data})
    write_soft_labels([other], [tmp_path / "teacher" / "checkpoint"])
    after = read_soft_labels(taught.distill.soft_labels)
    assert len(after) > len(before)
    assert all((after[key] == logits).all() for key, logits in before.items())


def test_states_of_another_corpus_are_an_error(taught: TrainConfig) -> None:
    assert taught.distill is not None
    assert taught.distill.hidden is not None
    keys = list(read_soft_labels(taught.distill.soft_labels))[1:]
    TeacherStates.save(taught.distill.hidden, keys, np.zeros((len(keys), HINTS, 8), np.float16))
    with pytest.raises(ConfigError, match="have no hidden states"):
        train(taught)
