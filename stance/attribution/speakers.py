"""Who speaks: from the mention beside a statement to the fullest mention in the article.

Rules over recency, not a coreference model: "Glaser" becomes the mention that introduces
Bonnie Glaser, "he" the last man or person who spoke or was named, "the ministry" the
ministry named before. Where nothing fits, the mention stays as it is.
"""

import re
from collections.abc import Sequence

from stance.attribution.cataphora import Cataphora
from stance.attribution.definites import Definites
from stance.attribution.lexicon import PARTY_PRONOUNS, PRONOUNS, RELATIVES, SINGULAR_PRONOUNS
from stance.attribution.mentions import clean, core_of, without_owner
from stance.attribution.names import bare_words
from stance.attribution.people import People, Turn
from stance.attribution.persons import gender_of, is_collective, is_party, is_plural
from stance.attribution.sentences import sentence_at
from stance.attribution.subjects import CLAUSE, is_asked
from stance.attribution.textview import TextView
from stance.records import Span

__all__ = ["Speakers"]

_LOOK_BACK = 1_500
"""Characters a pronoun looks back; about five paragraphs of news."""
_LATELY = 2
"""Sentences before a pronoun, in its paragraph, that count for more, or without a name."""
_DATE = re.compile(
    r"(?<=\w)(?: on)? (?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|\d{1,2} (?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*)$"
)
"""What the tagger takes into a mention: "EU 12 Oct welcomed", "Rebels on Friday said"."""
_ADVERB = re.compile(
    r"(?i)(?:later|earlier|then|now|afterwards?|finally|today|yesterday),? (?=(?:s?he|they|it)$)"
)
"""What the tagger takes with a pronoun: "Later he was quoted"."""
_ANSWERS = re.compile(r"(?i)\b(?:repl(?:y|ies|ied)|answer|counter|retort|respond|shot back)")
"""Cues of the one who was spoken to."""
_CONTINUES = re.compile(r"(?i)\b(?:add(?:s|ed)?|continue[sd]?|goes on|went on|conclude[sd]?)\b")
"""Cues of the one who spoke last."""


