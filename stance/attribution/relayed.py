"""What media, documents and bystanders relay: in it, somebody else says or does something.

"The Front has agreed to a truce, according to a statement" is the Front's act, and "Kodo said he
would not come, Interfax reported" what Kodo said. So the clause is read once more by itself.
"""

import re
from collections.abc import Callable, Sequence

from stance.attribution.lexicon import PRONOUNS, has_plain_cue
from stance.attribution.persons import is_party
from stance.attribution.spans import Attribution, bounds, letters, merge, shifted
from stance.attribution.textview import TextView, view_of
from stance.records import Span

__all__ = ["is_channel", "with_actors"]

_CHANNEL = re.compile(
    r"(?i)\b(?:media|newspapers?|dail(?:y|ies)|news agenc(?:y|ies)|television|tv|radio|broadcaster"
    r"|reports?|statement|communiqu[e\u00e9]|readout|press release|website|residents?"
    r"|witness(?:es)?|villagers|locals|reuters|afp|ap|dpa|efe|interfax|tass|ria|xinhua|sana|irna|kuna|wafa|anadolu|qna|mena|petra"
    r"|kyodo|yonhap|bbc|cnn|al[- ]jazeera|le monde|el pa[i\u00ed]s|guardian|economist"
    r"|[\w-]+ (?:times|post|herald|tribune|gazette|monitor|chronicle|telegraph|journal|courier)"
    r"|[\w-]+ (?:daily|press|news|news service))$"
)
"""The end of a source that takes no position of its own."""
_OFFICE = re.compile(
    r"(?i)(?:\b(?:presidency|ministry|office|(?:diplomatic|presidential|official|government)"
    r" sources)|^the sources)$"
)
"""The end of a source that tells what its own president or minister said. The Kremlin, or sources
of rebels, as often tell of the other side's."""
_BY_CHANNEL = re.compile(r"(?i)\baccording to(?: an?| the)?(?P<channel>(?: [\w-]+){0,3})$")
"""A cue that is all that is found of who relays: "according to a", "according to a statement"."""
_THAT = re.compile(r"\s*(?:that )?")
_LISTENER = 40
"""Characters behind a cue that may say to whom, and where."""
_MOST = 0.8
"""Share of the clause's letters that what is found in it must have, its speaker among them."""


def with_actors(
    views: Sequence[TextView],
    found: Sequence[Sequence[Attribution]],
    read: Callable[[Sequence[TextView]], Sequence[Sequence[Attribution]]],
) -> list[list[Attribution]]:
    """The attributions of each article, what is relayed in them put to whose it is.

    Args:
        read: the attributions in some texts.
    """
    places = [
        (at, number, _clause(view, one))
        for at, (view, own) in enumerate(zip(views, found, strict=True))
        for number, one in enumerate(own)
        if _relays(view, one)
    ]
    result = [list(own) for own in found]
    clauses = [f"{views[at].text[slice(*clause)]}." for at, _, clause in places]
    inner = read([view_of(_capitalised(clause)) for clause in clauses])
    for (at, number, clause), own in zip(places, inner, strict=True):
        said = views[at].text[slice(*clause)]
        actor = next((one for one in own if _fills(said, one)), None)
        if actor is not None and (
            _by_channel(views[at], found[at][number]) or _is_one(said, actor)
        ):
            result[at][number] = _moved(actor, clause)
    return [_once(own) for own in result]


def _once(found: Sequence[Attribution]) -> list[Attribution]:
    """Without what the tagger found of a clause itself, beside who relays it."""
    return list({tuple(one.content): one for one in reversed(found)}.values())[::-1]


def _relays(view: TextView, one: Attribution) -> bool:
    if one.cue is None or len(one.content) != 1 or view.quotes(one.content):
        return False
    if not one.source:
        named = _BY_CHANNEL.search(view.text[slice(*one.cue)])
        return named is not None and (not named["channel"] or is_channel(named["channel"]))
    behind = bounds(one.source)[0] >= one.content[0][1]
    return _by_channel(view, one) or (behind and _OFFICE.search(_source(view, one)) is not None)


def _source(view: TextView, one: Attribution) -> str:
    return " ".join(view.text[slice(*piece)] for piece in one.source).split(",")[0]


def is_channel(source: str) -> bool:
    """Whether a mention is of media or others that only tell what somebody says or does."""
    return _CHANNEL.search(source) is not None


def _by_channel(view: TextView, one: Attribution) -> bool:
    return not one.source or is_channel(_source(view, one))


def _is_one(clause: str, actor: Attribution) -> bool:
    """Whether who acts in a clause is a person, whom an office may speak of as its own."""
    return not is_party(clause[slice(*bounds(actor.source))])


def _clause(view: TextView, one: Attribution) -> Span:
    start, end = one.content[0]
    that = _THAT.match(view.text, start, end)
    assert that is not None
    return that.end(), end


def _capitalised(clause: str) -> str:
    return clause[:1].upper() + clause[1:] if len(clause[:1].upper()) == 1 else clause


def _fills(clause: str, one: Attribution) -> bool:
    """Whether an attribution begins with its speaker and is all that a clause tells."""
    if not one.source or one.cue is None or one.source[0][0] > 0:
        return False
    if clause[slice(*one.source[0])].split(" ", maxsplit=1)[0].lower() in PRONOUNS:
        return False  # "witnesses said they wanted talks" is theirs
    start = bounds(one.content)[0]
    if not bounds(one.source)[1] <= one.cue[0] <= start:
        return False
    listens = has_plain_cue(clause[slice(*one.cue)]) and start - one.cue[1] <= _LISTENER
    told = one.cue[0], start if listens else one.cue[1]
    covered = merge([*one.source, told, *one.content])
    return letters(clause, covered) >= _MOST * letters(clause, [(0, len(clause))])


def _moved(one: Attribution, clause: Span) -> Attribution:
    """An attribution where its clause stands, without the full stop that it was read with."""
    start, stop = clause
    (cue,) = shifted([one.cue], start) if one.cue else (None,)
    content = [(s, min(e, stop)) for s, e in shifted(one.content, start)]
    return Attribution(merge(content), cue, shifted(one.source, start), one.score)
