"""Article -> tokens -> windows: what the tagger reads (pure functions)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from stance.attribution.textview import TextView

__all__ = [
    "CASES",
    "LAYOUTS",
    "Tokens",
    "Window",
    "is_inside_word",
    "special_ids",
    "tokenize",
    "window_arrays",
    "windows_of",
    "word_starts",
]

Int = npt.NDArray[np.int64]

CASES = 3
"""Lower case or no letter, Capitalised, ALL CAPITALS."""
LAYOUTS = CASES * 2 * 2
"""Number of layout codes: case x inside a quotation x first token of a paragraph."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Word pieces of one article, without special tokens.

    Attributes:
        ids: (tokens,) vocabulary ids.
        layout: (tokens,) codes below `LAYOUTS`: what the uncased vocabulary loses. The
            network reads them as token types.
        starts, ends: (tokens,) character offsets into the article.
    """

    ids: Int
    layout: Int
    starts: Int
    ends: Int

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens [start, end) of an article; of these, [core_start, core_end) are kept."""

    start: int
    end: int
    core_start: int
    core_end: int


def special_ids(tokenizer: Tokenizer) -> tuple[int, int, int]:
    """Ids of [CLS], [SEP] and [PAD].

    Raises:
        ValueError: the vocabulary lacks one of them.
    """
    cls_id, sep_id, pad_id = (tokenizer.token_to_id(t) for t in ("[CLS]", "[SEP]", "[PAD]"))
    if cls_id is None or sep_id is None or pad_id is None:
        raise ValueError("the tokenizer lacks [CLS], [SEP] or [PAD]")
    return cls_id, sep_id, pad_id


def tokenize(tokenizer: Tokenizer, views: Sequence[TextView]) -> list[Tokens]:
    """Tokens of each view. A tokenizer without truncation and padding is expected."""
    encodings = tokenizer.encode_batch([view.text for view in views], add_special_tokens=False)
    return [
        _tokens(view, encoding.ids, encoding.offsets)
        for view, encoding in zip(views, encodings, strict=True)
    ]


def _tokens(view: TextView, ids: list[int], offsets: list[tuple[int, int]]) -> Tokens:
    pairs = np.asarray(offsets, dtype=np.int64).reshape(-1, 2)
    starts, ends = pairs[:, 0], pairs[:, 1]
    case = np.fromiter((_case(view.text[s:e]) for s, e in offsets), np.int64, len(offsets))
    first = np.zeros(len(ids), dtype=np.int64)
    heads = np.searchsorted(starts, [start for start, _ in view.paragraphs])
    first[heads[heads < len(ids)]] = 1
    inside = view.quoted[starts].astype(np.int64) if len(ids) else first
    layout = case + CASES * inside + CASES * 2 * first
    return Tokens(np.asarray(ids, dtype=np.int64), layout, starts, ends)


def _case(piece: str) -> int:
    if not piece[:1].isupper():
        return 0
    return 2 if len(piece) > 1 and piece.isupper() else 1


def word_starts(view: TextView, tokens: Tokens) -> npt.NDArray[np.bool_]:
    """(tokens,) False on the pieces of a word behind its first piece."""
    starts = np.ones(len(tokens), dtype=np.bool_)
    touching = np.flatnonzero(tokens.starts[1:] == tokens.ends[:-1])  # a part of all, at once
    for index in touching.tolist():
        starts[index + 1] = not is_inside_word(view, tokens, index)
    return starts


def is_inside_word(view: TextView, tokens: Tokens, index: int) -> bool:
    """Whether the end of a token and the start of the next are inside of one word."""
    end = int(tokens.ends[index])
    touching = end == tokens.starts[index + 1]
    return touching and view.text[end - 1].isalnum() and view.text[end].isalnum()


def windows_of(length: int, size: int, overlap: int) -> list[Window]:
    """Windows of at most `size` tokens that overlap by `overlap`; cores tile the article.

    The last window is moved back so that it is full, too: a token never lacks context
    that the article has.
    """
    if length <= size:
        return [Window(0, length, 0, length)] if length else []
    starts = [*range(0, length - size, size - overlap), length - size]
    bounds = [0]
    bounds += [(left + size + right) // 2 for left, right in pairwise(starts)]
    bounds.append(length)
    return [Window(start, start + size, bounds[i], bounds[i + 1]) for i, start in enumerate(starts)]


def window_arrays(
    tokens: Sequence[Tokens], windows: Sequence[Window], cls_id: int, sep_id: int, pad_id: int
) -> tuple[Int, Int, Int]:
    """One padded batch: `input_ids`, `attention_mask`, `token_type_ids`.

    Args:
        tokens: the article of each window.
        windows: the windows; row i holds `[CLS] tokens [SEP]` of window i.

    Returns:
        Three int64 arrays (windows, longest window + 2).
    """
    width = 2 + max((w.end - w.start for w in windows), default=0)
    ids = np.full((len(windows), width), pad_id, dtype=np.int64)
    mask = np.zeros_like(ids)
    types = np.zeros_like(ids)
    for row, (article, window) in enumerate(zip(tokens, windows, strict=True)):
        size = window.end - window.start
        ids[row, 0] = cls_id
        ids[row, 1 : size + 1] = article.ids[window.start : window.end]
        ids[row, size + 1] = sep_id
        types[row, 1 : size + 1] = article.layout[window.start : window.end]
        mask[row, : size + 2] = 1
    return ids, mask, types
