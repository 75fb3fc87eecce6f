"""Articles with labelled statements."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stance.errors import InputError
from stance.evaluation.articles import Found, LabelledArticle, Reading, found_in
from stance.evaluation.baselines import Majority
from stance.evaluation.bootstrap import MIN_CLUSTERS, Resampler, wilson
from stance.evaluation.config import DatasetConfig, EvaluateConfig, Gate
from stance.evaluation.datasets import Dataset
from stance.evaluation.formats import with_interval
from stance.evaluation.labelled import Labelled, read_labelled
from stance.evaluation.loading import load_data
from stance.evaluation.markdown import to_markdown
from stance.evaluation.run import evaluate
from stance.evaluation.scores import whole_articles
from stance.evaluation.systems import ArtifactSystem
from stance.labels import Stance
from stance.records import Prediction, Speech, Statement

TEXT = (
    "The rebels walked out. “We are done,” their leader said, “and we shall not be back.” "
    "A mediator asked\nboth sides to return."
)


def _said(*words: str, label: str, speech: str = "direct", **more: Any) -> dict[str, Any]:
    spans = [[TEXT.index(word), TEXT.index(word) + len(word)] for word in words]
    given = {"speaker": "the leader", "speech": speech, "label": label, "coder_a": label}
    return given | {"spans": spans} | more


def _article(**more: Any) -> dict[str, Any]:
    statements = [
        _said("“We are done,”", "“and we shall not be back.”", label="opposing"),
        _said(
            "asked\nboth sides to return", label="supporting", speech="act", coder_b="supporting"
        ),
    ]
    return {"id": "t1", "conflict": "war", "text": TEXT, "statements": statements} | more


def _write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_statements_are_read_with_the_context_that_the_article_gives(tmp_path: Path) -> None:
    first, second = read_labelled(_write(tmp_path / "articles.jsonl", _article()))
    assert first.statement.text == "“We are done,” “and we shall not be back.”"
    assert first.statement.context == "The rebels walked out."
    assert (first.id, first.label) == ("t1-1", Stance.OPPOSING)
    assert second.statement.text == "asked both sides to return"
    assert second.statement.speech == Speech.ACT
    assert second.statement.context
    assert second.statement.context.endswith("“and we shall not be back.” A mediator")
    assert second.attributes == {"article": "t1", "conflict": "war", "speech": "act"}


def test_articles_and_single_statements_may_share_a_file(tmp_path: Path) -> None:
    single = {"id": "s", "text": "We will come.", "label": "supporting"}
    path = _write(tmp_path / "mixed.jsonl", single, _article())
    assert [item.id for item in read_labelled(path)] == ["s", "t1-1", "t1-2"]


def test_a_column_of_that_name_is_an_attribute(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("text,label,statements\nWe will come.,supporting,3\n")
    assert read_labelled(tmp_path / "d.csv")[0].attributes == {"statements": "3"}


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"statements": []}, r"articles.jsonl:1: field 'statements': .*at least 1"),
        ({"statements": [_said("rebels", label="for")]}, "field 'statements.0.label'"),
        ({"statements": [_said("walked", "rebels", label="opposing")]}, "overlap or go back"),
        ({"statements": [_said("rebels", label="opposing", spans=[[0, 9999]])]}, "ends behind"),
        (
            {"statements": [_said("rebels", label="opposing", coder_a="supporting")]},
            "no coder|none",
        ),
        ({"text": None}, "field 'text'"),
    ],
)
def test_a_fault_is_told_with_its_place(
    tmp_path: Path, fault: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_labelled(_write(tmp_path / "articles.jsonl", _article(**fault)))


def _prediction(*spans: tuple[int, int], label: Stance, speaker: str | None = None) -> Prediction:
    said = Statement(
        "what was said", speaker=speaker, start=spans[0][0], end=spans[-1][1], spans=spans
    )
    one_hot = {other: float(other == label) for other in Stance}
    return Prediction(said, label, one_hot, 1.0, truncated=False, model_version="1", conformal={})


def test_a_statement_is_found_where_half_of_both_is_the_same() -> None:
    article = LabelledArticle.model_validate(_article())
    (quoted, behind), (asked,) = (said.spans for said in article.statements)
    both = _prediction(quoted, behind, label=Stance.OPPOSING, speaker="The leader, Ali")
    whole = _prediction((0, len(TEXT)), label=Stance.SUPPORTING)
    act = _prediction((asked[0], asked[1] - 3), label=Stance.NONCOMMITTAL)
    nothing = Found(there=False, right=False, named=False)
    assert found_in(article, [whole]) == Reading({"t1-1": nothing, "t1-2": nothing}, 0, 1)
    assert found_in(article, [whole, both, act]) == Reading(
        {
            "t1-1": Found(there=True, right=True, named=True),
            "t1-2": Found(there=True, right=False, named=False),
        },
        labelled=2,
        returned=3,
    )
    assert found_in(article, []) == Reading({"t1-1": nothing, "t1-2": nothing}, 0, 0)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Sidi Marwan", "The emir's chamberlain, Sidi Marwan", True),
        ("Brigadier Othman Swehli", "Othman Swehli, a militia leader", True),
        ("the leader", "their leader", True),
        ("Interior Minister Ali Khan", "Defence Minister Omar Saleh", False),
        ("the", "the army", False),
        (None, "the army", False),
    ],
)
def test_mentions_of_one_speaker_share_most_of_the_shorter(
    one: str | None, other: str, same: bool
) -> None:
    article = LabelledArticle.model_validate(_article())
    said = article.statements[0].model_copy(update={"speaker": other})
    one_article = article.model_copy(update={"statements": (said,)})
    guess = _prediction(*said.spans, label=Stance.OPPOSING, speaker=one)
    assert found_in(one_article, [guess]).found["t1-1"].named == same


def test_a_report_tells_what_is_found_in_whole_articles(tmp_path: Path) -> None:
    path = _write(tmp_path / "articles.jsonl", _article())
    config = EvaluateConfig(datasets={"articles": DatasetConfig(path=path)}, output=tmp_path)
    data = load_data(config, fixtures=False)
    report = evaluate(ArtifactSystem("base", "cpu"), data, config)
    whole = report.datasets[0].whole
    assert whole is not None
    assert whole.found.value == 1.0
    assert whole.right.value is not None
    assert whole.named.value is not None
    assert whole.labelled.value is not None
    assert f"it finds {with_interval(whole.found)}, " in to_markdown(report)
    assert report.datasets[0].n == 2
    plain = evaluate(Majority(data.datasets[0].items), data, config)
    assert plain.datasets[0].whole is None


def test_whole_articles_are_drawn_where_conflicts_are_few(tmp_path: Path) -> None:
    articles = [_article(id=f"t{number}") for number in range(MIN_CLUSTERS + 3)]
    path = _write(tmp_path / "articles.jsonl", *articles)
    config = EvaluateConfig(datasets={"articles": DatasetConfig(path=path)}, output=tmp_path)
    report = evaluate(ArtifactSystem("base", "cpu"), load_data(config, fixtures=False), config)
    [found] = report.datasets
    assert found.resampled == f"{len(articles)} articles"
    # All are alike, so whole ones, and not single statements, cannot differ.
    [scores, *_] = found.scores
    assert found.whole is not None
    assert found.whole.labelled.value == 1.0
    assert scores.metrics["macro_f1"].low is None


def test_what_is_given_is_drawn_by_article() -> None:
    texts = [_article(id=f"t{number}") for number in range(20)]
    articles = [LabelledArticle.model_validate(one) for one in texts]
    ids = [one.id_of(number) for one in articles for number in (1, 2)]
    dataset = Dataset("articles", _items(ids), {}, True, articles)
    source = Resampler(np.arange(40) // 2, 20, "articles", 400, 1)
    (quoted, behind), _ = (said.spans for said in articles[0].statements)
    labelled = _prediction(quoted, behind, label=Stance.OPPOSING)
    other = _prediction((0, len(TEXT)), label=Stance.OPPOSING)
    # Half of the articles give one labelled statement, the others five that are none.
    read = [[labelled] if at % 2 else [other] * 5 for at in range(20)]
    found = whole_articles(read, dataset, source).labelled
    single = wilson(10, 60)
    assert found.value == single.value
    assert found.low is not None
    assert found.high is not None
    assert single.low is not None
    assert single.high is not None
    assert found.high - found.low > single.high - single.low


def _items(ids: list[str]) -> list[Labelled]:
    return [Labelled(i, Statement("a"), Stance.OPPOSING, {"article": i[:-2]}) for i in ids]


def test_a_gate_may_name_what_is_found(tmp_path: Path) -> None:
    path = _write(tmp_path / "articles.jsonl", _article())
    gates = {"articles.found": Gate(min=0.9), "articles.found_and_right": Gate(max=0.0)}
    datasets = {"articles": DatasetConfig(path=path)}
    config = EvaluateConfig(datasets=datasets, output=tmp_path, gates=gates)
    report = evaluate(ArtifactSystem("base", "cpu"), load_data(config, fixtures=False), config)
    assert [gate.status for gate in report.gates] == ["passed", "failed"]
