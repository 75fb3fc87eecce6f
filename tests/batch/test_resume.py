"""Whatever stops a run, the same command finishes it, and the bytes are as if nothing was."""

import errno
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from stance import ConfigError, InputError, classify_files
from stance.batch import store
from stance.batch.worker import Worker
from stance.cli import app
from stance.errors import OutputError
from tests.batch.conftest import FakeClassifier, leave_unfinished, wait_for_shards

_RUNNER = CliRunner()
_Write = Callable[[str, Any], Path]
_LINES = [json.dumps({"text": f"text {i % 17}", "i": i}) for i in range(42)]
_LINES[10] = "broken"
_LINES[33] = '{"text": ""}'

# A run with shards of 20 rows, so that there is a middle at which to kill it.
_SCRIPT = """
import sys
from stance.batch import blocks
from stance import classify_files
blocks.SHARD_ROWS, blocks.SHARD_ARTICLES = 20, 2
articles = len(sys.argv) > 3
classify_files(sys.argv[1], sys.argv[2], device="cpu", articles=articles)
"""


@pytest.fixture
def source(write: _Write) -> Path:
    return write("in.jsonl", "\n".join(_LINES))


def _outputs(output: Path) -> tuple[bytes, bytes]:
    return output.read_bytes(), store.rejects_of(output).read_bytes()


@pytest.mark.parametrize("suffix", ["csv.gz", pytest.param("parquet", marks=pytest.mark.slow)])
def test_after_sigkill_the_result_is_the_same(suffix: str, tmp_path: Path) -> None:
    rng, words = (
        random.Random(5),
        ["we", "they", "will", "not", "come", "to", "talks", "never", "refuse", "envoy", "said"],
    )
    lines = [" ".join(rng.choices(words, k=rng.randint(2, 30))) for _ in range(500)]
    lines[100] = lines[300] = ""
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(json.dumps({"text": line}) for line in lines), encoding="utf-8")
    whole, killed = tmp_path / f"whole.{suffix}", tmp_path / f"killed.{suffix}"
    _interrupt_and_finish(source, whole, killed)
    assert _outputs(killed) == _outputs(whole)


def test_after_sigkill_the_articles_are_the_same(tmp_path: Path) -> None:
    article = Path(__file__).parents[2] / "stance" / "fixtures" / "article_2024-05-15.txt"
    source = tmp_path / "news"
    source.mkdir()
    for i in range(52):
        text = article.read_text(encoding="utf-8").replace("talks", "talks" + " again" * (i % 26))
        (source / f"{i:02}.txt").write_text(text, encoding="utf-8")
    whole, killed = tmp_path / "whole.jsonl", tmp_path / "killed.jsonl"
    _interrupt_and_finish(source, whole, killed, "articles")
    assert killed.read_bytes() == whole.read_bytes()


def _interrupt_and_finish(source: Path, whole: Path, killed: Path, *more: str) -> None:
    command = [sys.executable, "-c", _SCRIPT, str(source)]
    subprocess.run([*command, str(whole), *more], check=True, timeout=120)
    _kill_half_way([*command, str(killed), *more], store.partial_of(killed) / "journal.jsonl")
    assert not killed.exists()
    subprocess.run([*command, str(killed), *more], check=True, timeout=120)
    assert not store.partial_of(killed).exists()


def _kill_half_way(command: list[str], journal: Path) -> None:
    process = subprocess.Popen(command)
    wait_for_shards(process, journal, 5)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert journal.read_bytes().count(b"\n") < 25


@pytest.mark.usefixtures("small_shards", "fake")
@pytest.mark.parametrize("calls", range(1, 45, 4))
def test_after_a_full_disk_at_any_moment_the_result_is_the_same(
    calls: int, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, full = tmp_path / "whole.csv", tmp_path / "full.csv"
    classify_files(source, whole)
    before = 0

    def fsync(_: int) -> None:
        nonlocal before
        before += 1
        if before >= calls:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        with pytest.raises(OutputError, match="No space left on device; finished shards are kept"):
            classify_files(source, full)
        result = _RUNNER.invoke(app, ["batch", str(source), str(full)])
        assert (result.exit_code, "Traceback" in result.output) == (1, False)
    assert not full.exists()
    classify_files(source, full)
    assert _outputs(full) == _outputs(whole)


@pytest.mark.usefixtures("small_shards", "fake")
def test_ctrl_c_ends_with_130_and_says_how_to_go_on(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, calls = Worker.run, 0

    def interrupted(*args: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise KeyboardInterrupt
        return run(*args)

    monkeypatch.setattr(Worker, "run", interrupted)
    command = ["batch", str(source), str(tmp_path / "o.csv")]
    result = _RUNNER.invoke(app, command)
    assert result.exit_code == 130
    assert "run the same command again to go on" in result.stderr
    assert _RUNNER.invoke(app, command).exit_code == 3
    assert calls == 4 + 8  # 11 shards, 3 of them from before
    classify_files(source, tmp_path / "whole.csv")
    assert _outputs(tmp_path / "o.csv") == _outputs(tmp_path / "whole.csv")


@pytest.mark.usefixtures("small_shards")
def test_torn_or_damaged_files_are_computed_again(
    source: Path, tmp_path: Path, fake: FakeClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    classify_files(source, tmp_path / "whole.csv")
    partial = leave_unfinished(source, tmp_path / "o.csv", monkeypatch)
    journal = partial / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-9])
    (partial / "00000003.rows").write_bytes(b"")
    (partial / "00000005.rows").unlink()
    (partial / "00000007.rows.tmp").write_bytes(b"half")
    read = len(fake.read)
    classify_files(source, tmp_path / "o.csv")
    assert len(fake.read) - read <= 3 * 4
    assert _outputs(tmp_path / "o.csv") == _outputs(tmp_path / "whole.csv")


def test_a_run_that_cannot_begin_leaves_nothing(source: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        classify_files(source, tmp_path / "o.csv", device="abacus")
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.usefixtures("fake")
def test_two_runs_never_write_one_output(source: Path, tmp_path: Path) -> None:
    with (
        store.Store(tmp_path / "o.csv", {}),
        pytest.raises(InputError, match="another run writes this output"),
    ):
        classify_files(source, tmp_path / "o.csv")


@pytest.mark.usefixtures("fake")
def test_what_a_crash_left_while_cleaning_up_is_swept_away(source: Path, tmp_path: Path) -> None:
    partial = store.partial_of(tmp_path / "o.csv")
    partial.mkdir()
    (partial / "journal.jsonl").write_text('{"shard": 0}\n', encoding="utf-8")
    (partial / "00000000.rows").write_bytes(b"old")
    classify_files(source, tmp_path / "o.csv")
    assert not partial.exists()
    assert b"old" not in (tmp_path / "o.csv").read_bytes()
