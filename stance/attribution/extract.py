"""Article -> statements: composes the stages, and nothing else."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stance.attribution.candidates import Candidates, find_candidates
from stance.attribution.coordinated import with_subjects, without_parts
from stance.attribution.decoding_config import DecodingConfig, read_decoding
from stance.attribution.documents import document_of
from stance.attribution.headlines import with_headlines
from stance.attribution.language import LanguageWarning, is_english
from stance.attribution.lists import with_lists
from stance.attribution.markup import entities_of
from stance.attribution.pages import broken_words
from stance.attribution.passages import in_passages
from stance.attribution.quotes import with_quotations
from stance.attribution.relayed import with_actors
from stance.attribution.spans import Attribution, bounds, merge, widened
from stance.attribution.statements import statements_of
from stance.attribution.tagger import SHIPPED_TAGGER, Tagger
from stance.attribution.textview import TextView, view_of
from stance.attribution.tidy import tidied
from stance.attribution.transcripts import questions_of, transcript_turns, with_turns
from stance.manifest import verify
from stance.records import Span, Statement

__all__ = ["Extraction", "Extractor"]

_CHUNK = 200_000
"""Characters of articles that are tagged together; bounds the memory of long lists."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """The statements of one article.

    Attributes:
        statements: in text order; `about_talks` is None, the stance model fills it.
        english: False when the article is not in English: the statements are guesses then.
    """

    statements: tuple[Statement, ...]
    english: bool


class Extractor:
    """Finds who said what in articles. Holds the tagger and its thresholds."""

    def __init__(self, tagger: Tagger, decoding: DecodingConfig) -> None:
        self._tagger, self._decoding = tagger, decoding

    @classmethod
    def load(cls, path: Path = SHIPPED_TAGGER, *, bulk: bool = False) -> "Extractor":
        """Open a tagger's folder; the shipped one by default.

        Args:
            bulk: for a job over many articles: less memory, but more time for a short one.

        Raises:
            ArtifactError: a file is missing, was altered, or does not fit.
        """
        verify(path)
        return cls(Tagger.load(path, bulk=bulk), read_decoding(path))

    def statements(self, article_text: str) -> list[Statement]:
        """The statements of one article in text order, with offsets into the text as given.

        Warns:
            LanguageWarning: the text is not English.
        """
        [extraction] = _warned(self.extract_batch([article_text]))
        return list(extraction.statements)

    def statements_batch(self, texts: Sequence[str]) -> list[list[Statement]]:
        """The statements of each article, in the order of the articles.

        Warns:
            LanguageWarning: some texts are not English; the message gives their indices.
        """
        return [list(one.statements) for one in _warned(self.extract_batch(texts))]

    def extract_batch(self, texts: Sequence[str]) -> list[Extraction]:
        """As `statements_batch`, with what is to be known about each article beside."""
        found: list[Extraction] = []
        for chunk in _chunks(texts):
            views = [view_of(text) for text in chunk]
            relayed = with_actors(views, self._attribute(views), self._attribute)
            found += map(_extraction, chunk, views, relayed)
        return found

    def attributions_batch(self, texts: Sequence[str]) -> list[list[Attribution]]:
        """What the tagger finds, in PolNeAR's convention: what is evaluated on PolNeAR."""
        found: list[list[Attribution]] = []
        for chunk in _chunks(texts):
            found += self._attribute([view_of(text) for text in chunk])
        return found

    def candidates(self, texts: Sequence[str]) -> list[Candidates]:
        """Everything that may be an attribution, for tuning."""
        return self._candidates([view_of(text) for text in texts])

    def _candidates(self, views: Sequence[TextView]) -> list[Candidates]:
        return find_candidates(self._tagger, views, self._decoding.eagerness)

    def _attribute(self, views: Sequence[TextView]) -> list[list[Attribution]]:
        return [c.attributions(self._decoding) for c in self._candidates(views)]


def _warned(extractions: list[Extraction]) -> list[Extraction]:
    foreign = [str(i) for i, e in enumerate(extractions) if not e.english]
    if foreign:
        warnings.warn(
            f"not in English, so not to be trusted: article {', '.join(foreign[:20])}"
            f"{' …' if len(foreign) > 20 else ''}",
            LanguageWarning,
            stacklevel=3,  # who called the method
        )
    return extractions


def _extraction(text: str, view: TextView, tagged: Sequence[Attribution]) -> Extraction:
    """What the rules make of what the tagger found in one article."""
    turns = transcript_turns(view)
    asked = [bounds(turn.content) for turn in questions_of(view, turns)]
    if not turns and (document := document_of(text, view, tagged)):
        turns, asked = list(document.passages), list(document.beside)
    turns = in_passages(view, turns)
    acts = with_subjects(view, without_parts(view, tidied(view, tagged)))
    spoken = with_quotations(view, with_headlines(view, with_lists(view, acts)), turns)
    everything = with_turns(view, spoken, turns)
    if whole := sorted([*entities_of(text), *broken_words(text, view.breaks)]):
        everything = [_uncut(one, whole) for one in everything]
    statements = statements_of(text, view, everything, asked)
    return Extraction(tuple(statements), is_english(view.text))


def _uncut(one: Attribution, whole: Sequence[Span]) -> Attribution:
    """An attribution whose offsets cut no entity and no broken word in half."""
    (cue,) = widened([one.cue], whole) if one.cue else (None,)
    content = merge(widened(one.content, whole))
    return Attribution(content, cue, merge(widened(one.source, whole)), one.score)


def _chunks(texts: Sequence[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    size = 0
    for text in texts:
        if chunk and size + len(text) > _CHUNK:
            yield chunk
            chunk, size = [], 0
        chunk.append(text)
        size += len(text)
    if chunk:
        yield chunk
