"""Training configurations: one YAML for each step and size, parsed into a validated model."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stance.settings import Paths, Strict

__all__ = ["DeferConfig", "TrainConfig"]


class DataConfig(Strict):
    """Labelled splits, and what is distilled over.

    Attributes:
        train: JSONL or CSV files with at least `text` and `label`; one path, or several.
        dev: one such file.
        share: of a training file, so much of its groups, by the hash of their names; a file that
            is not named here is read whole. A group is a contrast set, a pair, the batch of one
            writer in the pools without sets, or a single statement.
        unlabelled: JSONL files with `text`; read only when distilling.
        perturbed_copies: labelled copies of each statement with other names and typing.
        distracted: share of the labelled statements of which a copy is read behind what somebody
            else said, with its label.
        recombined: share of the statements that give another one, of theirs and others' parts,
            without a label; read only when distilling.
        fraction: share of the training conflicts (and contrast sets) used, for the data size curve.
        use_context: False hides contexts and targets, for the ablation.
    """

    train: Paths
    dev: Path
    share: dict[Path, Annotated[float, Field(gt=0, lt=1)]] = Field(default_factory=dict)
    unlabelled: tuple[Path, ...] = ()
    perturbed_copies: int = Field(default=0, ge=0)
    distracted: float = Field(default=0.0, ge=0, le=1)
    recombined: float = Field(default=0.0, ge=0, le=1)
    fraction: float = Field(default=1.0, gt=0, le=1)
    use_context: bool = True

    @model_validator(mode="after")
    def _shares_are_of_training_files(self) -> Self:
        if unknown := sorted(str(path) for path in self.share.keys() - set(self.train)):
            raise ValueError(f"share: {', '.join(unknown)} is not among train")
        return self


class DistillConfig(Strict):
    """Soft labels of a teacher (Hinton et al. 2015).

    Attributes:
        soft_labels: Parquet file written by `training.distill`.
        temperature: softens both distributions.
        weight: share of the distillation loss on labelled statements whose label the teacher
            gives, too; the rest is cross-entropy, and so is all where it contradicts the label.
        hidden: file of the teacher's hidden states (`training.teacher_states`); `training.distill`
            writes it, too; None to do without.
        hidden_weight: of their loss, beside the other's 1.
    """

    soft_labels: Path
    temperature: float = Field(default=2.0, gt=0)
    weight: float = Field(default=0.7, ge=0, le=1)
    hidden: Path | None = None
    hidden_weight: float = Field(default=4.0, gt=0)


class DeferConfig(Strict):
    """Gives what a small student doubts to a better model (`stance.runtimes.cascade`).

    Attributes:
        to: the better artifact, as `StanceClassifier.load` takes it.
        share: of dev that goes there: what the better model may cost in time.
    """

    to: str
    share: float = Field(gt=0, lt=1)


class OptimConfig(Strict):
    """AdamW with linear warm-up and decay.

    Attributes:
        epochs: 0 trains nothing: the checkpoint is the base, or the mean of `mean_with`.
        learning_rate: of the top layer; each layer below gets `layer_decay` times that above.
        smoothing: label smoothing.
    """

    epochs: int = Field(ge=0)
    batch_size: int = Field(default=32, ge=1)
    learning_rate: float = Field(gt=0)
    layer_decay: float = Field(default=1.0, gt=0, le=1)
    warmup: float = Field(default=0.1, ge=0, lt=1)
    weight_decay: float = Field(default=0.01, ge=0)
    smoothing: float = Field(default=0.0, ge=0, lt=1)
    max_steps: int | None = Field(default=None, ge=1)


class TrainConfig(Strict):
    """One training run.

    Attributes:
        output: run folder; checkpoint, metrics, curves, the config and the hashes of what was
            read land in it.
        base: a name of `training.base_models.BASES`, or a checkpoint folder.
        mean_with: checkpoint folders of the same network; training begins from the mean of their
            weights and the base's (Wortsman et al. 2022, "Model soups"); one named twice counts
            twice.
        layers: None for all of the base's layers; otherwise so many, evenly spaced.
        dropout: of the encoder, 0 for none, which saves a fifth of a step on a CPU and costs
            more than that is worth (docs/ablations.md).
        frozen_layers: so many of the lower layers are not trained, nor the embeddings; no backward
            pass goes through them.
        contrast_weight: of the loss that asks which member of a contrast set a label fits best
            (`training.losses.contrast_loss`), beside the other's 1.
        averaged_with: an artifact, as `StanceClassifier.load` takes it, whose logits and those of
            this run are averaged where it ships (Lakshminarayanan et al. 2017, "Simple and
            Scalable Predictive Uncertainty Estimation"); it is calibrated so.
        checkpoint_every: optimizer steps between two resumable checkpoints.
    """

    seed: int = 13
    output: Path
    base: str
    mean_with: tuple[str, ...] = ()
    layers: int | None = Field(default=None, ge=1)
    dropout: float = Field(default=0.1, ge=0, lt=1)
    freeze_embeddings: bool = False
    frozen_layers: int = Field(default=0, ge=0)
    max_length: int = Field(default=192, ge=16, le=512)
    precision: Literal["bf16", "fp32"] = "bf16"
    contrast_weight: float = Field(default=0.0, ge=0)
    checkpoint_every: int = Field(default=300, ge=1)
    data: DataConfig
    distill: DistillConfig | None = None
    defer: DeferConfig | None = None
    averaged_with: str | None = None
    optim: OptimConfig
