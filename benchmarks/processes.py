"""What only a fresh process shows: import, start to label, peak memory."""

import json
import statistics
import subprocess
import sys
import time
from typing import Literal

from stance.batch.worker import ARTICLES_AT_ONCE, STATEMENTS_AT_ONCE

__all__ = ["batch_memory", "import_time", "start_to_label"]

_IMPORT = """
import json, sys, time
start = time.perf_counter()
import stance
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "torch": "torch" in sys.modules}))
"""
_PORTIONS = {
    "statements": ("classify", STATEMENTS_AT_ONCE),
    "articles": ("analyze_batch", ARTICLES_AT_ONCE),
}
_MEMORY = """
import json, re, resource, sys
from pathlib import Path
from stance import StanceClassifier
classifier = StanceClassifier.load(sys.argv[1], sys.argv[2])
texts = json.load(sys.stdin)
call, size = getattr(classifier, sys.argv[3]), int(sys.argv[4])
for start in range(0, len(texts), size):
    call(texts[start : start + size])
status = Path("/proc/self/status")
if status.is_file():  # Linux: ru_maxrss would count what the parent held when it forked
    print(1024 * int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]))
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
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
    """Peak bytes of a process that reads the texts in the batch job's portions."""
    call, size = _PORTIONS[kind]
    return int(_python("-c", _MEMORY, model, device, call, str(size), given=json.dumps(texts)))


def _python(*arguments: str, given: str = "") -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    return done.stdout
