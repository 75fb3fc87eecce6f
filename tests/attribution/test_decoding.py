from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from stance.attribution.decoding import decode_arguments, find_cues, viterbi
from stance.attribution.encoding import windows_of

ALLOWED = np.array([[True, True, False], [True, True, True], [True, True, True]])
LOGITS = st.floats(-5, 5, width=32)


@settings(max_examples=50)
@given(
    hnp.arrays(
        np.float32, st.tuples(st.integers(1, 3), st.integers(1, 5), st.just(3)), elements=LOGITS
    )
)
def test_viterbi_is_the_best_allowed_path(scores: np.ndarray) -> None:
    paths = viterbi(scores, ALLOWED)
    for row, path in zip(scores, paths, strict=True):
        steps = [0, *path]
        assert all(ALLOWED[a, b] for a, b in pairwise(steps))
        best = max(
            sum(row[t, tag] for t, tag in enumerate(tags))
            for tags in np.ndindex(*[3] * len(row))
            if all(ALLOWED[a, b] for a, b in zip((0, *tags), tags, strict=False))
        )
        assert np.isclose(sum(row[t, tag] for t, tag in enumerate(path)), best, atol=1e-4)


@given(st.integers(0, 2000), st.integers(32, 300), st.integers(2, 30))
def test_cores_tile_the_article(length: int, size: int, overlap: int) -> None:
    windows = windows_of(length, size, overlap)
    covered = [i for w in windows for i in range(w.core_start, w.core_end)]
    assert covered == list(range(length))
    assert all(w.start <= w.core_start <= w.core_end <= w.end for w in windows)
    assert all(w.end - w.start <= size for w in windows)


def test_cues_start_at_words_only() -> None:
    logits = np.array([[5, 0, 0], [0, 5, 0], [0, 5, 0], [5, 0, 0], [0, 0, 5]], np.float32)
    starts = np.array([True, True, False, True, True])
    assert [(c.start, c.end) for c in find_cues(logits, 0.0, starts)] == [(1, 3), (4, 5)]


def test_arguments_stay_inside_the_article() -> None:
    logits = np.zeros((1, 10, 6), np.float32)
    logits[..., 2] = 9.0  # content everywhere
    found = decode_arguments(logits, np.array([1]), np.array([4]), reach_left=3)
    assert found[0].content == ((0, 4),)
    assert found[0].valid == 0.5
    assert found[0].confidence > 0.9
