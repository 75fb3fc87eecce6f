"""A tiny tagger with random weights, so that tests of offsets need no real one."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import BertConfig, BertModel

from stance.attribution.decoding_config import DecodingConfig
from stance.attribution.encoding import LAYOUTS
from stance.attribution.extract import Extractor
from stance.attribution.tagger import SHIPPED_TAGGER, Tagger
from stance.encoding import open_tokenizer
from stance.settings import load_config
from training.attribution_config import AttributionConfig
from training.attribution_modules import ArgumentHead, TaggerConfig, WindowEncoder
from training.attribution_train import train

SEED_ARTICLE = Path(__file__).parents[2] / "stance" / "fixtures" / "article_2024-05-15.txt"
CONFIGS = Path(__file__).parents[2] / "configs"
INVENTED = "He said it was over. Nobody asked. " * 12
_MARKS = """\
T1\tSource 0 2\tHe
T2\tCue 3 7\tsaid
T3\tContent 8 19\tit was over
T4\tAttribution 3 7\tsaid
E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1
"""


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
    tagger = Tagger.of_weights(weights, config.to_dict(), tokenizer)
    return Extractor(tagger, DecodingConfig(threshold=0.0, eagerness=0.5))


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    """The shipped tagger."""
    return Extractor.load()


@pytest.fixture(scope="session")
def polnear(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("polnear")
    for folder in ("text", "attributions"):
        (root / "train" / folder).mkdir(parents=True)
    for name in "abcde":
        (root / "train" / "text" / f"{name}.txt").write_text(INVENTED, "utf-8")
        (root / "train" / "attributions" / f"{name}_0a1b.ann").write_text(_MARKS, "utf-8")
    return root


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> AttributionConfig:
    """Three epochs of two steps over a base of one narrow layer."""
    torch.manual_seed(0)
    base = tmp_path_factory.mktemp("base")
    narrow = BertConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    BertModel(narrow, add_pooling_layer=False).save_pretrained(base)
    shutil.copy(SHIPPED_TAGGER / "tokenizer.json", base / "tokenizer.json")
    smoke = load_config(CONFIGS / "attribution_smoke.yaml", AttributionConfig)
    changes = {"base": str(base), "output": tmp_path_factory.mktemp("run"), "articles": None}
    optim = smoke.optim.model_copy(update={"cycles": (3, 2)})
    return smoke.model_copy(update=changes | {"optim": optim})


@pytest.fixture(scope="session")
def finished(config: AttributionConfig, polnear: Path) -> AttributionConfig:
    assert train(config, polnear)["steps"] == 5
    return config
