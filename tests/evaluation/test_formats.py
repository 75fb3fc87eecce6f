"""JSON and Markdown hold what the page holds; a mistake names the rule that decides it."""

import json
import re
from dataclasses import replace
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from stance import Stance
from stance.evaluation.formats import to_json
from stance.evaluation.markdown import to_markdown
from stance.evaluation.mistakes import RULES, worst_mistakes
from stance.evaluation.results import Report
from stance.evaluation.terminal import print_report
from stance.report.evaluation_page import evaluation_page
from tests.evaluation.full_report import full_report
from tests.evaluation.known import dataset, one_hot, table
from training.corpus_schema import PHENOMENA

CODEBOOK = Path(__file__).parents[2] / "corpus" / "CODEBOOK.md"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return full_report(tmp_path_factory.mktemp("suite"))


def _words(text: str) -> str:
    return re.sub(r"\W+", " ", text)


def test_the_markdown_says_what_the_page_says(report: Report) -> None:
    markdown, page = (_words(unescape(f(report))) for f in (to_markdown, evaluation_page))
    data = report.datasets[0]
    assert len(data.mistakes) == 20
    for mistake in data.mistakes:
        assert mistake.context
        assert mistake.text
        said = [mistake.context, mistake.text, mistake.id, *mistake.facts.values()]
        near = [text for n in mistake.nearest for text in (n.id, n.text)]
        assert len(mistake.nearest) == 3
        for text in (*said, *near):
            assert _words(text) in markdown
            assert _words(text) in page
    assert report.behavioural
    for capability in report.behavioural.capabilities:
        assert len(capability.examples) > 1
        for example in capability.examples:
            assert _words(example) in markdown
            assert _words(example) in page


def test_the_markdown_has_the_figures_of_the_pictures(report: Report) -> None:
    data = report.datasets[0]
    lines = to_markdown(report).splitlines()
    first = lines.index("| answered | accuracy | confidence at least |")
    assert len(data.risk_coverage) == 20
    for line, point in zip(lines[first + 2 :], data.risk_coverage, strict=False):
        assert line.startswith(f"| {100 * point.coverage:.1f} %")
    first = lines.index("| confidence | n | mean confidence | accuracy |")
    rows = lines[first + 2 :][: len(data.reliability)]
    for line, found in zip(rows, data.reliability, strict=True):
        assert line.startswith(f"| {found.low:.2f} to {found.high:.2f} | {found.n} |")


def test_where_it_ran_and_what_was_read(report: Report) -> None:
    there = replace(report, system=replace(report.system, device="xpu"))
    assert len(report.files) == 1
    files = [
        report.files,
        report.datasets[0].files,
        report.behavioural and report.behavioural.files,
    ]
    assert report.read == {k: v for part in files for k, v in (part or {}).items()}
    assert json.loads(to_json(report))["read"] == report.read
    for text in (to_markdown(there), evaluation_page(there)):
        assert "; device xpu" in text
        for name, digest in report.read.items():
            assert name in text
            assert digest in text


def test_people_s_words_are_no_markup(report: Report) -> None:
    markdown = to_markdown(report)
    assert r"\*not\* \<b>then" in markdown
    assert "<b>" not in markdown.replace(r"\<b>", "")


def test_the_json_says_whether_the_gates_held(report: Report) -> None:
    assert json.loads(to_json(report))["passed"] is False
    assert "Below its gates." in to_markdown(report)
    held = replace(report, gates=[g for g in report.gates if g.status in ("passed", "skipped")])
    assert len(held.gates) == 2
    assert json.loads(to_json(held))["passed"] is True
    assert "Every gate holds." in to_markdown(held)


def test_a_mistake_names_the_rule_of_its_phenomenon() -> None:
    data = dataset(
        [Stance.OPPOSING] * 3, phenomenon=["negation", "negation", "own"], rule=["", "mine", ""]
    )
    wrong = table(data.gold, one_hot(data.gold * 0))
    found = worst_mistakes(wrong, data, None)
    assert [m.facts.get("rule") for m in found] == ["tie-break 5", "mine", None]


def test_every_phenomenon_of_the_corpus_has_a_rule_of_the_codebook() -> None:
    assert set(RULES) == set(PHENOMENA)
    numbers = re.findall(r"^(\d+)\. ", CODEBOOK.read_text(encoding="utf-8"), re.MULTILINE)
    for rule in RULES.values():
        assert set(re.findall(r"\d+", rule)) <= set(numbers)


def test_the_name_of_a_file_is_no_markup(report: Report) -> None:
    name = '[old] "R&D"'
    named = replace(report, datasets=[replace(report.datasets[0], name=name)])
    screen = Console(width=250, record=True, file=StringIO())
    print_report(named, screen)
    shown = screen.export_text()
    assert shown.count(name) == 2  # its scores, its labels
    page = evaluation_page(named)
    assert 'aria-label="Confusion matrix of [old] &quot;R&amp;D&quot;"' in page
    assert f'of {name}"' not in page
