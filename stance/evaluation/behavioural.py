"""The behavioural suite: data files in, a failure rate for each capability out.

`corpus/behavioural/README.md` describes the format and what passes; the method is
CheckList's (Ribeiro et al. 2020, "Beyond Accuracy: Behavioral Testing of NLP Models").
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from stance.errors import InputError
from stance.evaluation.bootstrap import wilson
from stance.evaluation.datasets import shown
from stance.evaluation.labelled import read_models
from stance.evaluation.results import Behavioural, Capability
from stance.evaluation.systems import System
from stance.labels import LABELS, Stance
from stance.manifest import sha256
from stance.records import Statement
from stance.settings import Strict

__all__ = ["Case", "failure_of", "read_suite", "run_suite"]

_TOLERANCE = 0.10
_EXAMPLES = 3


class Variant(Strict):
    """A changed copy of a case; a field that is not given is the base's."""

    text: str = Field(default="", min_length=1)  # null is refused; the default is never read
    context: str | None = None
    target: str | None = None


class Expectation(Strict):
    """What a directional change must do: one of the three."""

    becomes: Stance | None = None
    more: Stance | None = None
    less: Stance | None = None

    @model_validator(mode="after")
    def _one(self) -> "Expectation":
        if sum(value is not None for value in (self.becomes, self.more, self.less)) != 1:
            raise ValueError("give exactly one of becomes, more, less")
        return self


class Case(Strict):
    """One test case: a base statement and, but for `mft`, its variants."""

    id: str = Field(min_length=1)
    capability: str = Field(pattern=r"^[a-z0-9_]+$")
    kind: Literal["mft", "inv", "dir"]
    text: str = Field(min_length=1)
    context: str | None = None
    target: str | None = None
    label: Stance | None = None
    variants: tuple[Variant, ...] = ()
    expect: Expectation | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> "Case":
        flips = self.expect is not None and self.expect.becomes is not None
        if (self.label is None) == (self.kind == "mft" or flips):
            raise ValueError("`label` belongs to mft, and to dir with `becomes`, and only there")
        if (self.kind == "mft") == bool(self.variants):
            raise ValueError("inv and dir need variants; mft has none")
        if (self.kind == "dir") != (self.expect is not None):
            raise ValueError("`expect` belongs to dir, and only there")
        return self

    def statements(self) -> list[Statement]:
        """The base, then its variants."""
        base = {"text": self.text, "context": self.context, "target": self.target}
        changed = [base | variant.model_dump(exclude_unset=True) for variant in self.variants]
        return [Statement(**fields) for fields in (base, *changed)]


@dataclass(frozen=True, slots=True)
class Suite:
    """All cases, and the files that they came from with their SHA-256."""

    cases: Sequence[Case]
    files: Mapping[str, str]


def read_suite(folder: Path) -> Suite:
    """Read every `*.jsonl` of a folder.

    Raises:
        InputError: no cases, a fault in a row, an id used twice, or a capability of two kinds;
            the message names file, line and field.
    """
    files = sorted(folder.glob("*.jsonl"))
    places: dict[str, str] = {}
    kinds: dict[str, str] = {}
    cases = []
    for path in files:
        for number, case in read_models(path, Case):
            place = f"{path}:{number}"
            if case.id in places:
                raise InputError(f"{place}: id {case.id!r} is already at {places[case.id]}")
            if kinds.setdefault(case.capability, case.kind) != case.kind:
                raise InputError(
                    f"{place}: capability {case.capability!r} has cases of kind "
                    f"{kinds[case.capability]!r} and {case.kind!r}; give one another name"
                )
            places[case.id] = place
            cases.append(case)
    if not cases:
        raise InputError(f"{folder}: no behavioural cases (*.jsonl) in it")
    return Suite(cases, {shown(path): sha256(path) for path in files})


def run_suite(system: System, suite: Suite) -> Behavioural:
    """Predict all cases in one go and count failures; intervals are Wilson's."""
    groups = [case.statements() for case in suite.cases]
    probs = system.predict([statement for group in groups for statement in group])
    ends = np.cumsum([len(group) for group in groups])
    outcomes: dict[tuple[str, str], list[str | None]] = defaultdict(list)
    for case, rows in zip(suite.cases, np.split(probs, ends[:-1]), strict=True):
        outcomes[case.capability, case.kind].append(failure_of(case, rows))
    capabilities = [
        _capability(name, kind, failures) for (name, kind), failures in outcomes.items()
    ]
    capabilities.sort(key=lambda c: (-(c.failure_rate.value or 0.0), c.name))
    failed = sum(c.failures for c in capabilities)
    return Behavioural(
        suite.files,
        len(suite.cases),
        wilson(failed, len(suite.cases)),
        max(c.failures / c.cases for c in capabilities),
        capabilities,
    )


def _capability(name: str, kind: str, outcomes: Sequence[str | None]) -> Capability:
    failures = [outcome for outcome in outcomes if outcome]
    n = len(outcomes)
    return Capability(name, kind, n, len(failures), wilson(len(failures), n), failures[:_EXAMPLES])


def failure_of(case: Case, probs: NDArray[np.float64]) -> str | None:
    """What went wrong, in words; None where the case passes.

    Args:
        probs: float64 (1 + variants, 3), the base first.
    """
    labels = [LABELS[i] for i in probs.argmax(axis=1)]
    statements = case.statements()
    expected = case.expect or Expectation.model_construct(becomes=None, more=None, less=None)
    if case.label is not None and labels[0] != case.label:
        return f"{_words(statements[0])}: {labels[0]}, not {case.label}"
    wanted = labels[0] if case.kind == "inv" else expected.becomes
    for i, statement in enumerate(statements[1:], start=1):
        if wanted is not None and labels[i] != wanted:
            return f"{_words(statement)}: {labels[i]}, not {wanted}; base: {_words(statements[0])}"
        if wanted is None and (moved := _wrong_way(expected, probs[0], probs[i])):
            return f"{_words(statement)}: {moved}; base: {_words(statements[0])}"
    return None


def _wrong_way(
    expected: Expectation, base: NDArray[np.float64], variant: NDArray[np.float64]
) -> str | None:
    label = expected.more or expected.less
    if label is None:
        return None
    before, after = float(base[label.column]), float(variant[label.column])
    change = after - before if expected.less else before - after
    return f"{label} from {before:.2f} to {after:.2f}" if change > _TOLERANCE else None


def _words(statement: Statement) -> str:
    if statement.context:
        return f"[{statement.context}] {statement.text}"
    return statement.text
