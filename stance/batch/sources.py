"""Patterns, folders and paths -> the input files of a run, in a fixed order."""

import glob
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from stance.errors import InputError

__all__ = ["Format", "Source", "find_sources", "format_of"]


class Format(StrEnum):
    """What a file holds, told by its extension."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    ARTICLE = "txt"


_COMPRESSIONS = {".gz": "gzip", ".zst": "zstd", ".bz2": "bz2"}
_TABLES = "use .csv, .jsonl (both may end in .gz, .zst or .bz2) or .parquet"


@dataclass(frozen=True, slots=True)
class Source:
    """One input file.

    Attributes:
        path: as the user gave it, so that rejects name the file as the user knows it.
        format: what it holds.
        compression: pyarrow's name of it, or None.
    """

    path: Path
    format: Format
    compression: str | None


def format_of(path: Path) -> tuple[Format, str | None]:
    """Format and compression of a file by its extension.

    Raises:
        InputError: the extension is not known, or Parquet or text is compressed as a whole.
    """
    compression = _COMPRESSIONS.get(path.suffix.lower())
    name = path.with_suffix("") if compression else path
    try:
        found = Format(name.suffix.lower().removeprefix("."))
    except ValueError:
        raise InputError(f"{path}: unknown extension; {_TABLES}") from None
    if compression and found in (Format.PARQUET, Format.ARTICLE):
        raise InputError(f"{path}: .{found} cannot be compressed as a whole; {_TABLES}")
    return found, compression


def find_sources(inputs: Sequence[str | Path], *, articles: bool) -> list[Source]:
    """The files that paths, globs and folders stand for, each file once.

    Files keep the order of `inputs`; those of one glob or folder are sorted by name.

    Raises:
        InputError: a path is missing, a glob or folder is empty, a folder stands where tables
            are expected, or a file is of the wrong kind.
    """
    sources: dict[Path, Source] = {}
    for given in inputs:
        for path in _expand(str(given), articles=articles):
            kind, compression = format_of(path)
            if articles != (kind is Format.ARTICLE):
                fix = "leave out --articles for tables" if articles else "add --articles"
                raise InputError(f"{path}: .{kind} does not go with the other settings; {fix}")
            sources.setdefault(path.resolve(), Source(path, kind, compression))
    if not sources:
        raise InputError("no input; give files, a glob or a folder")
    return list(sources.values())


def _expand(given: str, *, articles: bool) -> Iterator[Path]:
    path = Path(given)
    if path.is_dir():
        yield from _folder(path, articles=articles)
    elif path.exists():
        yield path
    elif glob.has_magic(given):
        # A pattern means files: `news/*` must not fail because of a folder among them.
        matches = glob.glob(given, recursive=True)  # noqa: PTH207 (Path.glob takes no absolute ones)
        found = sorted(p for p in map(Path, matches) if p.is_file())
        if not found:
            raise InputError(f"{given}: no file matches")
        yield from found
    else:
        raise InputError(f"{given}: no such file")


def _folder(path: Path, *, articles: bool) -> list[Path]:
    if not articles:
        raise InputError(
            f"{path}: is a directory; add --articles for a folder of .txt articles, "
            f"or name its tables ('{path}/*.csv')"
        )
    found = sorted(p for p in path.rglob("*") if p.suffix.lower() == ".txt" and p.is_file())
    if not found:
        raise InputError(f"{path}: the directory holds no .txt file")
    return found
