"""The settings of a benchmark run, and the sentences it reads."""

import random
from dataclasses import replace
from pathlib import Path

from pydantic import Field

from stance import artifact
from stance.artifact import Artifact
from stance.encoding import Encoder
from stance.evaluation.labelled import read_labelled
from stance.settings import Strict

__all__ = ["BenchConfig", "read_sentences"]


class BenchConfig(Strict):
    """A benchmark run.

    Attributes:
        model, student: artifacts; a student that is not there is left out.
        sentences: JSONL whose texts are timed and compared; none that a model was trained on.
        labelled: JSONL that macro-F1 is computed on.
        article: a text file whose paragraphs the memory row's articles are made of.
        polnear: the folder of real articles whose words a second are measured.
        articles: how many the memory row reads, made of those and of `sentences`.
        count, tokens: how many sentences, and between which lengths.
        baseline_count: how many of them the slow `pipeline` gets.
        rounds, latency_calls, starts: repetitions of throughput, latency and process starts.
    """

    model: str
    student: str
    sentences: Path
    labelled: Path
    article: Path
    polnear: Path
    count: int = Field(ge=1)
    baseline_count: int = Field(ge=1)
    tokens: tuple[int, int]
    rounds: int = Field(ge=1)
    latency_calls: int = Field(ge=20)
    starts: int = Field(ge=1)
    articles: int = Field(ge=1)
    output: Path
    page: Path

    def has_student(self) -> bool:
        """Whether the student is there: a folder, or one of `stance/models`."""
        return Path(self.student).is_dir() or (artifact.MODELS / self.student).is_dir()

    def no_student(self) -> str:
        """What a page says instead of its rows."""
        return f"no model `{self.student}` in {artifact.MODELS.name}: its rows are missing"


def read_sentences(config: BenchConfig, opened: Artifact) -> list[str]:
    """Distinct texts of the wanted lengths, without their contexts, in a fixed random order."""
    encoder = Encoder.from_folder(opened.path, opened.calibration.max_length)
    items = {item.statement.text: item.statement for item in read_labelled(config.sentences)}
    statements = [replace(s, context=None, target=None) for s in items.values()]
    low, high = config.tokens
    rows = zip(statements, encoder.encode(statements), strict=True)
    texts = [s.text for s, row in rows if low <= len(row.input_ids) <= high]
    # The slow baseline gets the first few, which must be like all of them.
    random.Random(0).shuffle(texts)
    return texts[: config.count]
