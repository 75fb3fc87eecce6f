"""The lines above a document: which person, and which body, they name."""

import re
from collections.abc import Sequence

from stance.attribution.given_names import GIVEN_NAMES
from stance.attribution.lexicon import GROUPS, ORGANISATION_NOUNS, OUTSIDE_NAMES, PLACES, word_set
from stance.attribution.mentions import with_role
from stance.attribution.names import Name, is_title, names_of
from stance.attribution.persons import is_party
from stance.attribution.textview import TextView
from stance.records import Span

__all__ = ["HEAD_PARAGRAPHS", "LONGEST_MENTION", "body_in", "is_body", "person_in"]

HEAD_PARAGRAPHS = 6
"""Paragraphs before a document's own in which its author is looked for."""
LONGEST_MENTION = 14
"""Words of a mention, at most."""
_WITH = re.compile(
    r"(?i:\b(?:interview|conversation|q ?& ?a|talk(?:ed|s)?|sp(?:oke|eaks)|sits? down|sat down)"
    r" with )(?:[^\n:;,]{0,30}, )?[^\n:;,]{0,30}$"
)
_BEFORE = 80
"""Characters before a name in which "an interview with" may stand."""
_BEHIND = 60
"""Characters behind a name in which a handle, or who somebody is, may stand."""
_ROLES = word_set("member mp mk hon rep founder editor teacher doctor priest veteran deputy nurse")
"""Who somebody is, beside the name at the head of a post."""
_NO_NAMES = PLACES | word_set(
    """
    paid announcement opinion comment public press notice urgent open letter district province
    valley valleys cemetery square hall port camp region county debate centre center block
    thread note notes page group
    """
)
"""Words of the lines above a document that are no person's name."""
_STATES = re.compile(r"(?i)(?:republic|kingdom|state|government) of\b")


def person_in(view: TextView, lines: Sequence[Span], rest: str, least: int) -> Span | None:
    """The person whom some lines name; the surest by what stands beside the name.

    Args:
        rest: what follows the document, where a note or a signature may name the person again.
        least: signs that it takes: 1 for any name of two words.
    """
    best, most, named = None, least - 1, frozenset(re.findall(r"[\w'\u2019-]+", rest.lower()))
    for line in lines:
        for name in names_of(view, [line]):
            mention = with_role(view.plain, name.span)
            if name.quoted or len(name.words) < 2 or _is_no_person(view, mention):
                continue
            again = name.words[-1].lower() in named
            sure = _signs(view, lines, line, name, mention) + 2 * again
            if sure > most:
                best, most = mention, sure
    return best


def _is_no_person(view: TextView, mention: Span) -> bool:
    words = view.plain[slice(*mention)]
    return is_party(words) or not _NO_NAMES.isdisjoint(words.lower().split())


def _signs(view: TextView, lines: Sequence[Span], line: Span, name: Name, mention: Span) -> int:
    """How much in and beside a mention tells that it is the person in question."""
    before = view.text[max(line[0], mention[0] - _BEFORE) : mention[0]].rstrip(" *")
    behind = view.text[name.end : name.end + _BEHIND]
    beside = re.findall(r"\w+", behind.split("\n")[0])[:3]
    words = [*before.split()[-1:], *view.plain[slice(*mention)].split(), *beside]
    role = any(is_title(word) or word.lower().strip(".") in _ROLES for word in words)
    dated = any(c.isdigit() for c in view.text[name.end : line[1]].split("\u00b7")[0])
    alone = not before and (name.end == line[1] or behind[:1] in ":," or " \u00b7" in behind[:3])
    surname = re.escape(name.words[-1])
    asked = _WITH.search(f"{before} ") is not None or before.endswith(('":', "':"))
    return (
        2 * (role or name.words[0].lower() in GIVEN_NAMES)
        + 2 * asked
        + 2 * (re.match(r"\W*@", behind) is not None)
        + 2 * (alone and not dated)
        + sum(len(re.findall(rf"\b{surname}\b", view.text[slice(*one)])) for one in lines)
    )


def body_in(view: TextView, lines: Sequence[Span]) -> Span | None:
    """The first line that names a body, such as a letterhead; a ministry before its state."""
    found = [line for line in lines if _is_letterhead(view.text[slice(*line)])]
    ministries = [line for line in found if not _STATES.match(view.text, *line)]
    return next(iter([*ministries, *found]), None)


def _is_letterhead(line: str) -> bool:
    words = [word for word in re.split(r"[\s,|()]+", line) if word]
    capital = all(word[0].isupper() or word.lower() in OUTSIDE_NAMES for word in words)
    plain = not any(c.isdigit() for c in line) and line[-1] not in ".!?,"
    return capital and plain and len(words) <= LONGEST_MENTION and is_body(line)


def is_body(line: str) -> bool:
    """Whether some words name an organisation, a group or an office."""
    lower = {word.strip(".,:;()'").lower() for word in line.split()}
    return not lower.isdisjoint(ORGANISATION_NOUNS | GROUPS)
