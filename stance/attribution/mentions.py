"""What stands around a name in a mention: the role before it, the apposition behind it."""

import re

from stance.attribution.lexicon import (
    FUNCTION_WORDS,
    OUTSIDE_NAMES,
    ROLE_MODIFIERS,
    ROLE_NOUNS,
    word_set,
)
from stance.attribution.names import OFFICE, PARTICLES, POSSESSIVE, RUN, bare_words, is_title
from stance.records import Span

__all__ = [
    "clean",
    "core_of",
    "described_by",
    "names_first",
    "short_name",
    "with_role",
    "without_opener",
    "without_owner",
]

_COMPLEMENT = re.compile(
    r",| \(| (?:of|in|for|to|at|on|from|with|by|who|whose|that|which|near|about)\b"
)
_BEHIND_A_NAME = re.compile(r"[,;\s]*$|,| \(| (?:who|of|from|in|for|at)\b")
_TITLES = {
    "general": r"gen\.",
    "colonel": r"col\.",
    "brigadier": r"brig\.",
    "major": r"maj\.",
    "captain": r"capt\.",
    "senator": r"sen\.",
    "governor": r"gov\.",
    "priest": r"father|fr\.|rev(?:erend|\.)",
    "pastor": r"rev(?:erend|\.)",
    "clergyman": r"rev(?:erend|\.)",
    "monk": r"ven(?:erable|\.)",
    "nun": "sister",
    "prelate": "(?:arch)?bishop|cardinal",
    "cleric": "imam|mullah|maulana|ayatollah|sheikh",
    "doctor": r"dr\.?",
    "surgeon": r"dr\.?",
    "professor": r"prof\.",
    "judge": "justice",
}
_TITLED = {head: re.compile(rf"(?i)\b(?:{titles})(?= )") for head, titles in _TITLES.items()}
"""By what somebody is called: the titles that he may have instead."""
_ANOTHER = re.compile(r",? and (?:[a-z]+ ){0,4}[A-Z]")
"""Behind a name, another: "Ahmed al-Sharaa, and Mazloum Abdi" is no mention of one of them."""
_ARTICLE = re.compile(r"(?i)^an? ")
_INITIALS = re.compile(r"(?:[A-Z]\.){2,}")
_LISTED = re.compile(r"\s*[A-Z].*(?:,| and | or )")
"""Behind a comma, other names: "Xi, Putin and Modi"."""
_FINITE = word_set(
    """
    says said tells told adds warns argues writes wrote believes thinks thought wants knows agrees
    denies insists refuses declines expects sees has had have is was are were will would can
    could may might does did do puts put also
    """
)
"""First words of a cue that is a verb, so that an "'s" before it is a part of the name."""


def core_of(mention: str) -> str:
    """A mention without what follows its head: "The minister" of "The minister in Cairo"."""
    cut = _COMPLEMENT.search(mention)
    office = OFFICE.search(mention)  # "Secretary of State" has its complement before the name
    if cut and office and office.start() < cut.start() < office.end() < len(mention):
        cut = _COMPLEMENT.search(mention, office.end())
    return mention[: cut.start()].strip() if cut else mention.strip()


def short_name(mention: str) -> str | None:
    """The one word of a name that is all a mention says, as in "Mr. Xi, who …"; else None.

    "Clinton aides" and "Putin's Russia" say more than "Clinton" and "Putin".
    """
    head, *described = re.split(r",| \(| who ", mention.strip(), maxsplit=1)
    if described and _LISTED.match(described[0]):
        return None
    head = re.sub(r" (?:himself|herself)$", "", head)
    words = head.split()
    while words and (words[0] in ROLE_MODIFIERS or words[0] in PARTICLES):  # in small letters
        words = words[1:]
    name = " ".join(words)
    if not RUN.fullmatch(name):
        return None
    bare = [word for word in bare_words(name) if word == "Ben" or word.lower() not in PARTICLES]
    return bare[0] if len(bare) == 1 else None


