"""Attributions -> statements: the kind of speech, the speaker, and the context."""

import re
from collections.abc import Sequence

from stance.attribution.context import context_of
from stance.attribution.lexicon import REFUSING_CUES, has_plain_cue
from stance.attribution.sentences import sentences_of
from stance.attribution.spans import Attribution, bounds, joined, meets, merge, without
from stance.attribution.speakers import Speakers
from stance.attribution.textview import TextView
from stance.attribution.transcripts import without_labels
from stance.records import Span, Speech, Statement

__all__ = ["statements_of"]

_LETTERS = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[\s,;:\u2014\u2013-]*")
_FEW_WORDS = re.compile(r" [\w'\u2019-]+(?: [\w'\u2019-]+)? ")
_DOING = re.compile(
    r"\b(?:(?:announc|declar|describ)(?:e[sd]?|ing)|(?:recall|mention)(?:s|ed|ing)?"
    r"|ask(?:s|ed|ing)? for|argu(?:e[sd]?|ing) (?:for|against))$"
)
_CLAUSE = re.compile(
    r"(?i)\b(?:that|whether|how|is|are|was|were|will|would|ha[sd]|have|can|could|may|might|must"
    r"|should|do|does|did)\b"
)
"""Words that make a content a sentence of its own."""
_PASSIVE = re.compile(r"(?:was|were|is|are|be|been|being|ha[sd]|have|will|would)\b")
_MOSTLY = 0.9
"""Share of letters inside quotation marks from which speech is direct."""
_HARDLY = 0.1


def statements_of(
    article: str,
    view: TextView,
    attributions: Sequence[Attribution],
    asked: Sequence[Span] = (),
) -> list[Statement]:
    """The statements of one article, in text order of their contents.

    A reported act, or a content that is quoted in part, keeps its cue when the cue says
    more than that something was said: "Moscow has dismissed the plans" is the statement
    "has dismissed the plans", not "the plans".

    Args:
        article: the text as given; all offsets count its characters.
        view: the article's view.
        attributions: what `tidied`, `with_lists`, `with_quotations` and `with_turns` leave of
            the tagger's.
        asked: questions, in text order; what is said in them only is what others answer.
    """
    sentences = sentences_of(view)
    answered = without_labels(view, sentences, attributions)
    mentions = [bounds(a.source) for a in attributions if a.source]
    speakers = Speakers(view, sentences, mentions)
    found = [
        _statement(article, view, one, speakers, answered)
        for one in sorted(attributions, key=lambda a: bounds(a.content))  # speakers look back
        if not meets(asked, (start := bounds(one.content)[0], start + 1))
    ]
    return sorted(found, key=lambda s: s.spans)


def _statement(
    article: str, view: TextView, one: Attribution, speakers: Speakers, answered: Sequence[Span]
) -> Statement:
    speech, content = _speech(view, one)
    pieces = without(content, view.breaks)
    source = bounds(one.source) if one.source else None
    start, end = bounds(pieces)
    return Statement(
        text=" ".join(article[s:e] for s, e in pieces),
        speaker=_speaker(speakers, source, one.cue, start),
        cue=article[slice(*one.cue)] if one.cue else None,
        speech=speech,
        start=start,
        end=end,
        spans=pieces,
        source_start=source[0] if source else None,
        source_end=source[1] if source else None,
        context=context_of(view.plain, answered, start, _told_behind(view, one, speech)),
    )


def _told_behind(view: TextView, one: Attribution, speech: Speech) -> str:
    """Who says it, and the verb, where reported words have both behind them."""
    if speech is Speech.DIRECT or one.cue is None or not one.source:
        return ""
    source, end = bounds(one.source), bounds(one.content)[1]
    if min(one.cue[0], source[0]) < end or view.paragraph_at(end - 1) != view.paragraph_at(
        source[0]
    ):
        return ""
    cue, who = (" ".join(view.plain[slice(*span)].split()) for span in (one.cue, source))
    told = f"{cue} {who}" if cue.lower().startswith("according") else f"{who} {cue}"
    return told[:1].upper() + told[1:]


