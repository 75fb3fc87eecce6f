"""What only a fresh process shows: import, start to label, peak memory."""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

__all__ = ["PEAK_MEMORY", "batch_memory", "import_time", "start_to_label"]

_IMPORT = """
import json, sys, time
start = time.perf_counter()
import stance
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "torch": "torch" in sys.modules}))
"""
PEAK_MEMORY = """
import re, resource
from pathlib import Path
status = Path("/proc/self/status")
if status.is_file():  # Linux: ru_maxrss would count what the parent held when it forked
    peak = 1024 * int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1])
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
"""
"""The end of a process's program: `peak` becomes the most memory it held, in bytes."""
_MEMORY = f"""
import sys
from stance.batch.command import run_batch
source, output, model, device, kind = sys.argv[1:]
settings = {{"model": model, "device": device, "articles": kind == "articles"}}
assert run_batch([source], output, settings, as_json=True) == 0
{PEAK_MEMORY}
print(peak)
"""


def import_time(count: int) -> dict[str, float]:
    """Median seconds of `import stance`, and whether torch came along (it must not)."""
    runs = [json.loads(_python("-c", _IMPORT)) for _ in range(count)]
    return {
        "seconds": statistics.median(run["seconds"] for run in runs),
        "torch": float(any(run["torch"] for run in runs)),
    }


def start_to_label(count: int, device: str, model: str) -> float:
    """Median seconds from process start to the end of `stance classify TEXT`."""
    times = []
    for _ in range(count):
        start = time.perf_counter()
        _python("-m", "stance.cli", "classify", "--device", device, "--model", model, "We will go.")
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def batch_memory(
    model: str, device: str, texts: list[str], kind: Literal["statements", "articles"]
) -> int:
    """Peak bytes of `stance batch` over a table of statements, or a folder of articles."""
    with TemporaryDirectory() as folder:
        if kind == "articles":
            source = Path(folder, "articles")
            source.mkdir()
            for i, text in enumerate(texts):
                (source / f"{i:06d}.txt").write_text(text, encoding="utf-8")
        else:
            source = Path(folder, "statements.jsonl")
            lines = [json.dumps({"text": text}) + "\n" for text in texts]
            source.write_text("".join(lines), encoding="utf-8")
        printed = _python("-c", _MEMORY, str(source), f"{folder}/out.csv", model, device, kind)
        return int(printed.splitlines()[-1])


def _python(*arguments: str) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout
