"""Transcripts: lines of the form "SPEAKER: what is said"."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import compress, pairwise

from stance.attribution.layout import label_at
from stance.attribution.lexicon import (
    ADDRESSEES,
    FIRST_PERSON,
    FUNCTION_WORDS,
    ROLE_NOUNS,
    word_set,
)
from stance.attribution.sentences import sentence_at
from stance.attribution.spans import Attribution, bounds
from stance.attribution.textview import TextView
from stance.records import Span

__all__ = ["questions_of", "transcript_turns", "with_turns", "without_labels"]

_LINES = 3
"""So many labelled lines make a transcript; fewer are headings ("Note: …")."""
_TURNS = 4
"""So many lines in turn make an interview in an article."""
_METADATA = word_set(
    """
    title headline author authors byline by date dateline published updated source sources
    location place category categories section tag tags topic topics keyword keywords subject
    language copyright credit credits photo photos image caption video audio link links url
    website email e-mail phone tel contact fax editor editors editing reporting writing from to
    cc re series episode duration format advertisement
    """
)
_HEADINGS = _METADATA | word_set(
    """
    note notes update correction clarification summary abstract background analysis context
    timeline chronology overview introduction conclusion related more next steps key points
    facts takeaways transcript participants
    """
)
"""Words that metadata, and the parts of an article, are labelled with, and speakers are not."""
_QUESTION = re.compile(r"(Q)( +)(?=[\"'A-Z])")
_REACTION = re.compile(r"[^\W\d_a-z][^.:\n\"]{2,120}: \"")
"""A line of a list of reactions: "Ursula von der Leyen, president of the Commission: “…”"."""
_QUESTIONERS = word_set(
    """
    question questions q reporter reporters journalist journalists interviewer correspondent
    moderator press media
    """
)
"""Words that whoever asks is labelled with."""
_FEWEST_QUESTIONS = 2
_ASIDE = re.compile(r"\([^()\n]{1,80}\)[.!]?|\[[^\[\]\n]{1,80}\][.!]?")
"""What the minutes tell between what is said: "(Laughter.)", "[Interruption.]"."""
_PARTNERS = FIRST_PERSON | ADDRESSEES
"""Those who speak in a turn, and those who are spoken to."""
_WORD = re.compile(r"[^\W\d_][\w-]*")


def transcript_turns(view: TextView) -> list[Attribution]:
    """The turns of a transcript in text order; none when the text is no transcript.

    A label is a name of a few capitalised words before a colon, the colon is the cue. A
    turn goes on over the paragraphs that follow it without a label. Lines of metadata are
    no turns, nor are the lines among them whose labels do not come again. Of an article that is
    no transcript, the lines of an interview are turns.
    """
    labels = [
        label_at(view.text, paragraph) or _question_at(view.text, paragraph)
        for paragraph in view.paragraphs
    ]
    names = [_words(view, label[0]) if label else () for label in labels]
    counts = Counter(name for name in names if name and not _is_heading(name))
    blocks = _blocks(view)
    headers = {block for block, name in zip(blocks, names, strict=True) if _is_heading(name)}
    speaks = [
        _speaks(name, counts) and (counts[name] > 1 or block not in headers)
        for block, name in zip(blocks, names, strict=True)
    ]
    whole = sum(speaks) >= max(_LINES, len(labels) // 3)
    if not whole:
        speaks = _interviews(names, speaks)
    speakers = list(compress(names, speaks))
    if not speakers or not _are_speakers(speakers, counts):
        return []
    turns: list[tuple[list[Span], Span, Span]] = []
    going = False
    for at, (label, name) in enumerate(zip(labels, names, strict=True)):
        start, end = view.paragraphs[at]
        if label is not None and speaks[at]:
            turns.append(([(_after(view.text, label[1][1]), end)], label[1], label[0]))
            going = whole and (counts[name] > 1 or not _ends_block(blocks, at, names))
        elif _is_heading(name) or _REACTION.match(view.text, start, end):
            going = False
        elif going:
            turns[-1][0].append((start, end))
    return [Attribution(tuple(content), cue, (label,)) for content, cue, label in turns]


def _interviews(names: Sequence[tuple[str, ...]], speaks: Sequence[bool]) -> list[bool]:
    """Of an article that is no transcript, the lines of the interviews in it.

    They follow one another, and two speakers take turns: "Q: …", "A: …", "Q: …", "A: …".
    """
    inside: set[int] = set()
    for at in range(len(names) - _TURNS + 1):
        one, other = names[at : at + 2]
        run = range(at, at + _TURNS)
        turns = [names[i] for i in run] == [one, other] * (_TURNS // 2)
        if turns and one != other and all(speaks[i] for i in run):
            inside.update(run)
    return [at in inside for at in range(len(names))]


def _question_at(text: str, line: Span) -> tuple[Span, Span] | None:
    """The "Q" before a question, which press offices write without a colon."""
    match = _QUESTION.match(text, *line)
    return (match.span(1), match.span(2)) if match else None


def _blocks(view: TextView) -> list[int]:
    """For each paragraph, how many blank lines are before it."""
    blocks = [0] if view.paragraphs else []
    for (_, end), (start, _) in pairwise(view.paragraphs):
        blocks.append(blocks[-1] + (view.text.count("\n", end, start) > 1))
    return blocks


def _words(view: TextView, label: Span) -> tuple[str, ...]:
    """The words of a label without numbers: "Q1" and "Q2" are one speaker."""
    return tuple(_WORD.findall(re.sub(r"\d+", "", view.text[slice(*label)])))


def _is_heading(name: tuple[str, ...], headings: frozenset[str] = _HEADINGS) -> bool:
    words = {word.lower() for word in name}
    return bool(words & headings) and words <= headings | FUNCTION_WORDS


def _speaks(name: tuple[str, ...], counts: Counter[tuple[str, ...]]) -> bool:
    """Whether a label may name a speaker; a letter does where it comes again: "Q:", "A:"."""
    return counts[name] > (1 if len("".join(name)) == 1 else 0)


def _are_speakers(names: Sequence[tuple[str, ...]], counts: Counter[tuple[str, ...]]) -> bool:
    """Whether labels are names: one comes again, or most look like the name of a person."""
    named = sum(
        len(name) > 1 or (name[0].isupper() and len(name[0]) > 1) or name[0].lower() in ROLE_NOUNS
        for name in names
    )
    return any(counts[name] > 1 for name in names) or 2 * named > len(names)


def _ends_block(blocks: Sequence[int], at: int, names: Sequence[tuple[str, ...]]) -> bool:
    """Whether a labelled line ends a block of such lines, with a blank line behind it."""
    inside = at > 0 and bool(names[at - 1]) and blocks[at - 1] == blocks[at]
    return inside and at + 1 < len(blocks) and blocks[at + 1] > blocks[at]


def _after(text: str, position: int) -> int:
    while text[position].isspace():
        position += 1
    return position


def with_turns(
    view: TextView, found: Sequence[Attribution], turns: Sequence[Attribution]
) -> list[Attribution]:
    """The turns, and of what the tagger found, whom they quote; their speaker tells all else."""
    begins = [bounds(turn.content)[0] for turn in turns]

    def repeats(one: Attribution) -> bool:
        start, end = bounds(one.content)
        at = bisect_right(begins, end) - 1
        if at < 0:
            return False
        first, last = bounds(turns[at].content)
        shared = min(end, last) - max(start, first)
        source = bounds(one.source) if one.source else (last, last)
        own = source[0] < first or _is_partner(view.text[slice(*source)])
        return shared > 0 and (own or 2 * shared > last - first or not _quotes(view, one))

    return sorted([*(a for a in found if not repeats(a)), *turns], key=lambda a: a.content)


def questions_of(view: TextView, turns: Sequence[Attribution]) -> list[Attribution]:
    """The turns of those who ask: by their label, or since they do nothing else.

    They say nothing of their own, and nobody else's words are in them.
    """
    names = [_words(view, one.source[0]) for one in turns]
    ends = [bounds(one.content)[1] for one in turns]
    asks = [view.text[max(0, end - 8) : end].rstrip("\"') ").endswith("?") for end in ends]
    told = Counter(name for name, asking in zip(names, asks, strict=True) if not asking)
    times = Counter(names)
    return [
        one
        for one, name in zip(turns, names, strict=True)
        if {word.lower() for word in name} & _QUESTIONERS
        or (not told[name] and times[name] >= _FEWEST_QUESTIONS and told)
    ]


def _is_partner(source: str) -> bool:
    word = _WORD.search(source)
    return word is not None and word[0].lower() in _PARTNERS


def _quotes(view: TextView, one: Attribution) -> bool:
    """Whether somebody is quoted in a turn; what is told of others there is the speaker's account.

    Words that follow no cue are quoted too.
    """
    return one.cue is None or view.quotes(one.content)


def without_labels(
    view: TextView, sentences: Sequence[Span], found: Sequence[Attribution]
) -> list[Span]:
    """The sentences that answer something, or are answered.

    They are without the labels of turns; lines of metadata and asides ("(Laughter.)") are left out.
    """
    cut = list(sentences)
    for one in found:
        if not one.cue or not one.source or view.text[slice(*one.cue)].strip(" :"):
            continue
        label, start = one.source[0][0], bounds(one.content)[0]
        at = sentence_at(sentences, label)
        if _WORD.search(view.text, sentences[at][0], label):
            continue
        while at < len(cut) and cut[at][0] < start and label < start:
            cut[at] = min(start, cut[at][1]), cut[at][1]
            at += 1
    spoken = {sentence_at(sentences, bounds(one.content)[0]) for one in found}
    return [
        (start, end)
        for at, (start, end) in enumerate(cut)
        if start < end
        and (at in spoken or not (_is_metadata(view, (start, end)) or _is_aside(view, start, end)))
    ]


def _is_aside(view: TextView, start: int, end: int) -> bool:
    return _ASIDE.fullmatch(view.text, start, end) is not None


def _is_metadata(view: TextView, sentence: Span) -> bool:
    label = label_at(view.text, sentence)
    return label is not None and _is_heading(_words(view, label[0]), _METADATA)
