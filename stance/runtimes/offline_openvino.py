"""OpenVINO without its converter.

`import openvino` imports the converter, which starts to send statistics of use to Google
Analytics, unasked, and leaves a client id in `~/intel`. Nothing here needs the converter, and
without it a process starts 0.07 s sooner.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_CONVERTER = "openvino.tools.ovc"


@contextmanager
def _without(module: str) -> Iterator[None]:
    """Importing `module` fails meanwhile, which `openvino` allows for; afterwards it works."""
    if module in sys.modules:  # somebody's own import came first
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[module]


with _without(_CONVERTER):
    import openvino as ov
    from openvino import opset13 as op

__all__ = ["op", "ov"]
