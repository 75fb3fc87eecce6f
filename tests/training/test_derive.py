import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance import Statement
from training.derive import distract, perturb, recombine

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


@given(st.integers(0, 1000))
def test_recombinations_are_new_and_made_of_what_is_there(seed: int) -> None:
    made = recombine(_STATEMENTS, 1.0, seed)
    assert made == recombine(_STATEMENTS, 1.0, seed)
    assert len(set(made)) == len(made)
    for new in made:
        assert new not in _STATEMENTS
        assert new.context in {None, "Will you come?"}
        assert new.target in {None, "the Lomé talks"}
        assert any(new.text.startswith(s.text) for s in _STATEMENTS)


def test_recombination_does_each_of_its_kinds() -> None:
    made = {new for seed in range(200) for new in recombine(_STATEMENTS, 1.0, seed)}
    first, second, third = _STATEMENTS
    assert Statement(third.text, context=first.context) in made
    assert Statement(third.text, target=second.target) in made
    assert Statement(first.text) in made
    assert Statement(f"{third.text} {second.text}") in made


def test_recombination_keeps_to_its_share() -> None:
    said = [Statement(f"They met {i} times.", context=f"Why {i}?") for i in range(400)]
    assert len(recombine(said, 0.2, 1)) == pytest.approx(80, abs=30)
    assert recombine(said[:1], 1.0, 3) in ([], [Statement(said[0].text)])


@given(st.integers(0, 1000))
def test_distracted_copies_are_read_behind_what_another_said(seed: int) -> None:
    statements = [
        Statement(
            f"Our column {number} stays where it is.",
            speaker=f"Colonel {number}",
            context="Will you withdraw?" if number % 3 == 0 else None,
        )
        for number in range(60)
    ]
    copies = distract(statements, 0.7, seed)
    assert copies == distract(statements, 0.7, seed)
    assert 20 < len(copies) < 60
    for place, copy in copies:
        original = statements[place]
        assert (copy.text, copy.speaker) == (original.text, original.speaker)
        assert copy.context
        assert copy.context.endswith(original.context or "")
        others = [int(number) for number in re.findall(r"column (\d+)", copy.context)]
        assert len(others) == 1
        assert 8 <= abs(others[0] - place) <= 40


def test_of_few_statements_there_are_no_distracted_copies() -> None:
    assert distract(_STATEMENTS, 1.0, 3) == []


def test_the_end_of_a_long_context_is_kept() -> None:
    long = Statement("We refuse, " * 60, context="Will you come?")
    (_, copy), *_ = distract([long] * 20, 1.0, 3)
    assert copy.context
    assert len(copy.context) <= 300
    assert copy.context.endswith("Will you come?")