def with_role(text: str, mention: Span) -> Span:
    """A mention with the role before it: "embassy spokesman", "Israel's" of a minister."""
    start = mention[0]
    if not text[start : start + 1].isupper():
        return mention
    head = text[max(0, start - 80) : start].rsplit("\n", 1)[-1]
    offset = start - len(head)
    role = False
    own = text[slice(*mention)].split(",", maxsplit=1)[0].split()
    titled = any(map(is_title, own[:-1]))
    for match in reversed(list(re.finditer(r"\S+", head))[-5:]):
        word = match[0]
        bare = POSSESSIVE.sub("", word.lower())
        ends = word[-1].isalnum() or bare != word.lower() or _INITIALS.fullmatch(word)
        if not (word[0].isalpha() and ends):
            break
        if bare in OUTSIDE_NAMES:
            break
        if word[0].islower() and bare not in (ROLE_MODIFIERS if role else ROLE_NOUNS):
            break
        owner = bare != word.lower() and word[0].isupper() and len(own) > 1
        if titled and not role and not owner:
            break  # a title is a role already; before it, "Israel's" alone belongs to it
        role = role or owner or is_title(bare)
        if role:
            start = offset + match.start()
    return start, mention[1]


def names_first(text: str, mention: Span, name: Span) -> bool:
    """True when a mention is a mention of this name: nothing but a role stands before it.

    "one of the prosecutors for David Petraeus" and "Bernie Sanders supporters" are not.
    """
    before, after = text[mention[0] : name[0]], text[name[1] : mention[1]]
    if not _BEHIND_A_NAME.match(after) or _ANOTHER.match(after):
        return False
    words = before.split()
    if not words or before.rstrip().endswith(","):
        return True
    articles = {"the", "a", "an", "his", "her", "its", "their"}
    roles = words[1:] if words[0].lower() in articles else words
    return all(word[-1] != "," and word.lower() not in FUNCTION_WORDS for word in roles)


def described_by(speaker: str, head: str) -> str | None:
    """What "the HEAD" may mean of a speaker: all of it, the part up to this word, or nothing.

    Of "Foreign Ministry spokeswoman Maria Zakharova", "the spokeswoman" is all of it, and "the
    ministry" only the "Foreign Ministry"; "a spokesman for the group" is no group.
    """
    word = rf"\b{re.escape(head)}\b(?!['\u2019])"
    titled = _TITLED.get(head.lower())
    for part in speaker.split(", "):
        core = core_of(part)
        if titled and titled.search(core):
            return speaker
        found = re.search(word, core, re.IGNORECASE)
        if found is None:
            continue
        if is_title(head) or found.end() == len(core):
            return speaker
        return _ARTICLE.sub("", core[: found.end()])  # "A Foreign Ministry spokeswoman"
    return None


def without_owner(mention: str, cue: str) -> str:
    """A mention without the possessive that its cue, a noun, gives it: "Pope Francis's call".

    "Moody's said" keeps its ending.
    """
    first = re.match(r"[^\W\d_]+", cue.lower())
    if first is None or first[0] in _FINITE or first[0].endswith("ed"):
        return mention
    return POSSESSIVE.sub("", mention)


def without_opener(mention: str) -> str:
    """A capitalised mention without the words that only open its sentence, but for "The"."""
    words = mention.split()
    while words and words[0] != "The" and words[0].lower() in OUTSIDE_NAMES:
        words = words[1:]
    return " ".join(words)


def clean(mention: str) -> str:
    """A mention on one line, without what is around it: punctuation, half a bracket, ", who"."""
    line = " ".join(mention.split())
    if any(mark in line for mark in "()[]"):
        line = re.sub(r"^\((.*)\)$", r"\1", _paired(line))
    line = re.sub(r",? (?:who|whom|which|whose)$", "", " ".join(line.split()))
    return line.strip(' ,;:\u2014\u2013-"\u201c\u201d')


def _paired(line: str) -> str:
    """A line up to a bracket that nothing closes, without closing ones that nothing opened."""
    opened: list[int] = []
    unopened: set[int] = set()
    for at, mark in enumerate(line):
        if mark in "([":
            opened.append(at)
        elif mark in ")]" and opened:
            opened.pop()
        elif mark in ")]":
            unopened.add(at)
    end = opened[0] if opened else len(line)
    return "".join(mark for at, mark in enumerate(line[:end]) if at not in unopened)
