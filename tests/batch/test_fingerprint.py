"""An unfinished run is gone on with only where the result would have the same bytes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stance import InputError, classify_files
from stance.artifact import SHIPPED
from tests.batch.conftest import FakeClassifier, leave_unfinished


@pytest.fixture
def source(write: Callable[[str, Any], Path]) -> Path:
    return write("in.jsonl", "\n".join(f'{{"text": "text {i}"}}' for i in range(9)))


@pytest.mark.usefixtures("small_shards", "fake")
@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"target_column": "text"}, "columns"),
        ({"device": "cpu-fast"}, "device"),
        ({}, "inputs"),
    ],
)
def test_other_settings_or_input_are_an_error_that_names_them(
    change: dict[str, Any],
    name: str,
    source: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leave_unfinished(source, tmp_path / "o.csv", monkeypatch)
    if not change:
        source.write_text(source.read_text("utf-8") + "\n{}", encoding="utf-8")
    with pytest.raises(InputError, match=rf"\(changed since: {name}\).*delete the folder"):
        classify_files(source, tmp_path / "o.csv", **change)


@pytest.mark.usefixtures("small_shards", "fake")
@pytest.mark.parametrize(
    ("place", "value", "changed"),
    [
        ("stance.runtimes._has_gpu", lambda: True, "device, openvino"),
        ("stance.batch.job.hash_of", lambda *_, **__: "0", "model"),
        ("stance.batch.fingerprint.version", lambda _: "0", "openvino, pyarrow, torch"),
        ("stance.batch.fingerprint.__version__", "0", "stance"),
    ],
)
def test_another_machine_model_or_library_is_an_error_that_names_it(
    place: str,
    value: Any,
    changed: str,
    source: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("stance.runtimes._has_gpu", lambda: False)
    leave_unfinished(source, tmp_path / "o.csv", monkeypatch)
    monkeypatch.setattr(place, value)
    with pytest.raises(InputError, match=rf"\(changed since: {changed}\)"):
        classify_files(source, tmp_path / "o.csv")


@pytest.mark.usefixtures("small_shards", "fake")
def test_auto_is_the_device_that_it_means(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stance.runtimes._has_gpu", lambda: False)
    leave_unfinished(source, tmp_path / "o.csv", monkeypatch)
    classify_files(source, tmp_path / "o.csv", device="cpu")


@pytest.fixture
def loaded(fake: FakeClassifier, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names and paths of the models that are loaded."""
    seen: list[str] = []

    def load(model: str, *_: object, **__: object) -> FakeClassifier:
        seen.append(model)
        return fake

    monkeypatch.setattr("stance.classifier.StanceClassifier.load", load)
    return seen


def test_a_folder_here_is_not_taken_for_the_shipped_model(
    source: Path, tmp_path: Path, loaded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / SHIPPED).mkdir()
    classify_files(source, tmp_path / "o.csv")
    assert loaded == [SHIPPED]


def test_a_folder_of_weights_is_loaded_from_where_it_lies(
    source: Path, tmp_path: Path, tiny: Path, loaded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny.parent)
    classify_files(source, tmp_path / "o.csv", model=tiny.name)
    assert loaded == [str(tiny.resolve())]
