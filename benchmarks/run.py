"""Speed of every runtime, side by side in one run.

    python -m benchmarks.run --device auto

Writes build/bench/cpu.json and cpu.png (or cuda.json and cuda.png), and that device's tables of
docs/performance.md.
"""

import json
import platform
import time
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.articles import news_like
from benchmarks.ceilings import cpu_ceilings, gpu_ceilings
from benchmarks.config import BenchConfig, read_sentences
from benchmarks.measure import alternate, latency
from benchmarks.page import draw, tables, write_page
from benchmarks.processes import batch_memory, import_time, start_to_label
from benchmarks.throughput import Contender, contenders, throughput
from stance import StanceClassifier
from stance.artifact import Artifact, open_artifact
from stance.encoding import Encoder
from stance.errors import ConfigError, InputError, StanceError
from stance.records import Statement
from stance.runtimes import best_device
from stance.runtimes.network import threads
from stance.settings import load_config
from training.attribution_polnear import read_split

__all__ = ["bench", "check_device"]

_ARTICLES = 48
_FORTY_TOKENS = (
    "The foreign minister said on Tuesday that his government would send a delegation to the "
    "next round of talks, provided that the other side stopped its attacks on the two ports "
    "in the north before then."
)


def bench(config: BenchConfig, device: str) -> dict[str, Any]:
    """Measure everything; JSON-ready results."""
    artifact = open_artifact(config.model)
    sentences = read_sentences(config, artifact)
    rows = contenders(config, device)
    timings, quality = throughput(config, rows, sentences)
    limits = cpu_ceilings(threads()) if device == "cpu" else gpu_ceilings(device)
    ceilings = alternate(limits, config.rounds)
    tokens = _mean_tokens(sentences, artifact)
    peak = next(iter(ceilings.values())).median
    work = {
        name: _operations(row.scored.artifact if row.scored else artifact, tokens)
        for name, row in rows.items()
    }
    return {
        "when": time.strftime("%Y-%m-%d"),
        "machine": _machine(device),
        "sentences": len(sentences),
        "tokens": tokens,
        "throughput": {
            name: {**asdict(timing), **quality[name], "share": timing.median * work[name] / peak}
            for name, timing in timings.items()
        },
        "ceilings": {name: asdict(timing) for name, timing in ceilings.items()},
        "latency": _latency(rows, config),
        "other": _other(config, device, sentences),
    }


def _latency(rows: dict[str, Contender], config: BenchConfig) -> dict[str, Any]:
    def call(row: Contender, text: str) -> Callable[[], object]:
        return lambda: row.labels([text])

    calls = {name: call(row, _FORTY_TOKENS) for name, row in rows.items()}
    shorts = {f"{n}, 9 tokens": call(r, "We will be in that room.") for n, r in rows.items()}
    timed = latency({**calls, **shorts}, config.latency_calls)
    return {name: asdict(timing) for name, timing in timed.items()}


def _other(config: BenchConfig, device: str, sentences: list[str]) -> dict[str, str]:
    imported = import_time(config.starts)
    with_torch = "with torch" if imported["torch"] else "without torch"
    many = [f"{text} ({i})" for i in range(5) for text in sentences]
    memory = batch_memory(config.model, device, many, "statements")
    paragraphs = filter(None, config.article.read_text(encoding="utf-8").splitlines())
    news = news_like(list(paragraphs), sentences, config.articles)
    memory_articles = batch_memory(config.model, device, news, "articles")
    started = start_to_label(config.starts, device, config.model)
    missing = {} if config.has_student() else {"three-layer student": config.no_student()}
    return {
        "`import stance`": f"{imported['seconds']:.3f} s, {with_torch}",
        "`stance classify`, process start to label": f"{started:.2f} s",
        f"peak memory, {len(many):,} statements": f"{memory / 1e6:,.0f} MB",
        f"peak memory, {len(news):,} articles": f"{memory_articles / 1e6:,.0f} MB",
        **_articles(config, device, news),
        **missing,
    }


def _articles(config: BenchConfig, device: str, made: list[str]) -> dict[str, str]:
    """Words a second of real articles, or, where there are none, of some made for the purpose.

    In those paragraphs recur, and equal statements are computed once: they are read faster.
    """
    try:
        texts = [article.text for article in read_split(config.polnear, "dev")]
        name = "whole articles (PolNeAR dev), attribution and stance"
    except InputError:
        texts, name = made[1:], "made-up articles (no PolNeAR here), attribution and stance"
    texts = texts[:_ARTICLES]
    classifier = StanceClassifier.load(config.model, device)
    words = sum(len(text.split()) for text in texts)
    timing = alternate({name: (words, lambda: classifier.analyze_batch(texts))}, 3)[name]
    return {name: f"{timing.median:,.0f} words/s ({timing.lowest:,.0f} to {timing.highest:,.0f})"}


def _mean_tokens(sentences: list[str], artifact: Artifact) -> float:
    encoder = Encoder.from_folder(artifact.path, artifact.calibration.max_length)
    rows = encoder.encode([Statement(text) for text in sentences])
    return sum(len(row.input_ids) for row in rows) / len(rows)


def _operations(artifact: Artifact, tokens: float) -> float:
    """Floating-point operations of one statement in the whole network, nothing skipped."""
    config = json.loads((artifact.path / "config.json").read_text(encoding="utf-8"))
    width, inner = config["hidden_size"], config["intermediate_size"]
    per_token = 2 * (4 * width * width + 2 * width * inner) + 4 * tokens * width
    return float(config["num_hidden_layers"] * tokens * per_token)


def _machine(device: str) -> dict[str, Any]:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    libraries = ("openvino", "torch", "transformers")
    if device != "cpu":
        import torch

        device = f"{device}: {torch.cuda.get_device_name(device)}"
    return {
        "cpu": names[0] if names else platform.processor(),
        "cores": threads(),
        "device": device,
        "versions": ", ".join(f"{name} {version(name)}" for name in libraries),
    }


def check_device(asked: str) -> tuple[str, str]:
    """The device that "auto" stands for, and its kind: cpu or cuda.

    Raises:
        ConfigError: it has no bench, or is not on this machine.
    """
    device = best_device(asked)
    kind = device.partition(":")[0]
    if kind not in ("cpu", "cuda"):
        raise ConfigError(f"{device!r} has no bench; use auto, cpu, cuda or cuda:N")
    if kind == "cuda":
        import torch

        if not torch.cuda.is_available():
            raise ConfigError(f"device {device!r}: torch sees no GPU; use DEVICE=cpu")
    return device, kind


def main(
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:N.")] = "auto",
    config: Annotated[Path, typer.Option(help="A YAML file.")] = Path("configs/bench.yaml"),
) -> None:
    """Measure, print the tables, write JSON, picture and page."""
    try:
        settings = load_config(config, BenchConfig)
        device, kind = check_device(device)
        results = bench(settings, device)
    except StanceError as error:
        typer.echo(f"bench: {error}", err=True)
        raise typer.Exit(2) from error
    settings.output.mkdir(parents=True, exist_ok=True)
    (settings.output / f"{kind}.json").write_text(json.dumps(results, indent=2) + "\n", "utf-8")
    draw(results, settings.output / f"{kind}.png")
    write_page(settings.page, results, kind)
    typer.echo(tables(results))


if __name__ == "__main__":
    typer.run(main)
