"""A change of a network's matrices -> factors of low rank that change its logits least.

The matrix nearest to a change (Eckart and Young 1936) spends its rank on what no statement asks
for. Weighted by the inputs that a layer gets and by what the logits make of its outputs, both
measured on statements, the same decomposition keeps what counts: the Kronecker-factored curvature
of Martens and Grosse (2015, "K-FAC"), here of the logits themselves, as a norm.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from stance.records import Statement
from training.scoring import input_batches

__all__ = ["Moments", "layer_moments", "low_rank"]

_BATCH_TOKENS = 1_024
# Of the mean of a moment's diagonal: what was not seen counts a little, too.
_RIDGE = 1e-3


class Moments(NamedTuple):
    """What a linear layer gets, and what its outputs do, summed over tokens.

    Attributes:
        inputs: x x^T weighted by |g|^2, float32 (in, in).
        outputs: g g^T weighted by |x|^2, float32 (out, out), where g is the gradient of a random
            combination of the logits by the layer's output.
    """

    inputs: Tensor
    outputs: Tensor

    @classmethod
    def zero(cls, layer: nn.Linear) -> "Moments":
        """Of no tokens."""
        sizes = (layer.in_features, layer.out_features)
        return cls(*(torch.zeros(size, size, device=layer.weight.device) for size in sizes))

    def add(self, given: Tensor, gradient: Tensor) -> None:
        """Count tokens: (..., in) and (..., out)."""
        x, g = given.flatten(0, -2), gradient.flatten(0, -2)
        self.inputs.add_(x.T @ (x * g.square().sum(-1, keepdim=True)))
        self.outputs.add_(g.T @ (g * x.square().sum(-1, keepdim=True)))


def layer_moments(
    network: Any,
    tokenizer: Any,
    statements: Sequence[Statement],
    max_length: int,
    layers: Sequence[str],
) -> dict[str, Moments]:
    """The moments of linear layers, by their names, over the tokens of statements.

    The network's parameters take no gradients afterwards.
    """
    network.train(mode=False)
    moments = {name: Moments.zero(network.get_submodule(name)) for name in layers}
    handles = [
        network.get_submodule(name).register_forward_hook(partial(_await_gradient, counted))
        for name, counted in moments.items()
    ]
    draw = torch.Generator().manual_seed(0)
    network.requires_grad_(False)
    network.enable_input_require_grads()
    for _, inputs in input_batches(network, tokenizer, statements, max_length, _BATCH_TOKENS):
        logits = network(**inputs).logits
        mix = torch.randn(logits.shape, generator=draw).to(logits.device)
        # A sum of all logits alike changes no probability.
        (logits * (mix - mix.mean(-1, keepdim=True))).sum().backward()
    network.disable_input_require_grads()
    for handle in handles:
        handle.remove()
    return moments


def _await_gradient(
    moments: Moments, _: nn.Module, inputs: tuple[Tensor, ...], output: Any
) -> None:
    output.register_hook(partial(moments.add, inputs[0].detach()))


def low_rank(change: Tensor, rank: int, moments: Moments) -> tuple[Tensor, Tensor]:
    """Factors A of shape (rank, in) and B of shape (out, rank), B @ A near `change` in effect.

    Args:
        change: what is added to a matrix, float32 (out, in).
        moments: of its layer. Of all matrices of this rank, B @ A has the least
            |P^T (change - B @ A) Q|, where P P^T and Q Q^T are the moments of outputs and inputs.
    """
    q, p = _root(moments.inputs), _root(moments.outputs)
    u, s, v = torch.linalg.svd(p.T @ change.double() @ q, full_matrices=False)
    half = s[:rank].sqrt()
    down = torch.linalg.solve_triangular(q, half[:, None] * v[:rank], upper=False, left=False)
    up = torch.linalg.solve_triangular(p.T, u[:, :rank] * half, upper=True)
    return down.float(), up.float()


def _root(moment: Tensor) -> Tensor:
    """Lower triangular, float64, of a moment with a ridge."""
    exact = moment.double()
    ridge = _RIDGE * float(exact.diagonal().mean())
    root: Tensor = torch.linalg.cholesky(exact + ridge * torch.eye(len(exact), dtype=torch.float64))
    return root
