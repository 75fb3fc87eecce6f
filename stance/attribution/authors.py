"""Who the author of a document is: where titles, bylines, signatures and letterheads name one."""

import re
from itertools import chain

from stance.attribution.heads import HEAD_PARAGRAPHS, LONGEST_MENTION, body_in, is_body, person_in
from stance.attribution.layout import lines_of
from stance.attribution.lexicon import ORGANISATION_NOUNS, OUTSIDE_NAMES, ROLE_NOUNS
from stance.attribution.names import RUN
from stance.attribution.spans import stripped
from stance.attribution.textview import TextView
from stance.records import Span

__all__ = ["GENRE", "author_of", "titled_author"]

_GENRES = (
    r"statements?|comments?|remarks|speech|address|message|letter|communiqu[eé]|comunicado|words"
    r"|declaration|intervention|homily|sermon|greetings?|appeal|testimony|lecture|keynote|circular"
    r"|notice|proclamation|press release|reply|response|answer|resolution|op-?ed|post|thread"
    r"|manifesto|eulogy|briefing|order of the day"
)
GENRE = re.compile(rf"(?i)\b(?:{_GENRES})\b")
"""What a document calls itself in its title."""
_END = (
    r"(?=,? (?:on|at|to|in|during|before|after|following|regarding|concerning|about|for the|marking"
    r"|ahead|upon|delivered|as|with|addressed|read|made|issued|when|since|spoken)\b"
    r"|,? \d| \((?!ret)|[:;|@\n\u2013\u2014\u00b7]|[ ,.]*$)"
)
"""What follows a mention in a title."""
_BYLINE = re.compile(
    r"^ *(?:[\w ]{0,12}(?:[Ww]ritten|[Pp]osted|[Pp]ublished|[Ww]ords|[Dd]elivered|[Ii]ssued) )?"
    rf"(?:[Bb]y|BY) (?P<who>[A-Z][^\n]{{0,200}}?){_END}",
    re.MULTILINE,
)
_TITLED = rf"^(?:(?! on )[^\n.]){{0,60}}?(?i:\b(?:{_GENRES})\b)"
_WHO = rf"(?P<who>\S[^\n]{{0,200}}?){_END}"
_TITLES = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        rf"{_TITLED}(?: (?i:made|delivered|given|issued|read|spoken))? (?i:by|of) {_WHO}",
        rf"{_TITLED}(?:(?! on )[^\n.]){{0,90}}? (?i:by|from) {_WHO}",
        r"(?:(?i:(?:full )?text|transcript|extracts?) (?:of|from) )?(?P<who>(?:[Tt]he )?[A-Z]"
        rf"[^\n':,]{{0,100}}?)'s? (?:[\w-]+ ){{0,3}}(?i:{_GENRES})\b",
        rf"^ *(?P<who>{RUN.pattern}) (?:writing|writes|here)\b",
        r"^ *(?P<who>[Tt]he [A-Z][^\n]{0,200}?) "
        r"(?:communicates|announces|declares|informs|states)\b",
    )
)
_WE = re.compile(r"\b(?:We|I), (?P<who>(?:the |members |[A-Z])[^.;\n]{3,160}?), (?=[a-z])")
"""Who speaks, where the first sentence says it: "We, the foreign ministers of A and B, …"."""
_NOTE = re.compile(
    rf" *(?:The (?:writer|author), )?(?P<who>{RUN.pattern})(?:, | (?:is|was|has|served|[a-z]+s) )"
)
"""What a paper puts under an opinion piece: "Mirela Okonjo is a member of …"."""
_BEFORE_A_SIGNATURE = re.compile(
    r" *(?:\([Ss]igned\)|[Ss]igned(?: by)?[:,]?|--?|\+|[\u2014\u2013]"
    r"|[Ff]or (?:and on behalf of )?the [^,\n]+,)? *"
)
_CLOSING = re.compile(
    r"(?i) *(?:yours|sincerely|respectfully|faithfully|with |best |kind |warm|long live|signed:?$"
    r"|in (?:peace|solidarity|faith)|done (?:at|in)|given (?:at|in)|issued|ends?\b|#+|god |peace\b)"
)
_ADDRESSED = re.compile(
    r"^ *(?:Dear|To|Most|Your|Comrade|Sirs?|Esteemed|Honou?rable|Honou?red|Mr|Mrs|Madam)\b"
    r"[^\n.]*[,:!\w] *$",
    re.MULTILINE,
)
"""How a letter begins: who writes it signs it."""
_SIGNS = 3
"""So many signs make a name in the head the author's: twice there, or with a role."""
_READ = 4_000
"""Characters before and behind its paragraphs in which the author is looked for."""


