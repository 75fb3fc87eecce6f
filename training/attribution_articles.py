"""Articles whose statements are labelled -> labels of the tagger, with a tagger's help.

A labelled statement has its pieces, its speaker and its kind, but neither a cue nor the mention of
its source. A tagger that is there already gives both where it finds the statement; where it misses
an act, the verb that the act begins with is its cue. What stays open is not trained on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from tokenizers import Tokenizer

from stance.attribution.decoding import ARGUMENT_TAGS, FLAT_TAGS
from stance.attribution.extract import Extractor
from stance.attribution.sentences import sentence_at, sentences_of
from stance.attribution.spans import Attribution, letters, meets, merge, overlap, without
from stance.attribution.textview import TextView, view_of
from stance.evaluation.articles import LabelledArticle as Article
from stance.evaluation.articles import Said
from stance.records import Span, Speech
from training.attribution_labels import IGNORE, LabelledArticle, covered, label_articles
from training.attribution_polnear import AnnotatedArticle
from training.attribution_soft import SoftLabels

__all__ = ["Marked", "labelled_articles", "marked"]

_SAME = 0.5
"""Overlap of a statement and what the tagger found, from which they are one."""
_WITHIN = 0.5
"""Share of what the tagger found that lies in statements, from which it is a fragment of them."""
_FEWEST = 3
"""Letters that are a content; of an act that is no more than its verb ("agreed") the verb is."""
_AUXILIARY = (
    r"(?:ha[sd]|have|having|is|are|was|were|be|been|being|will|would|shall|should|can|cannot|could"
    r"|may|might|must|do|does|did|not|never|neither|nor|to|so|also|then|still|already|only|even|now"
    r"|once|again|both|each|just|yet|\w+n[\u2019']t|\w+ly)"
)
_PARTICLE = r"(?:out|away|off|down|up|back|aside|over|in|on|through|apart)"
_VERB = re.compile(
    rf"(?i)(?:{_AUXILIARY}\s+)*[\w\u2019'-]+(?:\s+{_PARTICLE}(?!\s+(?:the|a|an|its|his|her|their)\b)\b)?"
)
"""The verb that a reported act begins with."""
_PRONOUN = re.compile(
    r"(?i)\b(?:he|she|it|they|we|who|which|that|neither|both|others|none|nobody|some|many|most|all)\b"
)
_CLAUSE = re.compile(
    r"[,;:\u2014\u2013]\s+(?:(?:and|but|while|though|as|yet|so)\s+)?|\b(?:and|but|while)\s+"
)
_LONGEST_SUBJECT = 60
"""Characters of the last clause before an act that are taken for its subject."""
_SHARED_SUBJECT = re.compile(r"(?:^|[\s,])(?:and|but|or|then|nor)(?:\s+\w+ly)?\s*$")


@dataclass(frozen=True, slots=True)
class Marked:
    """An article as the tagger's annotators would have marked it, as far as is known.

    Attributes:
        refused: cues of what the tagger found and is a fragment of a statement, or two at once.
        unknown: characters of which the labels do not say what they are.
    """

    article: AnnotatedArticle
    refused: tuple[Span, ...]
    unknown: tuple[Span, ...]


def marked(articles: Sequence[Article], extractor: Extractor) -> list[Marked]:
    """The attributions of each article: the labelled statements with cues and sources."""
    drafts = extractor.attributions_batch([one.text for one in articles])
    return [_marked(one, found) for one, found in zip(articles, drafts, strict=True)]


def labelled_articles(
    found: Sequence[Marked], tokenizer: Tokenizer, reach: Span
) -> list[LabelledArticle]:
    """Tokens and token labels of each article.

    Args:
        reach: tokens before and from a cue that the argument head reads.
    """
    plain = label_articles([one.article for one in found], tokenizer)
    return [_with_open_places(a, b, reach) for a, b in zip(plain, found, strict=True)]


def _with_open_places(labels: LabelledArticle, found: Marked, reach: Span) -> LabelledArticle:
    """With what is unknown left out, and with the refused cues as cues that are none."""
    tokens, flat = labels.tokens, labels.flat.copy()
    for open_place in found.unknown:
        if (inside := covered(tokens, open_place)) is not None:
            flat[slice(*inside)] = IGNORE
    own = [cue.cue for cue in labels.cues or ()]
    none = [inside for cue in found.refused if (inside := covered(tokens, cue)) is not None]
    cues = np.asarray([*own, *none], dtype=np.int64).reshape(-1, 2)
    silent = SoftLabels(  # no teacher says anything of these
        np.full((len(tokens), FLAT_TAGS), np.nan, dtype=np.float16),
        cues,
        np.full((len(cues), sum(reach), len(ARGUMENT_TAGS) + 1), np.nan, dtype=np.float16),
        reach[0],
    )
    return replace(labels, flat=flat, soft=silent)


def _marked(article: Article, drafts: Sequence[Attribution]) -> Marked:
    view = view_of(article.text)
    sentences = sentences_of(view)
    partner = _partners(article.statements, drafts)
    known: list[Attribution] = []
    unknown: list[Span] = []
    for number, said in enumerate(article.statements):
        draft = drafts[partner[number]] if number in partner else None
        one = _annotated(view, sentences, said, draft, known)
        if one is not None:
            known.append(one)
        elif said.speech is not Speech.DIRECT:
            unknown.append(sentences[sentence_at(sentences, said.spans[0][0])])
            unknown += said.spans
    taken = _characters([span for said in article.statements for span in said.spans])
    cues = merge([one.cue for one in known if one.cue])
    refused = []
    for at, draft in enumerate(drafts):
        if at in partner.values() or draft.cue is None:
            continue
        inside = _characters(draft.content)
        if len(inside & taken) < _WITHIN * len(inside):
            unknown += [*draft.content, draft.cue, *draft.source]
        elif not meets(cues, draft.cue):
            refused.append(draft.cue)
    known.sort(key=lambda a: (a.cue or (0, 0), a.content))
    annotated = AnnotatedArticle(article.id, article.text, (tuple(known),))
    return Marked(annotated, tuple(refused), tuple(unknown))


def _partners(statements: Sequence[Said], drafts: Sequence[Attribution]) -> dict[int, int]:
    """By the number of a statement, that of what the tagger found of it; each is taken once."""
    pairs = []
    for number, said in enumerate(statements):
        for at, draft in enumerate(drafts):
            cue = [draft.cue] if draft.cue and said.speech is Speech.ACT else []
            pairs.append((overlap(said.spans, merge([*draft.content, *cue])), number, at))
    partner: dict[int, int] = {}
    for share, number, at in sorted(pairs, reverse=True):
        if share >= _SAME and number not in partner and at not in partner.values():
            partner[number] = at
    return partner


def _annotated(
    view: TextView,
    sentences: Sequence[Span],
    said: Said,
    draft: Attribution | None,
    before: Sequence[Attribution],
) -> Attribution | None:
    """The attribution that a statement is; None where its cue or source cannot be told."""
    if said.speech is not Speech.ACT:
        return replace(draft, content=said.spans, score=1.0) if draft is not None else None
    start, end = said.spans[0]
    verb = _VERB.match(view.text, start, end)
    if draft is not None and draft.cue and draft.cue[0] <= (verb.end() if verb else start):
        cue, sources = draft.cue, draft.source
    elif verb is not None and (source := _source(view, sentences, said, before)):
        cue, sources = verb.span(), (source,)
    else:
        return None
    content = without(said.spans, [cue])
    spoken = letters(view.text, content) >= _FEWEST
    return Attribution(content if spoken else said.spans, cue, sources)


def _source(
    view: TextView, sentences: Sequence[Span], said: Said, before: Sequence[Attribution]
) -> Span | None:
    """The mention of the speaker before an act in its sentence."""
    act = said.spans[0][0]
    start = sentences[sentence_at(sentences, act)][0]
    lead = view.text[start:act]
    for name in (said.speaker, said.speaker.rpartition(" ")[2]):
        at = lead.lower().rfind(view_of(name).text.lower())
        if at >= 0 and name[-1:].isalnum():
            return start + at, start + at + len(name)
    if _SHARED_SUBJECT.search(lead) and before and before[-1].source:
        cue = before[-1].cue
        if cue and start <= cue[0] < act:
            return before[-1].source[0]
    clause = max((m.end() for m in _CLAUSE.finditer(lead)), default=0)
    subject = lead[clause:].strip()
    if 0 < len(subject) <= _LONGEST_SUBJECT:
        at = start + lead.index(subject, clause)
        return at, at + len(subject)
    pronouns = list(_PRONOUN.finditer(lead))
    return (start + pronouns[-1].start(), start + pronouns[-1].end()) if pronouns else None


def _characters(spans: Sequence[Span]) -> set[int]:
    return {position for span in spans for position in range(*span)}
