"""Runs the tagger: tokens of articles -> tag logits, and cues -> argument logits."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from stance.attribution.decoding import FLAT_TAGS
from stance.attribution.encoding import (
    Tokens,
    Window,
    special_ids,
    window_arrays,
    windows_of,
)
from stance.encoding import open_tokenizer
from stance.errors import ArtifactError
from stance.records import Span
from stance.runtimes.network import Network
from stance.runtimes.tagger_graph import argument_head, window_encoder
from stance.runtimes.weights import read_weights

__all__ = ["BATCH_CUES", "SHIPPED_TAGGER", "ArticleTags", "Runner", "Tagger"]

Float = npt.NDArray[np.float32]
_Batch = TypeVar("_Batch")

SHIPPED_TAGGER = Path(__file__).parents[1] / "models" / "tagger"
WINDOW, OVERLAP = 254, 48
"""Tokens of a window as in training, and what two windows share: a token has 24 on each side."""
_BATCH_TOKENS = 512
"""As fast as thousands, and the activations of each take memory, in each stream."""
BATCH_CUES = 8
"""Cues whose arguments are found together; bounds the memory of long articles."""


@dataclass(frozen=True, slots=True)
class ArticleTags:
    """What the encoder says about one article.

    Attributes:
        flat: (tokens, FLAT_TAGS) logits of O, B, I for cues, contents, sources.
        features: (tokens, feature_size) what the argument head reads, half precision.
    """

    flat: Float
    features: npt.NDArray[np.float16]


class Runner(Protocol):
    """What runs one part of the network; see `Network.run`."""

    def run(
        self, batches: Sequence[_Batch], arrays: Callable[[_Batch], Sequence[npt.NDArray[Any]]]
    ) -> Iterator[Float]:
        """The output for each batch, in order, computed as it is taken."""


class Tagger:
    """The network with its tokenizer; holds weights and nothing else.

    Args:
        encoder, head: what runs the window encoder and the argument head.
        config: the checkpoint's config.json.
        tokenizer: one that neither cuts nor pads.

    Raises:
        KeyError: a setting is missing.
    """

    def __init__(
        self, encoder: Runner, head: Runner, config: Mapping[str, Any], tokenizer: Tokenizer
    ) -> None:
        self._encoder, self._head = encoder, head
        self._width = int(config["feature_size"])
        self.reach_left, self._reach_right = int(config["reach_left"]), int(config["reach_right"])
        self.tokenizer = tokenizer
        self._special = special_ids(tokenizer)

    @classmethod
    def of_weights(
        cls,
        weights: Mapping[str, npt.NDArray[Any]],
        config: Mapping[str, Any],
        tokenizer: Tokenizer,
        *,
        bulk: bool = False,
    ) -> "Tagger":
        """The student's network, on OpenVINO.

        Args:
            weights: by name, those of the encoder under "encoder.", of the argument head
                under "head.".
            bulk: as for `Network`.

        Raises:
            KeyError: a weight or a setting is missing.
        """
        # F1 in bfloat16 is that in single precision, to the third decimal.
        encoder = Network(window_encoder(weights, config), bf16=True, bulk=bulk)
        head = Network(argument_head(weights, config), bf16=True, bulk=bulk)
        return cls(encoder, head, config, tokenizer)

    @classmethod
    def load(cls, path: Path = SHIPPED_TAGGER, *, bulk: bool = False) -> "Tagger":
        """Open a tagger's folder: config.json, tokenizer.json and safetensors shards.

        Raises:
            ArtifactError: a file is missing or does not fit the network.
        """
        try:
            config = json.loads((path / "config.json").read_text(encoding="utf-8"))
            weights = {_graph_name(k): v for k, v in read_weights(path).items()}
            tokenizer = open_tokenizer(path / "tokenizer.json")
            return cls.of_weights(weights, config, tokenizer, bulk=bulk)
        except Exception as error:  # tokenizers and OpenVINO raise bare classes of their own
            raise ArtifactError(
                f"{path}: the tagger cannot be opened ({error}); reinstall the package, "
                "or run `make attribution-train`"
            ) from error

    def tag(self, articles: Sequence[Tokens]) -> list[ArticleTags]:
        """Flat logits and features of each article.

        Windows of all articles are sorted by length and batched together, so short
        articles do not cost a batch each; a token's result is taken from the window in
        which it has most context.
        """
        results = [
            ArticleTags(
                np.zeros((len(a), FLAT_TAGS), np.float32),
                np.zeros((len(a), self._width), np.float16),
            )
            for a in articles
        ]
        batches = _window_batches(articles)

        def arrays(batch: list[tuple[int, Window]]) -> tuple[npt.NDArray[np.int64], ...]:
            tokens, windows = [articles[i] for i, _ in batch], [w for _, w in batch]
            return window_arrays(tokens, windows, *self._special)

        for batch, output in zip(batches, self._encoder.run(batches, arrays), strict=True):
            for row, (i, w) in enumerate(batch):
                core = output[row, w.core_start - w.start + 1 : w.core_end - w.start + 1]
                results[i].flat[w.core_start : w.core_end] = core[:, :FLAT_TAGS]
                results[i].features[w.core_start : w.core_end] = core[:, FLAT_TAGS:]
        return results

    def arguments(
        self, tags: Sequence[ArticleTags], cues: Sequence[Sequence[Span]]
    ) -> Iterator[Float]:
        """Argument logits around the cues of some articles, all articles batched together.

        Args:
            tags: the articles, as `tag` gives them.
            cues: half-open token spans of each article's cues.

        Yields:
            (cues, reach, len(ARGUMENT_TAGS) + 1) for some cues at a time, in order; column
            `reach_left` is the cue's first token, and the last channel the cue's validity.
            Columns outside of the article are junk.
        """
        pairs = [(a.features, cue) for a, own in zip(tags, cues, strict=True) for cue in own]
        batches = [pairs[at : at + BATCH_CUES] for at in range(0, len(pairs), BATCH_CUES)]

        def arrays(batch: list[tuple[npt.NDArray[np.float16], Span]]) -> tuple[Float, ...]:
            crops = [self._crop(features, cue) for features, cue in batch]
            return tuple(np.stack(parts, dtype=np.float32) for parts in zip(*crops, strict=True))

        yield from self._head.run(batches, arrays)

    def _crop(
        self, features: npt.NDArray[np.float16], cue: Span
    ) -> tuple[npt.NDArray[np.float16], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Features around a cue, which rows are the cue, and which are in the article."""
        index = cue[0] + np.arange(-self.reach_left, self._reach_right)
        inside = (index >= 0) & (index < len(features))
        marked = (index >= cue[0]) & (index < cue[1])
        return features[index.clip(0, len(features) - 1)], marked, inside


def _window_batches(articles: Sequence[Tokens]) -> list[list[tuple[int, Window]]]:
    """Windows with the index of their article, the longest first, in batches."""
    windows = [(i, w) for i, a in enumerate(articles) for w in windows_of(len(a), WINDOW, OVERLAP)]
    windows.sort(key=lambda pair: pair[1].end - pair[1].start, reverse=True)
    batches = []
    first = 0
    while first < len(windows):
        longest = windows[first][1].end - windows[first][1].start + 2
        batches.append(windows[first : first + max(1, _BATCH_TOKENS // longest)])
        first += len(batches[-1])
    return batches


def _graph_name(name: str) -> str:
    return name if name.startswith("head.") else f"encoder.{name}"
