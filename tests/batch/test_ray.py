"""The Ray engine: the same bytes as on one machine, also when a worker dies."""

import builtins
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from stance import ConfigError, classify_files
from stance.batch import blocks, store

_Write = Callable[[str, Any], Path]


def test_without_ray_the_error_names_the_extra(
    tmp_path: Path, write: _Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def no_ray(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "ray":
            raise ModuleNotFoundError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", no_ray)
    with pytest.raises(ConfigError, match=r"pip install '\.\[ray\]'"):
        classify_files(write("in.csv", "text\na\n"), tmp_path / "o.csv", engine="ray")


def _patiently(start: Callable[[], Any]) -> Any:
    """Ray gives its processes 30 s to come up, which a busy machine may not keep."""
    for _ in range(3):
        try:
            return start()
        except Exception as error:
            if "timed out during startup" not in str(error):
                raise
    return start()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A real cluster on this machine that this process has not joined: room for two workers."""
    pytest.importorskip("ray")
    pytest.importorskip("grpc")
    from ray.cluster_utils import Cluster

    node = {"num_cpus": 2, "include_dashboard": False, "object_store_memory": 100 << 20}
    node["ray_client_server_port"] = _free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        nodes = _patiently(lambda: Cluster(initialize_head=True, head_node_args=node))
        nodes.client_address = f"ray://127.0.0.1:{node['ray_client_server_port']}"
        yield nodes
        nodes.shutdown()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture
def two_nodes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A real cluster of two nodes on this machine, with room for one worker each."""
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    ray = pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    small = {"num_cpus": 1, "include_dashboard": False, "object_store_memory": 100 << 20}
    nodes = _patiently(lambda: Cluster(initialize_head=True, head_node_args=small))
    _patiently(lambda: nodes.add_node(**small))
    ray.init(address=nodes.address, log_to_driver=False, logging_level="ERROR")
    yield nodes
    ray.shutdown()
    nodes.shutdown()


def _worker_pids() -> list[int]:
    """Processes of live workers; Ray names them after the actor's class."""
    pids = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                title = (folder / "cmdline").read_bytes()
            except OSError:  # it has just ended
                continue
            if title.startswith(b"ray::Worker"):
                pids.append(int(folder.name))
    return pids


def _killer(journal: Path, action: Callable[[], None]) -> threading.Thread:
    def wait_and_kill() -> None:
        deadline = time.monotonic() + 200
        while not journal.exists() or journal.read_bytes().count(b"\n") < 3:
            if time.monotonic() > deadline:
                return
            time.sleep(0.01)
        action()

    thread = threading.Thread(target=wait_and_kill)
    thread.start()
    return thread


def _check_same_as_local(
    tmp_path: Path, kill: Callable[[], None], address: str | None = None
) -> None:
    """Runs the same input here and on Ray, where `kill` is called after three shards."""
    rng = random.Random(3)
    words = "we they will not come to the talks never refuse envoy said".split()  # noqa: SIM905
    lines = [" ".join(rng.choices(words, k=rng.randint(3, 20))) for _ in range(2000)]
    lines[50] = ""
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(json.dumps({"text": t}) for t in lines), encoding="utf-8")
    here, there = tmp_path / "local.csv", tmp_path / "ray.csv"
    classify_files(source, here, device="cpu")
    killed: list[bool] = []

    def kill_and_tell() -> None:
        kill()
        killed.append(True)

    killer = _killer(store.partial_of(there) / "journal.jsonl", kill_and_tell)
    summary = classify_files(source, there, device="cpu", engine="ray", address=address)
    killer.join()
    assert killed
    assert (summary.rows, summary.rejected) == (2000, 1)
    assert there.read_bytes() == here.read_bytes()
    assert store.rejects_of(there).read_bytes() == store.rejects_of(here).read_bytes()


@pytest.mark.ray
def test_a_killed_worker_changes_nothing(
    tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "SHARD_ROWS", 100)
    kill = lambda: os.kill(_worker_pids()[0], signal.SIGKILL)  # noqa: E731
    _check_same_as_local(tmp_path, kill, cluster.address)


@pytest.mark.ray
def test_articles_are_the_same_as_on_one_machine(
    tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "SHARD_ARTICLES", 2)
    article = Path(__file__).parents[2] / "stance" / "fixtures" / "article_2024-05-15.txt"
    (tmp_path / "news").mkdir()
    for i in range(7):
        text = article.read_text(encoding="utf-8").replace("talks", "talks" + " again" * i)
        (tmp_path / "news" / f"{i}.txt").write_text(text, encoding="utf-8")
    here, there = tmp_path / "local.jsonl", tmp_path / "ray.jsonl"
    classify_files(tmp_path / "news", here, articles=True, device="cpu")
    summary = classify_files(
        tmp_path / "news", there, articles=True, device="cpu", engine="ray", address=cluster.address
    )
    assert summary.rows == 7
    assert there.read_bytes() == here.read_bytes()


@pytest.mark.ray
def test_the_documented_command_works_from_outside_the_cluster(
    tmp_path: Path, cluster: Any, write: _Write
) -> None:
    source = write("in.csv", "text\n" + "\n".join(f"We will come {i} times." for i in range(40)))
    here, there = tmp_path / "local.csv", tmp_path / "ray.csv"
    classify_files(source, here, device="cpu")
    command = [sys.executable, "-c", "from stance.cli import main; main()", "batch"]
    command += [str(source), str(there), "--engine", "ray", "--address", cluster.client_address]
    subprocess.run([*command, "--device", "cpu"], check=True, timeout=300)
    assert there.read_bytes() == here.read_bytes()


@pytest.mark.ray
def test_more_gpus_than_there_are_is_an_error(tmp_path: Path, cluster: Any, write: _Write) -> None:
    source = write("i.csv", "text\na\n")
    with pytest.raises(ConfigError, match="2 GPUs asked for, but the cluster has 0"):
        classify_files(
            source, tmp_path / "o.csv", engine="ray", address=cluster.address, num_gpus=2
        )


@pytest.mark.ray
def test_without_an_address_a_cluster_is_started_and_stopped(
    tmp_path: Path, write: _Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    ray = pytest.importorskip("ray")
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    source = write("in.csv", "text\nWe will come.\nNever.\n")
    here, there = tmp_path / "local.csv", tmp_path / "ray.csv"
    classify_files(source, here, device="cpu")
    _patiently(lambda: classify_files(source, there, device="cpu", engine="ray"))
    assert not ray.is_initialized()
    assert there.read_bytes() == here.read_bytes()


@pytest.mark.ray
def test_a_lost_machine_changes_nothing(
    tmp_path: Path, two_nodes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "SHARD_ROWS", 100)
    [other] = two_nodes.worker_nodes
    _check_same_as_local(tmp_path, lambda: two_nodes.remove_node(other, allow_graceful=False))
