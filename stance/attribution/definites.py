"""Whom "the minister", "the French leader", "the diplomat" or "the group" means."""

import re
from collections.abc import Sequence

from stance.attribution.lexicon import GROUPS, word_set
from stance.attribution.mentions import clean, core_of, described_by, without_opener
from stance.attribution.names import RUN, bare_words, is_title
from stance.attribution.people import People, Turn
from stance.attribution.persons import gender_of, is_party
from stance.attribution.sentences import sentence_at
from stance.records import Span

__all__ = ["Definites"]

_FAR = 6_000
"""Characters a role looks back."""
_TURNS = 100
"""Speakers a role looks back."""
_EPITHET = re.compile(
    r"[Tt]he (?:\d+-year-old\b|(?:veteran|outspoken|embattled|long-?time|hardline"
    r"|soft-spoken) )"
)
"""How a person who was named before is called anew, to tell something of him."""
_NEAR = 2
"""Sentences that an epithet looks back."""
_SCHOLARS = word_set("scientist researcher scholar professor expert fellow economist historian")
_FITTING = {
    "diplomat": word_set(
        "minister ambassador envoy secretary representative spokesman spokeswoman spokesperson"
    ),
    "politician": word_set(
        "president premier minister chancellor senator lawmaker mp leader chairman chairwoman mayor"
    ),
    "lawmaker": word_set("mp senator deputy congressman congresswoman representative"),
    "mp": word_set("lawmaker deputy"),
    "envoy": word_set("representative ambassador mediator"),
    "mediator": word_set("envoy representative"),
    "premier": word_set("prime"),
    "analyst": _SCHOLARS,
    "researcher": _SCHOLARS,
    "scholar": _SCHOLARS,
    "academic": _SCHOLARS,
    "pontiff": word_set("pope"),
}
"""What else somebody may be called: by its last word, the roles of whom it may mean."""
_ANEW = 4
"""Sentences that such a word looks back."""
_AGED = word_set("widow widower veteran elder survivor grandmother grandfather aunt")
"""What anybody may be called whom a paragraph is about."""
_BODIES = word_set("group movement militants rebels fighters insurgents organisation organization")
"""What a group that was named before is called anew."""
_ARMED = GROUPS | word_set("front movement brigades militia faction forces")
_PAPERS = word_set("statement post tweet message letter communique readout release recording note")
"""What speaks for whoever issued it."""
_ISSUED = re.compile(rf"(?i)\b(?:{'|'.join(sorted(_PAPERS))})\b")


