"""An OpenVINO graph, compiled for this CPU."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache, cached_property
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from stance.runtimes.offline_openvino import ov

__all__ = ["Network", "multiplies_bf16", "threads"]

_Batch = TypeVar("_Batch")
_AHEAD = 4
"""Batches begun for each thread and not yet taken: enough that no thread waits for the taker."""
_BULK_KERNELS = 64
"""By default OpenVINO keeps 5,000, at 0.2 MB each; making the rare ones again costs 2 % of time."""


class Network:
    """Runs a graph with one output; safe to share between threads.

    A single batch is spread over all cores. Of as many batches as cores each takes one at a time:
    cores that do not wait for each other do a fifth more work.
    """

    def __init__(self, graph: ov.Model, *, bf16: bool = False, bulk: bool = False) -> None:
        """
        Args:
            graph: with one output.
            bf16: multiply in bfloat16 where the processor does so itself, which is twice as
                fast; results then differ a little from one kind of processor to another.
            bulk: give a single batch one core, too, and forget the kernels of shapes not seen
                for long. A job over many batches then holds one network in memory, where it
                would need a second for the odd batch, and memory does not grow with the shapes.
        """
        self._graph = graph
        self._threads = threads()
        self._least = 1 if bulk else self._threads
        self._kernels = _BULK_KERNELS if bulk else None
        self._precision = "bf16" if bf16 and multiplies_bf16() else "f32"

    def run(
        self, batches: Sequence[_Batch], arrays: Callable[[_Batch], Sequence[NDArray[Any]]]
    ) -> Iterator[NDArray[np.float32]]:
        """The graph's output for each batch, in order, computed as it is taken.

        Args:
            batches: what `arrays` takes.
            arrays: makes the graph's inputs of one batch. It is called just before they are
                needed, so a long list of batches does not fill the memory.
        """
        # One compilation should serve a job whose portions are now small, now large.
        if len(batches) < self._least:
            return (self._spread(arrays(batch)) for batch in batches)
        return self._each.in_order(batches, arrays)

    # Compiled on first use: a graph that never sees a batch need not be compiled for it.
    @cached_property
    def _spread(self) -> "_Compiled":
        return _Compiled(self._graph, self._precision, 1, self._kernels)

    @cached_property
    def _each(self) -> "_Compiled":
        return _Compiled(self._graph, self._precision, self._threads, self._kernels)


class _Compiled:
    """A compiled graph and its idle inference requests; a request serves one thread at a time."""

    def __init__(self, graph: ov.Model, precision: str, streams: int, kernels: int | None) -> None:
        options: dict[str, str | int] = {
            # Named, since a machine with bf16 units would use them by default: labels change.
            "INFERENCE_PRECISION_HINT": precision,
            "NUM_STREAMS": streams,
            "INFERENCE_NUM_THREADS": threads(),
        }
        if kernels is not None:
            options["CPU_RUNTIME_CACHE_CAPACITY"] = kernels
        self._streams = streams
        # The same threads for good: OpenVINO and malloc keep memory for each that they have seen.
        self._pool = ThreadPoolExecutor(streams)
        self._compiled = _core().compile_model(graph, "CPU", options)
        self._idle: SimpleQueue[ov.InferRequest] = SimpleQueue()

    def __call__(self, arrays: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
        try:
            request = self._idle.get_nowait()
        except Empty:
            request = self._compiled.create_infer_request()
        output: NDArray[np.float32] = request.infer(list(arrays), share_inputs=True)[0]
        self._idle.put(request)
        return output

    def in_order(
        self, batches: Sequence[_Batch], arrays: Callable[[_Batch], Sequence[NDArray[Any]]]
    ) -> Iterator[NDArray[np.float32]]:
        """A batch on each stream at a time. Outputs come in order, computed as they are taken."""

        def compute(batch: _Batch) -> NDArray[np.float32]:
            return self(arrays(batch))

        waiting: deque[Future[NDArray[np.float32]]] = deque()
        for batch in batches:
            waiting.append(self._pool.submit(compute, batch))
            if len(waiting) > _AHEAD * self._streams:  # all of an article would fill memory
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@cache
def _core() -> ov.Core:
    """The one that all networks share: each further one would read its plugins anew."""
    return ov.Core()


def multiplies_bf16() -> bool:
    """Whether this processor multiplies bfloat16 itself."""
    return "BF16" in _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def threads() -> int:
    """What a user or a scheduler grants by OMP_NUM_THREADS, or else every core."""
    granted = os.environ.get("OMP_NUM_THREADS", "")
    if granted.isdigit() and int(granted) > 0:
        return int(granted)
    return int(_core().get_property("CPU", "RANGE_FOR_STREAMS")[1])
