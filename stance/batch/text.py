"""Text files -> strings and rows, with errors that name the file and the line."""

import csv
import io
import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from stance.batch.blocks import Reject, Row
from stance.batch.sources import Source
from stance.errors import InputError
from stance.inputs import check_distinct

__all__ = ["csv_header", "csv_rows", "decode", "jsonl_rows", "read_text"]

# An opening quotation mark that is never closed swallows what follows it up to this length.
_LONGEST_FIELD = 4 << 20
_BOM = b"\xef\xbb\xbf"


def read_text(path: Path) -> str:
    """The contents of a UTF-8 file, unchanged: offsets into it count its characters.

    Raises:
        InputError: the file is missing, a directory, not readable, or not UTF-8.
    """
    if not path.exists():
        raise InputError(f"{path}: no such file")
    if path.is_dir():
        raise InputError(f"{path}: is a directory; give a file")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    return decode(data, str(path))


def decode(data: bytes, name: str) -> str:
    """UTF-8 as text, unchanged. Raises InputError, which says where in `name` it is none."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8 at byte {error.start}; convert the file") from error


def csv_header(source: Source) -> list[str]:
    """The column names of a CSV file.

    Raises:
        InputError: there is no header, it is not UTF-8, or it names a column twice.
    """
    with _opened(source) as stream:
        return _header(source.path, _Lines(stream))


def csv_rows(source: Source, delimiter: str = ",") -> Iterator[Row | Reject]:
    """The rows of a CSV file as strings, whatever they look like: "007" stays "007".

    A row with a stray quotation mark, with too few or too many fields or with bytes that are
    not UTF-8 is a `Reject`. Empty lines are no rows.

    Raises:
        InputError: the file cannot be read, or its header cannot be used.
    """
    file = str(source.path)
    with _opened(source) as stream:
        lines = _Lines(stream)
        header = _header(source.path, lines, delimiter)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        while True:
            lines.start_record()
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                first = lines.give_back_all_but_first()
                yield Reject(file, lines.first, f"broken CSV row: {_fault(error)}", _shown(first))
                continue
            if not fields:
                continue
            raw = "".join(lines.record)
            if not lines.is_utf8:
                yield Reject(file, lines.first, "not UTF-8", _shown(raw))
            elif len(fields) != len(header):
                counts = f"{len(fields)} fields where the header has {len(header)}"
                reason = f"{counts}; quote a field that holds {delimiter!r}"
                yield Reject(file, lines.first, reason, _shown(raw))
            else:
                yield Row(lines.first, dict(zip(header, fields, strict=True)), len(raw))


def jsonl_rows(source: Source) -> Iterator[Row | Reject]:
    """The objects of a JSONL file; a line that holds none is a `Reject`, a blank one is nothing.

    Raises:
        InputError: the file cannot be read.
    """
    file = str(source.path)
    with _opened(source) as stream:
        for number, line in enumerate(stream, start=1):
            raw = line.removeprefix(_BOM) if number == 1 else line
            if not raw.strip():
                continue
            try:
                values = _json_object(raw)
            except ValueError as error:
                text = raw.decode("utf-8", "surrogateescape")
                yield Reject(file, number, str(error), _shown(text))
            else:
                yield Row(number, values, len(raw))


def _json_object(raw: bytes) -> dict[str, Any]:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start} of the line") from None
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not valid JSON: {error}") from None
    if not isinstance(values, dict):
        raise ValueError(f"not a JSON object but a {type(values).__name__}")
    if "\\u" in text:
        try:
            json.dumps(values, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError:
            raise ValueError("an escape is half of a surrogate pair, not a character") from None
    return values


class _Lines:
    """Feeds `csv.reader`, and keeps the lines of the record that it is reading."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._given_back: deque[str] = deque()
        self._number = 0
        self.record: list[str] = []
        self.first = 1

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self._given_back:
            line = self._given_back.popleft()
        else:
            raw = next(self._stream)
            if self._number == 0:
                raw = raw.removeprefix(_BOM)
            # Undecodable bytes become lone surrogates: the rest of the row stays readable.
            line = raw.decode("utf-8", "surrogateescape")
        self._number += 1
        self.record.append(line)
        return line

    def start_record(self) -> None:
        self.record.clear()
        self.first = self._number + 1

    def give_back_all_but_first(self) -> str:
        """Read a broken record's other lines again: one stray mark must not cost good rows."""
        first, *others = self.record
        self._given_back.extendleft(reversed(others))
        self._number -= len(others)
        return first

    @property
    def is_utf8(self) -> bool:
        try:
            "".join(self.record).encode("utf-8")
        except UnicodeEncodeError:
            return False
        return True


def _header(path: Path, lines: _Lines, delimiter: str = ",") -> list[str]:
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_FIELD))
    try:
        header = next(csv.reader(lines, delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise InputError(f"{path}, line 1: broken CSV header: {_fault(error)}") from error
    if not lines.is_utf8:
        raise InputError(f"{path}, line 1: the header is not UTF-8; convert the file")
    if not header:
        raise InputError(f"{path}, line 1: no CSV header; name the columns there")
    check_distinct(f"{path}, line 1", header)
    return header


def _fault(error: csv.Error) -> str:
    """What is wrong, in words about the file: one of the library's is about Python's `open`."""
    if "new-line character" in str(error):
        return "a bare carriage return; convert the line ends, or put the field in quotes"
    return str(error)


@contextmanager
def _opened(source: Source) -> Iterator[IO[bytes]]:
    try:
        with pa.input_stream(str(source.path), compression=source.compression) as stream:
            yield io.BufferedReader(stream, 1 << 20)
    except OSError as error:  # also what pyarrow raises for damaged compressed data
        reason = error.strerror or str(error)
        raise InputError(f"{source.path}: cannot be read: {reason}") from error


def _shown(text: str) -> str:
    """A record without its line end, and with undecodable bytes as escapes: \\xff."""
    readable = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return readable.rstrip("\r\n")
