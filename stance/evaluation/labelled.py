"""Labelled statements: the reader that evaluation and training share."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from stance.batch.blocks import Reject
from stance.batch.sources import Format, Source
from stance.batch.text import csv_rows, jsonl_rows
from stance.errors import InputError
from stance.evaluation.articles import LabelledArticle, rows_of
from stance.inputs import check_text
from stance.labels import LABELS, Stance
from stance.records import Speech, Statement

__all__ = ["Labelled", "read_articles", "read_labelled", "read_models", "read_rows"]

_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_Model = TypeVar("_Model", bound=BaseModel)
_STATEMENT_FIELDS = ("text", "speaker", "cue", "context", "target")
_NO_ATTRIBUTES = {*_STATEMENT_FIELDS, "id", "label"}
_SCALARS = (str, int, float, bool)
_SPEECH = {speech.value: speech for speech in Speech}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A statement with its gold label.

    Attributes:
        id: unique in its file; the line number where the file has no ids.
        attributes: every other field of the row (phenomenon, conflict, pair, …), for slices.
    """

    id: str
    statement: Statement
    label: Stance
    attributes: Mapping[str, str]


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line number and fields of each row of a JSONL, CSV or TSV file.

    Raises:
        InputError: missing or unreadable file, wrong encoding, broken JSON, a row with more or
            fewer fields than the header; names file and line.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file" if not path.exists() else f"{path}: not a file")
    delimiter = _DELIMITERS.get(path.suffix.lower())
    if delimiter:
        rows = csv_rows(Source(path, Format.CSV, None), delimiter)
    else:
        rows = jsonl_rows(Source(path, Format.JSONL, None))
    for row in rows:
        if isinstance(row, Reject):
            raise InputError(f"{path}:{row.line}: {row.reason}")
        yield row.line, row.values


def read_models(path: Path, model: type[_Model]) -> Iterator[tuple[int, _Model]]:
    """Line number and validated row of each row of a file that `read_rows` reads.

    Raises:
        InputError: as from `read_rows`, or a row does not fit; names file, line and field.
    """
    for number, row in read_rows(path):
        yield number, _validated(path, number, row, model)


def _validated(path: Path, number: int, row: dict[str, Any], model: type[_Model]) -> _Model:
    try:
        return model.model_validate(row)
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(map(str, fault["loc"])) or "row"
        raise InputError(f"{path}:{number}: field {field!r}: {fault['msg']}") from error


def read_labelled(path: Path, texts: Mapping[str, str] | None = None) -> list[Labelled]:
    """Read labelled statements from JSONL, CSV or TSV (UTF-8).

    Fields `text` and `label` are required; `id`, `speaker`, `cue`, `speech`, `context` and
    `target` are understood; all others become attributes to slice by. A row of JSONL that has
    a list of `statements` is an article with labelled spans (`stance.evaluation.articles`).

    Args:
        texts: id -> text, where the file itself has ids and labels only.

    Raises:
        InputError: no rows, a missing field, a wrong label, an empty text or a duplicate id;
            the message names file, line, field and the fix.
    """
    items: list[Labelled] = []
    seen: dict[str, int] = {}
    for number, row in read_rows(path):
        if texts is not None:
            row["text"] = _text_of(path, number, row, texts)
        for one in _statements_in(path, number, row) if _is_article(row) else [row]:
            item = _labelled(path, number, one)
            if item.id in seen:
                where = f"{path}:{number}: id {item.id!r}"
                raise InputError(f"{where} is already on line {seen[item.id]}; make it unique")
            seen[item.id] = number
            items.append(item)
    if not items:
        raise InputError(f"{path}: no labelled statements in it")
    return items


def read_articles(path: Path) -> list[LabelledArticle]:
    """The articles with labelled statements that a file for `read_labelled` has.

    Raises:
        InputError: as there.
    """
    rows = [(number, row) for number, row in read_rows(path) if _is_article(row)]
    return [_validated(path, number, row, LabelledArticle) for number, row in rows]


def _is_article(row: Mapping[str, Any]) -> bool:
    """Not any row with a column of that name, which is an attribute as others are."""
    return isinstance(row.get("statements"), list)


def _statements_in(path: Path, number: int, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return rows_of(_validated(path, number, row, LabelledArticle))


def _text_of(path: Path, number: int, row: dict[str, Any], texts: Mapping[str, str]) -> str:
    if (key := str(row.get("id"))) not in texts:
        raise InputError(f"{path}:{number}: field 'id': {key!r} is not in the file of texts")
    return texts[key]


def _labelled(path: Path, number: int, row: dict[str, Any]) -> Labelled:
    for name in ("text", "label"):
        if name not in row:
            raise InputError(f"{path}:{number}: no field {name!r}; it has {sorted(map(str, row))}")
    if fault := check_text(row["text"], "text"):
        raise InputError(f"{path}:{number}: field 'text': {fault}")
    try:
        label = Stance(row["label"])
    except ValueError:
        allowed = ", ".join(LABELS)
        raise InputError(
            f"{path}:{number}: field 'label': {row['label']!r} is not one of {allowed}"
        ) from None
    statement = _statement(path, number, row)
    attributes = {
        name: str(value)
        for name, value in row.items()
        if isinstance(value, _SCALARS) and value != "" and name not in _NO_ATTRIBUTES
    }
    given = row.get("id")
    return Labelled(str(number if given in (None, "") else given), statement, label, attributes)


def _statement(path: Path, number: int, row: dict[str, Any]) -> Statement:
    fields: dict[str, Any] = {}
    for name in _STATEMENT_FIELDS:
        value = row.get(name)
        if value is not None and not isinstance(value, str):
            raise InputError(
                f"{path}:{number}: field {name!r}: expected text or null, got {value!r}; "
                "put it in quotes or leave it out"
            )
        fields[name] = value or None
    speech = row.get("speech")
    if isinstance(speech, str) and speech not in _SPEECH and speech.lower() in _SPEECH:
        raise InputError(f"{path}:{number}: field 'speech': write {speech.lower()!r}")
    return Statement(**fields, speech=_SPEECH.get(speech) if isinstance(speech, str) else None)
