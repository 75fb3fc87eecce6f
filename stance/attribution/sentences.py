"""Where sentences of news text start and end (rules; linear time)."""

import re
from collections.abc import Sequence

from stance.attribution.lexicon import word_set
from stance.attribution.spans import at_or_before
from stance.attribution.textview import TextView
from stance.records import Span

__all__ = ["sentence_at", "sentences_of"]

_STOP = re.compile(
    r"""(?<=[.!?\u2026\u3002\u061f])( "|["')\]]{0,3})[ \n]+(?=["'(\[]{0,2}[^\W_a-z])"""
)
_ABBREVIATIONS = word_set(
    """
    mr mrs ms dr prof sr jr gen lt col maj capt sgt cmdr adm brig sen rep gov pres hon rev
    st mt ft no vs etc inc ltd co corp jan feb mar apr jun jul aug sept sep oct nov dec mon
    tue wed thu fri sat sun e.g i.e u.s u.k u.n e.u a.m p.m ph.d approx dept est fig
    """
)
_SENTENCE_STARTERS = word_set(
    """
    the he she it they we but and in on a an this that
    """
)


def sentences_of(view: TextView) -> list[Span]:
    """Sentences in text order; they never cross a paragraph, and hold no outer spaces."""
    found: list[Span] = []
    for start, end in view.paragraphs:
        begin = start
        for stop in _STOP.finditer(view.text, start, end):
            if not _abbreviates(view.text, begin, stop.start(), stop.end()):
                found.append((begin, stop.end(1)))
                begin = stop.end()
        found.append((begin, end))
    return found


def _abbreviates(text: str, begin: int, dot: int, following: int) -> bool:
    """True when the full stop before `dot` belongs to a word, as in "Mr. Xi" or "J. Smith"."""
    if text[dot - 1] != ".":
        return False
    start = max(begin, text.rfind(" ", begin, dot) + 1)
    word = text[start : dot - 1].strip("\"'([").lower()
    initial = len(word) == 1 and word.isalpha() and text[start : dot - 1][-1:].isupper()
    if not initial and word not in _ABBREVIATIONS:
        return False
    # "in the U.S. The minister …": after such a word, a common opener starts a sentence.
    opener = re.match(r"""["'(\[]*([^\W\d_]+)""", text[following : following + 20])
    return not (opener and opener[1].lower() in _SENTENCE_STARTERS and word not in {"mr", "mrs"})


def sentence_at(sentences: Sequence[Span], position: int) -> int:
    """Index of the last sentence that starts at or before a position; 0 before the first."""
    return max(0, at_or_before(sentences, position))
