"""What users hand in -> statements or texts, with every fault named before any work is done."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from stance.errors import InputError
from stance.records import Article, Statement

__all__ = ["check_distinct", "check_text", "to_statements", "to_texts"]

_SHOWN = 20
# Controls and invisible marks alone, such as a byte order mark, are nothing to read, either.
_READABLE = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def check_text(text: object, expected: str = "str or Statement") -> str | None:
    """The fault of a text, or None where it can be classified."""
    if not isinstance(text, str):
        return f"expected {expected}, got {type(text).__name__}"
    if not _READABLE.search(text):
        return "text is empty or blank"
    return _half_character(text, "text")


def check_distinct(where: str, names: Sequence[str]) -> None:
    """Raises InputError, which begins with `where`, when a column name appears twice."""
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"{where}: the column {name!r} appears twice; rename one")


def to_statements(
    items: Sequence[str | Statement] | Iterable[str | Statement],
    context: str | None = None,
    target: str | None = None,
) -> list[Statement]:
    """Wrap texts in statements; `context` and `target` fill in where an item has none.

    Raises:
        TypeError: an item is neither str nor Statement, or a context or target is no str; the
            message names every bad index.
        InputError: a text is empty or blank, or has a lone surrogate; the message names every
            bad index.
    """
    for name, value in (("context", context), ("target", target)):
        if fault := _fault_beside(name, value):
            raise fault
    rows = list(items)
    _raise_all([(i, fault) for i, row in enumerate(rows) if (fault := _fault(row))])
    context, target = _or_none(context), _or_none(target)
    return [_fill(row, context, target) for row in rows]


def to_texts(articles: Sequence[str | Article]) -> list[str]:
    """The texts of articles.

    Raises:
        TypeError: not a sequence, or an item is neither str nor Article.
        InputError: an article is empty or blank, or has a lone surrogate.
    """
    if isinstance(articles, str | bytes | Article) or not isinstance(articles, Sequence):
        raise TypeError(f"expected a sequence of articles, got {type(articles).__name__}")
    texts = [a.text if isinstance(a, Article) else a for a in articles]
    faults = [(i, _fault_of_text(text, "str or Article")) for i, text in enumerate(texts)]
    _raise_all([(i, fault) for i, fault in faults if fault])
    return texts


def _fault(item: object) -> Exception | None:
    if not isinstance(item, Statement):
        return _fault_of_text(item)
    return (
        _fault_of_text(item.text)
        or _fault_beside("context", item.context)
        or _fault_beside("target", item.target)
    )


def _fault_of_text(text: object, expected: str = "str or Statement") -> Exception | None:
    fault = check_text(text, expected)
    kind = InputError if isinstance(text, str) else TypeError
    return kind(fault) if fault else None


def _fault_beside(name: str, value: object) -> Exception | None:
    if value is None:
        return None
    if not isinstance(value, str):
        return TypeError(f"{name} must be str or None, not {type(value).__name__}")
    fault = _half_character(value, name)
    return InputError(fault) if fault else None


def _half_character(text: str, name: str) -> str | None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return f"{name} has half of a surrogate pair at character {error.start}; decode it anew"
    return None


def _raise_all(faults: Sequence[tuple[int, Exception]]) -> None:
    if not faults:
        return
    shown = "; ".join(f"item {i}: {fault}" for i, fault in faults[:_SHOWN])
    rest = ", ".join(str(i) for i, _ in faults[_SHOWN:])
    message = f"{shown}; also items {rest}" if rest else shown
    of_type = any(isinstance(fault, TypeError) for _, fault in faults)
    raise (TypeError if of_type else InputError)(message)


def _fill(item: str | Statement, context: str | None, target: str | None) -> Statement:
    given = Statement(item) if isinstance(item, str) else item
    context = _or_none(given.context) or context
    target = _or_none(given.target) or target
    if (given.context, given.target) == (context, target):
        return given
    return replace(given, context=context, target=target)


def _or_none(value: str | None) -> str | None:
    return value if value and value.strip() else None
