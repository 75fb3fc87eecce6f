from hypothesis import given
from hypothesis import strategies as st

from stance import Statement
from training.derive import derive, perturb

_STATEMENTS = [
    Statement("The envoy Omar Haddad said “we will come” on 12 May.", context="Will you come?"),
    Statement("On Friday the rebels of Colonel Bako refused.", target="the Lomé talks"),
    Statement("Nothing here, and nobody named."),
]


@given(st.integers(0, 6), st.integers(0, 1000))
def test_counts_and_determinism(copies: int, seed: int) -> None:
    derived = derive(_STATEMENTS, copies, seed)
    assert len(derived) == copies * len(_STATEMENTS)
    assert derived == derive(_STATEMENTS, copies, seed)
    assert all(s.text.strip() for s in derived)


def test_names_are_swapped_for_names_of_the_corpus() -> None:
    texts = {s.text for seed in range(30) for s in derive(_STATEMENTS, 1, seed)}
    assert any("Colonel Bako said" in t or "of Omar Haddad" in t for t in texts)


def test_contexts_are_recombined() -> None:
    contexts = {s.context for seed in range(30) for s in derive(_STATEMENTS[1:2] * 2, 2, seed)}
    assert contexts == {None}
    mixed = {s.context for seed in range(30) for s in derive(_STATEMENTS, 2, seed)}
    assert mixed == {None, "Will you come?"}


def test_perturbed_copies_keep_words_and_context() -> None:
    for seed in range(20):
        copies = perturb(_STATEMENTS, seed)
        assert copies == perturb(_STATEMENTS, seed)
        for copy, original in zip(copies, _STATEMENTS, strict=True):
            assert len(copy.text.split()) == len(original.text.split())
            assert bool(copy.context) == bool(original.context)
    assert perturb(_STATEMENTS, 1) != _STATEMENTS
