"""Fitting int8 inputs and the margin of doubt."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from stance.encoding import EncodedStatement
from stance.errors import ArtifactError
from stance.runtimes.cascade import CascadeRuntime, margins
from stance.runtimes.int8 import INT8_FILE, Int8Settings
from training.quantise import fit_input, fit_margin, fit_margins, main


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


@dataclass(frozen=True)
class _Stored:
    """A runtime that knows each statement's logits by its only token."""

    logits: NDArray[np.float32]

    def run(self, rows: Sequence[EncodedStatement]) -> NDArray[np.float32]:
        return self.logits[[row.input_ids[0] for row in rows]]


def test_stages_share_what_may_change() -> None:
    # Int8 turns the first 8 labels and doubts the next 8, which bf16 turns: both look sure.
    exact = np.tile(np.array([[2, 0, 0]], np.float32), (2_000, 1))
    int8, half = exact.copy(), exact.copy()
    int8[:8, 1], int8[8:16, 1], half[8:16, 1] = 9, 2, 9
    rows = [EncodedStatement([i], [0], False) for i in range(len(exact))]

    def changed(margins: Sequence[float]) -> float:
        stages = list(zip((_Stored(int8), _Stored(half)), margins, strict=True))
        labels = CascadeRuntime(stages, _Stored(exact)).run(rows).argmax(axis=1)
        return float((labels != 0).mean())

    assert changed([fit_margin(logits, exact, 0.005) for logits in (int8, half)]) > 0.005
    assert changed(fit_margins([int8, half], exact, 0.005)) <= 0.005


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


def test_another_network_has_no_int8_and_is_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.json").write_text('{"architectures": ["MPNetForSequenceClassification"]}')
    main(Path("configs/quantise.yaml"), tmp_path)
    assert "cpu-fast runs BERT classifiers alone" in capsys.readouterr().out
    assert not (tmp_path / INT8_FILE).exists()
