"""Shared fixtures: the shipped classifier, loaded once, and the seed article."""

from pathlib import Path

import pytest
from hypothesis import settings

from stance import StanceClassifier
from stance.artifact import MODELS
from tests.tiny import cut_layers

# The same examples in every run: a red CI must mean a change, not a draw.
settings.register_profile("stance", derandomize=True, deadline=None)
settings.load_profile("stance")

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "stance" / "fixtures"


@pytest.fixture(scope="session")
def classifier() -> StanceClassifier:
    return StanceClassifier.load(device="cpu")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An artifact of three layers, as `small` is: half of the shipped model."""
    return cut_layers(MODELS / "base", tmp_path_factory.mktemp("models") / "tiny", 3)


@pytest.fixture(scope="session")
def article() -> str:
    return (FIXTURES / "article_2024-05-15.txt").read_bytes().decode("utf-8")
