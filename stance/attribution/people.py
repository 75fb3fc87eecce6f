"""Who is named where in an article: the people whom a pronoun or a quotation may mean."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from stance.attribution.introductions import Introductions
from stance.attribution.layout import dateline_end
from stance.attribution.names import RUN, Name, is_headline, is_title, names_of
from stance.attribution.persons import is_party
from stance.attribution.sentences import sentence_at
from stance.attribution.subjects import (
    is_asked,
    is_subject,
    named_by_role,
    opening_words,
    opens_sentence,
    owners,
    phrase_at_end,
    several_people,
    unnamed_person,
)
from stance.attribution.textview import TextView
from stance.records import Span

__all__ = ["People", "Turn"]

_NAMES = 20
"""So many of the names before a pronoun are looked at, at most."""
_SENTENCES = 8
"""So many of the sentences before, in its paragraph, may tell whom a mention means."""
_BRACKETED = re.compile(r" \([^()]{1,40}\)$")
"""What may stand between a name and its relative clause: "the Front (NAS), which"."""
_BYLINE = re.compile(r"(?:By|BY|Reporting by|Editing by|Written by|Words:?) [A-Z][^.!?:\n]{2,100}")
"""Who wrote the article, and is not in it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Who is meant by a mention: one that spoke, or that is only named."""

    start: int
    end: int
    sentence: int
    speaker: str
    spoke: bool
    subject: bool = True

    @property
    def rank(self) -> tuple[int, bool, bool, int]:
        """Later sentences first, there the one who spoke, then the subject."""
        return self.sentence, self.spoke, self.subject, self.start if self.spoke else -self.start


class People:
    """The people of one article, by where they are named.

    Args:
        view: the article's view.
        sentences: all its sentences, as `sentences_of` gives them.
        sources: the source mentions that the tagger found, as outer bounds; a mention
            that holds a name brings its role and organisation with it.

    Attributes:
        headlines: the sentences that are headlines or bylines; they introduce nobody.
        introductions: the fullest mention of each name.
    """

    def __init__(self, view: TextView, sentences: Sequence[Span], sources: Sequence[Span]) -> None:
        text = self._text = view.plain
        self._view = view
        self._sentences = sentences
        self.headlines = frozenset(
            s for s in sentences if is_headline(text[slice(*s)]) or _BYLINE.fullmatch(text, *s)
        )
        names = names_of(view, [s for s in sentences if s not in self.headlines])
        self.introductions = Introductions(text, names, sources)
        known = self.introductions.is_person
        self._names = [name for name in names if len(name.words) > 1 or known(name)]
        self._starts = [name.start for name in self._names]
        self._ends = {name.end: name for name in names}

    def turn(self, mention: Span, speaker: str, *, spoke: bool, subject: bool = True) -> Turn:
        """Who is meant by a mention, and where."""
        at = sentence_at(self._sentences, mention[0])
        return Turn(*mention, at, speaker, spoke, subject)

    def named(self, low: int, high: int, *, anyone: bool = False) -> list[Turn]:
        """Who is named in a part of the text, outside of quotations.

        Args:
            anyone: whether names count that nothing tells to be a person's.
        """
        at = bisect_left(self._starts, high)
        names = [name for name in self._names[max(0, at - _NAMES) : at] if name.start >= low]
        owning = owners(self._text, names)
        return [
            self._named(name)
            for name in names
            if name not in owning and self._is_meant(name, anyone=anyone)
        ]

    def everyone(self) -> list[Turn]:
        """All who are named in the article, outside of quotations, owners among them."""
        return [self._named(name) for name in self._names if self._is_meant(name)]

    def _is_meant(self, name: Name, *, anyone: bool = False) -> bool:
        return not name.quoted and (anyone or self.introductions.is_person(name))

    def unknown(self, before: int) -> list[Turn]:
        """Who is named before a place in its paragraph, by names of two words that may be anything.

        Of a sentence that is about somebody whom it names first, as "Ola Lund of the Front had
        left. He", or behind a place: "In West Belfast, Ola Lund runs a shop. He".
        """
        own = sentence_at(self._sentences, before)
        low, high = self._sentences[self.first(own, _SENTENCES)][0], self._sentences[own][0]
        turns = self.named(low, high, anyone=True)
        return [turn for turn in turns if turn.subject and " " in turn.speaker]

    def _named(self, name: Name) -> Turn:
        sentence, _ = self._sentences[sentence_at(self._sentences, name.start)]
        subject = is_subject(self._text, sentence, name.span)
        answers = subject and is_asked(self._text, sentence)  # "Asked about it, Ban shrugged"
        full = self.introductions.full(name.span)
        return self.turn(name.span, full, spoke=answers, subject=subject)

    def unnamed(self, sentence: int) -> Turn | None:
        """Who opens a sentence without a name, as in "A taxi driver laughed"."""
        start, end = self._sentences[sentence]
        if self._view.quoted[start] or self._view.single[start]:
            return None
        person = unnamed_person(self._text, start, end)
        return Turn(start, start, sentence, person, spoke=False) if person else None

    def subject(self, sentence: int) -> str | None:
        """The person whom a sentence is about, if its first words tell."""
        start, end = self._sentences[sentence]
        unnamed = self.unnamed(sentence)
        turns = [
            turn
            for turn in self.named(start, end)
            if opens_sentence(self._text, start, (turn.start, turn.end))
            and not is_party(turn.speaker)
        ]
        found = max([*turns, *([unnamed] if unnamed else [])], key=lambda t: t.rank, default=None)
        return found.speaker if found else None

    def topic(self, before: int) -> str | None:
        """The person whom the last sentence before a place is about, in its paragraph."""
        own = sentence_at(self._sentences, before)
        for at in range(own - 1, self.first(own, _SENTENCES) - 1, -1):
            if person := self.subject(at):
                return person
        return None

    def antecedent(self, relative: int) -> str | None:
        """What "who" or "which" stands behind: a name, or else a noun phrase."""
        start, _ = self._sentences[sentence_at(self._sentences, relative)]
        before = _BRACKETED.sub("", self._text[start:relative].rstrip(" ,"))
        full = self.at_end(start + len(before))
        human = self._text.startswith("who", relative)  # "a man from Kandahar who …" is no city
        if full and not (human and is_party(full)):
            return full
        return phrase_at_end(before)

    def at_end(self, end: int) -> str | None:
        """Who is named right before a place in the text, with his role."""
        name = self._ends.get(end)
        return self.introductions.full(name.span) if name else None

    def party(self, pronoun: int) -> str | None:
        """Who opens the sentence of "it": "The ministry has shot down 30 drones, it said"."""
        start, _ = self._sentences[sentence_at(self._sentences, pronoun)]
        if not self._text[max(0, pronoun - 3) : pronoun].rstrip().endswith(","):
            return None
        return self._opening_party(start, pronoun)

    def opening(self, it: int) -> str | None:
        """The party that the sentence before "it" is about: "Turkey was sceptical. It asked …"."""
        own = sentence_at(self._sentences, it)
        if not own or not self.together(own - 1, own):
            return None
        start, end = self._sentences[own - 1]
        opening = self._opening_party(start, end)
        named = opening and (opening.startswith("The ") or RUN.fullmatch(opening))
        return opening if named else None

    def _opening_party(self, start: int, end: int) -> str | None:
        """The party that opens a sentence, behind its dateline."""
        opening = opening_words(self._text, dateline_end(self._text, start, end), end)
        return opening if opening and is_party(opening) else None

    def many(self, they: int) -> str | None:
        """The first people of the sentence before "they": "The rebels met the mediators. They"."""
        own = sentence_at(self._sentences, they)
        found = several_people(self._text, *self._sentences[own - 1]) if own else None
        return found if found and self.together(own - 1, own) else None

    def role(self, own: int) -> str | None:
        """Who opens the sentence before without a name: "The army chief flew to Doha. He"."""
        if not own or not self.together(own - 1, own):
            return None
        return named_by_role(self._text, *self._sentences[own - 1])

    def latter(self, before: int) -> str | None:
        """The last one named in the last sentence before "the latter" that names anybody."""
        own = sentence_at(self._sentences, before)
        for at in range(own - 1, max(-1, own - 4), -1):
            start, end = self._sentences[at]
            if named := self.named(start, end):
                return named[-1].speaker
        return None

    def bare(self, before: int) -> str | None:
        """Who is named last in the sentence before, in its paragraph, and without any role.

        In "There was criticism from Radosław Sikorski. The Polish minister said", the role
        comes after the name.
        """
        own = sentence_at(self._sentences, before)
        if not own or not self.together(own - 1, own):
            return None
        start, end = self._sentences[own - 1]
        speaker = next((turn.speaker for turn in reversed(self.named(start, end))), None)
        bare = speaker and "," not in speaker and not any(map(is_title, speaker.split()))
        return speaker if bare else None

    def first(self, own: int, back: int) -> int:
        """The first sentence of a sentence's paragraph, so many sentences before it at most."""
        return next(at for at in range(max(0, own - back), own + 1) if self.together(at, own))

    def together(self, first: int, second: int) -> bool:
        """Whether two sentences stand in one paragraph."""
        one, other = (self._view.paragraph_at(self._sentences[at][0]) for at in (first, second))
        return one == other