def author_of(view: TextView, first: int, last: int, *, many: bool) -> Span | None:
    """Where a document names its author; None where it does not.

    Args:
        first, last: indices of its first and last paragraph in the first person.
        many: it says "we", so that a letterhead goes before whoever signs.
    """
    head = _head(view, first)
    for match in _BYLINE.finditer(view.text, *head):
        if who := _mention(view.text, *match.span("who")):
            return who
    start, end = view.paragraphs[first][0], view.paragraphs[min(last, first + 1)][1]
    if own := _WE.search(view.text, start, end):
        return own.span("who")
    if title := titled_author(view, first):
        return title
    end = view.paragraphs[last][1]
    tail = end, min(len(view.text), end + _READ)
    lines = [line for line in lines_of(view.text, *head) if not _is_title(view.text[slice(*line)])]
    person = person_in(view, lines, view.text[slice(*tail)], _SIGNS)
    body, signed = body_in(view, lines), _signature(view, tail)
    if _ADDRESSED.search(view.text, *head):  # whoever writes a letter signs it
        order = signed, person, body
    else:
        order = (body, signed, person) if many else (person, signed, body)
    return next((found for found in order if found), None) or _noted(view, last)


def titled_author(view: TextView, first: int) -> Span | None:
    """Whom a title makes the author: "Statement by the Spokesperson of …"."""
    head = _head(view, first)
    for match in chain.from_iterable(pattern.finditer(view.text, *head) for pattern in _TITLES):
        if who := _mention(view.text, *match.span("who")):
            return who
    return None


def _head(view: TextView, first: int) -> Span:
    """What stands before the first paragraph; empty where nothing does."""
    if not first:
        return 0, 0
    start, end = view.paragraphs[max(0, first - HEAD_PARAGRAPHS)][0], view.paragraphs[first - 1][1]
    return max(start, end - _READ), end


def _mention(text: str, start: int, end: int) -> Span | None:
    """A mention without outer marks; None for what names nobody."""
    start, end = stripped(text, (start, end), " \"'*_")
    end = start + len(text[start:end].rstrip(" \"',.*_"))
    words = re.findall(r"[^\W\d_][\w'-]*", text[start:end])
    roles = any(word.lower() in ROLE_NOUNS | ORGANISATION_NOUNS for word in words)
    named = any(word[0].isupper() and word.lower() not in OUTSIDE_NAMES for word in words)
    return (start, end) if words and (named or roles) and len(words) <= LONGEST_MENTION else None


def _signature(view: TextView, tail: Span) -> Span | None:
    """The first line behind the last paragraph that is a name, or begins with one."""
    for start, end in lines_of(view.text, *tail):
        opening = _BEFORE_A_SIGNATURE.match(view.text, start, end)
        begin = opening.end() if opening else start
        if begin == start and _CLOSING.match(view.text, start, end):
            continue
        if who := _name_at(view, begin, end):
            return who
    return None


def _name_at(view: TextView, start: int, end: int) -> Span | None:
    """The name that a line is, or begins with before a comma; of a person or of a body."""
    line = re.split(r",| [\u00b7|(@]", view.text[start:end], maxsplit=1)[0].rstrip(" *")
    words = line.split()
    if not 2 <= len(words) <= LONGEST_MENTION or words[0].lower() in OUTSIDE_NAMES - {"the"}:
        return None
    if any(c.isdigit() for c in line) or line[-1] in ".!?:;":
        return None
    named = words[0] == "The" and is_body(line)
    return (start, start + len(line)) if named or RUN.fullmatch(line) else None


def _is_title(line: str) -> bool:
    """Whether a line of the head is a salutation, whom it is to, or what the document is."""
    return line[-1] == "," or any(found.search(line) for found in (_ADDRESSED, GENRE))


def _noted(view: TextView, last: int) -> Span | None:
    for start, end in view.paragraphs[last + 1 :]:
        match = _NOTE.match(view.text, start, end)
        if match and len(match["who"].split()) > 1:
            return match.span("who")
    return None
