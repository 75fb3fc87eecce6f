"""Factors of low rank that change a network's logits least."""

import torch
from torch import Tensor, nn
from transformers import AutoTokenizer

from stance.artifact import MODELS
from stance.records import Statement
from tests.training.conftest import tiny_mpnet
from training.low_rank import Moments, layer_moments, low_rank

_STATEMENTS = [
    Statement("We will be in that room."),
    Statement("No talks.", context="Will you go to the talks this autumn, or stay away?"),
]
_ALIKE = Moments(torch.eye(10), torch.eye(10))


def test_a_change_of_low_rank_is_kept_whole() -> None:
    torch.manual_seed(0)
    change = torch.randn(12, 3) @ torch.randn(3, 20)
    down, up = low_rank(change, 3, Moments(_moment(torch.randn(500, 20)), torch.eye(12)))
    assert down.shape == (3, 20)
    assert up.shape == (12, 3)
    assert torch.allclose(up @ down, change, atol=1e-4)


def test_where_all_tokens_are_alike_it_is_the_nearest_matrix() -> None:
    torch.manual_seed(0)
    change = torch.randn(10, 10)
    down, up = low_rank(change, 4, _ALIKE)
    lost = torch.linalg.matrix_norm(change - up @ down) ** 2
    singular = torch.linalg.svdvals(change)
    assert torch.isclose(lost, (singular[4:] ** 2).sum(), rtol=1e-4)


def test_what_counts_is_kept_better_than_by_the_nearest_matrix() -> None:
    torch.manual_seed(0)
    inputs = torch.randn(500, 10) * torch.logspace(-1, 1, 10)
    gradients = torch.randn(500, 10) * torch.logspace(1, -1, 10)
    change = torch.randn(10, 10)

    def lost(moments: Moments) -> float:
        down, up = low_rank(change, 3, moments)
        return float(((inputs @ (change - up @ down).T) @ gradients.T).square().sum())

    assert lost(Moments(_moment(inputs), _moment(gradients))) < 0.2 * lost(_ALIKE)


def _moment(rows: Tensor) -> Tensor:
    return rows.T @ rows


def test_moments_are_of_the_tokens_that_logits_hang_on() -> None:
    torch.manual_seed(0)
    network = tiny_mpnet(initializer_range=0.5)  # or the tokens would hardly hear each other
    tokenizer = AutoTokenizer.from_pretrained(MODELS / "base")
    layers = [
        name
        for name, module in network.named_modules()
        if isinstance(module, nn.Linear) and "classifier" not in name
    ]
    together = layer_moments(network, tokenizer, _STATEMENTS, 32, layers)
    assert set(together) == set(layers)
    up, down = (
        together[f"mpnet.encoder.layer.0.{part}.dense"] for part in ("intermediate", "output")
    )
    assert (up.inputs.shape, up.outputs.shape) == ((16, 16), (24, 24))
    assert (down.inputs.shape, down.outputs.shape) == ((24, 24), (16, 16))
    # Only the first token of the last layer's output is read: of two statements, rank two.
    last = together["mpnet.encoder.layer.1.output.dense"]
    assert torch.linalg.matrix_rank(last.outputs, rtol=1e-4) == len(_STATEMENTS)
    assert torch.linalg.matrix_rank(down.outputs, rtol=1e-4) > len(_STATEMENTS)
