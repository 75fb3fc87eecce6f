"""The command line as a user meets it: output, exit codes, no tracebacks."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stance.cli import app
from tests.conftest import FIXTURES

_RUNNER = CliRunner()


def test_classify_prints_the_label() -> None:
    result = _RUNNER.invoke(app, ["classify", "We refuse to sit with them."])
    assert result.exit_code == 0
    assert result.stdout.split()[0] in {"supporting", "opposing", "noncommittal"}


def test_classify_json_is_a_whole_prediction() -> None:
    beside = ["--context", "Will you come?", "--target", "the Geneva talks"]
    row = json.loads(_RUNNER.invoke(app, ["classify", "--json", *beside, "We will come."]).stdout)
    assert " ".join(row) == (
        "text speaker cue speech start end spans source_start source_end context target "
        "about_talks label probabilities confidence truncated model_version"
    )
    assert (row["context"], row["target"]) == ("Will you come?", "the Geneva talks")
    assert set(row["probabilities"]) == {"supporting", "opposing", "noncommittal"}


def test_classify_reads_standard_input() -> None:
    result = _RUNNER.invoke(app, ["classify", "--json", "-"], input="We will come.")
    assert json.loads(result.stdout)["text"] == "We will come."


def test_analyze_names_the_speakers_of_the_seed_article() -> None:
    file = str(FIXTURES / "article_2024-05-15.txt")
    rows = json.loads(_RUNNER.invoke(app, ["analyze", "--json", file]).stdout)
    speakers = " ".join(row["speaker"] or "" for row in rows)
    for name in ("Liu Pengyu", "Putin", "Moscow", "Scholz", "Bonnie Glaser"):
        assert name in speakers


def test_square_brackets_are_words_not_markup(tmp_path: Path) -> None:
    text = "“We reject [/the] mediation [offer],” said Anna Weber."
    (tmp_path / "a.txt").write_text(text)
    result = _RUNNER.invoke(app, ["analyze", str(tmp_path / "a.txt")], env={"COLUMNS": "120"})
    assert result.exit_code == 0, result.output
    assert "We reject [/the] mediation [offer]" in result.stdout


def test_an_article_in_which_nobody_speaks() -> None:
    result = _RUNNER.invoke(app, ["analyze", "-"], input="The road is closed.")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no statements found" in result.stderr


def test_statements_on_other_subjects_can_be_hidden() -> None:
    article = (
        "The rebels said they would attend the peace talks in Geneva. "
        "The finance minister said that the price of wheat had fallen by a third."
    )
    result = _RUNNER.invoke(app, ["analyze", "-", "--about-talks", "--json"], input=article)
    (row,) = json.loads(result.stdout)
    assert row["speaker"] == "The rebels"


def test_subjects_cannot_be_hidden_by_a_model_that_does_not_tell_them(tiny: Path) -> None:
    command = ["analyze", "-", "--about-talks", "--model", str(tiny)]
    result = _RUNNER.invoke(app, command, input="The army said: “We will not come.”")
    assert result.exit_code == 2
    assert "no topic.safetensors in it; leave out --about-talks" in result.stderr


def test_offsets_do_not_depend_on_how_an_article_comes_in(tmp_path: Path) -> None:
    text = "Title\r\n\r\nThe army said: “We will not come.”\r\n"
    (tmp_path / "a.txt").write_bytes(text.encode())
    outputs = [
        _RUNNER.invoke(app, ["analyze", "--json", str(tmp_path / "a.txt")]).stdout,
        _RUNNER.invoke(app, ["analyze", "--json", "-"], input=text.encode()).stdout,
    ]
    assert outputs[0] == outputs[1]
    (row,) = json.loads(outputs[0])
    assert text[row["start"] : row["end"]] == row["text"]


def test_bytes_on_standard_input_that_are_no_text() -> None:
    for command in ("classify", "analyze"):
        result = _RUNNER.invoke(app, [command, "-"], input=b"caf\xe9 said no")
        assert result.exit_code == 2
        assert "standard input: not UTF-8 at byte 3" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["classify", " "], "empty or blank"),
        (["classify", "--model", "./nowhere", "hello"], "nowhere"),
        (["classify", "--device", "abacus", "hello"], "abacus"),
        (["classify", "caf\udce9"], "half of a surrogate pair at character 3"),
        (["classify", "--model", "", "hello"], "'' is not a folder"),
        (["classify", "--model", "tagger", "hello"], "'tagger' is neither a shipped model"),
        (["analyze", "nowhere.txt"], "nowhere.txt: no such file"),
        (["analyze", "."], "is a directory"),
    ],
)
def test_bad_input_is_one_line_and_code_2(arguments: list[str], message: str) -> None:
    result = _RUNNER.invoke(app, arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert "Traceback" not in result.output


def test_a_wrong_encoding_is_named(tmp_path: Path) -> None:
    file = tmp_path / "latin.txt"
    file.write_bytes("café".encode("latin-1"))
    result = _RUNNER.invoke(app, ["analyze", str(file)])
    assert result.exit_code == 2
    assert "not UTF-8 at byte 3" in result.stderr
