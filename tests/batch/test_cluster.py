"""The Ray engine on a stand-in for Ray: what it asks of Ray, and how it gives up."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from stance import ConfigError, classify_files
from stance.batch import store
from stance.batch.worker import Job, Worker
from stance.cli import app

_Write = Callable[[str, Any], Path]


class _DiedError(Exception):
    actor_init_failed = False


class _NeverStartedError(_DiedError):
    actor_init_failed = True


class _FailedError(Exception):
    pass


class _Handle:
    """Like an actor of Ray's client: it knows the methods of the class, and no others."""

    def __init__(self, worker: Worker) -> None:
        for name in vars(Worker):
            if not name.startswith("_"):
                call = getattr(worker, name)
                setattr(self, name, SimpleNamespace(remote=lambda *a, c=call: _Call(c, a)))


class _Call:
    def __init__(self, call: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self.call, self.arguments = call, arguments


class _Ray:
    """Runs every call at once, in this process.

    Args:
        lives: so many calls succeed before all workers begin to die.
    """

    exceptions = SimpleNamespace(RayActorError=_DiedError, RayTaskError=_FailedError)

    def __init__(self, lives: int) -> None:
        self._lives = lives
        self.init_with: list[dict[str, Any]] = []
        self.devices: set[str] = set()

    def is_initialized(self) -> bool:
        return False

    def init(self, **options: Any) -> None:
        self.init_with.append(options)

    def shutdown(self) -> None:
        pass

    def cluster_resources(self) -> dict[str, float]:
        return {"CPU": 2.0, "GPU": 1.0}

    def remote(self, _: type[Worker]) -> Any:
        return SimpleNamespace(options=lambda **_: SimpleNamespace(remote=self._start))

    def _start(self, job: Job) -> _Handle:
        self.devices.add(job.device)
        return _Handle(Worker(job))

    def wait(self, calls: Sequence[_Call], num_returns: int) -> tuple[list[_Call], list[_Call]]:
        return [calls[0]], list(calls[1:])

    def get(self, call: _Call) -> Any:
        self._lives -= 1
        if self._lives < 0:
            raise _DiedError("out of memory")
        return call.call(*call.arguments)


@pytest.fixture
def start_ray(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], _Ray]:
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")

    def start(lives: int = 1_000) -> _Ray:
        ray = _Ray(lives)
        monkeypatch.setitem(sys.modules, "ray", ray)
        return ray

    return start


@pytest.fixture
def source(write: _Write) -> Path:
    return write("in.csv", "text\n" + "\n".join("abcdefghij"))


@pytest.mark.usefixtures("fake", "small_shards")
def test_it_needs_only_what_handles_of_the_client_have(
    source: Path, tmp_path: Path, start_ray: Callable[[], _Ray]
) -> None:
    ray = start_ray()
    classify_files(source, tmp_path / "a.csv")
    classify_files(source, tmp_path / "b.csv", engine="ray", address="ray://head:10001")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert ray.init_with[0]["address"] == "ray://head:10001"


@pytest.mark.usefixtures("fake")
def test_without_an_address_it_starts_its_own_cluster(
    source: Path, tmp_path: Path, start_ray: Callable[[], _Ray], monkeypatch: pytest.MonkeyPatch
) -> None:
    ray = start_ray()
    classify_files(source, tmp_path / "a.csv", engine="ray")
    monkeypatch.setitem(os.environ, "RAY_ADDRESS", "head:6379")
    classify_files(source, tmp_path / "b.csv", engine="ray")
    assert [options["address"] for options in ray.init_with] == ["local", None]


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(
    ("error", "said"), [(ConnectionError(), r"ConnectionError\(\)$"), (ValueError("a\nb"), "a$")]
)
def test_a_cluster_out_of_reach_is_an_error_of_one_line(
    error: Exception,
    said: str,
    source: Path,
    tmp_path: Path,
    start_ray: Callable[[], _Ray],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuses(**_: Any) -> None:
        raise error

    monkeypatch.setattr(start_ray(), "init", refuses)
    with pytest.raises(ConfigError, match=f"^no Ray cluster at 'head:1': {said}"):
        classify_files(source, tmp_path / "o.csv", engine="ray", address="head:1")


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(
    ("device", "num_gpus", "sent"), [("auto", 0, "cpu"), ("auto", 1, "cuda"), ("cpu", 1, "cpu")]
)
def test_workers_get_a_resolved_device(
    device: str,
    num_gpus: int,
    sent: str,
    source: Path,
    tmp_path: Path,
    start_ray: Callable[[], _Ray],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("stance.runtimes._has_gpu", lambda: True)  # of the caller: no matter
    ray = start_ray()
    classify_files(source, tmp_path / "o.csv", engine="ray", device=device, num_gpus=num_gpus)
    assert ray.devices == {sent}


@pytest.mark.usefixtures("fake")
def test_a_worker_that_cannot_open_the_model_is_not_started_again(
    source: Path, tmp_path: Path, start_ray: Callable[[], _Ray], monkeypatch: pytest.MonkeyPatch
) -> None:
    ray = start_ray()
    calls: list[_Call] = []

    def fails(call: _Call) -> Any:
        calls.append(call)
        raise _NeverStartedError("Traceback ...\nArtifactError: no fast runtime")

    monkeypatch.setattr(ray, "get", fails)
    with pytest.raises(ConfigError, match="no Ray worker can start: ArtifactError: no fast"):
        classify_files(source, tmp_path / "o.csv", engine="ray")
    assert len(calls) == 1


@pytest.mark.usefixtures("fake")
def test_a_gpu_on_ray_needs_a_number_of_them(
    source: Path, tmp_path: Path, start_ray: Callable[[], _Ray], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stance.runtimes._has_gpu", lambda: True)
    start_ray()
    with pytest.raises(ConfigError, match="'cuda' on Ray needs num_gpus"):
        classify_files(source, tmp_path / "o.csv", engine="ray", device="cuda")


@pytest.mark.usefixtures("fake", "small_shards")
def test_workers_that_die_again_and_again_end_with_1_and_the_hint_to_go_on(
    source: Path, tmp_path: Path, start_ray: Callable[[int], _Ray]
) -> None:
    start_ray(3)  # two workers come up, one shard is done
    output = tmp_path / "o.csv"
    result = CliRunner().invoke(app, ["batch", str(source), str(output), "--engine", "ray"])
    assert result.exit_code == 1
    assert "Ray workers die again and again; the last one: out of memory" in result.stderr
    assert "run the same command again to go on" in result.stderr
    assert store.partial_of(output).exists()
    start_ray(1_000)
    assert classify_files(source, output, engine="ray").classified == 10
