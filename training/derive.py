"""Statements derived from others: copies with their label, and recombinations without one.

A perturbed copy has other names, numbers, quotation marks or typing errors, a distracted one
somebody else's words before it: they mean what their originals did. A recombination means
something else than what it was made of, so only a teacher can label it.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from string import ascii_lowercase

from stance.attribution.context import cut_to_limit
from stance.records import Statement

__all__ = ["LARGEST_SET", "distract", "perturb", "recombine"]

# A capitalised word, or a run of them, that does not open a sentence; not "I'm", nor a "'s".
_NAME = re.compile(r"(?<=[a-z,;:] )[A-Z][\w-]+(?: [A-Z][\w-]+)*")
_NUMBER = re.compile(r"\b\d{1,3}\b")
_QUOTES = (("“", "”"), ('"', '"'), ("‘", "’"), ("«", "»"))
_NOISE_RATE = 0.5
_QUOTED = re.compile(r"[“\"«](.+?)[”\"»]")
_SENTENCE_END = re.compile(r"(?<=[.?!])\s")
_NEIGHBOURS = 40
LARGEST_SET = 8
"""Members of a contrast set, at most."""
_CUES = ("said", "told reporters", "said on Monday", "insisted", "declared on Friday", "wrote")
_REPORTED = re.compile(
    r"[\"\u201c]|\b(?:said|told|wrote|added|asked|announced|declared|according)\b"
)
"""A text that is a reporter's sentence already."""
_LEADS = ("said", "said that", "told reporters that", "added that", "noted on Sunday that")
_LONGEST_SPLICE = 65


def perturb(statements: Sequence[Statement], seed: int) -> list[Statement]:
    """A copy of each statement that means the same, so that it has its original's label.

    About a fifth of the copies have nothing to change and equal their originals.

    Args:
        statements: originals; other names are drawn from among them.
        seed: the same copies for the same seed.
    """
    rng = random.Random(seed)
    names = _names_by_width(statements)
    swapped = [_swap_names(statement, names, rng) for statement in statements]
    return [replace(copy, text=_noise(copy.text, rng)) for copy in swapped]


def _names_by_width(statements: Sequence[Statement]) -> dict[int, list[str]]:
    pool: dict[int, set[str]] = {}
    for statement in statements:
        for match in _NAME.finditer(statement.text):
            pool.setdefault(match.group().count(" "), set()).add(match.group())
    return {width: sorted(names) for width, names in pool.items()}


def _swap_names(statement: Statement, pool: dict[int, list[str]], rng: random.Random) -> Statement:
    """Other names for those of the text, the same in all fields, at their beginnings too."""
    fields = (statement.text, statement.context, statement.target)
    found = dict.fromkeys(name for value in fields if value for name in _NAME.findall(value))
    if not found:
        return statement
    chosen = {name: rng.choice(pool.get(name.count(" "), [name])) for name in found}
    longest_first = sorted(map(re.escape, chosen), key=len, reverse=True)
    known = re.compile(rf"\b({'|'.join(longest_first)})\b")

    def swap(text: str | None) -> str | None:
        return known.sub(lambda match: chosen[match.group()], text) if text else text

    return replace(
        statement,
        text=swap(statement.text) or statement.text,
        context=swap(statement.context),
        target=swap(statement.target),
    )


def _noise(text: str, rng: random.Random) -> str:
    for step in (_change_numbers, _change_quotes, _typo):
        if rng.random() < _NOISE_RATE:
            text = step(text, rng)
    return text


def _change_numbers(text: str, rng: random.Random) -> str:
    return _NUMBER.sub(lambda _: str(rng.randint(2, 40)), text)


def _change_quotes(text: str, rng: random.Random) -> str:
    left, right = rng.choice(_QUOTES)
    return _QUOTED.sub(lambda m: f"{left}{m.group(1)}{right}", text)


