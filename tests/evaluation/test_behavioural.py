"""The behavioural suite: what passes, what fails, what is refused."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stance import InputError
from stance.evaluation.behavioural import Case, failure_of, read_suite, run_suite
from tests.evaluation.known import Oracle

SUPPORT, OPPOSE, NEITHER = (0.8, 0.1, 0.1), (0.1, 0.8, 0.1), (0.1, 0.1, 0.8)


def case(**fields: Any) -> Case:
    base = {"id": "a", "capability": "x", "text": "base", "kind": "inv"}
    return Case.model_validate(base | fields)


def test_minimum_functionality() -> None:
    found = case(kind="mft", label="opposing")
    assert failure_of(found, np.array([OPPOSE])) is None
    assert failure_of(found, np.array([SUPPORT])) == "base: supporting, not opposing"


def test_invariance_asks_only_that_nothing_changes() -> None:
    found = case(variants=[{"text": "one"}, {"text": "two"}])
    assert failure_of(found, np.array([SUPPORT, SUPPORT, SUPPORT])) is None
    assert failure_of(found, np.array([SUPPORT, SUPPORT, OPPOSE])) is not None


def test_a_flip_needs_both_labels() -> None:
    found = case(
        kind="dir", label="supporting", variants=[{"text": "v"}], expect={"becomes": "opposing"}
    )
    assert failure_of(found, np.array([SUPPORT, OPPOSE])) is None
    assert failure_of(found, np.array([SUPPORT, SUPPORT])) is not None
    assert failure_of(found, np.array([OPPOSE, OPPOSE])) is not None


@pytest.mark.parametrize(("word", "sign"), [("more", 1), ("less", -1)])
def test_a_direction_has_the_tolerance_of_checklist(word: str, sign: int) -> None:
    found = case(kind="dir", variants=[{"text": "v"}], expect={word: "opposing"})
    for change, passes in ((0.2, True), (-0.09, True), (-0.11, False)):
        after = 0.5 + sign * change
        probs = np.array([[0.3, 0.5, 0.2], [0.8 - after, after, 0.2]])
        assert (failure_of(found, probs) is None) == passes


def test_a_variant_inherits_what_it_does_not_say() -> None:
    found = case(context="why?", target="the talks", variants=[{"text": "v"}, {"context": None}])
    base, first, second = found.statements()
    assert (first.text, first.context, first.target) == ("v", "why?", "the talks")
    assert (second.text, second.context, second.target) == ("base", None, "the talks")
    assert base.context == "why?"


def test_failure_rates_by_capability(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "capability": "refusal", "kind": "mft", "text": "no", "label": "opposing"},
        {"id": "2", "capability": "refusal", "kind": "mft", "text": "?", "label": "opposing"},
        {"id": "3", "capability": "names", "kind": "inv", "text": "a", "variants": [{"text": "b"}]},
    ]
    (tmp_path / "s.jsonl").write_text("\n".join(map(json.dumps, rows)))
    found = run_suite(Oracle({"no": OPPOSE, "a": SUPPORT, "b": SUPPORT}), read_suite(tmp_path))
    worst, best = found.capabilities
    assert (worst.name, worst.failures, worst.cases) == ("refusal", 1, 2)
    assert worst.failure_rate.value == 0.5
    assert (best.name, best.failures) == ("names", 0)
    assert best.failure_rate.high is not None  # none of one failed is not "never fails"
    assert best.failure_rate.high > 0.5
    assert (found.cases, found.worst) == (3, 0.5)


OK = {"id": "1", "capability": "c", "kind": "mft", "text": "t", "label": "opposing"}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([OK, OK], "s.jsonl:2: id '1' is already at"),
        ([OK | {"label": "against"}], "s.jsonl:1: field 'label'"),
        ([OK | {"labl": "opposing"}], "s.jsonl:1: field 'labl'"),
        ([OK | {"kind": "inv"}], "belongs to mft"),
        ([{k: v for k, v in OK.items() if k != "label"}], "belongs to mft"),
        ([OK, OK | {"id": "2", "kind": "inv", "label": None, "variants": [{"text": "v"}]}],
         "capability 'c' has cases of kind 'mft' and 'inv'"),
        ([OK | {"kind": "dir", "variants": [{"text": "v"}], "label": None,
                "expect": {"more": "opposing", "less": "supporting"}}], "exactly one of"),
        ([OK | {"kind": "inv", "label": None, "variants": [{"text": None}]}],
         "s.jsonl:1: field 'variants.0.text'"),
        ([], "no behavioural cases"),
    ],
)  # fmt: skip
def test_faults_are_named(tmp_path: Path, rows: list[dict[str, Any]], message: str) -> None:
    (tmp_path / "s.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(InputError, match=message):
        read_suite(tmp_path)


def test_the_readme_holds_valid_examples(tmp_path: Path) -> None:
    readme = Path(__file__).parents[2] / "corpus" / "behavioural" / "README.md"
    lines = [line for line in readme.read_text("utf-8").splitlines() if line.startswith('{"id"')]
    (tmp_path / "s.jsonl").write_text("\n".join(lines))
    assert len(read_suite(tmp_path).cases) == 4
