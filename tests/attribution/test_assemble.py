"""Token spans become attributions; the tokens of these tests are words and signs."""

import re
from dataclasses import replace
from typing import Any

import numpy as np

from stance.attribution.assemble import assemble
from stance.attribution.decoding import Arguments, CueCandidate
from stance.attribution.decoding_config import DecodingConfig
from stance.attribution.encoding import Tokens
from stance.attribution.spans import Attribution
from stance.attribution.textview import TextView, view_of
from stance.records import Span


def tokens_of(view: TextView) -> Tokens:
    spans = np.array([m.span() for m in re.finditer(r"\w+|[^\w\s]", view.text)]).reshape(-1, 2)
    nothing = np.zeros(len(spans), dtype=np.int64)
    return Tokens(nothing, nothing, spans[:, 0], spans[:, 1])


def assembled(text: str, content: list[str], cue: str, *source: str) -> tuple[str | None, ...]:
    """The pieces of the content and the source, "|" between them."""
    view = view_of(text)
    tokens = tokens_of(view)

    def find(piece: str) -> Span:
        start = text.index(piece)
        end = start + len(piece)
        inside = np.flatnonzero((tokens.starts < end) & (tokens.ends > start))
        return int(inside[0]), int(inside[-1]) + 1

    arguments = Arguments(
        tuple(find(piece) for piece in content), tuple(find(s) for s in source), 1.0, 1.0, 1.0
    )
    (one,) = assemble(
        view, tokens, [CueCandidate(*find(cue), 1.0)], [arguments], [1.0], DecodingConfig()
    )
    return tuple(
        "|".join(text[slice(*span)] for span in spans) for spans in (one.content, one.source)
    )


def test_a_source_stays_in_the_paragraph_of_its_cue() -> None:
    text = "Kremlin Rejects Talks With Kyiv\n\nKyiv said on Tuesday that it was ready."
    found = assembled(text, ["that it was ready"], "said", "Kyiv\n\nKyiv")
    assert found == ("that it was ready", "Kyiv")
    found = assembled(text, ["that it was ready"], "said", "Kremlin", "Kyiv\n\nKyiv")
    assert found == ("that it was ready", "Kyiv")
    text = "He said so.\n\n“We go,” said Anna Lind\n\nOmar Khalid left."
    assert assembled(text, ["“We go,”"], "said Anna", "Anna Lind\n\nOmar Khalid")[1] == "Anna Lind"


def test_a_content_outside_of_quotations_stays_in_its_paragraph() -> None:
    text = "World News\n\nArmy rejects talks\n\nThe army rejected talks, its spokesman said."
    content = text[: text.index(", its")]
    assert assembled(text, [content], "said", "its spokesman")[0] == "The army rejected talks"
    text = "He said:\n\nThe talks are off.\n\nNobody came."
    content = text[text.index("The talks") :]
    assert assembled(text, [content], "said", "He")[0] == "The talks are off."


def test_a_quotation_goes_on_over_paragraphs() -> None:
    text = "“We come. We talk.\n\n“We stay,” he said.\n\n“We win.” “Soon.”\n\nHe left."
    assert assembled(text, ["We talk.\n\n“We stay,”"], "said", "he")[0] == (
        "We talk.\n\n“We stay,”"
    )
    assert assembled(text, ["We stay,”", "“We win.” “Soon.”\n\nHe left"], "said", "he")[0] == (
        "“We stay,”|“We win.” “Soon.”"
    )


def test_a_content_takes_its_single_marks_and_goes_on_to_their_end() -> None:
    text = "‘We’re ready, but we won’t beg,’ said Omar. 'The rebels' men are not. It is over.'"
    found = assembled(text, ["We’re ready, but we won’t beg"], "said", "Omar")
    assert found[0] == "‘We’re ready, but we won’t beg,’"
    assert assembled(text, ["The rebels"], "said", "Omar")[0] == (
        "'The rebels' men are not. It is over.'"
    )


class Counted(np.ndarray[Any, np.dtype[np.bool_]]):
    """A mask that counts how often single characters of it are read."""

    reads = 0

    def __getitem__(self, key: Any) -> Any:
        Counted.reads += isinstance(key, int)
        return super().__getitem__(key)


def test_an_open_quotation_is_not_read_again_for_every_content() -> None:
    words = 3_000
    view = view_of("“" + "word " * words)
    view = replace(view, quoted=view.quoted.view(Counted), single=view.single.view(Counted))
    tokens = tokens_of(view)
    cues = [CueCandidate(i, i + 1, 1.0) for i in range(1, words, 2)]
    arguments = [Arguments(((cue.end, cue.end + 1),), (), 1.0, 1.0, 1.0) for cue in cues]
    Counted.reads = 0
    found = assemble(view, tokens, cues, arguments, [1.0] * len(cues), DecodingConfig())
    assert isinstance(found[0], Attribution)
    assert len(found) == len(cues)
    assert Counted.reads < 50 * len(cues)