def _typo(text: str, rng: random.Random) -> str:
    """A typing error for every dozen words: letters swapped, left out, doubled or mistaken."""
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    for i in rng.sample(long, min(len(long), 1 + len(words) // 12)):
        j = rng.randrange(1, len(words[i]) - 2)
        a, b = words[i][j], words[i][j + 1]
        wrong = rng.choice((b + a, b, a + a + b, rng.choice(ascii_lowercase) + b))
        words[i] = words[i][:j] + wrong + words[i][j + 2 :]
    return " ".join(words)


def distract(
    statements: Sequence[Statement], share: float, seed: int
) -> list[tuple[int, Statement]]:
    """Copies of that share of the statements behind what somebody else said, as articles have them.

    A statement that has a context answers it, whatever was said before; one without is clear by
    itself. So a copy has its original's label, and a model learns whose words it judges.

    Args:
        statements: in the order of their files; the others are neighbours, which mostly are about
            the same conflict, but not so near that they may be of the same contrast set.
        share: in (0, 1].
        seed: the same copies for the same seed.

    Returns:
        With each copy the place of its original.
    """
    rng = random.Random(seed)
    copies = []
    for i, statement in enumerate(statements):
        if rng.random() < share:
            near = [
                *statements[max(0, i - _NEIGHBOURS) : max(0, i - LARGEST_SET)],
                *statements[i + LARGEST_SET : i + _NEIGHBOURS],
            ]
            if near:
                before = _said(rng.choice(near), rng)
                own = statement.context or _lead(statement, rng)
                context = cut_to_limit(f"{before} {own}".strip())
                copies.append((i, replace(statement, context=context)))
    return copies


def _said(other: Statement, rng: random.Random) -> str:
    """A sentence of an article that gives what somebody said."""
    speaker = other.speaker or rng.choice(("a spokesman", "the minister", "a rebel leader", "she"))
    text, cue = other.text.strip(), rng.choice(_CUES)
    if _REPORTED.search(text):
        return text
    return rng.choice(
        (
            f'"{text.removesuffix(".")}," {speaker} {cue}.',
            f'{_opening(speaker)} {cue}: "{text}"',
            text,
        )
    )


def _lead(statement: Statement, rng: random.Random) -> str:
    """How the statement's own sentence may begin, where its speaker is known; else nothing."""
    speaker = statement.speaker
    if not speaker or rng.random() < 0.5:
        return ""
    return f"{_opening(speaker)} {rng.choice(_LEADS)}"


def _opening(speaker: str) -> str:
    """A speaker as a sentence begins with it."""
    return speaker[0].upper() + speaker[1:]


def recombine(statements: Sequence[Statement], share: float, seed: int) -> list[Statement]:
    """New inputs out of parts of the statements, for about that share of them.

    A statement answers another's question, has another's target, loses its second segment, or
    goes on with what another says. The others are its neighbours, which mostly are about the same
    conflict, so that the whole could be read as one. A student sees there what its teacher makes of
    inputs that nobody wrote (Beyer et al. 2022, "Knowledge distillation: A good teacher is
    patient and consistent").

    Args:
        statements: in the order of their files.
        share: in (0, 1].
        seed: the same recombinations for the same seed.
    """
    rng = random.Random(seed)
    made: dict[Statement, None] = {}
    for i, statement in enumerate(statements):
        if rng.random() < share:
            near = [*statements[max(0, i - _NEIGHBOURS) : i], *statements[i + 1 : i + _NEIGHBOURS]]
            way = rng.choices((_other_context, _other_target, _bare, _splice), (4, 1, 1, 2))[0]
            new = way(statement, near, rng)
            if new is not None and new != statement:
                made[new] = None
    return list(made)


def _other_context(
    statement: Statement, near: Sequence[Statement], rng: random.Random
) -> Statement | None:
    contexts = [other.context for other in near if other.context]
    return replace(statement, context=rng.choice(contexts)) if contexts else None


def _other_target(
    statement: Statement, near: Sequence[Statement], rng: random.Random
) -> Statement | None:
    targets = [other.target for other in near if other.target]
    return replace(statement, target=rng.choice(targets)) if targets else None


def _bare(statement: Statement, _near: Sequence[Statement], _rng: random.Random) -> Statement:
    return replace(statement, context=None, target=None)


def _splice(
    statement: Statement, near: Sequence[Statement], rng: random.Random
) -> Statement | None:
    """The statement, or a sentence of it, and behind it the last sentence of another."""
    if not near or not statement.text.endswith((".", "?", "!")):
        return None
    beginning = rng.choice([statement.text, *_SENTENCE_END.split(statement.text)])
    text = f"{beginning} {_SENTENCE_END.split(rng.choice(near).text)[-1]}"
    return replace(statement, text=text) if len(text.split()) <= _LONGEST_SPLICE else None
