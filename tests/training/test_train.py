"""One layer, a few steps, on the CPU: that a run finishes, resumes, and ends as an artifact."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from safetensors.torch import load_file

from stance import StanceClassifier
from stance.artifact import MODELS
from stance.decision import probabilities
from stance.errors import ArtifactError, ConfigError
from stance.evaluation.labelled import read_labelled
from stance.manifest import SETTINGS, write_manifest
from tests.conftest import FIXTURES
from training.batches import Batch
from training.calibrate import calibrate, conformal_thresholds, fit_temperature
from training.config import DataConfig, DistillConfig, OptimConfig, TrainConfig
from training.distill import write_soft_labels
from training.export import export, make_way
from training.network import build_network
from training.recalibrate import recalibrate
from training.scoring import checkpoint_logits
from training.topic import write_topic_model
from training.train import Trainer, train


def _config(output: Path, **changes: object) -> TrainConfig:
    fixtures = FIXTURES / "statements.jsonl"
    config = TrainConfig(
        output=output,
        base=str(MODELS / "base"),
        layers=1,
        freeze_embeddings=True,
        max_length=32,
        precision="fp32",
        checkpoint_every=2,
        data=DataConfig(train=(fixtures,), dev=fixtures, perturbed_copies=1),
        optim=OptimConfig(epochs=2, batch_size=4, learning_rate=1e-3),
    )
    return config.model_copy(update=changes)


def _steps_of(config: TrainConfig, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Trains; returns the steps it made."""
    made: list[int] = []
    step = Trainer._train_step

    def counted(self: Trainer, batch: Batch) -> float:
        made.append(self.step)
        return step(self, batch)

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "_train_step", counted)
        train(config)
    return made


def _train_until_killed(config: TrainConfig, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    step = Trainer._train_step

    def dies(self: Trainer, batch: Batch) -> float:
        if self.step == at:
            raise KeyboardInterrupt
        return step(self, batch)

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "_train_step", dies)
        with pytest.raises(KeyboardInterrupt):
            train(config)


def _weights(config: TrainConfig) -> dict[str, torch.Tensor]:
    return load_file(config.output / "checkpoint" / "model.safetensors")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> TrainConfig:
    config = _config(tmp_path_factory.mktemp("run"))
    train(config)
    return config


def test_a_run_leaves_its_files(finished: TrainConfig) -> None:
    names = {file.name for file in finished.output.iterdir()}
    assert names >= {"config.yaml", "metrics.json", "log.jsonl", "curve.png", "checkpoint"}
    assert "state.pt" not in names


def test_training_moves_the_encoder_and_leaves_the_embeddings(finished: TrainConfig) -> None:
    before = load_file(MODELS / "base" / "model-00001-of-00002.safetensors")
    before |= load_file(MODELS / "base" / "model-00002-of-00002.safetensors")
    after = _weights(finished)
    name = "bert.embeddings.word_embeddings.weight"
    assert torch.equal(before[name].float(), after[name])
    layer = "bert.encoder.layer.{}.attention.self.query.weight"
    moved = (before[layer.format(5)].float() - after[layer.format(0)]).abs()  # the last is kept
    assert moved.max() > 1e-3  # of a step or more
    assert moved.max() < 0.1  # it is that layer's


def test_dropout_is_what_the_config_says(tmp_path: Path) -> None:
    optim = OptimConfig(epochs=1, batch_size=4, learning_rate=1e-3)
    network, _ = build_network(_config(tmp_path, dropout=0.0, optim=optim))
    found = [m.p for m in network.modules() if isinstance(m, torch.nn.Dropout)]
    assert found
    assert set(found) == {0.0}


def test_training_can_begin_from_a_mean_of_weights(finished: TrainConfig, tmp_path: Path) -> None:
    folder = str(finished.output / "checkpoint")
    optim = OptimConfig(epochs=1, batch_size=4, learning_rate=1e-3)
    first, _ = build_network(_config(tmp_path, layers=None, base=folder, optim=optim))
    other, _ = build_network(_config(tmp_path, layers=None, base=folder, optim=optim))
    for weight in other.parameters():
        weight.data += 2.0
    other.save_pretrained(tmp_path / "other")
    config = _config(tmp_path, layers=None, base=folder, mean_with=(str(tmp_path / "other"),))
    mean, _ = build_network(config)
    after = dict(mean.named_parameters())
    for name, weight in first.named_parameters():
        moved = 1.0 if weight.requires_grad else 0.0
        assert torch.allclose(after[name], weight + moved, atol=1e-5), name
    assert {w.requires_grad for w in after.values()} == {True, False}


