"""What the phrases of agencies leave in an attribution, and is no part of what was said."""

import re
from collections.abc import Sequence

from stance.attribution.layout import FINISHED, dateline_end
from stance.attribution.lexicon import word_set
from stance.attribution.sentences import sentence_at, sentences_of
from stance.attribution.spans import Attribution, at_or_before, bounds, letters, merge, stripped
from stance.attribution.textview import TextView
from stance.records import Span

__all__ = ["tidied"]

_ASKED = re.compile(r"(?:Asked|Pressed|Questioned|Quizzed)\b")
"""A cue that opens its sentence: what follows it is asked by somebody whom nobody names."""
_ASKING = r"(?:asked|asks|asking|pressed|questioned|quizzed|wondered)\b"
_WAS_ASKED = re.compile(
    r"(?i)(?:\b(?:was|were|is|are|been|being|when|if)\s+(?:\w+\s+)?|[,;:(\u2014\u2013]\s*)"
    rf"{_ASKING}"
)
"""A question that was put to its subject: "was asked whether", "the envoy, pressed on whether"."""
_ASKED_ABOUT = re.compile(rf"(?:\b(?:was|were|when|if)\s+|, ){_ASKING} (?:about|on)$")
_QUESTION = re.compile(r"(?i)\W*(?:about|whether|if|what|how|why|when|who|whom|where|which)\b")
_REPORTER = re.compile(
    r"\b(?:reporter|journalist|correspondent|interviewer|presenter|moderator|host|anchor)s?$"
)
_TAIL = 120
"""Characters at the end of a content in which a reporter's note begins."""
_BEFORE_CUE = 12
"""Characters before a cue in which its form of "be" may stand."""
_UNNAMED = re.compile(
    r"(?i)\W*(?:that )?(?:(?:he|she|they|(?:his|her|their)(?: \w+)? \w+) )?not (?:to )?be "
    r"(?:named|identified|quoted)\b[^\"']{0,80}$"
)
"""What "a diplomat who asked not to be named" asked."""
_ANONYMOUS = re.compile(
    r"(?:who|speaking|talking)\b[^,.\n\"]{0,80}\b(?:anonymity|anonymously|named|identified)\b"
    r"[^,.\n\"]{0,80}, "
)
_WITHOUT = re.compile(
    r"(?:,? without elaborating|, without (?:giving|providing|offering|naming|specifying|saying)\b"
    r"[^,.\n\"]{0,60})[.,]?$"
)
"""What the reporter misses: "…, without elaborating"."""
_LATER = re.compile(
    r", (?:(?:just|only|barely|less than|more than|about) )?"
    r"(?:(?:an?|one|two|three|four|five|six|ten|several|some|\d+) )?"
    r"(?:minute|hour|day|week|month|year)s? (?:after|before|since)\b[^\"\n]*$"
)
"""When it was said, which the reporter tells: "…, hours after a bomb killed nine people"."""
_OUTCOME_WORDS = (
    r"(?:(?:dash|rais|end|reviv|dimm?|fuell?|boost|deepen|stok|eas|cloud|shatter|dampen|renew)ing"
    r" (?:\w+ ){0,3}(?:hopes?|fears?|doubts?|concerns?|speculation|expectations?|prospects?)"
    r"|casting (?:\w+ )?doubts?|plunging\b|dealing (?:an?|the) (?:\w+ ){0,2}blow)"
)
_OUTCOME = re.compile(_OUTCOME_WORDS)
_OUTCOME_BEHIND = re.compile(rf", {_OUTCOME_WORDS}[^\"\n]*$")
"""What came of it, which the reporter tells: "…, dashing hopes of an end to the war"."""
_REACTING = re.compile(
    r"(?:Referring|Commenting|Reacting|Responding|Replying|Turning|Touching|In (?:response|reply)"
    r"|On the (?:question|issue)|[Aa]sked to comment)\b"
)
"""What somebody speaks about, before what he says: "Commenting on the offer, Baqaei said"."""
_GESTURE = re.compile(r"[a-z]+ing (?:his|her|their|its|a|an|the|up|down|back|away|out)\b")
"""What somebody does while he speaks, behind the cue: "stirring his tea"."""
_VIEW = re.compile(r"(?i)(?:view|opinion|words|judge?ment|eyes),\s+(?=\S)")
_IN_HIS = re.compile(r"(?i)\bin (?:his|her|their|its|my|our) $")
"""What opens "In her view, the talks are dead"."""
_FURTHER = re.compile(
    r"(?i)\W*(?:related|read (?:more|also|next|on)|see also|also read|more on this|recommended"
    r"|most read|trending|don't miss|watch|listen|in pictures)\b[^.:\n]{0,30}:"
)
"""A line that leads to another article."""
_GENRES = word_set(
    """
    analysis comment editorial exclusive explainer factbox feature interview opinion podcast
    profile video watch live breaking update updated review essay column
    """
)
"""Words before the colon of a headline that speak as little as the paper does."""
_REPORTED = re.compile(
    r"\b(?:was|were|is|are|been) (?:\w+ly |also )?(?:quoted|cited|reported) "
    r"(?:(?:by|in|on) [^.\n\"]{1,60}? )?as (?:saying|telling \w+|having said)\b"
)
_QUOTING = re.compile(
    r"\b(?:quot|cit)(?:ed|es|ing) (?P<who>[^\"\n]{2,100}?),? as (?:saying|telling \w+|having said)"
    r"(?: (?:on )?[A-Z][a-z]+day)?"
)
"""What an agency does with somebody else's words: "Interfax quoted the minister as saying"."""
_LONGEST_SUBJECT = 150
"""Characters of who "was quoted as saying", at most."""


