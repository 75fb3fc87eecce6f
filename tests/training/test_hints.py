"""Learning from a teacher's hidden states."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch
from torch import Tensor

from stance.errors import ConfigError
from tests.training.test_train import _config, _steps_of, _train_until_killed, _weights
from training.batches import Batch, TrainingSet
from training.config import DistillConfig, TrainConfig
from training.data import example_key, load_examples, read_soft_labels
from training.distill import write_soft_labels
from training.hints import HintLoss
from training.network import build_network
from training.provenance import training_inputs
from training.teacher_states import HINTS, TOKEN_LAYERS, TeacherStates
from training.train import train

_WIDTH = 6


@pytest.fixture
def states() -> TeacherStates:
    """Of 50 statements with three tokens each."""
    rng = np.random.default_rng(0)
    return TeacherStates(
        place={f"{i:016x}": i for i in range(50)},
        vectors=rng.normal(3, 5, (50, HINTS, _WIDTH)).astype(np.float16),
        starts=np.array([[3 * i, 3 * i + 3] for i in range(50)]),
        tokens=rng.normal(size=(150, TOKEN_LAYERS, _WIDTH)).astype(np.float16),
    )


def _batch(states: TeacherStates, rows: range, *, aligned: bool = True) -> Batch:
    """A batch of these statements, without padding; all its tokens are words."""
    count, empty = len(rows), torch.zeros(0)
    tokens = [states.tokens_of(row) for row in rows] if aligned else []
    return Batch(
        *(empty.long(), torch.ones(count, 3), empty, empty, empty, empty),
        hidden=torch.from_numpy(states.vectors[list(rows)].astype(np.float32)),
        aligned=torch.full((count, 3), aligned),
        tokens=torch.from_numpy(np.concatenate([states.tokens[:0], *tokens]).astype(np.float32)),
    )


def _hidden(seed: int, rows: int) -> list[Tensor]:
    """Of a student of six layers."""
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(rows, 3, _WIDTH, generator=generator) for _ in range(7)]


def test_maps_begin_where_no_others_are_nearer(states: TeacherStates) -> None:
    hints, hidden, batch = HintLoss(_WIDTH, states), _hidden(1, 50), _batch(states, range(50))
    noise = float(hints(hidden, batch).detach().mean())
    hints.start([([h[:25] for h in hidden], _batch(states, range(25))),
                 ([h[25:] for h in hidden], _batch(states, range(25, 50)))])  # fmt: skip
    started = hints(hidden, batch).mean()
    assert float(started.detach()) < 0.95 * noise
    # Least squares: in no direction is there anything to gain, but for the little of the ridge.
    started.backward()
    for name, parameter in hints.named_parameters():
        assert parameter.grad is not None
        assert float(parameter.grad.abs().max()) < (1e-4 if "bias" in name else 0.02)


def test_a_student_that_has_the_teachers_states_has_no_loss(states: TeacherStates) -> None:
    hints, hidden, batch = HintLoss(_WIDTH, states), _hidden(1, 50), _batch(states, range(50))
    pairs = hints._pairs(hidden, batch)
    own = replace(
        batch,
        hidden=torch.stack([given for given, _ in pairs[:HINTS]], dim=1) * hints.deviation
        + hints.mean,
        tokens=torch.stack([given for given, _ in pairs[HINTS:]], dim=1),
    )
    hints.start([(hidden, own)])
    with torch.inference_mode():
        assert float(hints(hidden, own).max()) < 0.01
        moved = replace(own, tokens=own.tokens.roll(1, dims=0))
        assert float(hints(hidden, moved).min()) > 0.5
        moved = replace(own, hidden=own.hidden.roll(1, dims=0))
        assert float(hints(hidden, moved).min()) > 0.1


def test_a_batch_of_perturbed_copies_has_only_pooled_hints(states: TeacherStates) -> None:
    hints, hidden = HintLoss(_WIDTH, states), _hidden(1, 4)
    pooled = hints(hidden, _batch(states, range(4), aligned=False))
    assert pooled.shape == (4,)
    pooled.sum().backward(retain_graph=True)
    # Several processes wait for the gradients of the tokens' maps, too, though they are none.
    assert all(parameter.grad is not None for parameter in hints.parameters())
    added = (hints(hidden, _batch(states, range(4))) - pooled).tolist()
    assert added == pytest.approx([added[0]] * 4)  # the tokens' mean, to each row
    assert added[0] > 0


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


def test_a_training_begins_with_fitted_maps(
    taught: TrainConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def start(self: HintLoss, outputs: Iterable[tuple[Sequence[Tensor], Batch]]) -> None:
        seen.append([(len(hidden), len(batch.labels)) for hidden, batch in outputs])

    monkeypatch.setattr(HintLoss, "start", start)
    train(taught)
    assert len(seen) == 1
    assert seen[0]
    # Hidden states of the embeddings and of each layer, for whole batches.
    assert taught.layers is not None
    assert {layers for layers, _ in seen[0]} == {1 + taught.layers}
    assert max(rows for _, rows in seen[0]) == taught.optim.batch_size


def test_missing_states_are_an_error_that_says_how_to_make_them(taught: TrainConfig) -> None:
    assert taught.distill is not None
    assert taught.distill.hidden is not None
    taught.distill.hidden.unlink()
    with pytest.raises(ConfigError, match=r"hidden\.safetensors is missing; `make .*distill`"):
        train(taught)


@pytest.mark.parametrize("suffix", [".safetensors", ".tokens"])
def test_with_other_states_a_run_is_another_run(taught: TrainConfig, suffix: str) -> None:
    assert taught.distill is not None
    assert taught.distill.hidden is not None
    base = _teacher(taught)
    before = training_inputs(taught, base)
    file = taught.distill.hidden.with_suffix(suffix)
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    assert training_inputs(taught, base) != before


def test_a_file_without_soft_labels_is_an_error(taught: TrainConfig) -> None:
    assert taught.distill is not None
    table = pq.read_table(taught.distill.soft_labels)
    pq.write_table(table.slice(0, 0), taught.distill.soft_labels)
    with pytest.raises(ConfigError, match="have no soft label"):
        train(taught)


def test_labels_of_another_training_stay(taught: TrainConfig) -> None:
    assert taught.distill is not None
    before = read_soft_labels(taught.distill.soft_labels)
    data = taught.data.model_copy(update={"use_context": False})
    other = taught.model_copy(update={"data": data})
    write_soft_labels([other], [_teacher(taught)])
    after = read_soft_labels(taught.distill.soft_labels)
    assert len(after) > len(before)
    assert all((after[key] == logits).all() for key, logits in before.items())


def test_states_of_another_corpus_are_an_error(taught: TrainConfig) -> None:
    data = taught.data.model_copy(update={"use_context": False})
    write_soft_labels([taught.model_copy(update={"data": data})], [_teacher(taught)])
    with pytest.raises(ConfigError, match="have no hidden states"):
        train(taught)


def test_tokens_get_the_states_that_the_teacher_gave_them(taught: TrainConfig) -> None:
    """Of a batch with padding and perturbed copies, against the file's own rows."""
    assert taught.distill is not None
    assert taught.distill.hidden is not None
    config = taught.data.model_copy(update={"perturbed_copies": 1})
    examples = load_examples(config, taught.seed, unlabelled=True)
    states = TeacherStates.load(taught.distill.hidden)
    _, tokenizer = build_network(taught)
    data = TrainingSet.build(examples, tokenizer, taught.max_length, None, states)
    chosen = [0, len(examples) // 2, 1]
    assert [examples[i].original is None for i in chosen] == [True, False, True]
    batch = data.collate([data.rows[i] for i in chosen])
    own = [states.tokens_of(states.place[example_key(examples[i].judged)]) for i in (0, 1)]
    assert torch.equal(batch.tokens, torch.from_numpy(np.concatenate(own).astype(np.float32)))
    words = [len(data.rows[i]["input_ids"]) - 2 for i in (0, 1)]
    assert batch.aligned.sum(dim=1).tolist() == [words[0], 0, words[1]]
    assert not batch.aligned[:, 0].any()  # the special token before each


def test_a_teacher_of_other_words_is_an_error(taught: TrainConfig) -> None:
    assert taught.distill is not None
    assert taught.distill.hidden is not None
    examples = load_examples(taught.data, taught.seed, unlabelled=True)
    states = TeacherStates.load(taught.distill.hidden)
    states.starts[:, 1] -= 1
    _, tokenizer = build_network(taught)
    with pytest.raises(ConfigError, match="must cut words as the student's does"):
        TrainingSet.build(examples, tokenizer, taught.max_length, None, states)


def _teacher(taught: TrainConfig) -> Path:
    return taught.output.parent / "teacher" / "checkpoint"
