"""HTML, Markdown and exports: blanked where they stand in a text, or taken off by trafilatura."""

import html
import re

from stance.attribution.lexicon import word_set
from stance.errors import InputError, install_hint
from stance.records import Span

__all__ = ["blank_markup", "entities_of", "text_of_html", "without_markup"]

_HIDDEN = re.compile(r"<(script|style|title|nav)\b|<!--", re.IGNORECASE)
_ENDS = {
    kind: re.compile(rf"</{kind}\s*>", re.IGNORECASE)
    for kind in ("script", "style", "title", "nav")
} | {"": re.compile(r"-->")}
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]{0,15})(?:[\s/][^<>]{0,2000})?>|<![^<>]{0,2000}>")
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,12}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_LINK = re.compile(
    r"!?(\[)([^\[\]\n]{0,300})(\]\((?:https?://|mailto:|/|#)[^()\s]{0,1000}(?:\([^()\s]{0,100}\))?[^()\s]{0,100}\))"
)
_STRONG = re.compile(r"\*\*|(?<!\w)__(?=\w)|(?<=[^\s_])__(?!\w)")
_NOTE_MARK = re.compile(
    r"[\u00b2\u00b3\u00b9\u2070\u2074-\u2079]+"
    r"|(?<=[\w.,!?\u2026][\u201d\"])\d{1,3}(?=[ \n])"
)
"""The number of a footnote, raised, or behind a quotation mark."""
_FIELD = re.compile(
    r"^(?:HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|LA|CY|LP|TD|CT|CO|IN|NS|RE|IPC|IPD|PUB|AN)(?=[ \t]|$)",
    re.MULTILINE,
)
"""What Factiva puts before each part of an article: "HD Rebels rule out talks"."""
_FIELDS = 4
"""So many different ones make an export."""
_BLOCKS = word_set(
    """
    p div br li ul ol h1 h2 h3 h4 h5 h6 tr td table blockquote article section header footer
    title nav option figcaption dt dd
    """
)


def blank_markup(text: str) -> str:
    """The text with tags and entities replaced by as many characters: no offset moves.

    A block tag becomes line breaks, another tag spaces, an entity its character and spaces. So
    do the marks of Markdown's links and bold words, the numbers of footnotes, and Factiva's fields.
    """
    if "<" in text:
        text = _TAG.sub(_blank_tag, _blank_hidden(text))
    if "](" in text:
        text = _LINK.sub(_blank_link, text)
    if len(set(_FIELD.findall(text))) >= _FIELDS:
        text = _FIELD.sub(_spaces, text)
    text = _NOTE_MARK.sub(_spaces, _STRONG.sub(_spaces, text))
    return _ENTITY.sub(_decode, text) if "&" in text else text


def without_markup(text: str) -> str:
    """What a reader sees of a text; the text itself where that is nothing."""
    blank = blank_markup(text)
    return text if blank == text else blank.strip() or text


def _blank_hidden(text: str) -> str:
    """The text without the scripts, styles, comments, titles and menus that are closed."""
    kept: list[str] = []
    at = 0
    open_ended: set[str] = set()  # so that many openings without an end stay cheap
    for opening in _HIDDEN.finditer(text):
        kind = (opening[1] or "").lower()
        if opening.start() < at or kind in open_ended:
            continue
        closing = _ENDS[kind].search(text, opening.end())
        if closing is None:
            open_ended.add(kind)
            continue
        kept += [text[at : opening.start()], "\n" * (closing.end() - opening.start())]
        at = closing.end()
    return "".join([*kept, text[at:]])


def _blank_tag(match: re.Match[str]) -> str:
    block = match[1] is not None and match[1].lower() in _BLOCKS
    return ("\n" if block else " ") * len(match[0])


def _blank_link(match: re.Match[str]) -> str:
    return match[2].rjust(match.start(3) - match.start()).ljust(len(match[0]))


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _decode(match: re.Match[str]) -> str:
    """The entity's character at that end of its place where the word is."""
    character, size = html.unescape(match[0]), len(match[0])
    if len(character) != 1:
        return match[0]
    before = match.string[match.start() - 1 : match.start()]
    opens = not before or before.isspace() or before == ">"
    return character.rjust(size) if opens else character.ljust(size)


def entities_of(text: str) -> list[Span]:
    """The entities that `blank_markup` replaces, in text order."""
    found = _ENTITY.finditer(text) if "&" in text else ()
    return [match.span() for match in found if len(html.unescape(match[0])) == 1]


def text_of_html(page: str) -> str:
    """The article of an HTML page, without navigation and advertisements (trafilatura).

    Offsets of statements then count characters of the text returned here.

    Raises:
        ImportError: the extra `html` is not installed.
        InputError: no article was found in the page.
    """
    try:
        from trafilatura import extract
    except ImportError as error:
        raise ImportError(f"HTML needs trafilatura: {install_hint('html')}") from error
    text = extract(page, include_comments=False, include_tables=False)
    if not text:
        raise InputError("no article found in the HTML page; give its text instead")
    return str(text)
