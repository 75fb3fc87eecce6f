import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance import Statement
from training.derive import perturb

_STATEMENTS = [
    Statement("The envoy Omar Haddad said “we will come” on 12 May.", context="Will you come?"),
    Statement("On Friday the rebels of Colonel Bako refused.", target="the Lomé talks"),
    Statement("Nothing here, and nobody named."),
]


@given(st.integers(0, 1000))
def test_perturbed_copies_keep_words_and_context(seed: int) -> None:
    copies = perturb(_STATEMENTS, seed)
    assert copies == perturb(_STATEMENTS, seed)
    for copy, original in zip(copies, _STATEMENTS, strict=True):
        assert len(copy.text.split()) == len(original.text.split())
        assert bool(copy.context) == bool(original.context)


def test_names_are_swapped_for_names_of_the_corpus() -> None:
    texts = {s.text for seed in range(30) for s in perturb(_STATEMENTS, seed)}
    assert any("Colonel Bako said" in t or "of Omar Haddad" in t for t in texts)


def test_a_name_is_the_same_in_all_fields_and_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.derive._NOISE_RATE", 0.0)
    said = Statement(
        "Jeddah, as they told Ardan, and Jeddah's table, is dead.",
        context="Jeddah reopens.",
        target="the Jeddah talks",
    )
    for seed in range(30):
        copy = perturb([said, Statement("They met Bako.")], seed)[0]
        name = (copy.target or "").split()[1]
        assert (copy.context or "").startswith(name)
        assert re.fullmatch(rf"{name}, as they told \w+, and {name}'s table, is dead.", copy.text)


def test_a_contraction_is_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.derive._NOISE_RATE", 0.0)
    said = [Statement("that I'm sure I'll go, and I've told Omar so"), Statement("They met Bako.")]
    for seed in range(30):
        text = perturb(said, seed)[0].text
        assert re.fullmatch(r"that I'm sure I'll go, and I've told (Omar|Bako) so", text)


def test_typing_errors_of_all_kinds() -> None:
    texts = {perturb([Statement("negotiate")], seed)[0].text for seed in range(300)}
    assert {len(t) for t in texts} == {8, 9, 10}