class Speakers:
    """Resolves the mentions of one article, in text order.

    Args:
        view, sentences, sources: as for `People`.
    """

    def __init__(self, view: TextView, sentences: Sequence[Span], sources: Sequence[Span]) -> None:
        self._text = view.plain
        self._sentences = sentences
        self._people = People(view, sentences, sources)
        self._introductions = self._people.introductions
        self._spoken: list[Turn] = []
        self._cataphora = Cataphora(self._people)
        self._definites = Definites(self._text, sentences, self._people, self._spoken)
        self._called: dict[str, str] = {}  # the gender of the pronoun that meant a speaker

    def resolve(self, source: Span | None, cue: Span | None = None) -> str | None:
        """The speaker of one statement; call in text order, as pronouns look back.

        Args:
            source: the mention beside the statement, or None when it has none.
            cue: the words that attribute the statement to it.
        """
        if source is None:
            return None
        source = self._mention(source, cue)
        speaker = self._resolve(source, self._text[slice(*cue)] if cue else "")
        self._spoken.append(self._people.turn(source, speaker, spoke=True))
        return speaker

    def author(self, source: Span) -> str:
        """The author of a document, which names him in full at one place, or by a surname."""
        mention = clean(self._text[slice(*source)])
        speaker = mention if " " in mention else self._resolve(source, "")
        self._spoken.append(self._people.turn(source, speaker, spoke=True))
        return speaker

    def running(self, quotation: int) -> str | None:
        """To whom a quotation without a cue belongs: the last speaker, or who came since.

        In "Her husband, Aram, shakes his head. “The river is theirs.”" nobody spoke before, and in
        "The guard at the gate has heard it. “They are good men.”" the guard is who speaks.
        """
        last = self._spoken[-1] if self._spoken else None
        at = sentence_at(self._sentences, quotation) - 1
        if at < 0 or (last and last.sentence >= at) or not self._people.together(at, at + 1):
            return last.speaker if last else None
        person = self._people.subject(at) or self._people.role(at + 1)
        if person:
            self._spoken.append(self._people.turn((quotation,) * 2, person, spoke=True))
        return person or (last.speaker if last else None)

    def _mention(self, source: Span, cue: Span | None) -> Span:
        """The source without an earlier paragraph, and without the "'s" of "Putin's refusal"."""
        start, end = source
        if date := _DATE.search(self._text, start, end):
            end = date.start()
        if adverb := _ADVERB.match(self._text[start:end]):
            start += adverb.end()
        first, _ = self._sentences[sentence_at(self._sentences, end - 1)]
        if start < first < end and "\n" in self._text[start:first]:
            start = first
        if cue and self._text[end : cue[0]].isspace():
            mention = self._text[start:end]
            end = start + len(without_owner(mention, self._text[slice(*cue)]))
        return start, end

    def _resolve(self, source: Span, cue: str) -> str:
        mention = self._text[slice(*source)]
        first, *rest = mention.lower().split() or [""]
        if not rest and first in SINGULAR_PRONOUNS:
            person = self._person(source[0], SINGULAR_PRONOUNS[first], cue)
            if person:
                self._called.setdefault(person, SINGULAR_PRONOUNS[first])
            return person or mention
        if first in RELATIVES:
            return self._people.antecedent(source[0]) or clean(mention)
        if not rest and first in PARTY_PRONOUNS:
            party = self._party(source[0], first) or self._people.party(source[0])
            many = self._people.many(source[0]) if first == "they" and not party else None
            return party or many or mention
        if not rest and first in PRONOUNS:
            return mention
        if first in ("the", "that", "this"):
            found = self._definites.resolve(source) or clean(mention)
        else:
            full = self._introductions.full(source)
            found = (self._namesake(full) if " " not in full else None) or full
        named = found != clean(mention)
        return found if named else self._cataphora.named_later(mention, source[0]) or found

    def _namesake(self, word: str) -> str | None:
        """Of several people whose names start with a word, as with Kim, the one who spoke last."""
        if is_party(word):
            return None
        for turn in reversed(self._spoken[-20:]):
            bare = bare_words(core_of(turn.speaker))
            if len(bare) > 1 and bare[0] == word:
                return turn.speaker
        return None

    def _person(self, before: int, gender: str, cue: str) -> str | None:
        """The last person named or quoted before a pronoun, whom its gender fits."""
        low = before - _LOOK_BACK
        answers = bool(_ANSWERS.search(cue))  # "X told Y": Y is a person, whatever the name
        turns = [turn for turn in self._spoken[-8:] if turn.start >= low]
        turns += self._people.named(low, before, anyone=answers)
        own = sentence_at(self._sentences, before)
        turns += [
            turn
            for at in range(self._people.first(own, _LATELY), own)
            if (turn := self._people.unnamed(at))
        ]
        if is_asked(self._text, self._sentences[own][0]):
            turns = [turn for turn in turns if turn.spoke or turn.sentence < own]
        fitting = [
            turn
            for turn in sorted(turns, key=lambda turn: turn.rank, reverse=True)
            if self._fits(turn, gender)
        ]
        preferred: list[Turn] = []
        if answers:
            preferred = self._addressed(fitting)
        elif _CONTINUES.search(cue):
            preferred = [turn for turn in fitting if turn.spoke]
        elif (since := self._said_since(before)) is not None:
            preferred = [turn for turn in fitting if turn.spoke and turn.sentence >= since]
        found = next(iter([*preferred, *fitting]), None)
        if found is None or not self._people.together(found.sentence, own):
            # A name of which nothing else tells that it is a person's, in the pronoun's paragraph.
            near = [turn for turn in self._people.unknown(before) if self._fits(turn, gender)]
            found = max(near, key=lambda turn: turn.rank, default=found)
        return found.speaker if found else self._people.role(own)

    def _fits(self, turn: Turn, gender: str) -> bool:
        return self._gender(turn.speaker) in (gender, None) and not is_party(turn.speaker)

    def _said_since(self, before: int) -> int | None:
        """The sentence of its paragraph from which on who spoke goes before who is named, or None.

        In "… a falsehood by Donald Trump, he said", who is named is rather spoken about.
        """
        own = sentence_at(self._sentences, before)
        parenthetic = self._text[max(0, before - 3) : before].rstrip().endswith(",")
        clause = CLAUSE.match(self._text, self._sentences[own][0])
        return self._people.first(own, _LATELY) if parenthetic and not clause else None

    def _gender(self, speaker: str) -> str | None:
        return gender_of(speaker) or self._called.get(speaker)

    def _addressed(self, turns: Sequence[Turn]) -> list[Turn]:
        """Of those who may be meant, whom the last speaker named in the same sentence."""
        last = self._spoken[-1] if self._spoken else None
        return [
            turn
            for turn in turns
            if last and turn.sentence == last.sentence and turn.start >= last.end
        ]

    def _party(self, before: int, pronoun: str) -> str | None:
        """The last speaker before "they" or "it" who is not one person."""
        many = pronoun.startswith("the") or pronoun == "both"
        if not many and (subject := self._people.opening(before)):
            return subject
        for turn in reversed(self._spoken[-8:]):
            if turn.start < before - _LOOK_BACK:
                return None
            numbered = is_collective(turn.speaker) or is_plural(turn.speaker) == many
            if is_party(turn.speaker) and numbered and turn.speaker.lower() not in PRONOUNS:
                return turn.speaker
        return None
