"""Whom "Colombia's president" means, where his name comes only afterwards.

News names in the second paragraph whom its lead calls by a role. So a role whose one bearer in the
article is named after it, and nothing around the name speaks against, is that person.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from stance.attribution.lexicon import word_set
from stance.attribution.mentions import clean, core_of
from stance.attribution.names import POSSESSIVE, RUN, is_title
from stance.attribution.people import People

__all__ = ["Cataphora"]

_FAR = 1_500
"""Characters that the name may be behind the role: three or four paragraphs."""
_DETERMINERS = word_set("a an the one its his her their")
_STEM = 4
"""Letters by which "Colombia's" and "Colombian" are one."""


class Cataphora:
    """Who is named in an article, by his titles.

    Args:
        people: who is named in it.
    """

    def __init__(self, people: People) -> None:
        self._people = people

    @cached_property
    def _bearers(self) -> "dict[str, dict[str, _Bearer]]":
        """By title and full mention; only an article that asks for one has to find all."""
        bearers: dict[str, dict[str, _Bearer]] = {}
        for person in self._people.everyone():
            for title, kind in _roles(person.speaker):
                bearer = _Bearer(person.start, kind)
                bearers.setdefault(title, {}).setdefault(person.speaker, bearer)
        return bearers

    def named_later(self, mention: str, at: int) -> str | None:
        """The one bearer of a role, named behind it; None where nobody or several are.

        Args:
            mention: which has no person's name.
            at: where it stands.
        """
        title, kind = _role(core_of(clean(mention)))
        bearers = self._bearers.get(title, {}) if title else {}
        if len(bearers) != 1:
            return None
        ((speaker, bearer),) = bearers.items()
        near = at < bearer.start <= at + _FAR
        return speaker if near and _agree(kind, bearer.kind) else None


@dataclass(frozen=True, slots=True)
class _Bearer:
    """Where the bearer of a title is named first, and the words before the title there."""

    start: int
    kind: frozenset[str]


def _role(core: str) -> tuple[str | None, frozenset[str]]:
    """The title that a mention without a name ends with, and the words before it."""
    *before, head = core.split() or [""]
    if not is_title(head) or head[:1].isupper():
        return None, frozenset()
    return head.lower(), _kind(before)


def _kind(words: Iterable[str]) -> frozenset[str]:
    """The words before a title, without articles and the endings of owners."""
    return frozenset(POSSESSIVE.sub("", word.lower()) for word in words) - _DETERMINERS


def _roles(speaker: str) -> Iterator[tuple[str, frozenset[str]]]:
    """The titles of who is named: "Colombia's President Ana Ruiz, a former judge" has two."""
    core, *described = speaker.split(", ")
    words = core.split()
    last = max((i for i, word in enumerate(words[:-1]) if is_title(word)), default=None)
    if last is not None and RUN.fullmatch(" ".join(words[last + 1 :])):
        yield words[last].lower(), _kind(words[:last])
    for part in described:
        head, kind = _role(core_of(part))
        if head is not None:
            yield head, kind


def _agree(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether what is said of one role says nothing against the other's."""
    stems, others = ({word[:_STEM] for word in words} for words in (one, other))
    return stems <= others or others <= stems
