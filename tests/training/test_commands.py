"""The steps of training as commands: what is wrong is one line, and exit code 2."""

import runpy
import sys

import pytest

_NOWHERE = ["--config", "nowhere.yaml"]
_COMMANDS = {
    "adapter": [*_NOWHERE, "--artifact", "a", "--version", "1"],
    "attribution_distill": [*_NOWHERE, "--tagger", "a", "--polnear", "b"],
    "attribution_evaluate": [*_NOWHERE, "--polnear", "a"],
    "attribution_export": ["--run", "nowhere.yaml", "--polnear", "a", "--output", "b"],
    "attribution_train": [*_NOWHERE, "--polnear", "a"],
    "base_models": ["nowhere.yaml"],
    "calibrate": _NOWHERE,
    "cards": ["--report", "nowhere.yaml", "--artifact", "a"],
    "corpus_check": _NOWHERE,
    "distill": [*_NOWHERE, "--teacher", "a"],
    "export": [*_NOWHERE, "--artifact", "a", "--version", "1"],
    "label_noise": _NOWHERE,
    "quantise": [*_NOWHERE, "--artifact", "a"],
    "recalibrate": ["--artifact", "nowhere.yaml", "--version", "1"],
    "search": _NOWHERE,
    "spread": ["nowhere.yaml"],
    "topic": _NOWHERE,
    "train": _NOWHERE,
}


@pytest.mark.parametrize("step", _COMMANDS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning:runpy")
def test_bad_input_is_one_line_and_code_2(
    step: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [step, *_COMMANDS[step]])
    with pytest.raises(SystemExit) as stopped:
        runpy.run_module(f"training.{step}", run_name="__main__")
    assert stopped.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("stance: ")
    assert "nowhere.yaml" in line
