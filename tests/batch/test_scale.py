"""A million rows, 400 articles: memory stays flat, and small.

Run alone: pytest -m slow tests/batch/test_scale.py -s
"""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.articles import news_like
from benchmarks.config import BenchConfig
from benchmarks.processes import PEAK_MEMORY, batch_memory
from stance.evaluation.labelled import read_labelled
from stance.settings import load_config

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]
_LIMIT_MB = 600
_SCRIPT = f"""
import json, sys
from stance import classify_files
summary = classify_files(sys.argv[1], sys.argv[2], device="cpu")
{PEAK_MEMORY}
print(json.dumps([summary.rows, summary.classified, summary.seconds, peak]))
"""


def _write(path: Path, rows: int, distinct: int) -> None:
    rng = random.Random(11)
    words = "we they will not come to the talks never refuse envoy said today".split()  # noqa: SIM905
    texts = [f"{i} " + " ".join(rng.choices(words, k=rng.randint(4, 12))) for i in range(distinct)]
    with path.open("w", encoding="utf-8") as stream:
        stream.write("id,text\n")
        stream.writelines(f"{i},{rng.choice(texts)}\n" for i in range(rows))


def _peak_mb(source: Path, output: Path, rows: int) -> float:
    command = [sys.executable, "-c", _SCRIPT, str(source), str(output)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=1800)
    found, classified, seconds, peak = json.loads(done.stdout.splitlines()[-1])
    assert found == classified == rows
    print(f"{rows:,} rows: {seconds:.0f} s, peak {peak / 1024**2:.0f} MB")  # noqa: T201
    return float(peak) / 1024**2


def test_a_million_rows_take_no_more_memory_than_a_tenth_of_them(tmp_path: Path) -> None:
    # Few distinct texts, so that a million rows take minutes; reading, sorting and writing,
    # which is what could grow, does not know that.
    peaks = []
    for rows in (100_000, 1_000_000):
        _write(tmp_path / "in.csv", rows, distinct=100)
        peaks.append(_peak_mb(tmp_path / "in.csv", tmp_path / "out.csv", rows))
    assert max(peaks) < _LIMIT_MB
    assert peaks[1] < peaks[0] + 60  # 10 million would then stay under 2 GB


def test_peak_memory_of_ordinary_inference(tmp_path: Path) -> None:
    _write(tmp_path / "in.csv", 6_000, distinct=6_000)
    assert _peak_mb(tmp_path / "in.csv", tmp_path / "out.csv", 6_000) < _LIMIT_MB


def test_peak_memory_of_articles() -> None:
    config = load_config(Path("configs/bench.yaml"), BenchConfig)
    paragraphs = list(filter(None, config.article.read_text(encoding="utf-8").splitlines()))
    quotes = [item.statement.text for item in read_labelled(config.sentences)]
    peaks = []
    for count in (100, 400):
        articles = news_like(paragraphs, quotes, count)
        assert max(map(len, articles)) > 30_000
        peaks.append(batch_memory(config.model, "cpu", articles, "articles") / 1e6)
        print(f"{count} articles: peak {peaks[-1]:.0f} MB")  # noqa: T201
    assert max(peaks) < 560
    assert peaks[1] < peaks[0] + 40
