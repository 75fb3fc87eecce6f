"""The folder `OUTPUT.partial`: finished shards, a journal of them, and what they came from.

Every file in it is written aside, flushed to the disk and renamed, and a line of the journal is
written after the files it speaks of. So at any moment, whatever stops the process, what the
journal lists is whole.
"""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa

from stance.batch.blocks import Counts, Part
from stance.batch.rows import join
from stance.batch.sources import Format
from stance.errors import InputError, OutputError

__all__ = ["Store", "partial_of", "rejects_of"]


def partial_of(output: Path) -> Path:
    """Where an unfinished run keeps its shards."""
    return output.with_name(output.name + ".partial")


def rejects_of(output: Path) -> Path:
    """Where the rows go that cannot be classified."""
    return output.with_name(output.name + ".rejects.jsonl")


class Store:
    """The finished shards of one output. Use it as a context: it holds a lock.

    Attributes:
        done: the counts of each finished shard, by its number.
    """

    def __init__(self, output: Path, settings: Mapping[str, Any]) -> None:
        self._output = output
        self._folder = partial_of(output)
        self._journal = self._folder / "journal.jsonl"
        self._settings = dict(settings)
        self._lock = -1
        self.done: dict[int, Counts] = {}

    def __enter__(self) -> "Store":
        with _explained(self._folder):
            self._folder.mkdir(exist_ok=True)
            self._take_lock()
            try:
                self._open()
            except BaseException:
                self._drop_lock()
                raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if kind is not None and not self.done:
            shutil.rmtree(self._folder, ignore_errors=True)  # nothing to go on from
        self._drop_lock()

    def commit(self, shard: int, part: Part) -> None:
        """Keep a finished shard; once this returns, no crash can take it away.

        Raises:
            OutputError: the disk is full or cannot be written.
        """
        with _explained(self._folder):
            _write(self._rows(shard), part.rows)
            if part.rejects:
                _write(self._rejects(shard), part.rejects)
            line = {"shard": shard, "sha256": _digest(part.rows, part.rejects)}
            with self._journal.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(line | asdict(part.counts)) + "\n")
                stream.flush()
                os.fsync(stream.fileno())
        self.done[shard] = part.counts

    def finish(self, format: Format, schema: pa.Schema, compression: str | None) -> None:  # noqa: A002
        """Put all shards together in order, rename the result to the output, clean up.

        Raises:
            OutputError: the disk is full or cannot be written. The shards are kept.
        """
        shards = sorted(self.done)
        rejects = [path for path in map(self._rejects, shards) if path.exists()]
        aside, rejects_aside = self._folder / "output.tmp", self._folder / "rejects.tmp"
        with _explained(self._folder):
            join(map(self._rows, shards), aside, format, schema, compression)
            join(rejects, rejects_aside, Format.JSONL, schema, None)
            for file in (aside, rejects_aside):
                _flush(file)
            if rejects:
                rejects_aside.replace(rejects_of(self._output))
            else:
                rejects_of(self._output).unlink(missing_ok=True)  # of an earlier run
            aside.replace(self._output)
            _flush(self._output.parent)
            # Without its settings the folder is litter, which the next run sweeps away.
            (self._folder / "run.json").unlink()
            shutil.rmtree(self._folder)

    def _open(self) -> None:
        file = self._folder / "run.json"
        if not file.exists():
            for old in self._folder.iterdir():
                if old.name != "lock":
                    old.unlink()
            _write(file, json.dumps(self._settings, indent=1).encode("utf-8"))
            return
        before = json.loads(file.read_text(encoding="utf-8"))
        now = json.loads(json.dumps(self._settings))
        changed = sorted(k for k in {*before, *now} if before.get(k) != now.get(k))
        if changed:
            raise InputError(
                f"{self._folder} holds an unfinished run with other settings "
                f"(changed since: {', '.join(changed)}); run it as before to finish it, "
                "or delete the folder to start anew"
            )
        self._read_journal()

    def _read_journal(self) -> None:
        text = self._journal.read_text(encoding="utf-8") if self._journal.exists() else ""
        for line in text.splitlines(keepends=True):
            if not line.endswith("\n"):
                # Torn by a crash. Cut it off, or the next line would be glued to it.
                os.truncate(self._journal, len(text.encode()) - len(line.encode()))
                return
            entry = json.loads(line)
            shard, digest = entry.pop("shard"), entry.pop("sha256")
            if digest == self._digest_on_disk(shard):
                self.done[shard] = Counts(**entry)

    def _digest_on_disk(self, shard: int) -> str:
        files = (self._rows(shard), self._rejects(shard))
        return _digest(*(f.read_bytes() if f.exists() else b"" for f in files))

    def _rows(self, shard: int) -> Path:
        return self._folder / f"{shard:08d}.rows"

    def _rejects(self, shard: int) -> Path:
        return self._folder / f"{shard:08d}.rejects"

    def _take_lock(self) -> None:
        if sys.platform == "win32":
            return
        import fcntl

        self._lock = os.open(self._folder / "lock", os.O_CREAT | os.O_RDWR, 0o644)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._drop_lock()
            raise InputError(f"{self._folder} is in use: another run writes this output") from None

    def _drop_lock(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def _digest(rows: bytes, rejects: bytes) -> str:
    both = hashlib.sha256(rows)
    both.update(rejects)
    return both.hexdigest()


def _write(path: Path, data: bytes) -> None:
    aside = path.with_name(path.name + ".tmp")
    with aside.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(path)
    _flush(path.parent)


def _flush(path: Path) -> None:
    """Make the disk keep a file, or the names in a folder."""
    if sys.platform == "win32" and path.is_dir():
        return  # Windows cannot open folders
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"{error.filename or folder}: cannot be written: {reason}; finished shards are kept "
            f"in {folder}: mend this and run the same command again to go on"
        ) from error
