"""Derived unlabelled statements for distillation: the teacher labels them, so they need no gold.

Each copy applies an entity swap or a recombined context, and some surface noise, so that the
student sees the teacher's answer move (or stay put) where names, questions and typing change.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from stance.records import Statement

__all__ = ["derive"]

# A capitalised word, or a run of them, that does not open a sentence.
_NAME = re.compile(r"(?<=[a-z,;:] )[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")
_NUMBER = re.compile(r"\b\d{1,3}\b")
_QUOTES = (("“", "”"), ('"', '"'), ("‘", "’"), ("«", "»"))
_QUOTED = re.compile(r"[“\"«](.+?)[”\"»]")


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
            derived.append(replace(copy, text=_noise(copy.text, rng)))
    return derived


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


def _noise(text: str, rng: random.Random) -> str:
    steps: tuple[Callable[[str, random.Random], str], ...] = (
        _change_numbers,
        _change_quotes,
        _typo,
        _drop_words,
    )
    for step in steps:
        if rng.random() < 0.35:
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
