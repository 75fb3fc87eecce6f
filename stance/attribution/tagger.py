"""Runs the tagger: tokens of articles -> tag logits, and cues -> argument logits."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from stance.attribution.encoding import (
    Tokens,
    open_tokenizer,
    special_ids,
    window_arrays,
    windows_of,
)
from stance.attribution.network import (
    FLAT_TAGS,
    ArgumentHead,
    TaggerConfig,
    WindowEncoder,
)
from stance.errors import ArtifactError
from stance.records import Span

__all__ = ["BATCH_CUES", "SHIPPED_TAGGER", "ArticleTags", "Tagger"]

Float = npt.NDArray[np.float32]

SHIPPED_TAGGER = Path(__file__).parents[1] / "models" / "tagger"
WINDOW, OVERLAP = 254, 48
"""Tokens of a window as in training, and what two windows share: a token has 24 on each side."""
_BATCH_TOKENS = 2048
BATCH_CUES = 16
"""Cues whose arguments are found together; bounds the memory of long articles."""
_HEAD = "head."


@dataclass(frozen=True, slots=True)
class ArticleTags:
    """What the encoder says about one article.

    Attributes:
        flat: (tokens, FLAT_TAGS) logits of O, B, I for cues, contents, sources.
        features: (tokens, feature_size) what the argument head reads, half precision.
    """

    flat: Float
    features: npt.NDArray[np.float16]


class Tagger:
    """The network with its tokenizer; holds weights and nothing else."""

    def __init__(
        self, encoder: WindowEncoder, head: ArgumentHead, tokenizer: Tokenizer, config: TaggerConfig
    ) -> None:
        self._encoder, self._head = encoder.eval(), head.eval()
        self.tokenizer, self.config = tokenizer, config
        self._special = special_ids(tokenizer)
        self._half = _multiplies_bf16()

    @classmethod
    def load(cls, path: Path = SHIPPED_TAGGER) -> "Tagger":
        """Open a tagger's folder: config.json, tokenizer.json and safetensors shards.

        Raises:
            ArtifactError: a file is missing or does not fit the network.
        """
        try:
            settings = json.loads((path / "config.json").read_text(encoding="utf-8"))
            index = json.loads((path / "model.safetensors.index.json").read_text(encoding="utf-8"))
            weights: dict[str, torch.Tensor] = {}
            for shard in sorted(set(index["weight_map"].values())):
                weights |= {k: v.float() for k, v in load_file(path / shard).items()}
            tokenizer = open_tokenizer(path / "tokenizer.json")
        except Exception as error:  # tokenizers and safetensors raise bare classes of their own
            raise ArtifactError(
                f"{path}: the tagger cannot be opened ({error}); reinstall the package, "
                "or run `make attribution-train`"
            ) from error
        settings.pop("model_type", None)
        config = TaggerConfig(**settings)
        encoder, head = WindowEncoder(config), ArgumentHead(config)
        try:
            head_weights = {k: v for k, v in weights.items() if k.startswith(_HEAD)}
            encoder.load_state_dict({k: v for k, v in weights.items() if k not in head_weights})
            head.load_state_dict({k.removeprefix(_HEAD): v for k, v in head_weights.items()})
        except RuntimeError as error:
            raise ArtifactError(f"{path}: weights do not fit the network: {error}") from error
        return cls(encoder, head, tokenizer, config)

    @torch.inference_mode()
    def tag(self, articles: Sequence[Tokens]) -> list[ArticleTags]:
        """Flat logits and features of each article.

        Windows of all articles are sorted by length and batched together, so short
        articles do not cost a batch each; a token's result is taken from the window in
        which it has most context.
        """
        width = self.config.feature_size
        results = [
            ArticleTags(
                np.zeros((len(a), FLAT_TAGS), np.float32), np.zeros((len(a), width), np.float16)
            )
            for a in articles
        ]
        windows = [
            (i, w) for i, a in enumerate(articles) for w in windows_of(len(a), WINDOW, OVERLAP)
        ]
        windows.sort(key=lambda pair: pair[1].end - pair[1].start, reverse=True)
        first = 0
        while first < len(windows):
            longest = windows[first][1].end - windows[first][1].start + 2
            batch = windows[first : first + max(1, _BATCH_TOKENS // longest)]
            first += len(batch)
            arrays = window_arrays(
                [articles[i] for i, _ in batch], [w for _, w in batch], *self._special
            )
            with torch.autocast("cpu", torch.bfloat16, enabled=self._half):
                output = self._encoder(*map(torch.from_numpy, arrays)).float().numpy()
            for row, (i, w) in enumerate(batch):
                core = output[row, w.core_start - w.start + 1 : w.core_end - w.start + 1]
                results[i].flat[w.core_start : w.core_end] = core[:, :FLAT_TAGS]
                results[i].features[w.core_start : w.core_end] = core[:, FLAT_TAGS:]
        return results

    @torch.inference_mode()
    def arguments(
        self, tags: Sequence[ArticleTags], cues: Sequence[Sequence[Span]]
    ) -> Iterator[Float]:
        """Argument logits around the cues of some articles, all articles batched together.

        Args:
            tags: the articles, as `tag` gives them.
            cues: half-open token spans of each article's cues.

        Yields:
            (cues, reach, len(ARGUMENT_TAGS) + 1) for some cues at a time, in order, as
            `ArgumentHead` gives them; column `reach_left` is the cue's first token.
            Columns outside of the article are junk.
        """
        pairs = [(a.features, cue) for a, own in zip(tags, cues, strict=True) for cue in own]
        for at in range(0, len(pairs), BATCH_CUES):
            crops = [self._crop(features, cue) for features, cue in pairs[at : at + BATCH_CUES]]
            features, marked, inside = (np.stack(parts) for parts in zip(*crops, strict=True))
            logits: Float = (
                self._head(
                    torch.from_numpy(features.astype(np.float32)),
                    torch.from_numpy(marked.astype(np.float32)),
                    torch.from_numpy(inside),
                )
                .float()
                .numpy()
            )
            yield logits

    def _crop(
        self, features: npt.NDArray[np.float16], cue: Span
    ) -> tuple[npt.NDArray[np.float16], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Features around a cue, which rows are the cue, and which are in the article."""
        index = cue[0] + np.arange(-self.config.reach_left, self.config.reach_right)
        inside = (index >= 0) & (index < len(features))
        marked = (index >= cue[0]) & (index < cue[1])
        return features[index.clip(0, len(features) - 1)], marked, inside


def _multiplies_bf16() -> bool:
    """Whether this processor multiplies bfloat16 itself: 1.6 times as fast, F1 as in fp32."""
    ask = getattr(torch.cpu, "get_capabilities", None)  # since torch 2.10
    found = ask() if ask else {}
    return bool(found.get("avx512_bf16") or found.get("amx_bf16"))
