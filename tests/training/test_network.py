"""Layers that are kept, and the groups that learn at different rates."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    MPNetConfig,
    MPNetForSequenceClassification,
    PreTrainedModel,
)

from tests.training.test_train import _config
from training.config import OptimConfig
from training.network import build_network, freeze_layers, keep_layers
from training.optimizer import parameter_groups

_TINY: dict[str, Any] = {
    "vocab_size": 50,
    "hidden_size": 8,
    "num_attention_heads": 2,
    "intermediate_size": 8,
}


def _network(layers: int) -> PreTrainedModel:
    return BertForSequenceClassification(BertConfig(num_hidden_layers=layers, **_TINY))


@pytest.mark.parametrize(
    ("total", "count", "kept"),
    [(6, 3, [1, 3, 5]), (6, 1, [5]), (6, 6, [0, 1, 2, 3, 4, 5]), (12, 4, [2, 5, 8, 11])],
)
def test_layers_are_kept_evenly_and_the_last_always(
    total: int, count: int, kept: list[int]
) -> None:
    network = _network(total)
    encoder: Any = network.base_model.encoder
    before = list(encoder.layer)
    keep_layers(network, count)
    assert [before.index(layer) for layer in encoder.layer] == kept
    assert network.config.num_hidden_layers == count


def test_more_layers_than_there_are_cannot_be_kept() -> None:
    with pytest.raises(ValueError, match="cannot keep 7 layers of 6"):
        keep_layers(_network(6), 7)


def test_rates_fall_by_layer_and_only_matrices_decay() -> None:
    network = _network(3)
    config = OptimConfig(epochs=1, learning_rate=1e-3, layer_decay=0.5, weight_decay=0.1)
    groups = parameter_groups(network, config)
    names = {id(parameter): name for name, parameter in network.named_parameters()}
    found = {
        names[id(parameter)]: (group["lr"], group["weight_decay"])
        for group in groups
        for parameter in group["params"]
    }
    assert found.keys() == set(names.values())  # each in one group
    rates = [found[f"bert.encoder.layer.{i}.output.dense.weight"][0] for i in range(3)]
    assert rates == pytest.approx([0.25e-3, 0.5e-3, 1e-3])
    assert found["classifier.weight"][0] == found["bert.pooler.dense.weight"][0] == 1e-3
    embeddings = [rate for name, (rate, _) in found.items() if ".embeddings." in name]
    assert embeddings == pytest.approx([0.125e-3] * 5)
    for name, parameter in network.named_parameters():
        assert found[name][1] == (0.1 if parameter.ndim == 2 else 0.0), name
    assert found["bert.encoder.layer.0.output.LayerNorm.weight"][1] == 0.0
    assert found["classifier.bias"][1] == 0.0


def test_what_is_frozen_is_in_no_group(tmp_path: Path) -> None:
    optim = OptimConfig(epochs=1, learning_rate=1e-3)
    network, _ = build_network(_config(tmp_path, optim=optim))
    grouped = {id(p) for group in parameter_groups(network, optim) for p in group["params"]}
    frozen = [name for name, p in network.named_parameters() if id(p) not in grouped]
    assert frozen == ["bert.embeddings.word_embeddings.weight"]


@pytest.mark.parametrize("frozen", [1, 2, 4])
def test_frozen_layers_get_no_gradient(frozen: int) -> None:
    network = MPNetForSequenceClassification(MPNetConfig(num_hidden_layers=4, **_TINY))
    freeze_layers(network, frozen)
    body: Any = network.base_model
    encoder = body.encoder
    network(input_ids=torch.tensor([[5, 6, 7]])).logits.sum().backward()
    for i, layer in enumerate(encoder.layer):
        assert all((p.grad is None) == (i < frozen) for p in layer.parameters()), i
    # Below the frozen layers, or shared with them: a gradient here would have come through them.
    below = [*body.embeddings.parameters(), encoder.relative_attention_bias.weight]
    assert all(p.grad is None for p in below)
