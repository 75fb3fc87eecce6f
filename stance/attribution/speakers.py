"""Who speaks: from the mention beside a statement to the fullest mention in the article.

Rules over recency, not a coreference model: "Glaser" becomes the mention that introduces
Bonnie Glaser, "he" the last man or person who spoke or was named, "the ministry" the
ministry named before. Where nothing fits, the mention stays as it is.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from stance.attribution.lexicon import (
    FEMALE_WORDS,
    FIRST_PERSON,
    FUNCTION_WORDS,
    MALE_WORDS,
    PLURAL_PRONOUNS,
    ROLE_MODIFIERS,
    ROLE_NOUNS,
    SINGULAR_PRONOUNS,
)
from stance.records import Span

__all__ = ["Speakers"]

_WORD = re.compile(r"[^\W_][\w.'\u2019-]*")
_CAPITALISED = r"[^\W\d_a-z][\w'\u2019-]*\.?"
_NAME = re.compile(
    rf"{_CAPITALISED}(?: (?:(?:de|del|van|von|der|bin|al|el|la|di) )?{_CAPITALISED}){{0,5}}"
)
_LOOK_BACK = 1_500
"""Characters a pronoun looks back; about five paragraphs of news."""


@dataclass(frozen=True, slots=True)
class _Name:
    """A capitalised name of at least two words: where it is, and its last word."""

    start: int
    end: int
    last: str


class Speakers:
    """Resolves the mentions of one article, in text order.

    Args:
        text: the article.
        sources: the source mentions that the tagger found, as outer bounds; a mention
            that holds a name brings its role and organisation with it.
    """

    def __init__(self, text: str, sources: Sequence[Span]) -> None:
        self._text = text
        self._sources = sorted(set(sources))
        self._names = [name for match in _NAME.finditer(text) if (name := _name(match))]
        self._starts = [name.start for name in self._names]
        self._introduced: dict[str, Span] = {}
        for name in self._names:
            self._introduced.setdefault(name.last, (name.start, name.end))
        self._roles: dict[str, list[Span]] = {}
        self._spoken: list[tuple[Span, str]] = []

    def resolve(self, source: Span | None) -> str | None:
        """The speaker of one statement; call in text order, as pronouns look back.

        Args:
            source: the mention beside the statement, or None when it has none.
        """
        if source is None:
            return None
        speaker = self._resolve(source)
        self._spoken.append((source, speaker))
        return speaker

    def running(self) -> str | None:
        """The last speaker, to whom a quotation without a cue belongs."""
        return self._spoken[-1][1] if self._spoken else None

    def _resolve(self, source: Span) -> str:
        mention = self._text[slice(*source)]
        words = [word.lower() for word in _WORD.findall(mention)]
        if len(words) == 1 and words[0] in SINGULAR_PRONOUNS:
            return self._person(source[0], SINGULAR_PRONOUNS[words[0]]) or mention
        if len(words) == 1 and words[0] in PLURAL_PRONOUNS:
            return self._party(source[0], words[0]) or mention
        if len(words) == 1 and words[0] in FIRST_PERSON:
            return mention
        if words and words[0] in ("the", "that", "this") and mention[4:5].islower():
            return self._described(source, words[-1]) or _clean(mention)
        return self._full(source)

    def _full(self, source: Span) -> str:
        """The mention that introduces the name in `source`, with its role; or the mention."""
        names = _NAME.findall(self._text[slice(*source)])
        if not names:
            return _clean(self._text[slice(*source)])
        short = len(names) == 1 and len(_bare(names[0])) == 1
        if not short:
            return _clean(self._text[slice(*self._with_role(source))])
        introduced = self._introduced.get(_bare(names[0])[-1])
        if introduced is None or introduced == source:
            return _clean(self._text[slice(*source)])
        return _clean(self._text[slice(*self._with_role(self._annotated(introduced)))])

    def _annotated(self, name: Span) -> Span:
        """The source mention that holds a name, or the name itself."""
        at = bisect_left(self._sources, (name[0] + 1, 0)) - 1
        for start, end in self._sources[max(0, at - 2) : at + 1]:
            if start <= name[0] and name[1] <= end:
                return start, end
        return name

    def _with_role(self, mention: Span) -> Span:
        """The mention with the role before it: "embassy spokesman", "German Chancellor"."""
        start = mention[0]
        head = self._text[max(0, start - 80) : start]
        words = list(re.finditer(r"\S+", head.rsplit("\n", 1)[-1]))
        offset = start - len(head.rsplit("\n", 1)[-1])
        if not self._text[start : start + 1].isupper():
            return mention
        role = False
        for match in reversed(words[-5:]):
            word = match[0]
            bare = word.lower().removesuffix("'s").removesuffix("\u2019s")
            if not word[-1].isalnum() or bare in FUNCTION_WORDS or not word[0].isalpha():
                break
            if word[0].islower() and bare not in (ROLE_MODIFIERS if role else ROLE_NOUNS):
                break
            role = role or bare in ROLE_NOUNS
            if role:
                start = offset + match.start()
        return start, mention[1]

    def _person(self, before: int, gender: str) -> str | None:
        """The last person named or quoted before a pronoun, whom its gender fits."""
        low = before - _LOOK_BACK
        options: list[tuple[int, str]] = []
        for (start, _), speaker in self._spoken[-8:]:
            if start >= low and speaker[:1].isupper() | (" " in speaker):
                options.append((start, speaker))
        at = bisect_left(self._starts, before)
        options += [
            (name.start, self._full((name.start, name.end)))
            for name in self._names[max(0, at - 12) : at]
            if name.start >= low and self._is_person(name)
        ]
        for _, speaker in sorted(options, key=lambda option: -option[0]):
            if _gender(speaker) in (gender, None) and not _is_party(speaker):
                return speaker
        return None

    def _is_person(self, name: _Name) -> bool:
        """True when a role or a title is before the name, or it has spoken before."""
        if self._with_role((name.start, name.end))[0] < name.start:
            return True
        held = self._annotated((name.start, name.end))
        return held != (name.start, name.end) or (name.start, name.end) in self._sources

    def _party(self, before: int, pronoun: str) -> str | None:
        """The last speaker before "they" or "it" who is not one person."""
        for (start, _), speaker in reversed(self._spoken[-8:]):
            if start < before - _LOOK_BACK:
                return None
            plural = speaker.split(",")[0].rstrip().endswith("s") or " and " in speaker
            if _is_party(speaker) and (plural or not pronoun.startswith("the")):
                return speaker
        return None

    def _described(self, source: Span, head: str) -> str | None:
        """What "the ministry" or "the president" names: the last mention with that word."""
        low = max(0, source[0] - 4 * _LOOK_BACK)
        pattern = re.compile(rf"(?:[A-Z][\w'\u2019-]* )+{head.capitalize()}\b(?: [A-Z][\w-]*)*")
        found = list(pattern.finditer(self._text, low, source[0]))
        spoken = [
            speaker
            for (start, _), speaker in self._spoken[-100:]
            if start >= low and re.search(rf"\b{re.escape(head)}\b", speaker, re.IGNORECASE)
        ]
        longer = [s for s in spoken if len(s) > source[1] - source[0]]
        if longer:
            return longer[-1]
        return _clean(found[-1][0]) if found else None


def _name(match: re.Match[str]) -> _Name | None:
    """A name of two words or more, without a capitalised function word at its head."""
    start = match.start()
    words = match[0].split(" ")
    while words and words[0].lower() in FUNCTION_WORDS:
        start += len(words[0]) + 1
        words = words[1:]
    bare = _bare(" ".join(words))
    if len(bare) < 2:
        return None
    return _Name(start, match.end() - (match[0][-1] == "."), bare[-1])


def _bare(name: str) -> list[str]:
    """Words of a name without titles and possessive endings."""
    words = [re.sub(r"(['\u2019]s?|\.)$", "", word) for word in name.split(" ")]
    titles = MALE_WORDS | FEMALE_WORDS | ROLE_NOUNS | {"dr", "gen", "sen", "rep"}
    return [word for word in words if word and word.lower() not in titles]


def _gender(speaker: str) -> str | None:
    words = {word.lower().rstrip(".") for word in _WORD.findall(speaker)}
    if words & FEMALE_WORDS:
        return "f"
    return "m" if words & MALE_WORDS else None


_PARTY = re.compile(
    r"(?i)\b(ministry|government|embassy|agency|army|committee|council|union|party|group|office|"
    r"officials|sources|leaders|rebels|diplomats|kremlin|house|department|countries|states|"
    r"forces|nations|authorities|media|report|statement|study|survey|poll|company|news)\b"
)


def _is_party(speaker: str) -> bool:
    """True for organisations, groups, places and documents, as far as their words tell."""
    head = speaker.split(",", maxsplit=1)[0]
    if any(word.lower() in ROLE_NOUNS for word in head.split()):
        return False
    return bool(_PARTY.search(head)) or head.startswith("The ") or len(_bare(head)) < 2


def _clean(mention: str) -> str:
    """A mention on one line, without punctuation around it."""
    return " ".join(mention.split()).strip(' ,;:\u2014\u2013-"\u201c\u201d')
