"""Nothing that reads or classifies asks the network for anything, the libraries included."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

_LISTEN = """
import os, sys

def heard(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "urllib.Request", "os.fork"):
        print(event, arguments, file=sys.stderr)
        os._exit(99)

sys.addaudithook(heard)
"""


def _run(code: str, home: Path) -> None:
    (home / "intel").mkdir()  # without this folder OpenVINO's statistics would not be sent
    found = {k: v for k, v in os.environ.items() if k != "CI"}  # nor with that variable
    done = subprocess.run(
        [sys.executable, "-c", _LISTEN + code],
        env=found | {"HOME": str(home)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not list((home / "intel").iterdir())


@pytest.mark.parametrize("device", ["cpu", "cpu-fast"])
def test_classify_is_offline(tmp_path: Path, device: str) -> None:
    _run(
        "from stance import StanceClassifier\n"
        f"StanceClassifier.load(device={device!r}).classify('We will be in that room.')\n",
        tmp_path,
    )


def test_analyze_is_offline(tmp_path: Path) -> None:
    _run("from stance import analyze\nassert analyze('\"We will come,\" she said.')\n", tmp_path)


def test_openvino_is_whole_for_everybody_else(tmp_path: Path) -> None:
    _run(
        "import stance.runtimes.graph, sys\n"
        "assert 'openvino_telemetry' not in sys.modules\n"
        "sys.modules['openvino_telemetry'] = None\n"
        "from openvino.tools.ovc import convert_model\n",
        tmp_path,
    )
