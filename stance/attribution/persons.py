"""Who may be meant by "he", "she", "it" or "they": what the words of a mention tell."""

import re
import unicodedata

from stance.attribution.given_names import FEMALE_NAMES, GIVEN_NAMES, MALE_NAMES
from stance.attribution.lexicon import (
    FEMALE_WORDS,
    FUNCTION_WORDS,
    GROUPS,
    MALE_WORDS,
    ORGANISATION_NOUNS,
    PLACES,
    PRONOUNS,
    SURNAMES_LIKE_PLACES,
    word_set,
)
from stance.attribution.mentions import core_of
from stance.attribution.names import POSSESSIVE, bare_words, is_title

__all__ = ["gender_of", "is_collective", "is_party", "is_place", "is_plural"]

_WORD = re.compile(r"[^\W_](?:[\w.'\u2019-]*\w)?")
_PEOPLES = re.compile(r"(?:ians|eans|icans|crats|ists|itis|ese)$")
"""Endings of words for many people: "Ukrainians", "Democrats", "Islamists"."""
_HUMAN = re.compile(r"(?:er|or|ist|ian|ant|(?<!m)ent|man|woman|person|father|mother)$")
_PEOPLE = word_set(
    """
    nominee refugee teen boy girl guy friend aide uncle aunt counterpart colleague widow veteran
    priest monk nun prelate cleric clerk nurse midwife guard cook guide pilot surgeon smith mechanic
    recruit academic poet
    """
)
_MEN = MALE_WORDS | word_set("man boy uncle widower grandfather")
_WOMEN = FEMALE_WORDS | word_set("woman girl aunt widow grandmother nun")
_DETERMINERS = word_set("the these those all some many several two three few")
_NO_NAMES = (
    FUNCTION_WORDS
    | PRONOUNS
    | word_set("others people critics aides experts analysts supporters investors voters residents")
)
"""What may open a sentence, and so has a capital, without being a name."""


def gender_of(speaker: str) -> str | None:
    """The gender of the one who speaks, "f" or "m"; None where no title and no name tells it.

    Titles go before first names, the head before its apposition: "Patti Davis, a daughter of
    Ronald Reagan" is known by "Patti", "Her counterpart, Viktor Orban" by "Viktor".
    """
    named = False
    for part in map(core_of, speaker.split(",", maxsplit=2)[:2]):
        words = {word.lower().rstrip(".") for word in _WORD.findall(part)}
        female, male = bool(words & _WOMEN), bool(words & _MEN)
        if female != male:
            return "f" if female else "m"
        if not named and (gender := _gender_of_names(part)):
            return gender
        named = len(part.split()) > 1 and part.split()[-1][0].isupper()
    return None


def _gender_of_names(mention: str) -> str | None:
    """The gender that the first known first name tells; a surname or an owner tells none."""
    for piece in re.split(r"['\u2019]s? ", mention)[::-1]:
        capitalised = [word for word in _WORD.findall(piece) if not word.islower()]
        bare = bare_words(" ".join(capitalised))
        for word in bare[: max(1, len(bare) - 1)]:
            forms = {word.lower(), _unaccented(word.lower())}
            if forms & FEMALE_NAMES:
                return "f"
            if forms & MALE_NAMES and len(bare) > 1:
                return "m"  # alone, it may as well be a surname
    return None


def _unaccented(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def is_place(word: str, *, named: bool = False) -> bool:
    """True for a place's last word.

    Args:
        named: other words of a person's name or title stand before it ("Jim Jordan").
    """
    lower = word.lower().rstrip(".")
    return lower in PLACES and not (named and lower in SURNAMES_LIKE_PLACES)


def is_plural(speaker: str) -> bool:
    """True for several people or things; a people's or a group's name may be either."""
    core = core_of(speaker)
    last = POSSESSIVE.sub("", core.split()[-1]) if core.split() else ""
    if " and " in core or _PEOPLES.search(core):
        return True
    if not last.endswith("s") or last.endswith("ss"):
        return False
    common = last[0].islower() or core.startswith("The ") or " " not in core
    return common and last.lower() not in PLACES


def is_collective(speaker: str) -> bool:
    """True for names that both "it" and "they" may mean."""
    last = core_of(speaker).split(" ")[-1].lower()
    return last in GROUPS or last in {"states", "nations", "emirates"}


def is_party(speaker: str) -> bool:
    """True for whatever is not one person, as far as the words tell.

    Organisations, groups, places and documents; a name of one word is a person's unless it
    is known as something else.
    """
    core = core_of(speaker)
    words = [word for part in core.split() if (word := POSSESSIVE.sub("", part))]
    if not words or " and " in core:
        return True
    head = words[-1].lower()
    bare = bare_words(core)
    named = len(bare) > 1 and bare[0].lower() in GIVEN_NAMES
    if head in GROUPS or (head in ORGANISATION_NOUNS and not (named and len(bare) == 2)):
        return True
    if head.endswith("s") and words[-1].islower() and not is_title(head):
        return True
    if any(map(is_title, words)):
        return False
    organised = not named and ORGANISATION_NOUNS & {word.lower() for word in words}
    if is_place(head, named=named) or organised:
        return True
    return not (_may_be_one(words) or _is_described(words, speaker))


def _is_described(words: list[str], speaker: str) -> bool:
    """True for "His rival, Dagalo": a common noun, and behind a comma the person's name."""
    _, _, name = speaker.partition(", ")
    return words[-1].islower() and name[:1].isupper() and not is_party(name)


def _may_be_one(words: list[str]) -> bool:
    """True when neither kind nor number keeps a mention without a title from one person."""
    head = words[-1]
    if head.islower():
        return head in _PEOPLE or bool(_HUMAN.search(head))
    return _is_surname(head) if len(words) == 1 else words[0].lower() not in _DETERMINERS


def _is_surname(word: str) -> bool:
    """True when a word that stands alone may be a person's name."""
    lower = word.lower()
    acronym = len(word) > 1 and word.isupper()
    one = lower.removesuffix("s")
    human = is_title(one) or one in _PEOPLE or (len(one) > 7 and _HUMAN.search(one))
    several = one != lower and human
    return not (acronym or several or lower in _NO_NAMES or _PEOPLES.search(lower))