def _speaker(speakers: Speakers, source: Span | None, cue: Span | None, start: int) -> str | None:
    if cue is None:
        return speakers.author(source) if source else speakers.running(start)
    return speakers.resolve(source, cue)


def _speech(view: TextView, one: Attribution) -> tuple[Speech, tuple[Span, ...]]:
    """The kind of speech, and the pieces of the article that are the statement."""
    if one.source and (one.cue is None or not _LETTERS.search(view.text, *one.cue)):
        return Speech.DIRECT, one.content  # "SPEAKER: what is said", and a document's author
    share = _quoted_share(view, one.content)
    said = Speech.MIXED if share > _HARDLY else Speech.INDIRECT
    if one.cue is None:
        return (Speech.DIRECT if share >= _MOSTLY else said), one.content
    plain = _is_plain(view.text, one.cue, one.content[0]) or _is_aside(view.text, one.cue, one)
    if share >= _MOSTLY and (plain or not _is_fragment(view.text, one.cue, one.content[0])):
        return Speech.DIRECT, one.content
    if plain:
        return said, one.content
    pieces = _with_cue(view.text, one.cue, one)
    return (Speech.MIXED if share > _HARDLY else Speech.ACT), pieces


def _quoted_share(view: TextView, pieces: tuple[Span, ...]) -> float:
    letters = inside = 0
    for start, end in pieces:
        for match in _LETTERS.finditer(view.text, start, end):
            letters += len(match[0])
            word = slice(*match.span())
            inside += int((view.quoted[word] | view.single[word]).sum())
    return inside / letters if letters else 0.0


def _is_plain(text: str, cue: Span, content: Span) -> bool:
    """True for a verb of saying; one that is negated or refused ("declined to comment") is none.

    Nor is one that does what it says: "declared a ceasefire", "described it as useful", or one
    that is all that was done: "said no".
    """
    words, within = text[slice(*cue)], content[0] == cue[0] and content[1] >= cue[1]
    if REFUSING_CUES.search(words) or within:
        return False
    beside = text[cue[1] : content[0]] == " "
    if beside and _DOING.search(words) and not _CLAUSE.search(text, *content):
        return False
    return has_plain_cue(words)


def _is_fragment(text: str, cue: Span, content: Span) -> bool:
    """True for a quotation that is part of the reporter's sentence: "rejected “any talks”"."""
    first = _LETTERS.search(text, content[0])
    return cue[1] <= content[0] and first is not None and first[0][0].islower()


def _is_aside(text: str, cue: Span, one: Attribution) -> bool:
    """True for ", he warned" inside of or behind what is said, which is whole without it.

    A passive is none: "The plan, drafted in May, was rejected".
    """
    start, end = cue
    before = [piece_end for _, piece_end in one.content if piece_end <= start]
    if not before or "," not in text[max(before) - 1 : start]:
        return False
    passive = _PASSIVE.match(text, start, end) is not None
    return not (passive and not _LETTERS.search(text, max(before), start))


def _with_cue(text: str, cue: Span, one: Attribution) -> tuple[Span, ...]:
    """The content's pieces with the cue among them; pieces that only space parts are one.

    A word or two between the cue and what follows belong to it ("called on all ¦ parties ¦ to
    extend the truce"), unless they are the source; the "what" of "what he called a trap" does not.
    """
    content = [p for p in one.content if text[slice(*p)].lower() != "what"] or list(one.content)
    following = min((start for start, _ in content if start >= cue[1]), default=cue[1])
    between = cue[1], following
    if _FEW_WORDS.fullmatch(text, *between) and not meets(one.source, between):
        content.append(between)
    return joined(merge([*content, cue]), lambda s, e: _GAP.fullmatch(text, s, e) is not None)
