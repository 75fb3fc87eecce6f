"""Documents: what their author says in the first person, in place of a reporter's article.

Speeches, press statements, letters, opinion pieces, posts, and interviews whose questions carry no
label. No verb of saying attributes a word of them: every paragraph is a statement of the author.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stance.attribution.authors import GENRE, author_of, titled_author
from stance.attribution.interviews import Answer, answers_of, interviewed
from stance.attribution.lexicon import ADDRESSEES, FIRST_PERSON, RELATIVES, has_plain_cue
from stance.attribution.paragraphs import first_person, is_prose
from stance.attribution.spans import Attribution, words_in
from stance.attribution.textview import TextView
from stance.records import Span

__all__ = ["Document", "document_of"]

_SPOKEN = 0.4
"""Share of paragraphs in the first person from which a text is its author's."""
_TITLE = 15
"""Words of a title that reads like a sentence ("Whom are we supposed to invite?"), at most."""
_SALUTATION = re.compile(
    r"(?m)^ *(?:(?:My|Most|Esteemed|Honou?rable|Honou?red) )?"
    r"(?:[Dd]ear|[Ff]riends|[Cc]omrades?|[Bb]rothers|[Ff]ellow|Excellenc(?:y|ies)|Madame? |Ladies"
    r"|Mr\.? (?:[Pp]resident|[Ss]peaker|[Ss]ecretary)|Sirs?|Your (?:Excellency|Holiness|Majesty)"
    r"|Beloved|Citizens|Compatriots|Compa\u00f1er[oa]s)\b[^\n.]{0,80}[,:!][ *]*$"
)
"""How whoever writes or speaks addresses others, on a line of its own."""
_NAME = 60
"""Characters at the start of a note about the author that name him."""
_QUOTATIONS = 2
_TOLD = 1.4
"""So many quotations, and so much told of others in a hundred words, make a reporter's text of
one in the first person ("We reached the bridge at noon")."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a text holds that is no reporter's.

    Attributes:
        passages: what the author says, a paragraph or an answer each, in text order. They have no
            cue; the source is where the document names its author, or else "I" or "we".
        beside: the paragraphs in which nobody says anything of his own: the questions of an
            interview, titles, salutations and notes.
    """

    passages: tuple[Attribution, ...]
    beside: tuple[Span, ...]


def document_of(article: str, view: TextView, found: Sequence[Attribution]) -> Document | None:
    """The document that a text is; None for an article.

    Args:
        article: the text as given, whose bold type the view does not show.
        view: its view.
        found: what the tagger found in it.
    """
    answers = answers_of(article, view)
    return _interview(view, answers) if answers else _of_one_author(view, found)


def _interview(view: TextView, answers: Sequence[Answer]) -> Document | None:
    first = answers[0].question
    told = (view.paragraphs[at] for one in answers for at in one.at)
    author = interviewed(view, first) or first_person(view, *told)
    titles = [at for at in range(first) if _is_quoted(view, view.paragraphs[at])]
    beside = [*titles, *(one.question for one in answers)]
    return _document(view, author, [one.at for one in answers if one.at], beside)


def _of_one_author(view: TextView, found: Sequence[Attribution]) -> Document | None:
    own = [at for at, span in enumerate(view.paragraphs) if is_prose(view, span)]
    if len(own) > 1 and own[1] > own[0] + 1 and _is_short(view, view.paragraphs[own[0]]):
        own = own[1:]
    if not own or not _is_spoken(view, own, found):
        return None
    pronoun = first_person(view, *(view.paragraphs[at] for at in own))
    many = pronoun is not None and view.text[slice(*pronoun)] not in ("I", "My", "my")
    author = author_of(view, own[0], own[-1], many=many) or pronoun
    while len(own) > 1 and author and _is_about(view, view.paragraphs[own[-1]], author):
        own.pop()
    beside = sorted({*range(len(view.paragraphs))} - {*own})
    return _document(view, author, [(at,) for at in own], beside)


def _document(
    view: TextView, author: Span | None, passages: Sequence[Sequence[int]], beside: Sequence[int]
) -> Document | None:
    if author is None:
        return None
    spans = (tuple(view.paragraphs[at] for at in passage) for passage in passages)
    spoken = (Attribution(content, None, (author,)) for content in spans)
    return Document(tuple(spoken), tuple(view.paragraphs[at] for at in beside))


def _is_quoted(view: TextView, span: Span) -> bool:
    """Whether a line is a quotation, as titles of interviews are."""
    start, end = span
    return bool((view.quoted[start : end - 1] | view.single[start : end - 1]).all())


def _is_short(view: TextView, span: Span) -> bool:
    """Whether a paragraph that others part from the next may be a title, full stop or not."""
    return words_in(view.text, span) <= _TITLE


def _is_about(view: TextView, span: Span, author: Span) -> bool:
    """Whether a paragraph is a note that begins with its author's name: "Brandt is a lawyer"."""
    last = view.text[slice(*author)].split()[-1]
    opening = view.text[span[0] : span[0] + _NAME].split(",")[0]
    return first_person(view, span) is None and f" {last} " in f" {opening} "


def _is_spoken(view: TextView, own: Sequence[int], found: Sequence[Attribution]) -> bool:
    """Whether paragraphs are their author's: in the first person, and not a reporter's.

    What opens with a salutation is. Who is called by name throughout, as ministries are in their
    statements, is the author if a title says so.
    """
    head = view.text[: view.paragraphs[own[0]][0]]
    spoken = sum(first_person(view, view.paragraphs[at]) is not None for at in own)
    if spoken and _SALUTATION.search(head):
        return True
    titled = GENRE.search(head) is not None
    enough = spoken >= max(_SPOKEN * len(own), 1 if titled else 2)
    if titled and enough:
        return True
    if not titled and not enough:
        return False
    quoted, told = _others(view, own, found)
    if enough:
        return quoted < _QUOTATIONS or told < _TOLD
    return not quoted and told < _TOLD and titled_author(view, own[0]) is not None


def _others(view: TextView, own: Sequence[int], found: Sequence[Attribution]) -> tuple[int, float]:
    """How often others are quoted, and how often, in a hundred words, their words are told."""
    quoted = told = 0
    for one in found:
        if one.cue is None or not one.source or _is_own(view, one.source[0]):
            continue
        quotes = view.quotes(one.content)
        quoted += quotes
        told += quotes or has_plain_cue(view.text[slice(*one.cue)])
    return quoted, 100 * told / words_in(view.text, *(view.paragraphs[at] for at in own))


def _is_own(view: TextView, source: Span) -> bool:
    """Whether it is the author who says it, whom he addresses, or "who" of a clause in passing."""
    words = view.text[slice(*source)].lower().split()
    return not words or words[0] in FIRST_PERSON | ADDRESSEES | RELATIVES