class Definites:
    """Resolves the definite mentions of one article.

    Args:
        text, sentences: of the article.
        people: who is named in it.
        spoken: who has spoken so far, in text order; it grows while mentions are resolved.
    """

    def __init__(
        self, text: str, sentences: Sequence[Span], people: People, spoken: Sequence[Turn]
    ) -> None:
        self._text, self._sentences = text, sentences
        self._people, self._spoken = people, spoken

    def resolve(self, source: Span) -> str | None:
        """Whom "the minister", "the latter" or "the Polish minister" means."""
        mention = self._text[slice(*source)]
        if mention.lower() == "the latter":
            return self._people.latter(source[0])
        head = core_of(clean(mention)).rpartition(" ")[2].lower()
        described = mention.split()[1:]
        if described and described[0][0].isupper() and not all(map(is_title, described)):
            found = self._bare(source) or self._compatriot(source) or self._body(source, head)
            return found or self._people.introductions.full(source)
        found = self._apposed(source) or self._topic(source, head) or self._described(source)
        found = found or self._bare(source)
        if found is None and _EPITHET.match(mention):
            return self._epithet(source)
        found = found or self._called_anew(source, head) or self._body(source, head)
        found = found or self._introduced(source, head) or self._told(source, head)
        return found or self._paper(source, head)

    def _compatriot(self, source: Span) -> str | None:
        """Of "The French leader", the last person who spoke in a role of that country.

        One in that very role goes first; of several others none is meant for sure.
        """
        _, *described = core_of(clean(self._text[slice(*source)])).split()
        if len(described) < 2 or described[-1][0].isupper() or not is_title(described[-1]):
            return None
        country, role = described[0], described[-1]
        gender = gender_of(" ".join(described))
        fitting = [
            turn.speaker
            for turn in reversed(self._spoken[-_TURNS:])
            if country in turn.speaker.split()
            and not is_party(turn.speaker)
            and (gender is None or gender_of(turn.speaker) in (gender, None))
        ]
        exact = [speaker for speaker in fitting if described_by(speaker, role)]
        if exact:
            return exact[0]
        return fitting[0] if len(set(fitting)) == 1 else None

    def _called_anew(self, source: Span, head: str) -> str | None:
        """Of "the top diplomat", the minister who spoke just before."""
        fitting = _FITTING.get(head, frozenset())
        near = self._near(source, _ANEW)
        persons = (one for one in near if not is_party(one) and not fitting.isdisjoint(_words(one)))
        return next(persons, None)

    def _body(self, source: Span, head: str) -> str | None:
        """Of "the Palestinian group", the group that spoke just before."""
        if head not in _BODIES:
            return None
        near = self._near(source, _ANEW)
        return next((one for one in near if is_party(one) and _words(one) & _ARMED), None)

    def _introduced(self, source: Span, head: str) -> str | None:
        """Of "the monk", the last name behind which "a monk" stands, with or without more."""
        persons = map(self._people.at_end, self._said_of(source, ", (?:an?|the|one of the)", head))
        return next((one for one in persons if one and not is_party(one)), None)

    def _topic(self, source: Span, head: str) -> str | None:
        """Of "the widow", "the brigadier": whom the paragraph is about, if nothing rules it out."""
        mention = clean(self._text[slice(*source)])
        if not mention[4:].islower() or mention != core_of(mention):
            return None
        person = self._people.topic(source[0])
        if person is None:
            return None
        kind = set(mention.lower().split()[1:-1])
        if described_by(person, head) == person and kind <= _words(person):
            return person
        genders = {gender_of(mention), gender_of(person)} - {None}
        return person if head in _AGED and len(genders) < 2 else None

    def _told(self, source: Span, head: str) -> str | None:
        """Of "the bookkeeper", of whom "She is a school bookkeeper" tells."""
        places = self._said_of(source, r"\b(?:[Ss]he|[Hh]e) (?:is|was) (?:an?|the)", head)
        return self._people.topic(places[0]) if places else None

    def _said_of(self, source: Span, opening: str, head: str) -> list[int]:
        """Where the text before a mention says of somebody that he is such, the last first."""
        said = re.compile(rf"{opening} (?:[\w'\u2019-]+ ){{0,4}}?{re.escape(head)}\b")
        found = said.finditer(self._text, max(0, source[0] - _FAR), source[0])
        return [one.start() for one in found][::-1]

    def _paper(self, source: Span, head: str) -> str | None:
        """Of "the post", "the statement": whoever spoke in the sentence before, in such a one."""
        if head not in _PAPERS or not self._spoken:
            return None
        last, own = self._spoken[-1], sentence_at(self._sentences, source[0])
        issued = own - last.sentence == 1 and _ISSUED.search(
            self._text, *self._sentences[last.sentence]
        )
        return last.speaker if issued else None

    def _near(self, source: Span, sentences: int) -> list[str]:
        """The last three speakers, if that was so many sentences ago, the latest first."""
        own = sentence_at(self._sentences, source[0])
        near = [turn for turn in self._spoken[-3:] if own - turn.sentence <= sentences]
        return [turn.speaker for turn in reversed(near)]

    def _epithet(self, source: Span) -> str | None:
        """Of "the veteran leader", the one person who spoke in the sentences before."""
        own = sentence_at(self._sentences, source[0])
        spoke = next((one for one in self._near(source, _NEAR) if not is_party(one)), None)
        if spoke or not own or not self._people.together(own - 1, own):
            return spoke
        return self._people.subject(own - 1)

    def _apposed(self, source: Span) -> str | None:
        """ "The minister in charge, Bao Pham" with its name, whoever else is a minister here."""
        mention = clean(self._text[slice(*source)])
        parts = mention.split(", ")[1:]
        named = any(RUN.fullmatch(part) and len(bare_words(part)) > 1 for part in parts)
        return mention if named else None

    def _bare(self, source: Span) -> str | None:
        """Of "The Polish minister", the name without a role in the sentence before."""
        mention = self._text[slice(*source)]
        last = mention.split()[-1]
        if last[0].isupper() or not is_title(last):
            return None
        speaker = self._people.bare(source[0])
        genders = {gender_of(mention), gender_of(speaker or "")} - {None}
        return speaker if len(genders) < 2 else None

    def _described(self, source: Span) -> str | None:
        """What "the ministry" or "the president" names: the last mention with that word."""
        mention = clean(self._text[slice(*source)])
        core = core_of(mention)
        head = re.sub(r"['\u2019]s?$", "", core.split()[-1])
        own = re.match(r" (?:of|for)\b.*?([\w-]+)$", mention[len(core) :].lower())
        low = max(0, source[0] - _FAR)
        kind = set(core.lower().split()[1:-1])  # "the foreign minister" beside another minister
        other = None
        for turn in reversed(self._spoken[-_TURNS:]):
            found = described_by(turn.speaker, head) if turn.start >= low else None
            if found and len(found) > len(core) and (own is None or own[1] in found.lower()):
                if kind <= set(found.lower().split()):
                    return found
                other = other or found
        if other:
            return other
        return self._written(head, low, source[0]) if own is None else None

    def _written(self, head: str, low: int, high: int) -> str | None:
        """The last capitalised mention of "the ministry" in a part of the text."""
        title = re.escape(head.capitalize())
        name = rf"(?:[A-Z][\w'\u2019-]* ){{1,8}}{title}\b"
        if is_title(head):
            name = rf"(?:{name}(?: [A-Z][\w-]*){{0,8}}|\b{title}(?: [A-Z][\w-]*){{2,5}})"
        for found in reversed(list(re.finditer(name, self._text[low:high]))):
            sentence = self._sentences[sentence_at(self._sentences, low + found.start())]
            if sentence not in self._people.headlines:
                return clean(without_opener(found[0]))
        return None


def _words(speaker: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", speaker.lower()))
