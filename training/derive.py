"""Derived statements: copies with other names, contexts and typing.

`perturb` keeps the meaning, so a copy has its original's label. `derive` may change it: its
copies are for distillation, where the teacher labels them.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from stance.records import Statement

__all__ = ["derive", "perturb"]

# A capitalised word, or a run of them, that does not open a sentence.
_NAME = re.compile(r"(?<=[a-z,;:] )[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")
_NUMBER = re.compile(r"\b\d{1,3}\b")
_QUOTES = (("“", "”"), ('"', '"'), ("‘", "’"), ("«", "»"))
_NOISE_RATE = 0.35
_QUOTED = re.compile(r"[“\"«](.+?)[”\"»]")


_Step = Callable[[str, random.Random], str]


def derive(statements: Sequence[Statement], copies: int, seed: int) -> list[Statement]:
    """`copies` derived statements for each statement; the same for the same arguments.

    Args:
        statements: originals; names and contexts are drawn from among them.
        copies: derived copies of each.
        seed: of the random choices.
    """
    rng = random.Random(seed)
    names = _names_by_width(statements)
    contexts = sorted({s.context for s in statements if s.context})
    derived = []
    for statement in statements:
        for number in range(copies):
            if number % 2 == 0 or not contexts:
                copy = _swap_names(statement, names, rng)
            else:
                copy = replace(statement, context=_other_context(statement, contexts, rng))
            text = _noise(copy.text, rng, (*_HARMLESS, _drop_words))
            derived.append(replace(copy, text=text))
    return derived


def perturb(statements: Sequence[Statement], seed: int) -> list[Statement]:
    """One copy of each statement with other names, numbers, quotation marks and typing errors."""
    rng = random.Random(seed)
    names = _names_by_width(statements)
    swapped = [_swap_names(statement, names, rng) for statement in statements]
    return [replace(copy, text=_noise(copy.text, rng, _HARMLESS)) for copy in swapped]


def _names_by_width(statements: Sequence[Statement]) -> dict[int, list[str]]:
    pool: dict[int, set[str]] = {}
    for statement in statements:
        for match in _NAME.finditer(statement.text):
            pool.setdefault(match.group().count(" "), set()).add(match.group())
    return {width: sorted(names) for width, names in pool.items()}


def _swap_names(statement: Statement, pool: dict[int, list[str]], rng: random.Random) -> Statement:
    chosen: dict[str, str] = {}

    def other(match: re.Match[str]) -> str:
        name = match.group()
        if name not in chosen:
            chosen[name] = rng.choice(pool.get(name.count(" "), [name]))
        return chosen[name]

    def swap(text: str | None) -> str | None:
        return _NAME.sub(other, text) if text else text

    return replace(
        statement,
        text=_NAME.sub(other, statement.text),
        context=swap(statement.context),
        target=swap(statement.target),
    )


def _other_context(statement: Statement, contexts: Sequence[str], rng: random.Random) -> str | None:
    return None if statement.context and rng.random() < 0.5 else rng.choice(contexts)


def _noise(text: str, rng: random.Random, steps: Sequence[_Step]) -> str:
    for step in steps:
        if rng.random() < _NOISE_RATE:
            text = step(text, rng)
    return text


def _change_numbers(text: str, rng: random.Random) -> str:
    return _NUMBER.sub(lambda _: str(rng.randint(2, 40)), text)


def _change_quotes(text: str, rng: random.Random) -> str:
    left, right = rng.choice(_QUOTES)
    return _QUOTED.sub(lambda m: f"{left}{m.group(1)}{right}", text)


def _typo(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    i = rng.randrange(len(words))
    if len(words[i]) > 4:
        j = rng.randrange(1, len(words[i]) - 2)
        words[i] = words[i][:j] + words[i][j + 1] + words[i][j] + words[i][j + 2 :]
    return " ".join(words)


def _drop_words(text: str, rng: random.Random) -> str:
    kept = [word for word in text.split(" ") if rng.random() > 0.08]
    return " ".join(kept) if len(kept) > 3 else text


_HARMLESS: tuple[_Step, ...] = (_change_numbers, _change_quotes, _typo)
