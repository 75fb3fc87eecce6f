"""The Ray engine: a pool of workers, on this machine or on a cluster.

The reader and the store stay with the caller, so that workers need no common file system;
they get a shard and give back its part. A shard of a worker that dies goes to another one.
"""

import os
from collections import Counter, deque
from collections.abc import Callable, Iterator
from typing import Any

from stance.batch.blocks import ArticleBlock, Block, Part
from stance.batch.worker import Job, Worker
from stance.errors import ConfigError, StanceError, install_hint, reason_of

__all__ = ["RayEngine", "WorkersLostError"]

# One shard in work and one waiting: a worker never idles while its part is written.
_SHARDS_AHEAD = 2
# Lost machines are ordinary; a worker that dies again and again has a cause of its own.
_LOSSES_PER_WORKER = 5

_Shard = tuple[int, Block | ArticleBlock]


class WorkersLostError(StanceError):
    """Workers die again and again: the run stops, and can be gone on with."""


class RayEngine:
    """Runs shards on Ray workers.

    Args:
        address: of a running cluster; None for that in RAY_ADDRESS, or else for one that is
            started on this machine for the time of the run.
        num_gpus: so many workers, with one GPU each; 0 for one worker on each CPU core.

    Raises:
        ConfigError: Ray is not installed, or a number is negative.
    """

    def __init__(self, address: str | None, num_gpus: int) -> None:
        if num_gpus < 0:
            raise ConfigError(f"num_gpus must not be negative, it is {num_gpus}")
        try:
            import ray
        except ImportError as error:
            raise ConfigError(
                f'engine "ray" needs Ray, which is not installed: {install_hint("ray")}'
            ) from error
        self._ray: Any = ray  # Ray is typed in part only
        self._address, self._num_gpus = address, num_gpus

    def run(
        self, job: Job, shards: Iterator[_Shard], advance: Callable[[int], None]
    ) -> Iterator[tuple[int, Part]]:
        """Parts in the order in which they get done.

        Raises:
            ConfigError: there is no cluster at the address, or it lacks the GPUs, or a worker
                cannot open the model.
            WorkersLostError: workers die again and again.
        """
        first = next(shards, None)
        if first is None:  # an already finished run needs no cluster
            return
        ray = self._ray
        own = not ray.is_initialized()
        if own:
            self._connect()
        try:
            pool = _Pool(ray, job, self._workers(), self._num_gpus > 0)
            for number, part in pool.run(first, shards):
                advance(part.counts.rows)
                yield number, part
        finally:
            if own:
                ray.shutdown()

    def _connect(self) -> None:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        options: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
        address = self._address
        if address is None and "RAY_ADDRESS" not in os.environ:
            # Without "local", Ray would join whatever cluster was last started here.
            address, options["include_dashboard"] = "local", False
        try:
            self._ray.init(address=address, **options)
        except (ConnectionError, ValueError, RuntimeError) as error:
            where = address or os.environ["RAY_ADDRESS"]
            raise ConfigError(f"no Ray cluster at {where!r}: {reason_of(error)}") from error

    def _workers(self) -> int:
        has: dict[str, float] = self._ray.cluster_resources()
        if self._num_gpus > has.get("GPU", 0):
            raise ConfigError(
                f"{self._num_gpus} GPUs asked for, but the cluster has {has.get('GPU', 0):g}"
            )
        return self._num_gpus or max(1, int(has.get("CPU", 1)))


class _Pool:
    """Workers, what each of them is doing, and the shards that came back undone."""

    def __init__(self, ray: Any, job: Job, workers: int, on_gpu: bool) -> None:
        self._ray, self._job = ray, job
        self._remote = ray.remote(Worker).options(num_cpus=1, num_gpus=1 if on_gpu else 0)
        self._busy: dict[Any, tuple[Any, _Shard | None]] = {}
        self._up: list[Any] = []
        self._undone: deque[_Shard] = deque()
        self._losses_left = _LOSSES_PER_WORKER * workers
        for _ in range(workers):
            self._start()

    def run(self, first: _Shard, shards: Iterator[_Shard]) -> Iterator[tuple[int, Part]]:
        self._undone.append(first)
        while True:
            [call], _ = self._ray.wait(list(self._busy), num_returns=1)
            worker, shard = self._busy.pop(call)
            try:
                part = self._ray.get(call)
            except self._ray.exceptions.RayActorError as error:
                if error.actor_init_failed:  # as every other one would
                    raise ConfigError(f"no Ray worker can start: {_last_line(error)}") from error
                self._lost(worker, shard, error)
            except self._ray.exceptions.RayTaskError as error:
                raise error.as_instanceof_cause() from error
            else:
                if shard is None:
                    self._up.append(worker)
                else:
                    yield shard[0], part
            self._feed(shards)
            if self._up and not any(doing for _, doing in self._busy.values()):
                return

    def _start(self) -> None:
        worker = self._remote.remote(self._job)
        # Work goes only to workers that are up: one that waits for a lost machine's
        # place must not hold shards back.
        self._busy[worker.ready.remote()] = worker, None

    def _feed(self, shards: Iterator[_Shard]) -> None:
        ahead = Counter(worker for worker, _ in self._busy.values())
        for depth in range(_SHARDS_AHEAD):
            for worker in self._up:
                if ahead[worker] > depth:
                    continue
                shard = self._undone.popleft() if self._undone else next(shards, None)
                if shard is None:
                    return
                self._busy[worker.run.remote(shard[1])] = worker, shard
                ahead[worker] += 1

    def _lost(self, worker: Any, shard: _Shard | None, error: Exception) -> None:
        others = [call for call, (owner, _) in self._busy.items() if owner is worker]
        for undone in (shard, *(self._busy.pop(call)[1] for call in others)):
            if undone is not None:
                self._undone.append(undone)
        self._up = [other for other in self._up if other is not worker]
        self._losses_left -= 1
        if self._losses_left < 0:
            raise WorkersLostError(
                f"Ray workers die again and again; the last one: {_last_line(error)}; finished "
                "shards are kept: mend this and run the same command again to go on"
            ) from error
        self._start()


def _last_line(error: Exception) -> str:
    return str(error).strip().rpartition("\n")[2] or repr(error)
