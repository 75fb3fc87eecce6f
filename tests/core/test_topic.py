from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stance import Stance, StanceClassifier
from stance.encoding import EncodedStatement
from stance.topic import BUCKETS, TopicModel, buckets


@given(st.lists(st.integers(0, 30_521), min_size=1, max_size=200))
def test_features_are_distinct_and_in_range(ids: list[int]) -> None:
    found = buckets(EncodedStatement(ids, [0] * len(ids), False))
    assert len(found) == len(set(found.tolist()))
    assert 0 <= found.min() <= found.max() < BUCKETS


def test_a_weighted_token_raises_the_probability() -> None:
    weights = np.zeros(BUCKETS, dtype=np.float32)
    weights[7] = 5.0
    rows = [EncodedStatement([7], [0], False), EncodedStatement([8], [0], False)]
    first, second = TopicModel(weights, 0.0).about_talks(rows)
    assert first > 0.9
    assert second == 0.5


def test_the_shipped_model_tells_talks_from_other_subjects(classifier: StanceClassifier) -> None:
    article = (
        "The rebels said they would attend the peace talks in Geneva. "
        "The finance minister said that the price of wheat had fallen by a third."
    )
    talks, wheat = (p.statement.about_talks for p in classifier.analyze(article))
    assert talks is not None
    assert wheat is not None
    assert talks > 0.5 > wheat


def test_who_takes_a_side_speaks_of_talks(classifier: StanceClassifier) -> None:
    article = "Asked in Kyiv, the Kremlin said: “We reject any negotiations with Moscow's enemies.”"
    (found,) = classifier.analyze(article)
    assert found.label == "opposing"
    assert found.statement.about_talks is not None
    assert found.statement.about_talks >= 1 - found.probabilities[Stance.NONCOMMITTAL]


def test_without_a_topic_model_nothing_is_claimed(tiny: Path) -> None:
    predictions = StanceClassifier.load(tiny, "cpu").analyze("The army said: “We will not come.”")
    assert [p.statement.about_talks for p in predictions] == [None]
