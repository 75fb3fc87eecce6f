"""Where an article introduces a name: the fullest mention of who is later called by a surname."""

import re
from collections.abc import Sequence

from stance.attribution.given_names import GIVEN_NAMES
from stance.attribution.lexicon import GROUPS, SURNAMES_LIKE_PLACES, word_set
from stance.attribution.mentions import clean, names_first, short_name, with_role
from stance.attribution.names import PARTICLES, Name, is_title
from stance.attribution.persons import gender_of, is_party, is_place
from stance.attribution.spans import at_or_before
from stance.records import Span

__all__ = ["Introductions"]

_NAMESAKES = 8
"""Mentions with one surname that are looked at for a gender."""
_CONTEXT_OF_A_PERSON = re.compile(r",? (?:who|whose)\b|, (?:an?|the|his|her|its|their|\d\d)\b")
_BEHIND_A_ROLE = re.compile(
    r"(?:\b(?:[Aa]n?|[Tt]he|[Oo]ne of|[Aa]nother|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir) )?"
    r"(?P<role>(?:[\w'\u2019-]+ ){0,7}?[\w'\u2019-]+), $"
)
"""What stands before a name that only says who somebody is: "His counterpart, Fu Cong,"."""
_BEHIND_A_NAME = re.compile(r"[,.]| [\u2014\u2013-] ")
_AKIN = re.compile(r"\b(?:[Hh]is|[Hh]er|[Tt]heir|[Ii]ts) (?:[a-z-]+ )?([a-z]+) $")
"""What stands before the name of somebody's: "Her colleague Rui Falcao"."""
_ASSUMED = re.compile(
    r"\b(?:known as|call(?:s|ed|ing) (?:him|her)self|nicknamed"
    r"|(?:by|us(?:es|ed|ing)|gave|gives|giving|under) (?:only )?(?:the|an?|his|her) "
    r"(?:first )?(?:name|nom de guerre|alias)(?: of| as)?) ['\"\u201c\u2018]?$"
)
"""What stands before the name that somebody goes by."""
_RELATED = word_set(
    "counterpart predecessor successor colleague neighbour neighbor rival friend boss cousin uncle"
)
_BEFORE_A_THING = re.compile(
    r"(?i)(?:[^\w\s]|\b(?:in|of|from|at|to|near|with|and|by|for|the|an?|on|over|about|outside)) ?$"
)
"""What stands before names of places and bodies that have a verb behind them, too."""
_MEMBERS = word_set("member advisers aides commanders ministers lawmakers founder")
_VERB = re.compile(r" (?:has|had|is|was|does|did|[a-z]{2,}(?:ed|[^\Ws]s))\b")


