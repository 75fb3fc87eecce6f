"""How examples become batches."""

from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoTokenizer

from stance import Statement
from stance.artifact import MODELS
from stance.labels import Stance
from training.batches import TrainingSet, _set_numbers, length_buckets
from training.data import Example
from training.derive import LARGEST_SET


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(3, 60)), max_size=300),
    st.integers(1, 16),
    st.integers(0, 99),
)
def test_every_row_is_in_one_batch_and_units_are_whole(
    drawn: list[tuple[int, int]], size: int, seed: int
) -> None:
    units: list[list[int]] = []
    lengths: list[int] = []
    for count, length in drawn:
        units.append(list(range(len(lengths), len(lengths) + count)))
        lengths += [length] * count
    batches = length_buckets(units, lengths, size, seed)
    assert batches == length_buckets(units, lengths, size, seed)
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    assert all(len(batch) < size + 4 for batch in batches)
    home = {i: n for n, batch in enumerate(batches) for i in batch}
    assert all(len({home[i] for i in unit}) == 1 for unit in units)


def test_single_rows_fill_their_batches() -> None:
    batches = length_buckets([[i] for i in range(100)], [5] * 100, 16, seed=1)
    assert sorted(map(len, batches)) == [4, 16, 16, 16, 16, 16, 16]


def test_members_of_a_contrast_set_share_a_number() -> None:
    def example(name: str | None) -> Example:
        return Example(Statement("We go."), Stance.SUPPORTING, set=name)

    names = ["k1-1", "k1-1", None, None, "k1-2", "k1-2", "k1-2", "k1-1"]
    assert _set_numbers([example(n) for n in names]) == [0, 0, 2, 3, 4, 4, 4, 7]
    batch_of_writing = [example("p10")] * (LARGEST_SET + 1)
    assert len(set(_set_numbers(batch_of_writing))) == LARGEST_SET + 1


def test_a_contrast_set_reaches_the_loss_whole() -> None:
    examples = [
        Example(Statement(f"We go {'very ' * i}far."), label, set=f"k1-{i // 3}")
        for i in range(30)
        for label in (list(Stance)[i % 3],)
    ]
    tokenizer = AutoTokenizer.from_pretrained(MODELS / "base")
    data = TrainingSet.build(examples, tokenizer, 64, None)
    [whole] = data.plans(7, [1], whole_sets=True)
    [single] = data.plans(7, [1], whole_sets=False)
    batches = [data.collate([data.rows[i] for i in batch]) for batch in whole]
    for batch in batches:
        assert all(batch.sets.tolist().count(number) == 3 for number in batch.sets.tolist())
    assert sum(len(batch.labels) for batch in batches) == 30
    assert max(map(len, single)) == 7