def tidied(view: TextView, found: Sequence[Attribution]) -> list[Attribution]:
    """The attributions without datelines, notes on anonymity and other words of the reporter.

    Left out is what attributes nothing: "Asked whether …", "asked not to be named", the label
    of a headline ("Analysis: …"). Of "Fidan was quoted by a paper as saying", and of "a paper
    quoted Fidan as saying", Fidan speaks.
    """
    reported = [match.span() for match in _REPORTED.finditer(view.text)]
    sentences = sentences_of(view) if reported else []
    quoting = {m.span(): m.span("who") for m in _QUOTING.finditer(view.text)}
    phrases = list(quoting)
    kept: dict[tuple[Span, ...] | int, Attribution] = {}
    for at, one in enumerate(found):
        tidy = one
        if phrase := _overlapping(reported, one.cue):
            tidy = _as_reported(view, sentences, one, phrase)
        elif phrase := _overlapping(phrases, one.cue):
            tidy = _as_quoted(view, one, phrase, quoting[phrase])
        content = merge([_trimmed(view, piece) for piece in _spoken(view, tidy)])
        if not letters(view.text, content) or _attributes_nothing(view, tidy, content):
            continue
        source = merge([_behind_dateline(view, piece) for piece in tidy.source])
        key = content if phrase else at  # both "quoted by" and "as saying" may be cues
        kept[key] = Attribution(content, tidy.cue, source, tidy.score)
    return list(kept.values())


def _spoken(view: TextView, one: Attribution) -> Sequence[Span]:
    """The content without what somebody did while he spoke: "…," he says, stirring his tea."""
    if one.cue is None or not one.content or one.content[0][0] > one.cue[0]:
        return one.content
    end = one.cue[1]
    return [
        piece
        for piece in one.content
        if piece[0] < end or view.quotes([piece]) or not _GESTURE.match(view.text, *piece)
    ]


def _attributes_nothing(view: TextView, one: Attribution, content: tuple[Span, ...]) -> bool:
    if one.cue is None:
        return False
    cue = view.text[slice(*one.cue)]
    if _OUTCOME.match(view.text, one.cue[0]) or (not one.source and _REACTING.match(cue)):
        return True
    source = " ".join(view.text[slice(*piece)] for piece in one.source).lower()
    if _is_elsewhere(view, one.cue, content):
        return True
    if cue == ":":
        return bool(source) and set(re.findall(r"\w+", source)) <= _GENRES
    if bounds(content)[0] >= one.cue[1] and _is_put(view.text, one.cue, content[0], source):
        return True
    unnamed = _UNNAMED.match(view.text[slice(*content[0])][:200]) is not None
    return unnamed and len(content) == 1


