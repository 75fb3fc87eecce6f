"""Length-sorted batches under a padded-token budget (pure functions).

Padding is the main waste of transformer inference on short texts; sorting by length
removes nearly all of it (spacy-transformers does the same in `util.py`).
"""

from collections.abc import Sequence

__all__ = ["plan_batches"]


def plan_batches(lengths: Sequence[int], max_tokens: int) -> list[list[int]]:
    """Group row numbers so that `rows x longest row` stays within a token budget.

    Args:
        lengths: tokens of each row.
        max_tokens: padded tokens a batch may hold; a longer row gets a batch of its own.

    Returns:
        Batches of row numbers, shortest rows first. Every row is in exactly one batch,
        and the plan depends on nothing but the arguments.
    """
    if max_tokens < 1:
        raise ValueError(f"max_tokens must be positive, not {max_tokens}")
    batches: list[list[int]] = []
    current: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda i: (lengths[i], i)):
        # Rows come in growing length, so this row is the widest of its batch.
        if current and (len(current) + 1) * lengths[row] > max_tokens:
            batches.append(current)
            current = []
        current.append(row)
    if current:
        batches.append(current)
    return batches
