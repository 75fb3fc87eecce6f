"""A teacher's hidden states: what is kept of them, and their files."""

from pathlib import Path

import pytest
import torch

from stance.errors import ConfigError
from training.teacher_states import (
    StatesWriter,
    TeacherStates,
    TokenComponents,
    pooled_states,
    token_states,
)

_KEYS = ["00000000000000ff", "fedcba9876543210", "0000000000000001"]


def test_padding_is_in_no_mean_and_layers_are_thirds_of_the_way() -> None:
    hidden = [torch.full((1, 3, 2), float(layer)) for layer in range(7)]
    hidden[6][0, 0] = 9.0  # the first token of the top
    hidden[6][0, 2] = 99.0  # padding
    low, high, first, mean = pooled_states(hidden, torch.tensor([[1, 1, 0]]))[0, :, 0].tolist()
    assert (low, high, first, mean) == (2.0, 4.0, 9.0, 7.5)
    chosen = token_states(hidden, torch.tensor([[True, True, False]]))
    assert chosen[:, :, 0].tolist() == [[4.0, 4.0], [9.0, 6.0]]


def test_the_files_give_each_statement_its_own(tmp_path: Path) -> None:
    """Rows that come in another order than their keys, of unlike length."""
    hidden = [torch.randn(3, 4, 8) for _ in range(7)]
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0], [1, 1, 1, 0]])
    words = mask.bool() & (torch.arange(4) > 0)  # the first token is a special one
    writer = StatesWriter(tmp_path / "a" / "hidden.safetensors", _KEYS)
    writer.fit([token_states(hidden, words)])
    writer.add([2, 0], [h[:2] for h in hidden], mask[:2], words[:2])
    writer.add([1], [h[2:] for h in hidden], mask[2:], words[2:])
    writer.finish()
    loaded = TeacherStates.load(tmp_path / "a" / "hidden.safetensors")
    assert loaded.place == {key: row for row, key in enumerate(_KEYS)}
    pooled = pooled_states(hidden, mask).half().numpy()
    components = TokenComponents.fit(token_states(hidden, words))
    for place, row in enumerate([1, 2, 0]):
        assert (loaded.vectors[place] == pooled[row]).all()
        own = components.of(token_states([h[row : row + 1] for h in hidden], words[row : row + 1]))
        assert loaded.tokens_of(place) == pytest.approx(own, abs=2e-3)


def test_nothing_is_in_its_place_before_the_end(tmp_path: Path) -> None:
    hidden, mask = [torch.randn(1, 4, 8) for _ in range(7)], torch.ones(1, 4)
    writer = StatesWriter(tmp_path / "hidden.safetensors", _KEYS[:1])
    writer.fit([token_states(hidden, mask.bool())])
    writer.add([0], hidden, mask, mask.bool())
    with pytest.raises(ConfigError, match="is missing"):
        TeacherStates.load(tmp_path / "hidden.safetensors")


def test_components_keep_what_varies_and_weigh_as_one() -> None:
    """600 dimensions of which 200 say all: nothing is lost."""
    torch.manual_seed(0)
    few = torch.randn(2, 900, 200)
    states = few @ torch.randn(2, 200, 600)
    cut = torch.from_numpy(TokenComponents.fit(states).of(states)).float()
    assert cut.shape == (900, 2, 256)
    assert cut.var(dim=0).mean(dim=1).tolist() == pytest.approx([1, 1], abs=0.02)
    for layer in (0, 1):
        kept, wanted = cut[:, layer, -200:], states[layer] - states[layer].mean(dim=0)
        left = wanted - kept @ torch.linalg.lstsq(kept, wanted).solution
        assert float(left.std() / wanted.std()) < 0.01
