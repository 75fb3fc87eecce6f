"""Whom "Colombia's president" means, where his name comes only afterwards.

News names in the second paragraph whom its lead calls by a role. So a role whose one bearer in the
article is named after it, and nothing around the name speaks against, is that person.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stance.attribution.lexicon import word_set
from stance.attribution.mentions import clean, core_of
from stance.attribution.names import POSSESSIVE, RUN, is_title
from stance.attribution.people import Turn

__all__ = ["Cataphora"]

_FAR = 1_500
"""Characters that the name may be behind the role: three or four paragraphs."""
_DETERMINERS = word_set("a an the one its his her their")
_STEM = 4
"""Letters by which "Colombia's" and "Colombian" are one."""


class Cataphora:
    """Who is named in an article, by his titles.

    Args:
        people: all who are named, in text order.
    """

    def __init__(self, people: Iterable[Turn]) -> None:
        self._bearers: dict[str, dict[str, _Bearer]] = {}
        for person in people:
            for title, kind in _roles(person.speaker):
                bearer = _Bearer(person.start, kind)
                self._bearers.setdefault(title, {}).setdefault(person.speaker, bearer)

    def named_later(self, mention: str, at: int) -> str | None:
        """The one bearer of a role, named behind it; None where nobody or several are.

        Args:
            mention: which has no person's name.
            at: where it stands.
        """
        title, kind = _role(core_of(clean(mention)))
        bearers = self._bearers.get(title or "", {})
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
    words = [POSSESSIVE.sub("", word) for word in before if word.lower() not in _DETERMINERS]
    return head.lower(), frozenset(word.lower() for word in words)


def _roles(speaker: str) -> Iterator[tuple[str, frozenset[str]]]:
    """The titles of who is named: "Colombia's President Ana Ruiz, a former judge" has two."""
    core, *described = speaker.split(", ")
    words = core.split()
    last = max((i for i, word in enumerate(words[:-1]) if is_title(word)), default=None)
    if last is not None and RUN.fullmatch(" ".join(words[last + 1 :])):
        before = [POSSESSIVE.sub("", word).lower() for word in words[:last]]
        yield words[last].lower(), frozenset(before) - _DETERMINERS
    for part in described:
        head, kind = _role(core_of(part))
        if head is not None:
            yield head, kind


def _agree(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether what is said of one role says nothing against the other's."""
    stems, others = ({word[:_STEM] for word in words} for words in (one, other))
    return stems <= others or others <= stems
