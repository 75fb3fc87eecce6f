"""The whole way: files in, report and gates out, for systems with known answers."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from stance import ConfigError, InputError, Stance, __version__
from stance.evaluation.config import DatasetConfig, EvaluateConfig, Gate
from stance.evaluation.formats import to_json
from stance.evaluation.loading import load_data, read_train
from stance.evaluation.markdown import to_markdown
from stance.evaluation.predictions_file import PredictionsFile
from stance.evaluation.results import Report
from stance.evaluation.run import compare, evaluate
from stance.evaluation.slices import slice_scores
from stance.evaluation.terminal import print_comparisons
from stance.labels import LABELS
from stance.manifest import sha256
from stance.report.evaluation_page import evaluation_page
from tests.evaluation.known import Oracle, by_statement, dataset, one_hot, table

TEXTS = ("yes, talks", "no talks", "who knows <b>& so</b>")


@pytest.fixture
def config(tmp_path: Path) -> EvaluateConfig:
    """Thirty statements in three labels, three conflicts and two pairs, and a training file."""
    rows = [
        {
            "id": f"t{i}",
            "text": TEXTS[i % 3],
            "label": LABELS[i % 3],
            "conflict": f"c{i % 3}",
            "phenomenon": "odd one" if i == 0 else "plain",
            "pair": f"p{i // 2}" if i < 4 else None,
        }
        for i in range(30)
    ]
    for name in ("test", "train"):
        lines = (json.dumps({k: v for k, v in row.items() if v is not None}) for row in rows)
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines))
    suite = tmp_path / "suite"
    suite.mkdir()
    case = {
        "id": "a",
        "capability": "plain",
        "kind": "mft",
        "text": "no talks",
        "label": "opposing",
    }
    (suite / "a.jsonl").write_text(json.dumps(case))
    return EvaluateConfig(
        resamples=100,
        output=tmp_path / "out",
        datasets={"test": DatasetConfig(path=tmp_path / "test.jsonl")},
        train=(tmp_path / "train.jsonl",),
        behavioural=suite,
    )


def perfect() -> Oracle:
    return Oracle(dict(zip(TEXTS, np.eye(3).tolist(), strict=True)))


def swapped() -> Oracle:
    return Oracle(dict(zip(TEXTS, np.eye(3)[[1, 0, 2]].tolist(), strict=True)))


def report_of(system: Oracle, config: EvaluateConfig) -> Report:
    return evaluate(system, load_data(config, fixtures=False), config)


def test_a_perfect_system_passes_its_gates(config: EvaluateConfig) -> None:
    gates = {"test.macro_f1": Gate(min=1.0), "behavioural.worst": Gate(max=0.0)}
    report = report_of(perfect(), config.model_copy(update={"gates": gates}))
    assert report.passed
    result = report.datasets[0]
    assert result.pairs == 2
    assert result.pairs_right is not None
    assert result.pairs_right.value == 1.0
    assert not result.mistakes


def test_a_label_swapped_system_fails_them_and_its_mistakes_are_shown(
    config: EvaluateConfig,
) -> None:
    gates = {"test.accuracy": Gate(min=0.9), "behavioural.failure_rate": Gate(max=0.5)}
    report = report_of(swapped(), config.model_copy(update={"gates": gates}))
    assert [gate.status for gate in report.gates] == ["failed", "failed"]
    assert report.datasets[0].scores[0].metrics["accuracy"].value == pytest.approx(1 / 3)
    mistake = report.datasets[0].mistakes[0]
    assert (mistake.gold_probability, mistake.confidence) == (0.0, 1.0)
    assert mistake.nearest[0].text == mistake.text
    assert report.behavioural is not None
    assert report.behavioural.capabilities[0].examples == ["no talks: supporting, not opposing"]


def test_same_input_same_bytes(config: EvaluateConfig) -> None:
    first, second = (replace(report_of(swapped(), config), created="then") for _ in range(2))
    assert to_json(first) == to_json(second)
    assert to_markdown(first) == to_markdown(second)
    assert evaluation_page(first) == evaluation_page(second)
    assert first.datasets[0].files


def test_the_page_escapes_what_people_wrote(config: EvaluateConfig) -> None:
    page = evaluation_page(report_of(Oracle({}), config))
    assert "who knows &lt;b&gt;" not in page  # that one it gets right
    wrong = Oracle({TEXTS[2]: (0.9, 0.05, 0.05)})
    page = evaluation_page(report_of(wrong, config))
    assert "who knows &lt;b&gt;&amp; so" in page
    assert "<b>& so" not in page


def test_what_may_not_be_quoted_is_nowhere(config: EvaluateConfig) -> None:
    closed = {"test": config.datasets["test"].model_copy(update={"quotable": False})}
    settings = config.model_copy(update={"datasets": closed, "train": (), "behavioural": None})
    report = report_of(swapped(), settings)
    assert report.datasets[0].mistakes
    for text in (to_json(report), to_markdown(report), evaluation_page(report)):
        assert "yes, talks" not in text
    assert "train" in report.skipped


def test_an_optional_dataset_that_is_absent_is_a_marked_row(config: EvaluateConfig) -> None:
    absent = DatasetConfig(path=Path("/nowhere.tsv"), optional=True)
    settings = config.model_copy(
        update={
            "datasets": {**config.datasets, "wire": absent},
            "gates": {"wire.macro_f1": Gate(min=0.9)},
        }
    )
    report = report_of(perfect(), settings)
    assert report.skipped == {"wire": "/nowhere.tsv is not there"}
    assert report.gates[0].status == "skipped"
    assert report.passed


def test_a_gate_without_its_figure(config: EvaluateConfig) -> None:
    for name in ("test.macro_f2", "tset.macro_f1"):
        for train in (config.train, ()):
            settings = config.model_copy(update={"gates": {name: Gate(min=0.1)}, "train": train})
            with pytest.raises(ConfigError, match=f"gates.{name}: no such figure"):
                report_of(perfect(), settings)
    gates = {"test.macro_f1_over_tfidf": Gate(min=0.1)}
    settings = config.model_copy(update={"gates": gates, "train": ()})
    assert report_of(perfect(), settings).gates[0].status == "not measured"
    empty = config.behavioural
    assert empty is not None
    (empty / "a.jsonl").unlink()
    settings = config.model_copy(update={"gates": {"behavioural.worst": Gate(max=0.1)}})
    report = report_of(perfect(), settings)
    assert report.gates[0].status == "not measured"
    assert not report.passed


def test_texts_come_from_a_second_file(tmp_path: Path) -> None:
    (tmp_path / "labels.tsv").write_text("id\tlabel\na\topposing\nb\tsupporting\n")
    (tmp_path / "texts.json").write_text('[{"id": "a", "text": "no"}, {"id": "b", "text": "yes"}]')
    data = DatasetConfig(path=tmp_path / "labels.tsv", texts=tmp_path / "texts.json")
    loaded = load_data(EvaluateConfig(datasets={"wire": data}), fixtures=False).datasets[0]
    assert [s.text for s in loaded.statements] == ["no", "yes"]
    assert len(loaded.files) == 2
    (tmp_path / "texts.json").write_text('[{"id": "a", "text": "no"}]')
    with pytest.raises(InputError, match=r"labels.tsv:3: field 'id': 'b'"):
        load_data(EvaluateConfig(datasets={"wire": data}), fixtures=False)


def test_a_slice_of_one_is_marked_and_slices_are_corrected() -> None:
    labels = [Stance.OPPOSING] * 60
    data = dataset(labels, speech=["direct"] * 30 + ["post"] * 29 + ["mixed"])
    predicted = np.array([1] * 30 + [0] * 30)
    predictions = table(data.gold.tolist(), one_hot(predicted))
    found = {s.value: s for s in slice_scores(predictions, data, by_statement(60))}
    assert set(found) == {"direct", "post", "mixed"}  # one length, one context: no slices
    assert found["mixed"].mark == "one statement"
    assert found["post"].p_holm < 1e-6
    assert found["post"].accuracy.value == 0.0
    assert found["mixed"].p_holm > 0.05


def test_a_predictions_file(tmp_path: Path, config: EvaluateConfig) -> None:
    path = tmp_path / "mine.jsonl"
    rows = [{"id": f"t{i}", "label": LABELS[i % 3]} for i in range(30)]
    path.write_text("\n".join(map(json.dumps, rows)))
    data = load_data(config, fixtures=False)
    report = evaluate(PredictionsFile(path), data, config)
    metrics = report.datasets[0].scores[0].metrics
    assert metrics["accuracy"].value == 1.0
    assert "ece" not in metrics  # bare labels have no calibration
    assert "behavioural" in report.skipped
    assert "Evaluation of mine" in evaluation_page(report)
    found = compare(PredictionsFile(path), swapped(), data, config)
    assert all(row.difference.value and row.difference.value > 0.5 for row in found if row.test)
    others = {row.measure: (row.value_a.value, row.difference.value) for row in found[2:]}
    assert others["ece"] == others["failure_rate"] == (None, None)  # bare labels, no answers


def test_two_systems_side_by_side(config: EvaluateConfig) -> None:
    rows = compare(perfect(), swapped(), load_data(config, fixtures=False), config)
    found = {
        (r.dataset, r.measure): (r.value_a.value, r.value_b.value, r.difference.value) for r in rows
    }
    assert found["test", "accuracy"] == pytest.approx((1.0, 1 / 3, 2 / 3))
    assert found["test", "pairs_right"] == (1.0, 0.0, 1.0)
    assert found["test", "ece"] == pytest.approx((0.0, 2 / 3, -2 / 3))
    assert found["behavioural", "failure_rate"] == (0.0, 1.0, -1.0)
    assert found["behavioural", "plain"] == (0.0, 1.0, -1.0)
    assert {r.measure for r in rows if r.p_holm is not None} == {"accuracy", "macro_f1"}
    screen = Console(width=200, record=True, file=StringIO())
    print_comparisons(rows, screen)
    shown = screen.export_text()
    assert "A is better" in shown
    assert "0.333 [" in shown
    assert "pairs_right" in shown
    assert "behavioural suite" in shown


def test_the_report_names_all_that_was_read(config: EvaluateConfig, tmp_path: Path) -> None:
    source = tmp_path / "evaluate.yaml"
    source.write_text("seed: 1\n")
    report = evaluate(perfect(), load_data(config, fixtures=False, source=source), config)
    read = [*config.train, source]
    assert report.files == {str(p): sha256(p) for p in read}
    assert report.libraries["stance"] == __version__
    assert {"openvino", "matplotlib"} <= set(report.libraries)


def test_the_training_data_may_be_several_files(config: EvaluateConfig, tmp_path: Path) -> None:
    more = tmp_path / "more.jsonl"
    more.write_text('{"text": "more", "label": "opposing"}')
    several = {"train": [str(config.train[0]), str(more)]}
    train = read_train(EvaluateConfig.model_validate(several))
    assert train is not None
    assert [len(train), train[-1].statement.text] == [31, "more"]
    one = EvaluateConfig.model_validate({"train": str(more)})
    assert one.train == (more,)
    more.unlink()
    with pytest.raises(InputError, match=r"more\.jsonl: no such file"):
        load_data(one, fixtures=False)
