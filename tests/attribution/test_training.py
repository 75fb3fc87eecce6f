"""One step of training on an invented article, and the configs as they ship."""

from pathlib import Path

import numpy as np
import pytest
import torch

from stance.attribution.encoding import LAYOUTS
from stance.attribution.spans import Attribution
from stance.attribution.tagger import SHIPPED_TAGGER
from stance.encoding import open_tokenizer
from stance.errors import ConfigError
from stance.settings import load_config
from tests.attribution.conftest import CONFIGS, tiny_config
from training.attribution_config import AttributionConfig
from training.attribution_labels import IGNORE, label_articles
from training.attribution_modules import WindowEncoder
from training.attribution_network import TaggerForTraining
from training.attribution_polnear import AnnotatedArticle
from training.attribution_train import split_held_out
from training.attribution_windows import Batch, batches, window_ids

TEXT = "\u201cWe will come,\u201d the minister said. \u201cSoon.\u201d Moscow dismissed the plans."


def article(name: str = "a") -> AnnotatedArticle:
    def find(piece: str) -> tuple[int, int]:
        return TEXT.index(piece), TEXT.index(piece) + len(piece)

    first = Attribution(
        (find("\u201cWe will come,\u201d"), find("\u201cSoon.\u201d")),
        find("said"),
        (find("the minister"),),
    )
    second = Attribution((find("the plans"),), find("dismissed"), (find("Moscow"),))
    return AnnotatedArticle(name, TEXT, ((first, second),))


@pytest.fixture(scope="module")
def batch() -> Batch:
    tokenizer = open_tokenizer(SHIPPED_TAGGER / "tokenizer.json")
    labelled = label_articles([article()], tokenizer)
    windows = load_config(CONFIGS / "attribution.yaml", AttributionConfig).windows
    windows = windows.model_copy(update={"trimmed_cues": 0.0})
    for seed in range(20):  # some phases split the article
        rng = np.random.default_rng(seed)
        one = next(batches(labelled, windows, 4, window_ids(tokenizer), rng))
        if len(one.rows) == 2:
            return one
    raise AssertionError("no window holds both attributions")


def test_labels_of_a_batch(batch: Batch) -> None:
    assert batch.arguments.shape == (2, batch.input_ids.shape[1])
    counts = [[int((row == tag).sum()) for tag in range(1, 5)] for row in batch.arguments]
    assert counts[0][0] == 2  # two pieces of content begin
    assert counts[0][2:] == [1, 1]  # "the minister"
    assert counts[1] == [1, 1, 1, 0]  # "the plans", "Moscow"
    assert (batch.arguments[:, 0] == IGNORE).all()
    assert batch.token_type_ids.max() < LAYOUTS


def test_masked_tokens_keep_their_labels() -> None:
    tokenizer = open_tokenizer(SHIPPED_TAGGER / "tokenizer.json")
    labelled = label_articles([article()] * 40, tokenizer)
    windows = load_config(CONFIGS / "attribution.yaml", AttributionConfig).windows
    special = window_ids(tokenizer)
    clean, masked = (
        next(batches(labelled, settings, 40, special, np.random.default_rng(0)))
        for settings in (windows, windows.model_copy(update={"masked": 0.3}))
    )
    hidden = masked.input_ids == special[3]
    real = masked.flat[..., 0] != IGNORE
    assert not hidden[~real].any()  # nor [CLS], [SEP] and [PAD]
    assert 0.25 < hidden[real].mean() < 0.35
    assert not (clean.input_ids == special[3]).any()
    assert masked.flat[real].any(axis=0).all()
    assert masked.flat[hidden].any(axis=0).all()


def test_one_step_lowers_the_loss(batch: Batch) -> None:
    torch.manual_seed(0)
    config = tiny_config(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    network = TaggerForTraining(config, WindowEncoder(config))
    weights = load_config(CONFIGS / "attribution.yaml", AttributionConfig).loss
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-2)
    seen = []
    for _ in range(4):
        loss = network.losses(batch, weights, 1, torch.device("cpu"))["loss"]
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        seen.append(loss.item())
    assert seen[-1] < seen[0]


@pytest.mark.parametrize(
    ("name", "seed"),
    [
        ("attribution.yaml", 13),
        ("attribution_teacher.yaml", 13),
        ("attribution_distill.yaml", 13),
        ("attribution_widen.yaml", 13),
        ("attribution_settle.yaml", 14),
        ("attribution_acts.yaml", 15),
        ("attribution_smoke.yaml", 13),
    ],
)
def test_shipped_configs_are_valid(name: str, seed: int) -> None:
    config = load_config(CONFIGS / name, AttributionConfig)
    assert config.seed == seed
    assert all((CONFIGS.parent / p).is_file() for p in (*config.unlabelled, *config.labelled))


def test_unknown_key_names_its_path(tmp_path: Path) -> None:
    text = (CONFIGS / "attribution.yaml").read_text(encoding="utf-8")
    broken = tmp_path / "broken.yaml"
    broken.write_text(text.replace("  size: 254", "  size: 254\n  sise: 1"), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"windows\.sise"):
        load_config(broken, AttributionConfig)


def test_held_out_articles_are_spread() -> None:
    articles = [article(str(i)) for i in range(20)]
    train_on, held_out = split_held_out(articles, 4)
    assert [a.name for a in held_out] == ["2", "7", "12", "17"]
    assert len(train_on) == 16
