"""A whole run, of very little."""

import json
from pathlib import Path

import pytest
import torch
import typer

from benchmarks import ceilings, run, throughput
from benchmarks.config import BenchConfig, read_sentences
from stance import StanceClassifier
from stance.artifact import open_artifact
from stance.errors import ConfigError
from stance.evaluation.config import EvaluateConfig
from stance.evaluation.labelled import read_labelled
from stance.settings import load_config

CONFIG = Path("configs/bench.yaml")


def test_no_timed_sentence_was_trained_on() -> None:
    config = load_config(CONFIG, BenchConfig)
    sentences = read_sentences(config, open_artifact(config.model))
    files = load_config(Path("configs/evaluate.yaml"), EvaluateConfig).train
    trained = {item.statement.text for file in files for item in read_labelled(file)}
    assert len(files) > 1
    assert len(sentences) > 1_800
    assert trained.isdisjoint(sentences)


def test_the_first_sentences_are_like_all_of_them() -> None:
    config = load_config(CONFIG, BenchConfig)
    artifact = open_artifact(config.model)
    sentences = read_sentences(config, artifact)
    everything = run._mean_tokens(sentences, artifact)
    assert 30 < everything < 34
    first = run._mean_tokens(sentences[: config.baseline_count], artifact)
    assert first == pytest.approx(everything, rel=0.03)


def test_a_gpu_also_runs_the_pipeline_in_half_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[int, str]] = []

    def pipeline(_: Path, batch: int, device: str, dtype: str = "float32") -> None:
        made.append((batch, dtype))

    monkeypatch.setattr(throughput, "_pipeline", pipeline)
    monkeypatch.setattr(StanceClassifier, "load", lambda *_, **__: None)
    rows = throughput.contenders(load_config(CONFIG, BenchConfig), "cuda")
    assert "pipeline bf16, batch 256" in rows
    assert made == [(32, "float32"), (256, "float32"), (256, "bfloat16")]


@pytest.mark.parametrize("device", ["mps", "cpu-fast"])
def test_a_device_without_a_bench(device: str) -> None:
    with pytest.raises(ConfigError, match=device):
        run.check_device(device)


@pytest.mark.parametrize("device", ["cuda", "cuda:1"])
def test_without_a_gpu_one_line_says_so(
    device: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(typer.Exit) as stopped:
        run.main(device, CONFIG)
    assert stopped.value.exit_code == 2
    captured = capsys.readouterr()
    assert captured.err == f"bench: device {device!r}: torch sees no GPU; use DEVICE=cpu\n"
    assert captured.out == ""


def test_a_model_that_is_missing_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "bench.yaml"
    whole = load_config(CONFIG, BenchConfig).model_dump(mode="json")
    settings.write_text(json.dumps(whole | {"model": "./nowhere"}), encoding="utf-8")
    with pytest.raises(typer.Exit) as stopped:
        run.main("cpu", settings)
    assert stopped.value.exit_code == 2
    assert capsys.readouterr().err.startswith("bench: './nowhere' is not a folder")


def test_a_student_may_be_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = load_config(CONFIG, BenchConfig).model_copy(update={"student": "build/small"})
    monkeypatch.chdir(tmp_path)
    assert not config.has_student()
    Path("build/small").mkdir(parents=True)
    assert config.has_student()


def test_a_student_has_rows_where_it_is_there(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = load_config(CONFIG, BenchConfig)
    monkeypatch.setattr(throughput, "_pipeline", lambda *_: None)
    there = config.model_copy(update={"student": str(tiny)})
    rows = throughput.contenders(there, "cpu")
    assert there.has_student()
    student, fast = rows["student, cpu"], rows["student, cpu-fast"]
    assert student.reference == fast.reference == "student, cpu"
    assert fast.scored is not None
    assert fast.labels(["We will not come."])[0] in ("supporting", "opposing", "noncommittal")
    opened = fast.scored.artifact
    assert run._operations(opened, 32) < run._operations(open_artifact(), 32) / 1.9
    gone = config.model_copy(update={"student": "nobody"})
    assert not gone.has_student()
    assert gone.no_student() == "no model `nobody` in models: its rows are missing"
    assert list(throughput.contenders(gone, "cpu")) == [r for r in rows if "student" not in r]


def test_smoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"_ROWS": 32, "_LAYERS": 1, "_CALLS": 1}.items():
        monkeypatch.setattr(ceilings, name, value)
    page, settings = tmp_path / "page.md", tmp_path / "bench.yaml"
    page.write_text("<!-- bench cpu: start -->\n<!-- bench cpu: end -->\n", encoding="utf-8")
    lines = Path("corpus/test.jsonl").read_text(encoding="utf-8").splitlines()[:60]
    (tmp_path / "some.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    small = {
        "sentences": str(tmp_path / "some.jsonl"),
        "labelled": str(tmp_path / "some.jsonl"),
        "count": 20,
        "baseline_count": 4,
        "rounds": 1,
        "latency_calls": 20,
        "starts": 1,
        "articles": 1,
        "student": "nobody",
        "output": str(tmp_path / "out"),
        "page": str(page),
    }
    whole = load_config(CONFIG, BenchConfig).model_dump(mode="json")
    settings.write_text(json.dumps(whole | small), encoding="utf-8")
    run.main("cpu", settings)
    results = json.loads((tmp_path / "out" / "cpu.json").read_text(encoding="utf-8"))
    assert results["sentences"] == 20
    assert results["throughput"]["stance, cpu"]["changed"] == 0
    assert "| stance, cpu-fast |" in page.read_text(encoding="utf-8")
    assert "| three-layer student | no model `nobody`" in page.read_text(encoding="utf-8")
    assert (tmp_path / "out" / "cpu.png").stat().st_size > 5_000
