"""Shared by the tests of speakers: articles of a sentence or two, and who says what in them."""

from stance.attribution.sentences import sentences_of
from stance.attribution.speakers import Speakers
from stance.attribution.textview import view_of
from stance.records import Span

TEXT = (
    "Earlier this week, German Chancellor Olaf Scholz met embassy spokesman Liu Pengyu.\n\n"
    "The news was given by Bonnie Glaser, managing director of a program. Glaser said no. "
    "The Foreign Ministry disagreed. The ministry said so. He said yes. They waited. "
    "Ms. Anna Lee, a rebel leader, was quiet. She said that China would come. China said nothing."
)


def speakers_of(text: str, sources: list[Span]) -> Speakers:
    view = view_of(text)
    return Speakers(view, sentences_of(view), sources)


def span(mention: str, nth: int = 0, text: str = TEXT) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = text.index(mention, start + 1)
    return start, start + len(mention)


def resolved(text: str, *mentions: str) -> list[str | None]:
    """The speakers of mentions, one after another; the word behind each is its cue."""
    sources: list[Span] = []
    for mention in mentions:
        start = text.index(mention, sources[-1][1] if sources else 0)
        sources.append((start, start + len(mention)))
    cues = [(end + 1, text.index(" ", end + 1)) for _, end in sources]
    speakers = speakers_of(text, sources)
    return [speakers.resolve(*pair) for pair in zip(sources, cues, strict=True)]
