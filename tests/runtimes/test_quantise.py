"""Fitting int8 inputs and the margin of doubt."""

from pathlib import Path

import numpy as np
import pytest

from stance.errors import ArtifactError
from stance.runtimes.cpu import margins
from stance.runtimes.int8 import INT8_FILE, Int8Settings
from training.quantise import fit_input, fit_margin


def test_outlier_channels_are_smoothed() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(500, 8)).astype(np.float32)
    x[:, 3] *= 40
    how = fit_input(x, rng.normal(size=(6, 8)).astype(np.float32))
    assert how.smooth.argmax() == 3
    assert how.low <= (x / how.smooth).min() < (x / how.smooth).max() <= how.high


def test_margin_bounds_the_changed_labels() -> None:
    rng = np.random.default_rng(0)
    exact = rng.normal(size=(2_000, 3)).astype(np.float32)
    narrow = exact + rng.normal(scale=0.05, size=exact.shape).astype(np.float32)
    margin = fit_margin(narrow, exact, 0.005)
    changed = narrow.argmax(axis=1) != exact.argmax(axis=1)
    assert changed.mean() > 0.01
    assert (changed & (margins(narrow) >= margin)).mean() <= 0.005
    assert fit_margin(exact, exact, 0.005) == 0.0


def test_settings_round_trip(tmp_path: Path) -> None:
    how = fit_input(np.ones((20, 4), np.float32), np.ones((3, 4), np.float32))
    Int8Settings({"a.b": how}, 0.25).save(tmp_path)
    loaded = Int8Settings.load(tmp_path)
    assert loaded.margin == 0.25
    assert loaded.inputs["a.b"].high == pytest.approx(how.high)
    assert np.allclose(loaded.inputs["a.b"].smooth, how.smooth)


def test_broken_settings(tmp_path: Path) -> None:
    (tmp_path / INT8_FILE).write_bytes(b"not safetensors")
    with pytest.raises(ArtifactError, match="cannot be read"):
        Int8Settings.load(tmp_path)
