"""Timing."""

from collections.abc import Callable

import pytest

from benchmarks.measure import Timing, alternate, latency


def test_tasks_take_turns_and_the_first_round_is_not_timed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, seen = [0.0], list[str]()
    monkeypatch.setattr("time.perf_counter", lambda: now[0])

    def task(name: str, *seconds: float) -> Callable[[], None]:
        left = iter(seconds)

        def call() -> None:
            seen.append(name)
            now[0] += next(left)

        return call

    tasks = {"a": (10, task("a", 99, 1, 2, 5)), "b": (6, task("b", 99, 1, 1, 1))}
    timings = alternate(tasks, 3)
    assert seen == ["a", "b"] * 4
    assert timings == {"a": Timing(5.0, 2.0, 10.0), "b": Timing(6.0, 6.0, 6.0)}


def test_latency_is_in_milliseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("time.perf_counter", lambda: now[0])

    def call() -> None:
        now[0] += 0.004

    timing = latency({"a": call}, 20)["a"]
    assert (timing.median, timing.lowest, timing.highest) == pytest.approx((4.0, 4.0, 4.0))
