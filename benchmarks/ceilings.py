"""The machine's own limit: matrix products and nothing else, in the same run as the rest."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from stance.runtimes.offline_openvino import op, ov

__all__ = ["cpu_ceilings", "gpu_ceilings"]

Task = tuple[int, Callable[[], object]]
"""Operations that one call does, and the call."""

_ROWS, _WIDTH, _LAYERS, _CALLS = 512, 1_536, 8, 8


def cpu_ceilings(threads: int) -> dict[str, Task]:
    """A chain of products (512, 1536) x (1536, 1536), one chain on each core.

    OpenVINO computes them, as it does the network; a chain, so that int8 values stay int8.
    """
    return {
        "fp32": _cpu_task("f32", threads, int8=False),
        "bf16": _cpu_task("bf16", threads, int8=False),
        "int8": _cpu_task("f32", threads, int8=True),
    }


def _cpu_task(precision: str, threads: int, *, int8: bool) -> Task:
    rng = np.random.default_rng(0)
    start = x = op.parameter([_ROWS, _WIDTH], np.float32)
    one, many = np.float32(1), np.float32(4)
    for _ in range(_LAYERS):
        matrix = op.constant(rng.uniform(-1, 1, (_WIDTH, _WIDTH)).astype(np.float32) / _WIDTH)
        if int8:
            x = op.fake_quantize(x, -many, many, -many, many, 256)
            matrix = op.fake_quantize(matrix, -one, one, -one, one, 255)
        x = op.matmul(x, matrix, False, True)
    options = {
        "INFERENCE_PRECISION_HINT": precision,
        "NUM_STREAMS": threads,
        "INFERENCE_NUM_THREADS": threads,
    }
    compiled = ov.Core().compile_model(ov.Model([op.result(x)], [start]), "CPU", options)
    requests = [compiled.create_infer_request() for _ in range(threads)]
    data = rng.uniform(-1, 1, (_ROWS, _WIDTH)).astype(np.float32)

    def repeat(request: ov.InferRequest) -> None:
        for _ in range(_CALLS):
            request.infer([data], share_inputs=True)

    def call() -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(repeat, requests))

    return 2 * _ROWS * _WIDTH * _WIDTH * _LAYERS * _CALLS * threads, call


def gpu_ceilings(device: str) -> dict[str, Task]:
    """Products of (8192, 8192) matrices on a GPU in bf16."""
    import torch

    size, calls = 8_192, 20
    a = torch.randn(size, size, device=device, dtype=torch.bfloat16)

    def call() -> None:
        for _ in range(calls):
            torch.mm(a, a)
        torch.cuda.synchronize()

    return {"bf16": (2 * size**3 * calls, call)}
