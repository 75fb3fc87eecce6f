"""A real Ctrl-C, as a terminal sends it."""

import signal
import subprocess
import sys
from pathlib import Path

from stance.batch import store
from tests.batch.conftest import wait_for_shards

# Shards of 20 rows, so that there is a middle; and a shell may start us deaf to SIGINT.
_SCRIPT = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from stance.batch import blocks
from stance.cli import main
blocks.SHARD_ROWS = 20
main()
"""


def test_sigint_ends_with_130_and_the_same_command_goes_on(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    rows = (f"{i} we will never come to these talks" for i in range(500))
    source.write_text("text\n" + "\n".join(rows), encoding="utf-8")

    def start(output: Path) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", _SCRIPT, "batch", str(source), str(output)]
        return subprocess.Popen([*command, "--device", "cpu"], stderr=subprocess.PIPE, text=True)

    stopped, whole = tmp_path / "stopped.csv", tmp_path / "whole.csv"
    process = start(stopped)
    journal = store.partial_of(stopped) / "journal.jsonl"
    wait_for_shards(process, journal, 3)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "run the same command again to go on" in said
    assert len(said.strip().splitlines()) == 1
    assert not stopped.exists()
    assert 3 <= journal.read_bytes().count(b"\n") < 25
    for output in (stopped, whole):
        process = start(output)
        assert process.communicate(timeout=120)[1] == ""
        assert process.returncode == 0
    assert stopped.read_bytes() == whole.read_bytes()
