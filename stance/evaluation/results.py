"""What an evaluation found: plain frozen data, ready for JSON, Markdown, HTML and the card.

All figures are fractions in [0, 1] unless said otherwise; None means "not defined here"
(a label that does not occur, a system without probabilities), never zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = [
    "Behavioural",
    "Capability",
    "Comparison",
    "DatasetResult",
    "Estimate",
    "GateResult",
    "Mistake",
    "Neighbour",
    "ReliabilityBin",
    "Report",
    "RiskPoint",
    "Scores",
    "SliceScore",
    "SystemInfo",
    "WholeArticles",
]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval, where both exist."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """One system on one dataset.

    Attributes:
        metrics: name -> estimate; `stance.evaluation.metrics.METRICS` explains the names.
        confusion: counts, rows gold, columns predicted, in label order.
    """

    system: str
    metrics: Mapping[str, Estimate]
    confusion: Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class SliceScore:
    """One slice: `p_holm` tests whether its accuracy differs from the other statements'.

    Attributes:
        test: what `p_holm` comes from: the units whose signs are drawn, or "Fisher",
            which takes statements as independent.
        mark: why to read it with care ("one statement", "few statements"), or empty.
    """

    attribute: str
    value: str
    n: int
    accuracy: Estimate
    macro_f1: Estimate
    test: str
    p_holm: float
    mark: str


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Predictions whose confidence is in (low, high]."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: Estimate


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """Accuracy on the `coverage` share of statements that the system is surest of."""

    coverage: float
    accuracy: Estimate
    threshold: float


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A training statement near a mistake; similarity is the cosine of TF-IDF vectors."""

    id: str
    label: str
    similarity: float
    text: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong prediction. `text` and `context` are None where the data may not be quoted.

    Attributes:
        facts: the row's own explanations: phenomenon, rule, speech, conflict.
    """

    id: str
    text: str | None
    context: str | None
    gold: str
    predicted: str
    confidence: float
    gold_probability: float
    facts: Mapping[str, str]
    nearest: Sequence[Neighbour]


@dataclass(frozen=True, slots=True)
class WholeArticles:
    """What a system makes of raw articles.

    Attributes:
        found: share of the labelled statements that it finds.
        right: that it finds, and whose stance it has right.
        named: share of the found ones whose speaker it has right.
        labelled: share of the statements it gives that are labelled ones.
    """

    found: Estimate
    right: Estimate
    named: Estimate
    labelled: Estimate


@dataclass(frozen=True, slots=True)
class DatasetResult:
    """All about one dataset; the first of `scores` is the evaluated system.

    Attributes:
        files: path -> SHA-256.
        resampled: what the bootstrap draws, and how many: "22 conflicts".
        pairs_right: share of contrast pairs with both members right; None without pairs.
        whole: None where the statements do not stand in articles, or the system reads none.
    """

    name: str
    files: Mapping[str, str]
    n: int
    labels: Mapping[str, int]
    resampled: str
    scores: Sequence[Scores]
    pairs: int
    pairs_right: Estimate | None
    whole: WholeArticles | None
    slices: Sequence[SliceScore]
    reliability: Sequence[ReliabilityBin]
    risk_coverage: Sequence[RiskPoint]
    mistakes: Sequence[Mistake]
    quotable: bool


@dataclass(frozen=True, slots=True)
class Capability:
    """One capability of the behavioural suite; `examples` are failed cases, in words."""

    name: str
    kind: str
    cases: int
    failures: int
    failure_rate: Estimate
    examples: Sequence[str]


@dataclass(frozen=True, slots=True)
class Behavioural:
    """The behavioural suite (Ribeiro et al. 2020, "Beyond Accuracy")."""

    files: Mapping[str, str]
    cases: int
    failure_rate: Estimate
    worst: float
    capabilities: Sequence[Capability]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Is A better than B on this measure? `difference` is A minus B.

    Attributes:
        dataset: its name, or "behavioural" for the suite.
        measure: a metric, "pairs_right", or a failure rate of the suite.
        value_a, value_b: the measure of each; without a value where it has none.
        test: what `p` comes from, or empty; `p_holm` is corrected over the whole report.
    """

    dataset: str
    a: str
    b: str
    measure: str
    value_a: Estimate
    value_b: Estimate
    difference: Estimate
    test: str = ""
    p: float | None = None
    p_holm: float | None = None


@dataclass(frozen=True, slots=True)
class GateResult:
    """`status` is "passed", "failed", "not measured" (fails) or "skipped" (optional data)."""

    name: str
    value: float | None
    minimum: float | None
    maximum: float | None
    status: str


@dataclass(frozen=True, slots=True)
class SystemInfo:
    """Which system was evaluated.

    Attributes:
        device: where its network ran; empty for a system without one.
        files: path -> SHA-256.
    """

    name: str
    version: str
    device: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """One evaluation. Everything but `created` is the same for the same input.

    Attributes:
        files: path -> SHA-256 of what belongs to no dataset, suite or system: the training
            files of the baselines, and the configuration.
        skipped: name of what was not measured -> why.
    """

    created: str
    system: SystemInfo
    seed: int
    resamples: int
    libraries: Mapping[str, str]
    files: Mapping[str, str]
    datasets: Sequence[DatasetResult]
    behavioural: Behavioural | None
    comparisons: Sequence[Comparison]
    gates: Sequence[GateResult]
    skipped: Mapping[str, str]

    @property
    def read(self) -> dict[str, str]:
        """Every file that was read, each once: path -> SHA-256; the system's own come first."""
        suite = self.behavioural.files if self.behavioural else {}
        datasets = (data.files for data in self.datasets)
        sources = (self.system.files, self.files, *datasets, suite)
        return {path: digest for files in sources for path, digest in files.items()}

    @property
    def passed(self) -> bool:
        """Whether every gate held."""
        return all(gate.status in ("passed", "skipped") for gate in self.gates)
