"""PolNeAR 1.0: articles and their attributions (Newell, Margolin and Ruths, LREC 2018).

The corpus is read from a folder that the user has, by a path on the command line:
`PATH/{train,dev}/text/NAME.txt` and `PATH/{train,dev}/attributions/NAME_XXXX.ann`, or the
same two folders in `PATH/{train,dev}.tar.gz`, unpacked into a temporary folder.
No sentence of it enters this project.
"""

import re
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from stance.attribution.spans import Attribution, merge
from stance.errors import InputError
from stance.records import Span

__all__ = ["AnnotatedArticle", "parse_annotations", "read_split"]

_TEXT_BOUND = re.compile(r"(T\d+)\t([A-Za-z-]+) (\d+ \d+(?:;\d+ \d+)*)\t(.*)")
_EVENT = re.compile(r"(E\d+)\t(\S+:T\d+(?: \S+:T\d+)*) ?")
_NOTE = re.compile(r"#\d+\t")
_ANNOTATOR = re.compile(r"_[0-9a-f]{4}$")


@dataclass(frozen=True, slots=True)
class AnnotatedArticle:
    """One article and what each of its annotators marked.

    Attributes:
        name: the file's name without its ending.
        text: the article as it is in the file, line ends untouched.
        annotations: the attributions of each annotator, in order of the annotators' ids;
            two articles of dev and sixteen of train have several annotators.
    """

    name: str
    text: str
    annotations: tuple[tuple[Attribution, ...], ...]


def read_split(root: Path, split: str) -> list[AnnotatedArticle]:
    """The articles of one split, sorted by name.

    Args:
        root: the folder described at the top of this module.
        split: "train" or "dev".

    Raises:
        InputError: the folder is missing, or a file in it cannot be read; the message
            names file and line.
    """
    if (root / split).is_dir():
        return _read_folder(root / split)
    archive = root / f"{split}.tar.gz"
    if not archive.is_file():
        raise InputError(
            f"{root}: no PolNeAR here, neither {split}/ nor {split}.tar.gz; "
            "give its folder with --polnear PATH (make … POLNEAR=PATH)"
        )
    with tempfile.TemporaryDirectory() as folder, tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
        inner = next(Path(folder).rglob("attributions"), None)
        if inner is None:
            raise InputError(f"{archive}: holds no folder `attributions`")
        return _read_folder(inner.parent)


def _read_folder(folder: Path) -> list[AnnotatedArticle]:
    annotators: dict[str, list[Path]] = {}
    for path in sorted((folder / "attributions").glob("*.ann")):
        annotators.setdefault(_ANNOTATOR.sub("", path.stem), []).append(path)
    articles = []
    for name, paths in sorted(annotators.items()):
        text = _read(folder / "text" / f"{name}.txt")
        marked = tuple(parse_annotations(_read(path), text, path.name) for path in paths)
        articles.append(AnnotatedArticle(name, text, marked))
    if not articles:
        raise InputError(f"{folder}: no .ann file in its folder `attributions`")
    return articles


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 text: {error}") from error


def parse_annotations(lines: str, text: str, file: str) -> tuple[Attribution, ...]:
    """The attributions of one .ann file, in order of their cues.

    A text-bound line may be wrapped: a content that holds line breaks goes on over the
    next lines, which are accepted only as the text that its offsets tell. Attributions
    without a cue or a content (41 of 22,501) are left out.

    Args:
        lines: the content of the .ann file (brat stand-off format).
        text: the article that its offsets count.
        file: name of the .ann file, for messages.

    Raises:
        InputError: a line of another form, an offset outside of the text, covered text
            that differs from the article's, a reference to an unknown id.
    """
    spans: dict[str, tuple[Span, ...]] = {}
    events: list[tuple[int, str]] = []
    rows = lines.split("\n")
    number = 0
    while number < len(rows):
        row, number = rows[number], number + 1
        if not row or _NOTE.match(row):
            continue
        if event := _EVENT.fullmatch(row):
            events.append((number, event[2]))
        elif bound := _TEXT_BOUND.fullmatch(row):
            pieces = _offsets(bound[3], text, f"{file}:{number}")
            number = _check_covered(pieces, text, rows, number, f"{file}:{number}")
            spans[bound[1]] = pieces
        else:
            raise InputError(f"{file}:{number}: neither T, E nor # line: {row[:60]!r}")
    found = [_attribution(roles, spans, f"{file}:{line}") for line, roles in events]
    return tuple(sorted((a for a in found if a), key=lambda a: (a.cue or (0, 0), a.content)))


def _offsets(field: str, text: str, place: str) -> tuple[Span, ...]:
    pieces = []
    for piece in field.split(";"):
        start, end = map(int, piece.split(" "))
        if not start < end <= len(text):
            raise InputError(
                f"{place}: offsets {start} {end} are not inside {len(text)} characters"
            )
        pieces.append((start, end))
    return tuple(pieces)


def _check_covered(
    pieces: tuple[Span, ...], text: str, rows: list[str], number: int, place: str
) -> int:
    """The number of the first row behind a text-bound line, whose wrapped rows are consumed."""
    expected = _words(" ".join(text[start:end] for start, end in pieces))
    covered = rows[number - 1].split("\t", 2)[2]
    while len(_words(covered)) < len(expected) and number < len(rows):
        covered, number = f"{covered}\n{rows[number]}", number + 1
    if _words(covered) != expected:
        raise InputError(f"{place}: covers {covered[:60]!r}, but the article has {expected[:60]!r}")
    return number


def _words(text: str) -> str:
    return "".join(text.split())


def _attribution(roles: str, spans: dict[str, tuple[Span, ...]], place: str) -> Attribution | None:
    parts: dict[str, list[Span]] = {}
    for role in roles.split(" "):
        name, _, identifier = role.partition(":")
        if identifier not in spans:
            raise InputError(f"{place}: {role} refers to a line that is not there")
        parts.setdefault(name.rstrip("0123456789"), []).extend(spans[identifier])
    if "Cue" not in parts or "Content" not in parts:
        return None
    cue = min(start for start, _ in parts["Cue"]), max(end for _, end in parts["Cue"])
    source = merge(parts.get("Source", []))
    return Attribution(merge(parts["Content"]), cue, source)
