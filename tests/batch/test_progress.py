"""The progress bar: rate and time left on a terminal; elsewhere silent, or a line now and then."""

import io
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stance import classify_files
from stance.progress import track


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def last_line(self) -> str:
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.getvalue()).splitlines()[-1]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")


@pytest.mark.usefixtures("fake")
def test_nothing_is_drawn_into_a_file_or_pipe(
    tmp_path: Path, write: Callable[[str, Any], Path], capfd: pytest.CaptureFixture[str]
) -> None:
    classify_files(write("in.csv", "text\na\n"), tmp_path / "o.csv")
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("fake")
def test_a_run_on_a_terminal_is_drawn_on_stderr(
    tmp_path: Path,
    write: Callable[[str, Any], Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    classify_files(write("in.csv", "text\na\nb\n"), tmp_path / "o.csv")
    assert re.search(r"classifying .* 2/2 ", terminal.last_line())
    assert capsys.readouterr().out == ""


def test_a_terminal_shows_rows_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with track("classifying", 1_000, done=200) as advance:
        for _ in range(3):
            advance(10)
            time.sleep(0.01)
    pattern = r"classifying .* 230/1000 [\d,]+/s \d+:\d\d:\d\d"
    assert re.search(pattern, terminal.last_line())


def test_a_log_has_a_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("stance.progress._LOG_EVERY_SECONDS", 0.0)
    with track("training", 10, done=4, log=True) as advance:
        advance(2, "loss 0.5")
    assert capfd.readouterr().err == "training 6/10 loss 0.5\n"