def _is_elsewhere(view: TextView, cue: Span, content: tuple[Span, ...]) -> bool:
    """True for a link to another article, and for the paragraph under "WHAT THE REBELS SAY"."""
    own, at = view.paragraph_at(cue[0]), view.paragraph_at(content[0][0])
    if at < 0 or _FURTHER.match(view.text, *view.paragraphs[at]):
        return True
    if own == at or view.quotes(content):
        return False
    return view.text[view.paragraphs[own][1] - 1] not in (*FINISHED, ",")


def _is_put(text: str, cue: Span, content: Span, source: str) -> bool:
    """True for a question that somebody unnamed, or a reporter, puts: it is nobody's statement."""
    if _ASKED.match(text, *cue) or _ASKED_ABOUT.search(text, max(0, cue[0] - _BEFORE_CUE), cue[1]):
        return True
    if not _QUESTION.match(text, *content):
        return False
    lead = max(0, cue[0] - _BEFORE_CUE)
    asks = re.search(rf"(?i)\b{_ASKING}", text[slice(*cue)]) is not None
    passive = any(m.end() > cue[0] for m in _WAS_ASKED.finditer(text, lead, cue[1]))
    return passive or (asks and _REPORTER.search(source) is not None)


def _trimmed(view: TextView, piece: Span) -> Span:
    start, end = stripped(view.text, _behind_dateline(view, piece))
    if note := _ANONYMOUS.match(view.text, start, end):
        start = note.end()
    if (opening := _VIEW.match(view.text, start, end)) and _IN_HIS.search(
        view.text[max(0, start - 9) : start]
    ):
        start = opening.end()
    tail = end - _TAIL
    for kind in (_WITHOUT, _LATER, _OUTCOME_BEHIND):
        note = kind.search(view.text, max(start, tail), end)
        if note and not view.quoted[note.start()]:
            end = note.start()
    return start, end


def _behind_dateline(view: TextView, piece: Span) -> Span:
    at = view.paragraph_at(piece[0])
    start = dateline_end(view.text, *view.paragraphs[at]) if at >= 0 else 0
    return max(piece[0], start), max(piece[1], start)


def _overlapping(phrases: Sequence[Span], cue: Span | None) -> Span | None:
    """The phrase that shares a character with a cue."""
    if cue is None:
        return None
    at = at_or_before(phrases, cue[1] - 1)
    return phrases[at] if at >= 0 and phrases[at][1] > cue[0] else None


def _as_quoted(view: TextView, one: Attribution, phrase: Span, who: Span) -> Attribution:
    """An attribution to whom "quoted … as saying" names, without the agency that quotes."""
    pieces = []
    for start, end in one.content:
        if end > phrase[1]:
            pieces.append(_behind_colon(view, (max(start, phrase[1]), end)))
        if start < phrase[0]:
            before = min(end, phrase[0])
            mark = view.text.rfind('"', start + 1, before)
            pieces.append((start, mark + 1 if mark >= 0 and view.quoted[mark - 1] else before))
    return Attribution(merge(pieces), phrase, (who,), one.score)


def _behind_colon(view: TextView, piece: Span) -> Span:
    """A piece without what parts it from "as saying" before it."""
    return stripped(view.text, piece, " ,:")[0], piece[1]


def _as_reported(
    view: TextView, sentences: Sequence[Span], one: Attribution, phrase: Span
) -> Attribution:
    """An attribution whose speaker stands before "was quoted as saying", if anybody does."""
    start, end = sentences[sentence_at(sentences, phrase[0])][0], phrase[0]
    start = max(start, view.text.rfind('"', start, end) + 1)
    start, end = stripped(view.text, (start, end), " ,")
    if not 0 < end - start <= _LONGEST_SUBJECT:
        return one
    pieces = [(s, min(e, start)) for s, e in one.content if s < start]
    behind = [(max(s, phrase[1]), e) for s, e in one.content if e > phrase[1]]
    pieces += [_behind_colon(view, piece) for piece in behind]
    return Attribution(merge(pieces), phrase, ((start, end),), one.score)