def test_the_same_seed_gives_the_same_weights(finished: TrainConfig, tmp_path: Path) -> None:
    again = finished.model_copy(update={"output": tmp_path})
    train(again)
    other = finished.model_copy(update={"output": tmp_path / "other", "seed": 14})
    train(other)
    first, second, third = _weights(finished), _weights(again), _weights(other)
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not all(torch.equal(first[name], third[name]) for name in first)


def test_a_killed_run_goes_on_to_the_same_weights(
    finished: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = finished.model_copy(update={"output": tmp_path})
    _train_until_killed(config, 5, monkeypatch)
    assert _steps_of(config, monkeypatch)[0] == 4  # the last checkpoint's
    expected, found = _weights(finished), _weights(config)
    assert all(torch.equal(expected[name], found[name]) for name in expected)


def test_a_run_killed_after_its_last_step_makes_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(_: Trainer) -> None:
        raise KeyboardInterrupt

    optim = OptimConfig(epochs=1, batch_size=4, learning_rate=1e-3, max_steps=2)
    config = _config(tmp_path, optim=optim)
    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "_finish", dies)
        with pytest.raises(KeyboardInterrupt):
            train(config)
        patch.setattr(Accelerator, "num_processes", 2)
        with pytest.raises(ConfigError, match="begun by 1 processes"):
            train(config)
    assert _steps_of(config, monkeypatch) == []
    assert train(config)["steps"] == 2


def test_calibrate_and_export_make_an_artifact(finished: TrainConfig, tmp_path: Path) -> None:
    calibrate(finished)
    export(finished, tmp_path / "artifact", "9.9.9")
    classifier = StanceClassifier.load(tmp_path / "artifact", device="cpu")
    assert classifier.classify("We will not talk.").model_version == "9.9.9"
    assert classifier.artifact.calibration.max_length == 32


def _averaged(finished: TrainConfig, folder: Path) -> TrainConfig:
    """A finished run whose logits are averaged with those of `base`, exported to a folder."""
    run = shutil.copytree(finished.output, folder.with_name("run"))
    config = finished.model_copy(update={"output": run, "averaged_with": "base"})
    calibrate(config)
    export(config, folder, "9.9.9")
    return config


def test_what_is_averaged_with_another_is_calibrated_so(
    finished: TrainConfig, tmp_path: Path
) -> None:
    config = _averaged(finished, tmp_path / "averaged")
    dev = read_labelled(config.data.dev)
    statements, gold = [i.statement for i in dev], [i.label.column for i in dev]
    averaged = StanceClassifier.load(tmp_path / "averaged", "cpu")
    alone = checkpoint_logits(config.output / "checkpoint", statements, config.max_length)
    base = StanceClassifier.load("base", "cpu").logits(statements)
    mean = np.float32(0.5) * (alone + base)
    assert np.abs(averaged.logits(statements) - mean).max() < 0.02  # stored in fp16
    calibration = averaged.artifact.calibration
    assert calibration.temperature == pytest.approx(fit_temperature(mean, gold), rel=0.02)
    thresholds = conformal_thresholds(probabilities(mean, calibration.temperature), gold)
    assert calibration.conformal == pytest.approx(thresholds, abs=0.01)


