"""What users hand in -> statements, with every fault named before any work is done."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from stance.errors import InputError
from stance.records import Statement

__all__ = ["check_text", "to_statements"]

_SHOWN = 20


def check_text(text: object) -> str | None:
    """The fault of a text, or None where it can be classified."""
    if not isinstance(text, str):
        return f"expected str or Statement, got {type(text).__name__}"
    if not text.strip():
        return "text is empty or blank"
    return None


def to_statements(
    items: Sequence[str | Statement] | Iterable[str | Statement],
    context: str | None = None,
    target: str | None = None,
) -> list[Statement]:
    """Wrap texts in statements; `context` and `target` fill in where an item has none.

    Raises:
        TypeError: an item is neither str nor Statement; the message names every bad index.
        InputError: an item's text is empty or blank; the message names every bad index.
    """
    for name, value in (("context", context), ("target", target)):
        if value is not None and not isinstance(value, str):
            raise TypeError(f"{name} must be str or None, not {type(value).__name__}")
    rows = list(items)
    texts = [row.text if isinstance(row, Statement) else row for row in rows]
    faults = [(i, fault) for i, text in enumerate(texts) if (fault := check_text(text))]
    if faults:
        shown = "; ".join(f"item {i}: {fault}" for i, fault in faults[:_SHOWN])
        rest = ", ".join(str(i) for i, _ in faults[_SHOWN:])
        message = f"{shown}; also items {rest}" if rest else shown
        if any(not isinstance(texts[i], str) for i, _ in faults):
            raise TypeError(message)
        raise InputError(message)
    return [_fill(row, context, target) for row in rows]


def _fill(item: str | Statement, context: str | None, target: str | None) -> Statement:
    if isinstance(item, str):
        return Statement(item, context=context, target=target)
    if (context and not item.context) or (target and not item.target):
        return replace(item, context=item.context or context, target=item.target or target)
    return item