class Introductions:
    """The names of one article, and the mentions that introduce them.

    Args:
        text: the article.
        names: its names, in text order.
        sources: the source mentions that the tagger found, as outer bounds; a mention
            that holds a name brings its role and organisation with it.
    """

    def __init__(self, text: str, names: Sequence[Name], sources: Sequence[Span]) -> None:
        self._text = text
        self._sources = sorted(set(sources))
        self._quoted = frozenset(sources)
        self._last_words: dict[str, list[Name]] = {}
        self._first_words: dict[str, dict[str, Name]] = {}
        self._titled: dict[str, list[Name]] = {}
        for name in names:
            last = _key(name.words[-1])
            if len(name.words) > 1:
                self._last_words.setdefault(last, []).append(name)
                self._first_words.setdefault(_key(name.words[0]), {}).setdefault(last, name)
            elif text[slice(*name.span)] != name.words[0]:
                self._titled.setdefault(last, []).append(name)

    def full(self, source: Span) -> str:
        """The mention that introduces the name in `source`, with its role; or the mention."""
        mention = clean(self._text[slice(*source)])
        short = short_name(mention)
        if short is None:
            return clean(self._text[slice(*with_role(self._text, source))])
        gender = gender_of(mention)
        for name in self._introducing(_key(short))[:_NAMESAKES]:
            introduced = name.span
            full = clean(self._text[slice(*with_role(self._text, self._annotated(introduced)))])
            if gender and gender_of(full) not in (gender, None):
                continue  # "Mrs. Clinton" is not Bill
            if introduced[0] < source[1] and source[0] < introduced[1]:
                return full
            may = self._may_expand(short, introduced) or _particled(mention, name)
            return full if may else mention
        return mention

    def _introducing(self, word: str) -> list[Name]:
        """Mentions that may introduce who is called by one word, the likeliest kind only.

        Names that end with it; else the one person whose name starts with it, as with Xi
        Jinping and Abiy Ahmed; else the word behind a title ("Pope Francis").
        """
        if word in self._last_words:
            return self._last_words[word]
        names = list(self._first_words.get(word, {}).values())
        if len(names) == 1 and self.is_person(names[0]):
            return names
        return self._titled.get(word, [])

    def _may_expand(self, short: str, introduced: Span) -> bool:
        """False for "Sudan" and "South Sudan"; "Jordan" needs a role before "Jim Jordan"."""
        lower = short.lower()
        if lower in SURNAMES_LIKE_PLACES:
            start, end = with_role(self._text, introduced)
            return any(map(is_title, self._text[start:end].split()[:-1]))
        return not is_place(lower) and lower not in GROUPS

    def _annotated(self, name: Span) -> Span:
        """The source that mentions a name, or the name itself."""
        at = at_or_before(self._sources, name[0])
        for start, end in self._sources[max(0, at - 2) : at + 1]:
            inside = start <= name[0] and name[1] <= end
            if inside and names_first(self._text, (start, end), name):
                return start, end
        return name

    def is_person(self, name: Name) -> bool:
        """True when its words, a role before it, or what follows it say that it is a person."""
        mention = self._text[slice(*name.span)]
        if self._is_apposed(name) or self._is_akin(name) or self._is_assumed(name):
            return not is_party(mention)
        if name.words == (mention,) and mention.lower() not in GIVEN_NAMES:
            return self._is_surname(mention)
        if is_party(mention):
            return False
        titled = any(map(is_title, self._text[slice(*with_role(self._text, name.span))].split()))
        if titled or gender_of(mention) or self._annotated(name.span) in self._quoted:
            return True
        after = self._text[name.end : name.end + 20]
        acts = len(name.words) == 2 and _VERB.match(after)
        if acts and not name.opens:
            before = self._text[max(0, name.start - 12) : name.start]
            acts = None if _BEFORE_A_THING.search(before) else acts
        return bool(acts or _CONTEXT_OF_A_PERSON.match(after))

    def _is_apposed(self, name: Name) -> bool:
        """True for "Aram" in "Her husband, Aram, …": whom the role before the comma has."""
        if not _BEHIND_A_NAME.match(self._text, name.end):
            return False
        before = _BEHIND_A_ROLE.search(self._text, max(0, name.start - 80), name.start)
        if before is None:
            return False
        last = before["role"].split()[-1]
        if is_title(last) or last.lower() in _RELATED:
            return True
        words = before["role"].split() if before.start("role") > before.start() else []
        return any(is_title(word) or word in _MEMBERS for word in words)

    def _is_akin(self, name: Name) -> bool:
        """True for "Rui Falcao" in "Her colleague Rui Falcao"."""
        whose = _AKIN.search(self._text, max(0, name.start - 40), name.start)
        return whose is not None and (is_title(whose[1]) or whose[1] in _RELATED)

    def _is_assumed(self, name: Name) -> bool:
        """True for "Silvio" in "a man calling himself Silvio", "known as Silvio"."""
        return _ASSUMED.search(self._text, max(0, name.start - 40), name.start) is not None

    def _is_surname(self, word: str) -> bool:
        """True for a word that stands for a person whom the article names in full."""
        names = self._introducing(_key(word))[:1]
        return any(self._may_expand(word, name.span) and self.is_person(name) for name in names)


def _particled(mention: str, name: Name) -> bool:
    """True for "De Lima" of Leila De Lima, which is no place though Lima is one."""
    last_two = [word.lower() for word in mention.split()[-2:]]
    return last_two[0] in PARTICLES and last_two == [word.lower() for word in name.words[-2:]]


def _key(word: str) -> str:
    """What two mentions of a surname share: "al-Burhan", "Burhan"."""
    return re.sub(r"^(?:al|el)-", "", word.lower())
