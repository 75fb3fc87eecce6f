import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.batching import plan_batches


@given(st.lists(st.integers(1, 600), max_size=200), st.integers(1, 2000))
def test_every_row_is_planned_once_and_within_the_budget(lengths: list[int], budget: int) -> None:
    plan = plan_batches(lengths, budget)
    assert sorted(row for batch in plan for row in batch) == list(range(len(lengths)))
    for batch in plan:
        padded = len(batch) * max(lengths[row] for row in batch)
        assert padded <= budget or len(batch) == 1


def test_similar_lengths_share_a_batch() -> None:
    assert plan_batches([9, 1, 9, 1], 18) == [[1, 3], [0, 2]]


def test_a_budget_below_one_token_is_refused() -> None:
    with pytest.raises(ValueError, match="max_tokens"):
        plan_batches([1], 0)
