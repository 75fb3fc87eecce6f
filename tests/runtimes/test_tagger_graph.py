"""The tagger's graphs give what its torch network gives."""

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from stance.runtimes.network import Network
from stance.runtimes.tagger_graph import argument_head, window_encoder
from training.attribution_modules import ArgumentHead, TaggerConfig, WindowEncoder

SIZES = {
    "hidden_size": 32,
    "num_attention_heads": 4,
    "num_hidden_layers": 2,
    "intermediate_size": 48,
    "vocab_size": 60,
    "type_vocab_size": 12,
    "max_position_embeddings": 64,
    "feature_size": 16,
    "argument_layers": 2,
    "argument_heads": 4,
    "reach_left": 5,
    "reach_right": 7,
}


@pytest.fixture(scope="module")
def config() -> TaggerConfig:
    torch.manual_seed(3)
    return TaggerConfig(**SIZES)


def _weights(module: torch.nn.Module, prefix: str) -> dict[str, NDArray[Any]]:
    return {f"{prefix}{name}": tensor.numpy() for name, tensor in module.state_dict().items()}


@torch.inference_mode()
def test_window_encoder(config: TaggerConfig) -> None:
    module = WindowEncoder(config).eval()
    ids = torch.randint(0, 60, (3, 20))
    types, mask = torch.randint(0, 12, (3, 20)), torch.ones(3, 20, dtype=torch.int64)
    mask[1, 11:] = 0
    expected = module(ids, mask, types).numpy()
    graph = window_encoder(_weights(module, "encoder."), config.to_dict())
    arrays = [tensor.numpy() for tensor in (ids, mask, types)]
    (output,) = Network(graph).run([arrays], lambda batch: batch)
    shown = mask.numpy() == 1
    assert np.abs(output[shown] - expected[shown]).max() < 1e-4


@torch.inference_mode()
def test_argument_head(config: TaggerConfig) -> None:
    module = ArgumentHead(config).eval()
    features, cue, inside = torch.randn(4, 12, 16), torch.zeros(4, 12), torch.ones(4, 12)
    cue[:, 5:7] = 1
    cue[2, 6] = 0
    inside[0, :3] = 0
    inside[1, 9:] = 0
    expected = module(features, cue, inside.bool()).numpy()
    graph = argument_head(_weights(module, "head."), config.to_dict())
    arrays = [tensor.numpy() for tensor in (features, cue, inside)]
    (output,) = Network(graph).run([arrays], lambda batch: batch)
    shown = inside.numpy() == 1
    assert np.abs(output[shown] - expected[shown]).max() < 1e-4