def test_an_artifact_is_calibrated_anew_when_its_partner_has_changed(
    finished: TrainConfig, tmp_path: Path
) -> None:
    folder = tmp_path / "averaged"
    config = _averaged(finished, folder)
    first = StanceClassifier.load(folder, "cpu").artifact.calibration
    assert first.averaged_with is not None
    older = first.averaged_with.model_copy(update={"version": "0.0.1"})
    changed = first.model_copy(update={"averaged_with": older, "temperature": 3.0})
    (folder / SETTINGS).write_text(changed.model_dump_json(exclude_none=True), "utf-8")
    write_manifest(folder)
    with pytest.raises(ArtifactError, match=r"0\.0\.1"):
        StanceClassifier.load(folder, "cpu")
    assert recalibrate(folder, "9.9.10", config.data.dev, None).version == "9.9.10"
    again = StanceClassifier.load(folder, "cpu").artifact.calibration
    assert again.averaged_with == first.averaged_with
    assert again.temperature == pytest.approx(first.temperature, rel=0.02)
    with pytest.raises(ConfigError, match="small: --share is for artifacts that defer"):
        recalibrate(MODELS / "small", "9.9.10", config.data.dev, None)


def test_an_artifact_that_defers_is_calibrated_anew(finished: TrainConfig, tmp_path: Path) -> None:
    small = shutil.copytree(MODELS / "small", tmp_path / "small")
    before = StanceClassifier.load(small, "cpu").artifact.calibration.deferral
    after = recalibrate(small, "9.9.10", finished.data.dev, 0.99).deferral
    assert before is not None
    assert after is not None
    assert (after.to, after.version) == (before.to, before.version)
    assert after.margin > before.margin  # nearly everything is given away


def test_what_a_run_is_calibrated_with_must_fit_what_it_is_exported_with(
    finished: TrainConfig, tmp_path: Path
) -> None:
    calibrate(finished)
    averaged = finished.model_copy(update={"averaged_with": "base"})
    with pytest.raises(ArtifactError, match="averaged_with: not as in the config"):
        export(averaged, tmp_path / "artifact", "9.9.9")
    with pytest.raises(ConfigError, match=r"averaged_with: .*small asks another model itself"):
        calibrate(finished.model_copy(update={"averaged_with": "small"}))


def test_a_finished_run_is_kept_when_only_its_calibration_changes(finished: TrainConfig) -> None:
    kept = (finished.output / "metrics.json").stat().st_mtime_ns
    train(finished.model_copy(update={"averaged_with": "base"}))
    assert (finished.output / "metrics.json").stat().st_mtime_ns == kept


def test_data_that_tell_nothing_of_other_subjects_give_no_topic_model(
    finished: TrainConfig, tmp_path: Path
) -> None:
    row = {"text": "We will come.", "label": "supporting", "phenomenon": "hedge"}
    file = tmp_path / "train.jsonl"
    file.write_text(f"{json.dumps(row)}\n")
    data = finished.data.model_copy(update={"train": (file,)})
    assert write_topic_model(finished.model_copy(update={"data": data})) is None


def test_only_an_artifact_gives_way_to_another(tmp_path: Path) -> None:
    (tmp_path / "mine" / "models").mkdir(parents=True)
    (tmp_path / "mine" / "config.json").touch()  # as any checkpoint has one
    with pytest.raises(ArtifactError, match=r"mine holds files, but no stance\.json"):
        make_way(tmp_path / "mine")
    assert (tmp_path / "mine" / "models").is_dir()
    (tmp_path / "mine" / "stance.json").touch()
    for folder in (tmp_path / "mine", tmp_path / "new" / "folder"):
        make_way(folder)
        assert list(folder.iterdir()) == []


def test_a_student_learns_from_its_teachers_soft_labels(
    finished: TrainConfig, tmp_path: Path
) -> None:
    config = _config(
        tmp_path / "student", distill=DistillConfig(soft_labels=tmp_path / "soft.parquet")
    )
    teachers = [finished.output / "checkpoint"]
    count = write_soft_labels([finished, config], teachers)  # the first distils nothing
    assert count == 13  # a perturbed copy is judged as its original
    assert train(config)["examples"] == 2 * count


def test_stages_that_distil_share_their_soft_labels(tmp_path: Path) -> None:
    first, second = (
        _config(tmp_path, distill=DistillConfig(soft_labels=tmp_path / name)) for name in "ab"
    )
    with pytest.raises(ConfigError, match="the configs name 2 files, not one"):
        write_soft_labels([first, second], [tmp_path])
    with pytest.raises(ConfigError, match="needs a config with a `distill` section"):
        write_soft_labels([_config(tmp_path)], [tmp_path])
