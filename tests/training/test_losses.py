"""The training losses against their formulas, on logits that need no network."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tests.training.test_train import _config
from training.batches import NO_LABEL, Batch
from training.config import DistillConfig
from training.losses import batch_loss, distillation_loss

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
    return Batch(ids, ids, ids, torch.tensor([label]), torch.tensor([_TEACHER]), none)


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
