"""Statements -> token ids: the one place that decides what the model reads of a statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from stance.attribution.markup import without_markup
from stance.attribution.pages import whole_words
from stance.errors import ArtifactError
from stance.records import Speech, Statement

__all__ = [
    "EncodedBatch",
    "EncodedStatement",
    "EncodedTexts",
    "Encoder",
    "collate",
    "open_tokenizer",
    "reads_token_types",
    "render",
]

# A statement keeps at least this share of the window when a long context competes with it.
_TEXT_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class EncodedStatement:
    """Token ids of one statement, special tokens included; at most the window's length."""

    input_ids: Sequence[int]
    token_type_ids: Sequence[int]
    truncated: bool


@dataclass(frozen=True, slots=True)
class EncodedBatch:
    """A padded batch: three int64 arrays of shape (batch, tokens)."""

    input_ids: NDArray[np.int64]
    attention_mask: NDArray[np.int64]
    token_type_ids: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class EncodedTexts:
    """What a model reads of some statements, each text once.

    Syndicated articles quote the same words, from other offsets or of another speaker.

    Attributes:
        rows: encodings of the distinct texts.
        partner_rows: the partner's encodings of the same; empty without one.
        places: for each statement its place among these.
    """

    rows: list[EncodedStatement]
    partner_rows: list[EncodedStatement]
    places: NDArray[np.intp]

    def is_truncated(self, place: int) -> bool:
        """Whether the text at this place was cut, by either tokenizer."""
        return any(rows[place].truncated for rows in (self.rows, self.partner_rows) if rows)


def render(statement: Statement) -> tuple[str, str | None]:
    """What the model reads: the first segment, and the second or None.

    A reported act is a predicate ("has dismissed the plans"), so its speaker goes before
    it; the other kinds stand alone. A named target and the context share the second segment.
    """
    # A statement of a web page or of a PDF is a slice of its source.
    text = whole_words(without_markup(statement.text))
    if statement.speech == Speech.ACT and statement.speaker:
        text = f"{statement.speaker} {text}"
    about = f"About {statement.target}." if statement.target else None
    second = " ".join(part for part in (about, statement.context) if part and part.strip())
    return text, second or None


def collate(rows: Sequence[EncodedStatement], pad_id: int) -> EncodedBatch:
    """Pad rows on the right to the longest of them."""
    width = max(len(row.input_ids) for row in rows)
    ids = np.full((len(rows), width), pad_id, dtype=np.int64)
    mask = np.zeros((len(rows), width), dtype=np.int64)
    types = np.zeros((len(rows), width), dtype=np.int64)
    for i, row in enumerate(rows):
        length = len(row.input_ids)
        ids[i, :length] = row.input_ids
        mask[i, :length] = 1
        types[i, :length] = row.token_type_ids
    return EncodedBatch(ids, mask, types)


def reads_token_types(config: Any) -> bool:
    """Whether a network with this transformers config tells the two segments apart."""
    return getattr(config, "type_vocab_size", 0) > 1


def open_tokenizer(file: Path) -> Tokenizer:
    """A tokenizer that neither cuts nor pads, whatever its file says.

    Files with the same contents, such as the two shipped ones, give the same object.
    """
    return _tokenizer_of(file.read_bytes())


@lru_cache(maxsize=1)
def _tokenizer_of(contents: bytes) -> Tokenizer:
    return _unlimited(Tokenizer.from_buffer(contents))


def _unlimited(tokenizer: Tokenizer) -> Tokenizer:
    """The same tokenizer, with padding and truncation switched off."""
    # Only where they are on: a tokenizer that another thread is using cannot be changed.
    if tokenizer.padding is not None:
        tokenizer.no_padding()
    if tokenizer.truncation is not None:
        tokenizer.no_truncation()
    return tokenizer


class Encoder:
    """Turns statements into token ids with a checkpoint's own tokenizer.

    Args:
        tokenizer: a fast tokenizer; its padding and truncation settings are switched off,
            because base checkpoints come with "pad everything to 128".
        max_length: the model's window in tokens, special tokens included.
    """

    def __init__(self, tokenizer: Tokenizer, max_length: int) -> None:
        self._tokenizer = _unlimited(tokenizer)
        self._max_length = max_length
        self.pad_id = next(
            (i for t in ("[PAD]", "<pad>") if (i := tokenizer.token_to_id(t)) is not None), 0
        )

    @classmethod
    def from_folder(cls, path: Path, max_length: int) -> "Encoder":
        """Read `tokenizer.json` of a checkpoint folder.

        Raises:
            ArtifactError: the file is missing or cannot be parsed.
        """
        file = path / "tokenizer.json"
        if not file.is_file():
            raise ArtifactError(
                f"{file} is missing; save a fast tokenizer beside the weights "
                "(AutoTokenizer.from_pretrained(...).save_pretrained(folder))"
            )
        try:
            return cls(open_tokenizer(file), max_length)
        except Exception as error:  # the Rust library raises bare Exception
            raise ArtifactError(f"{file} is not a readable tokenizer: {error}") from error

    def encode(self, statements: Sequence[Statement]) -> list[EncodedStatement]:
        """Encode statements in order. The text is cut at its end, the context at its start."""
        return self.encode_pairs([render(statement) for statement in statements])

    def encode_pairs(self, pairs: Sequence[tuple[str, str | None]]) -> list[EncodedStatement]:
        """`encode` for what `render` made of statements."""
        inputs = [text if second is None else (text, second) for text, second in pairs]
        encodings = self._tokenizer.encode_batch(inputs)
        return [
            EncodedStatement(encoding.ids, encoding.type_ids, False)
            if len(encoding) <= self._max_length
            else self._encode_truncated(*pair)
            for encoding, pair in zip(encodings, pairs, strict=True)
        ]

    def _encode_truncated(self, text: str, second: str | None) -> EncodedStatement:
        room = self._max_length - self._tokenizer.num_special_tokens_to_add(second is not None)
        first: Encoding = self._tokenizer.encode(text, add_special_tokens=False)
        pair: Encoding | None = None
        if second is not None:
            pair = self._tokenizer.encode(second, add_special_tokens=False)
            # What stands nearest to the statement matters most, so the context loses its start.
            pair.truncate(max(room - len(first), room - int(room * _TEXT_SHARE)), direction="left")
        first.truncate(room - (len(pair) if pair else 0))
        whole = self._tokenizer.post_process(first, pair)
        return EncodedStatement(whole.ids, whole.type_ids, True)
