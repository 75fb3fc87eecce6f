"""What is a name in an article: where it starts and ends, and which words are its person's.

A name is a run of capitalised words inside one sentence, without what only looks like a part of
it: the weekday before it, the adverb or the headline it stands in, the owner in "Putin's Russia".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stance.attribution.given_names import GIVEN_NAMES
from stance.attribution.lexicon import (
    FUNCTION_WORDS,
    ORGANISATION_NOUNS,
    OUTSIDE_NAMES,
    PLACES,
    ROLE_MODIFIERS,
    ROLE_NOUNS,
    TITLES,
    word_set,
)
from stance.attribution.textview import TextView
from stance.records import Span

__all__ = [
    "OFFICE",
    "PARTICLES",
    "POSSESSIVE",
    "RUN",
    "Name",
    "bare_words",
    "is_headline",
    "is_title",
    "names_of",
]

PARTICLES = word_set(
    "de del della van von der den di da dos du bin ben ibn bint abu al el la le ter zu"
)
"""Small words inside of names, in front of the surname."""
_PARTICLE = f"(?:{'|'.join(sorted(PARTICLES))})"
_CAPITALISED = (
    r"(?:(?:[A-Z]\.)+"  # initials, "U.S."
    r"|(?:Gen|Lt|Col|Maj|Capt|Sgt|Adm|Brig|Dr|Mr|Mrs|Ms|Sen|Rep|Gov|Prof|Rev|St|Jr|Sr)\."
    r"|(?:(?:al|el|an|as|ash|ad)-)?[^\W\d_a-z][\w'\u2019-]*)"
)
_OFFICE = (
    r"(?:(?:Secretary|Minister|President|Chief|Speaker|Director|Head|Governor|Leader|Chairman)"
    rf" (?:of|for) (?:the )?{_CAPITALISED})"
)
"""A title with a complement: without it, "Secretary of State Antony Blinken" starts at "State"."""
_WORD = rf"(?:{_OFFICE}|{_CAPITALISED})"
OFFICE = re.compile(_OFFICE)
RUN = re.compile(rf"(?<![^\W\d_]){_WORD}(?: (?:{_PARTICLE} ){{0,2}}{_WORD}){{0,9}}")
_WORDS = re.compile(rf"{_WORD}|{_PARTICLE}(?= )")
POSSESSIVE = re.compile(r"(?:['\u2019]s|(?<=s)['\u2019])$")
_BEFORE_A_MONTH = re.compile(
    r"(?i)\b(?:in|since|until|by|from|early|late|mid|last|next|this|of|before|after|during) $"
)
_BEFORE_A_PLACE = re.compile(r"(?i)\b(?:in|at|from|to|near|outside) $")
_LETTER = re.compile(r"[^\W_]")
_MONTHS_OR_NAMES = word_set("april june august")
_WORDS_OR_NAMES = word_set("may will an do so no can")
"""Function words that may be a part of a name behind its head: "Theresa May", "Will" is none."""
_ABBREVIATED_PLACES = word_set("u.s u.k u.n e.u d.c us uk un eu")
_SURNAME_TITLES = word_set("king prince pope lord head chief judge bishop cardinal justice")
"""Titles that may be a surname: "Martin Luther King"."""


@dataclass(frozen=True, slots=True)
class Name:
    """A capitalised name, with the titles at its head.

    Attributes:
        start, end: where it is in the article; a possessive ending is outside.
        words: its words without titles; a single one may be anything with a capital.
        opens: True when it is the first of its sentence.
        quoted: True inside of a quotation, in single marks too.
    """

    start: int
    end: int
    words: tuple[str, ...]
    opens: bool
    quoted: bool

    @property
    def span(self) -> Span:
        return self.start, self.end


def names_of(view: TextView, sentences: Sequence[Span]) -> list[Name]:
    """The names in some sentences of an article, in text order.

    Args:
        view: the article's view.
        sentences: none of them a headline, which capitalises any word.
    """
    text = view.plain
    found: list[Name] = []
    for start, end in sentences:
        opening = _LETTER.search(text, start, end)
        for run in RUN.finditer(text, start, end):
            opens = opening is not None and run.start() <= opening.start()
            for first, last in _pieces(text, run.span(), opens):
                words = tuple(bare_words(text[first:last]))
                if words:
                    here = opens and first == run.start()
                    quoted = bool(view.quoted[first] or view.single[first])
                    found.append(Name(first, last, words, here, quoted))
    return found


def is_headline(sentence: str) -> bool:
    """True for a line of four words or more without a full stop, most of them capitalised."""
    words: list[str] = re.findall(r"[^\W\d_][\w'\u2019-]*", sentence)
    if len(words) < 4 or sentence.rstrip(" \n\"'\u201d\u2019)")[-1:] in ".!?\u2026:;,":
        return False
    full = [word for word in words if word.lower() not in FUNCTION_WORDS]
    capitals = sum(word[0].isupper() for word in words)
    return capitals >= 0.6 * len(words) and (
        sum(word[0].isupper() for word in full) > 0.7 * len(full)
    )


def _pieces(text: str, run: Span, opens: bool) -> Iterator[Span]:
    """The names in a run of capitalised words: split at words that no name holds."""
    piece: list[re.Match[str]] = []
    for word in _WORDS.finditer(text, *run):
        lower = word[0].lower()
        inside = bool(piece) and lower in _WORDS_OR_NAMES
        if not inside and lower in OUTSIDE_NAMES:
            yield from _trimmed(text, piece, opens)
            piece = []
            continue
        piece.append(word)
        if POSSESSIVE.search(word[0]):
            yield from _trimmed(text, piece, opens)
            piece = []
    yield from _trimmed(text, piece, opens)


def _trimmed(text: str, piece: Sequence[re.Match[str]], opens: bool) -> Iterator[Span]:
    """A name without what stands at its head in the sentence only."""
    words = list(piece)
    while words and _is_no_head(text, words, opens):
        words = words[1:]
    if words:
        last = words[-1]
        ending = POSSESSIVE.search(last[0])
        yield words[0].start(), last.end() - (len(ending[0]) if ending else 0)


def _is_no_head(text: str, words: Sequence[re.Match[str]], opens: bool) -> bool:
    first = words[0]
    lower = first[0].lower().rstrip(".")
    rest = [word[0] for word in words[1:]]
    before = text[max(0, first.start() - 10) : first.start()]
    if lower in _MONTHS_OR_NAMES:
        return bool(_BEFORE_A_MONTH.search(before))
    titled = any(is_title(word) or word.lower() in ORGANISATION_NOUNS for word in rest)
    if lower in _ABBREVIATED_PLACES:
        return not titled  # "in the U.S. Lavrov said": two sentences, or no name's head
    if lower in PLACES and titled and len(rest) > 1:
        return bool(_BEFORE_A_PLACE.search(before))  # "In Kyiv Prime Minister Narendra Modi"
    participle = lower.endswith("ing") and len(lower) > 5 and lower not in ROLE_MODIFIERS
    adverb = lower.endswith("ly") and len(lower) > 4 and lower not in GIVEN_NAMES
    first_word = opens and bool(rest) and not before.strip()[-1:].isalnum()
    return first_word and (participle or adverb) and lower not in PLACES


def is_title(word: str) -> bool:
    """True for a word that stands before a person's name and is no part of it."""
    first = word.lower().split(" ", maxsplit=1)[0].rstrip(".")
    parts = first.split("-")  # "Secretary-General", "Vice-President"
    return parts[0] in TITLES or parts[-1] in ROLE_NOUNS


def bare_words(name: str) -> list[str]:
    """Words of a name without titles and possessive ending; none when it is only a title."""
    words = [POSSESSIVE.sub("", word).strip(".,") for word in name.split()]
    words = [word for word in words if word and word not in ("Jr", "Sr")]
    office = list(OFFICE.finditer(name))
    if office:
        words = name[office[-1].end() :].split()
        return bare_words(" ".join(words)) if words else []
    titles = [at for at, word in enumerate(words) if is_title(word)]
    if titles and titles[-1] == len(words) - 1:
        if len(words) < 2 or words[-1].lower() not in _SURNAME_TITLES:
            return []
        titles.pop()
    return words[titles[-1] + 1 :] if titles else words
