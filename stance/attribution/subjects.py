"""Whom a sentence is about: its subject rather than whoever is named first in it."""

import re
from itertools import pairwise

from stance.attribution.lexicon import ROLE_NOUNS
from stance.attribution.mentions import with_role
from stance.attribution.names import Name
from stance.records import Span

__all__ = [
    "CLAUSE",
    "is_asked",
    "is_subject",
    "named_by_role",
    "opening_words",
    "opens_sentence",
    "owners",
    "phrase_at_end",
    "several_people",
    "unnamed_person",
]

CLAUSE = re.compile(
    r"(?i)\W*(?:when|as|while|after|before|once|although|though|if|in|at|on|since|because"
    r"|unlike|despite)\b"
)
"""How a sentence starts whose first clause, rather than what is said, stands before ", he"."""
_HEAD = re.compile(r"(?:The|An?|(?:His|Her|Its|Their)(?: [a-z-]+){1,2}(?<!ed))?")
"""What may stand before the first name of a sentence: "His old comrade"."""
_ASKED = re.compile(r"\W*(?:When |If )?(?:[Aa]sked|[Pp]ressed|[Qq]uestioned|[Qq]uizzed)\b")
_PERSON = (
    rf"(?:{'|'.join(sorted(ROLE_NOUNS))}|man|woman|driver|farmer|teacher|student|resident|villager"
    r"|shopkeeper|trader|soldier|fighter|doctor|nurse|worker|witness|host"
    r"|mother|father|grandmother|grandfather"
    r"|scholar|researcher|veteran|survivor|neighbour|neighbor|refugee|priest|monk|elder|boy|girl"
    r"|guard|pilot|captain|colonel|sergeant|officer|widow|wife|husband|son|daughter|brother|sister)"
)
_UNNAMED = re.compile(
    r"\W*(?:(?:But|And|Yet|(?:In|At|On|Near|Outside|Inside) [^,.;:]{2,30},?) (?=[ao]))?"
    r"((?i:an?|another|one) "
    rf"(?:(?!who|whose|that|in|of|at|from|with)[\w.'\u2019-]+ ){{0,4}}?{_PERSON})"
    rf"(?= (?!{_PERSON}\b)[a-z]|,(?! [^\W\d_a-z]))"
    r"(?! (?:was|were|ha[sd] been) (?:\w+ed|shot|hurt)\b)"
)
"""Not the victims: "A soldier was killed"."""

_DETERMINER = r"(?:the|an?|his|her|its|their|some|several|many|other)"
_VERB = r"(?:\w+ed|is|are|was|were|ha[sd]|have|will|would|met|told|said|saw|went|came|left)"
_NOUNS = rf"(?:(?!(?:{_DETERMINER}|{_VERB})\b)[\w'\u2019-]+ ){{1,5}}"
_PHRASE = re.compile(rf"(?i)\b{_DETERMINER} {_NOUNS}(?:(?:of|in|from|at) {_DETERMINER} {_NOUNS})?$")
"""A noun phrase that ends a text."""

_PEOPLE = (
    r"(?:rebels|fighters|guerrillas|insurgents|militants|separatists|gunmen|soldiers|troops|officers"
    r"|generals|commanders|leaders|chiefs|elders|officials|ministers|diplomats|mediators|envoys"
    r"|negotiators|delegates|lawmakers|deputies|bishops|clerics|villagers|residents|farmers|traders"
    r"|protesters|demonstrators|students|workers|miners|women|mothers|families|refugees|victims"
    r"|activists|critics|supporters|analysts|observers|monitors|parties|sides|factions|militias"
    r"|forces|authorities|groups|gangs|clans|tribes)"
)
_SEVERAL = re.compile(
    r"(?i)\b((?:the|both|some|several|many|two|three|most|all) "
    rf"(?:[\w'\u2019-]+ ){{0,3}}?{_PEOPLE})\b(?!['\u2019-])"
)
_ROLE = re.compile(
    rf"\W*((?:The|His|Her|Their) (?:[a-z'\u2019-]+ ){{0,3}}?{_PERSON})(?= (?!{_PERSON}\b)[a-z])"
)
_AUXILIARY = re.compile(
    r"\W*((?:\b[\w.'\u2019-]+ ){1,7}?)"
    r"(?:ha[sd]|have|is|are|was|were|will|would|can|could|may|did)\b"
)
"""The words before the first finite verb that is sure to be one."""


def is_asked(text: str, sentence: int) -> bool:
    """True for "Asked whether Trump would come, …", which starts with what somebody else asked.

    Args:
        sentence: where the sentence starts.
    """
    return _ASKED.match(text, sentence) is not None


def is_subject(text: str, sentence: int, name: Span) -> bool:
    """False for a name in the clause that opens its sentence, before the main one.

    In "Asked whether Trump would come, Ban demurred", only Ban stands behind a comma.
    """
    if not (is_asked(text, sentence) or CLAUSE.match(text, sentence)):
        return True
    return _is_apposed(text, with_role(text, name)[0])


def opens_sentence(text: str, sentence: int, name: Span) -> bool:
    """True for the first words of a sentence or what stands behind a comma: "Her son, Bao, ran"."""
    start, _ = with_role(text, name)
    head = text[sentence:start].strip(" \"'\u201c\u2018")
    return _HEAD.fullmatch(head) is not None or _is_apposed(text, start)


def _is_apposed(text: str, start: int) -> bool:
    return text[max(0, start - 6) : start].removesuffix("the ").endswith(", ")


def owners(text: str, names: list[Name]) -> set[Name]:
    """Those of some names that only belong to the role of the next: "Ruto's adviser Bao Pham"."""
    return {
        name
        for name, following in pairwise(names)
        if with_role(text, following.span)[0] <= name.start
    }


def opening_words(text: str, start: int, end: int) -> str:
    """What stands before the verb of a sentence, as far as a common auxiliary tells."""
    found = _AUXILIARY.match(text, start, end)
    return found[1].strip() if found else ""


def phrase_at_end(text: str) -> str | None:
    """The noun phrase that a text ends with: "the rebels" of "He met the rebels"."""
    found = _PHRASE.search(f"{text} ")
    return found[0].rstrip() if found else None


def unnamed_person(text: str, start: int, end: int) -> str | None:
    """Who opens a sentence without a name: "A taxi driver who gave no name laughed"."""
    found = _UNNAMED.match(text, start, end)
    return found[1] if found else None


def several_people(text: str, start: int, end: int) -> str | None:
    """The first of the people, rather than things, that a sentence has: "the rebels"."""
    found = _SEVERAL.search(text, start, end)
    return found[1] if found else None


def named_by_role(text: str, start: int, end: int) -> str | None:
    """Who opens a sentence by what he is: "The army chief flew to Doha"."""
    found = _ROLE.match(text, start, end)
    return found[1] if found else None
