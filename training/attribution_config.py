"""Configuration of the tagger's training: `configs/attribution*.yaml`."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stance.settings import Paths, Strict

__all__ = ["AttributionConfig", "LossConfig", "OptimConfig", "WindowConfig"]


class WindowConfig(Strict):
    """What one training example is.

    Attributes:
        size: tokens of a window, without [CLS] and [SEP]; its phase moves with the epoch.
        plain_case, plain_layout: shares of windows whose capitals, or whose paragraphs and
            quotations, are hidden, so that headlines, lower-cased and run-on texts work.
        trimmed_cues: share of cues of which only some tokens are shown to the head, as the
            cue tagger does not always find all of them.
        false_cues: wrong cues shown per window, at most, to teach the head to reject them.
        masked: share of tokens hidden behind [MASK]: their labels stay, so the words around
            must tell, as for a noisy student (Xie et al. 2020).
    """

    size: int = Field(ge=32, le=510)
    plain_case: float = Field(ge=0, le=1)
    plain_layout: float = Field(ge=0, le=1)
    trimmed_cues: float = Field(ge=0, le=1)
    false_cues: int = Field(ge=0)
    masked: float = Field(default=0.0, ge=0, lt=1)


class LossConfig(Strict):
    """Weights of the mean cross-entropies that make up the loss.

    Attributes:
        soft: share of the teacher's soft labels in each of them, beside the annotators'
            (Hinton et al. 2015); heard only with `AttributionConfig.soft_labels`.
    """

    soft: float = Field(default=0.0, ge=0, le=1)

    cue: float = Field(ge=0)
    flat: float = Field(ge=0)
    arguments: float = Field(ge=0)
    valid: float = Field(ge=0)


class OptimConfig(Strict):
    """AdamW in cycles of linear warm-up and linear decay to zero (Loshchilov and Hutter 2017).

    Attributes:
        cycles: optimizer steps of each cycle; about 245 of 16 windows are one epoch.
        restart: each cycle's learning rates are so many times those of the cycle before.
        batch_size: windows per step.
        learning_rate: of the encoder; `head_rate` is that of the new layers.
        warmup: share of a cycle's steps.
    """

    cycles: tuple[Annotated[int, Field(ge=1)], ...] = Field(min_length=1)
    restart: float = Field(gt=0, le=1)
    batch_size: int = Field(ge=1)
    learning_rate: float = Field(gt=0)
    head_rate: float = Field(gt=0)
    warmup: float = Field(ge=0, lt=1)
    weight_decay: float = Field(ge=0)


class AttributionConfig(Strict):
    """One training run of the tagger.

    Attributes:
        output: run folder; checkpoint, metrics, curve and the config land in it.
        base: a name of `training.base_models.BASES`, or a checkpoint folder.
        base_share: of the exported weights, so much is the base's, which is an exported tagger
            then: it finds less, and draws fewer wrong ones (Wortsman et al. 2022, "Robust
            Fine-Tuning of Zero-Shot Models").
        held_out: articles of train that only tune thresholds, every n-th by name.
        articles: None for all; otherwise so many of train, for quick tests.
        layers: of the base, so many lower ones are kept; None for all.
        frozen: so many of these, the lowest, are not trained.
        soft_labels: what `training.attribution_distill` wrote of a teacher.
        unlabelled: files of more articles, for which these are the only labels, see
            `read_unlabelled`; a file named twice counts twice.
        labelled: files of articles whose statements are labelled, see `attribution_articles`;
            the tagger that helps is `base`, and no teacher is heard about them.
    """

    seed: int
    output: Path
    base: str
    base_share: float = Field(default=0.0, ge=0, lt=1)
    precision: Literal["bf16", "fp32"]
    held_out: int = Field(ge=1)
    articles: int | None = Field(default=None, ge=2)
    layers: int | None = Field(default=None, ge=1)
    frozen: int = Field(default=0, ge=0)
    soft_labels: Path | None = None
    unlabelled: Paths = ()
    labelled: Paths = ()
    windows: WindowConfig
    loss: LossConfig
    optim: OptimConfig

    @model_validator(mode="after")
    def _taught(self) -> Self:
        if self.labelled and self.soft_labels is None:
            raise ValueError("labelled: needs soft_labels, which keep what the base knows")
        return self
