"""What the model reads alike, it reads once."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from stance import StanceClassifier, Statement
from stance.encoding import EncodedStatement

_QUOTE = "We refuse to sit down with murderers"
_LONG = "We want talks. " * 500


@pytest.fixture
def read(classifier: StanceClassifier, monkeypatch: pytest.MonkeyPatch) -> list[EncodedStatement]:
    """Everything that the network is given."""
    runtime = classifier._runtime
    seen: list[EncodedStatement] = []

    class Noting:
        def run(self, rows: Sequence[EncodedStatement]) -> NDArray[np.float32]:
            seen.extend(rows)
            return runtime.run(rows)

    monkeypatch.setattr(classifier, "_runtime", Noting())
    return seen


def test_equal_statements_are_read_once_and_come_back_in_order(
    classifier: StanceClassifier, read: list[EncodedStatement]
) -> None:
    statements = [
        Statement(_LONG),
        Statement(_QUOTE, speaker="Anna"),
        Statement(_QUOTE, context="Will you come?"),
        Statement(_QUOTE, speaker="Bob", start=7, end=43),
        Statement(_LONG),
        Statement("Let them meet tomorrow."),
    ]
    found = classifier.classify(statements)
    assert len(read) == 4
    assert [p.statement for p in found] == statements
    assert [p.truncated for p in found] == [True, False, False, False, True, False]
    for prediction in found:
        alone = classifier.classify(prediction.statement)
        assert prediction.probabilities == pytest.approx(alone.probabilities, abs=1e-4)
    assert found[1].probabilities == found[3].probabilities != found[2].probabilities
    assert classifier.logits(statements).shape == (6, 3)


def test_a_quote_that_several_articles_carry_is_read_once(
    classifier: StanceClassifier, read: list[EncodedStatement]
) -> None:
    said = f"Anna Kowal came to Lisbon. “{_QUOTE},” she said on Monday."
    found = classifier.analyze_batch([said, "It rained in Lisbon.", f"It rained.\n\n{said}"])
    assert [len(article) for article in found] == [1, 0, 1]
    assert len(read) == 1
    first, last = found[0][0], found[2][0]
    assert last.statement.start != first.statement.start
    assert last.probabilities == first.probabilities
    assert last.statement.about_talks == first.statement.about_talks is not None
