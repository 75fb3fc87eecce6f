"""Timing: rounds that alternate between the things compared, medians and spread."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

__all__ = ["Timing", "alternate", "latency"]


@dataclass(frozen=True, slots=True)
class Timing:
    """Rates of one row of a table, over rounds: units per second."""

    median: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, rates: list[float]) -> "Timing":
        return cls(statistics.median(rates), min(rates), max(rates))


def alternate(
    tasks: Mapping[str, tuple[int, Callable[[], object]]], rounds: int
) -> dict[str, Timing]:
    """Rate of each task, every round running all of them, so that drift hits all alike.

    Args:
        tasks: name -> (units of work that one call does, the call). Each is called once
            before the first round, to warm up.
    """
    rates: dict[str, list[float]] = {name: [] for name in tasks}
    for turn in range(rounds + 1):
        for name, (units, call) in tasks.items():
            start = time.perf_counter()
            call()
            if turn:
                rates[name].append(units / (time.perf_counter() - start))
    return {name: Timing.of(values) for name, values in rates.items()}


def latency(calls: Mapping[str, Callable[[], object]], count: int) -> dict[str, Timing]:
    """Milliseconds of one call of each, interleaved; the spread is the 5th and 95th percentile."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(count + 5):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            if turn >= 5:
                times[name].append(1e3 * (time.perf_counter() - start))
    cut = {name: statistics.quantiles(values, n=20) for name, values in times.items()}
    return {
        name: Timing(statistics.median(values), cut[name][0], cut[name][-1])
        for name, values in times.items()
    }
