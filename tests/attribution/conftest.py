"""A tiny tagger with random weights, so that tests of offsets need no real one."""

from pathlib import Path
from typing import Any

import pytest
import torch

from stance.attribution.assemble import DecodingConfig
from stance.attribution.encoding import LAYOUTS, open_tokenizer
from stance.attribution.extract import Extractor
from stance.attribution.tagger import SHIPPED_TAGGER, Tagger
from training.attribution_modules import ArgumentHead, TaggerConfig, WindowEncoder

SEED_ARTICLE = Path(__file__).parents[2] / "stance" / "fixtures" / "article_2024-05-15.txt"


def tiny_config(**changes: Any) -> TaggerConfig:
    """The smallest network that has every part."""
    return TaggerConfig(
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        type_vocab_size=LAYOUTS,
        feature_size=16,
        argument_layers=1,
        argument_heads=2,
        attn_implementation="eager",
        **changes,
    )


@pytest.fixture(scope="session")
def tiny_extractor() -> Extractor:
    """Random weights and no threshold: it finds something nearly everywhere."""
    torch.manual_seed(0)
    config = tiny_config()
    tokenizer = open_tokenizer(SHIPPED_TAGGER / "tokenizer.json")
    parts = (("encoder.", WindowEncoder(config)), ("head.", ArgumentHead(config)))
    weights = {
        f"{prefix}{name}": tensor.numpy()
        for prefix, module in parts
        for name, tensor in module.state_dict().items()
    }
    tagger = Tagger(weights, config.to_dict(), tokenizer)
    return Extractor(tagger, DecodingConfig(threshold=0.0, eagerness=0.5))


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    """The shipped tagger."""
    return Extractor.load()
