"""The training losses against their formulas, on logits that need no network."""

import math
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tests.training.test_train import _config
from training.batches import NO_LABEL, Batch
from training.config import DistillConfig
from training.losses import batch_loss, contrast_loss, distillation_loss

_TEACHER = [3.0, 0.0, -1.0]


class _Constant(nn.Module):
    """A network that answers every row with the same logits."""

    config = SimpleNamespace(type_vocab_size=0)
    logits = torch.tensor([0.5, -0.25, 0.0])

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> SimpleNamespace:
        return SimpleNamespace(logits=self.logits.expand(len(input_ids), 3))


def _batch(label: int) -> Batch:
    ids = torch.ones(1, 4, dtype=torch.long)
    none = torch.empty(1, 0)
    return Batch(
        *(ids, ids, ids, torch.tensor([label]), torch.tensor([0]), torch.tensor([_TEACHER])),
        hidden=none,
        aligned=none,
        tokens=none,
    )


def _loss(label: int, tmp_path: Path) -> float:
    distill = DistillConfig(soft_labels=tmp_path / "unused", temperature=2.0, weight=0.6)
    config = _config(tmp_path, distill=distill)
    return float(batch_loss(_Constant(), _batch(label), config))


def _parts(label: int) -> tuple[float, float]:
    logits = _Constant.logits[None]
    hard = F.cross_entropy(logits, torch.tensor([label]))
    return float(hard), float(distillation_loss(logits, torch.tensor([_TEACHER]), 2.0))


def test_a_teacher_that_agrees_is_mixed_with_the_label(tmp_path: Path) -> None:
    hard, soft = _parts(0)
    assert _loss(0, tmp_path) == pytest.approx(0.6 * soft + 0.4 * hard, rel=1e-5)


@pytest.mark.parametrize("label", [1, 2])
def test_a_teacher_that_contradicts_the_label_teaches_nothing(tmp_path: Path, label: int) -> None:
    hard, _ = _parts(label)
    assert _loss(label, tmp_path) == pytest.approx(hard, rel=1e-5)


def test_of_an_unlabelled_statement_only_the_teacher_speaks(tmp_path: Path) -> None:
    _, soft = _parts(0)
    assert _loss(NO_LABEL, tmp_path) == pytest.approx(soft, rel=1e-5)


def test_divergences_are_zero_for_equal_rows_and_positive_otherwise() -> None:
    one, other = torch.tensor([_TEACHER]), torch.tensor([[0.0, 1.0, 0.5]])
    assert float(distillation_loss(one, one, 2.0)) == pytest.approx(0.0, abs=1e-6)
    assert float(distillation_loss(one, other, 2.0)) > 0.1


_NEAR = torch.tensor([[2.0, 0.0, 0.0], [1.5, 0.5, 0.0], [0.0, 0.0, 3.0]])


def test_the_contrast_loss_asks_which_member_a_label_fits() -> None:
    labels, sets = torch.tensor([0, 1, 2]), torch.tensor([7, 7, 7])
    logs = F.log_softmax(_NEAR, dim=-1)
    wanted = [-F.log_softmax(logs[:, label], dim=0)[i] for i, label in enumerate((0, 1, 2))]
    assert torch.allclose(contrast_loss(_NEAR, labels, sets), torch.stack(wanted))


def test_members_with_the_same_label_do_not_compete() -> None:
    labels, sets = torch.tensor([0, 0, 2]), torch.tensor([7, 7, 7])
    logs = F.log_softmax(_NEAR, dim=-1)
    found = contrast_loss(_NEAR, labels, sets)
    assert torch.isclose(found[0], -F.log_softmax(logs[[0, 2], 0], dim=0)[0])


@pytest.mark.parametrize("labels", [[0, 1, 2], [0, 0, 0], [NO_LABEL, NO_LABEL, 1]])
def test_without_twins_there_is_no_contrast_loss(labels: list[int]) -> None:
    sets = torch.tensor([7, 8, 9]) if labels == [0, 1, 2] else torch.tensor([7, 7, 8])
    found = contrast_loss(_NEAR, torch.tensor(labels), sets)
    assert torch.equal(found, torch.zeros(3))


def test_the_contrast_loss_is_added_with_its_weight(tmp_path: Path) -> None:
    ids, none = torch.ones(2, 4, dtype=torch.long), torch.empty(2, 0)
    soft = torch.tensor([_TEACHER, _TEACHER])
    twins = Batch(ids, ids, ids, torch.tensor([0, 1]), torch.tensor([3, 3]), soft, none, none, none)
    losses = [
        float(batch_loss(_Constant(), twins, _config(tmp_path, contrast_weight=weight)))
        for weight in (0.0, 0.5)
    ]
    assert losses[1] - losses[0] == pytest.approx(0.5 * math.log(2))
