"""A teacher's logits on the articles that it was trained on, for its student to learn from.

    python -m training.attribution_distill --config configs/attribution_distill.yaml \\
        --tagger stance/models/tagger --run build/attribution_teacher --polnear PATH

The file that it writes holds no text; `soft_labels` in a student's config names it. Without a run
the tagger is the only teacher: its student shall learn more, and forget nothing (Li and Hoiem
2016, "Learning without Forgetting").
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import numpy as np
import torch
import typer
from numpy.typing import NDArray
from rich.console import Console
from scipy.special import log_softmax

from stance.attribution.decoding import ARGUMENT_TAGS, find_cues
from stance.attribution.decoding_config import DecodingConfig
from stance.attribution.encoding import word_starts
from stance.attribution.spans import meets, merge
from stance.attribution.tagger import Tagger
from stance.attribution.textview import view_of
from stance.cli import reports_errors
from stance.errors import ConfigError
from stance.progress import track
from stance.records import Span
from stance.settings import load_config
from training.attribution_config import AttributionConfig
from training.attribution_labels import LabelledArticle, label_articles
from training.attribution_polnear import AnnotatedArticle, read_split
from training.attribution_soft import SoftLabels, read_unlabelled, write_soft_labels
from training.attribution_train import load_trained, split_held_out
from training.device import training_device

__all__ = ["open_trained", "soft_labels"]

_EAGERNESS = DecodingConfig().eagerness
"""As in the decoding: what the student may take for a cue it should have heard about."""
_TOGETHER = 16
_Batch = TypeVar("_Batch")
Float = NDArray[np.float32]
_console = Console(stderr=True)


class _Torch:
    """Runs one part of a network in torch; see `stance.attribution.tagger.Runner`."""

    def __init__(self, module: Callable[..., torch.Tensor], device: torch.device) -> None:
        self._module, self._device = module, device

    def run(
        self, batches: Sequence[_Batch], arrays: Callable[[_Batch], Sequence[NDArray[Any]]]
    ) -> Iterator[NDArray[np.float32]]:
        """As `Network.run`, in bfloat16."""
        for batch in batches:
            inputs = [torch.from_numpy(array).to(self._device) for array in arrays(batch)]
            with torch.inference_mode(), torch.autocast(self._device.type, torch.bfloat16):
                output = self._module(*inputs)
            yield output.float().cpu().numpy()


def open_trained(run: Path) -> Tagger:
    """The network of a finished run, student or teacher, in torch.

    Raises:
        ArtifactError: the run folder has no checkpoint.
    """
    _, network, tokenizer = load_trained(run)
    device = torch.device(training_device())
    network.eval().to(device)
    encoder = _Torch(network.encoder, device)
    head = _Torch(lambda features, cue, inside: network.head(features, cue, inside.bool()), device)
    return Tagger(encoder, head, network.config.to_dict(), tokenizer)


def soft_labels(
    taggers: Sequence[Tagger], articles: Sequence[AnnotatedArticle]
) -> Iterator[SoftLabels]:
    """What the taggers together say of each article, about the annotated cues and their own.

    Log-probabilities are averaged: a teacher and its student err differently.

    Args:
        taggers: with one vocabulary and one reach.
    """
    first = taggers[0]
    labelled = label_articles(articles, first.tokenizer)
    with track("labelling", len(articles), log=True) as advance:
        for at in range(0, len(articles), _TOGETHER):
            part = labelled[at : at + _TOGETHER]
            tags = [tagger.tag([one.tokens for one in part]) for tagger in taggers]
            flats = [
                np.mean([_flat(t.flat) for t in own], axis=0) for own in zip(*tags, strict=True)
            ]
            cues = [
                _cues(article, one, flat)
                for article, one, flat in zip(articles[at:], part, flats, strict=False)
            ]
            logits = [
                _arguments(np.concatenate([*tagger.arguments(own, cues)]))
                for tagger, own in zip(taggers, tags, strict=True)
            ]
            rows = np.split(np.mean(logits, axis=0), np.cumsum([len(own) for own in cues])[:-1])
            for flat, own, row in zip(flats, cues, rows, strict=True):
                spans = np.asarray(own, dtype=np.int64).reshape(-1, 2)
                half = flat.astype(np.float16), spans, row.astype(np.float16)
                yield SoftLabels(*half, first.reach_left)
                advance(1)


def _flat(logits: Float) -> Float:
    """(tokens, FLAT_TAGS) log-probabilities of each role's tags."""
    shaped = logits.reshape(len(logits), -1, 3)
    return log_softmax(shaped, axis=-1).reshape(logits.shape)


def _arguments(logits: Float) -> Float:
    """The same with log-probabilities of the tags; validity stays a logit."""
    tags = log_softmax(logits[..., : len(ARGUMENT_TAGS)], axis=-1)
    return np.concatenate([tags, logits[..., len(ARGUMENT_TAGS) :]], axis=-1)


def _cues(article: AnnotatedArticle, labelled: LabelledArticle, flat: Float) -> list[Span]:
    true = [cue.cue for cue in labelled.cues or ()]
    starts = word_starts(view_of(article.text), labelled.tokens)
    seen = [(cue.start, cue.end) for cue in find_cues(flat[:, :3], _EAGERNESS, starts)]
    known = merge(true)
    return true + [span for span in seen if not meets(known, span)]


def main(
    config: Annotated[list[Path], typer.Option(help="what will hear the labels; may be repeated")],
    tagger: Annotated[Path, typer.Option(help="folder of an exported tagger, a teacher")],
    polnear: Annotated[Path, typer.Option(help="folder that holds PolNeAR's train and dev")],
    run: Annotated[Path | None, typer.Option(help="run folder of a second teacher")] = None,
) -> None:
    """Write the soft labels that some configs name, of all articles that they have."""
    configs = [load_config(path, AttributionConfig) for path in config]
    files = {one.soft_labels for one in configs}
    file = files.pop()
    if files or file is None:
        raise ConfigError("soft_labels: the configs must name one file, and the same")
    articles = read_split(polnear, "train")[: configs[0].articles]
    chosen, _ = split_held_out(articles, configs[0].held_out)
    for path in dict.fromkeys(path for one in configs for path in one.unlabelled):
        chosen += read_unlabelled(path)
    teachers = [*([open_trained(run)] if run else []), Tagger.load(tagger)]
    write_soft_labels(file, chosen, list(soft_labels(teachers, chosen)))
    _console.print(f"written: {file}")


if __name__ == "__main__":
    typer.run(reports_errors(main))
