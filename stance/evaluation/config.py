"""What `stance evaluate` measures, and the bounds below which it fails."""

from pathlib import Path

from pydantic import Field, model_validator

from stance.settings import Paths, Strict

__all__ = ["DEFAULT", "DatasetConfig", "EvaluateConfig", "Gate"]


class DatasetConfig(Strict):
    """One labelled file.

    Attributes:
        path: CSV, TSV or JSONL with `text` and `label`.
        texts: a JSON array of objects with `id` and `text`, where `path` has ids and labels only.
        optional: skip it with a note when absent, instead of failing.
        quotable: False keeps its texts out of every report.
    """

    path: Path
    texts: Path | None = None
    optional: bool = False
    quotable: bool = True


class Gate(Strict):
    """Bounds of one figure; the figure itself may touch them."""

    min: float | None = None
    max: float | None = None

    @model_validator(mode="after")
    def _bounded(self) -> "Gate":
        if self.min is None and self.max is None:
            raise ValueError("give min, max or both")
        return self


class EvaluateConfig(Strict):
    """One evaluation. The seed article's fixtures are always part of it.

    Attributes:
        seed: of the bootstrap.
        resamples: bootstrap replicates for every interval.
        output: folder of report.json, report.md and report.html.
        train: one file or several, what the model was trained on: for the baselines and the
            nearest training statements.
        behavioural: folder of the behavioural suite's JSONL files.
        gates: "dataset.figure" -> bounds, as in "test.macro_f1: {min: 0.9}".
    """

    seed: int = 13
    resamples: int = Field(default=1000, ge=100)
    output: Path = Path("build/evaluation")
    datasets: dict[str, DatasetConfig] = Field(default_factory=dict)
    train: Paths = ()
    behavioural: Path | None = None
    gates: dict[str, Gate] = Field(default_factory=dict)


DEFAULT = EvaluateConfig(
    datasets={"test": DatasetConfig(path=Path("corpus/test.jsonl"), optional=True)},
    behavioural=Path("corpus/behavioural"),
)
"""Used where there is no configs/evaluate.yaml: an installed wheel, outside a checkout."""
