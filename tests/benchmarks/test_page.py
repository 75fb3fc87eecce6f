"""The tables, and where they are put."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks.page import tables, write_page


def _rate(median: float) -> dict[str, float]:
    return {"median": median, "lowest": 0.9 * median, "highest": 1.1 * median}


def _results(ceiling: str) -> dict[str, Any]:
    return {
        "when": "2024-05-15",
        "machine": {"cpu": "Abacus", "cores": 2, "device": "cpu", "versions": "torch 2"},
        "sentences": 20,
        "tokens": 31.6,
        "throughput": {
            "pipeline": {**_rate(200), "changed": 0.0, "macro_f1": None, "share": 0.25},
            "stance": {**_rate(1_700), "changed": 0.001, "macro_f1": 0.859, "share": 2.5},
        },
        "ceilings": {ceiling: _rate(5e11), "other": _rate(1e12)},
        "latency": {"stance": _rate(3.2)},
        "other": {"`import stance`": "0.010 s"},
    }


def test_rows() -> None:
    lines = tables(_results("fp32")).splitlines()
    assert "| pipeline | 200 (180 to 220) | 1.00 | 0.00 % |  | 25 % |" in lines
    assert "| stance | 1,700 (1,530 to 1,870) | 8.50 | 0.10 % | 85.9 | 250 % |" in lines
    assert "| other | 1,000 | 2.00 |" in lines
    assert "| stance | 3.2 (2.9 to 3.5) |" in lines
    assert "| `import stance` | 0.010 s |" in lines


@pytest.mark.parametrize("ceiling", ["fp32", "bf16"])
def test_the_column_names_its_ceiling(ceiling: str) -> None:
    assert f"| share of {ceiling} ceiling |" in tables(_results(ceiling))


PAGE = """Before.
<!-- bench cpu: start -->
old cpu
<!-- bench cpu: end -->
Between.
<!-- bench cuda: start -->
old cuda
<!-- bench cuda: end -->
After.
"""


@pytest.mark.parametrize(("kind", "other"), [("cpu", "cuda"), ("cuda", "cpu")])
def test_each_device_has_its_own_tables(tmp_path: Path, kind: str, other: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    write_page(page, _results("fp32"), kind)
    written = page.read_text(encoding="utf-8")
    assert written == PAGE.replace(f"old {kind}", tables(_results("fp32")))
    assert f"old {other}" in written
    write_page(page, _results("fp32"), kind)
    assert page.read_text(encoding="utf-8") == written


@pytest.mark.parametrize(
    "text",
    [
        "No marks.\n",
        PAGE.replace("bench cuda: start", "bench"),
        PAGE.replace("bench cuda: end", "bench"),
        "<!-- bench cuda: end -->\n<!-- bench cuda: start -->\n",
    ],
)
def test_a_missing_mark_is_an_error(tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"page\.md: add a line <!-- bench cuda: start -->"):
        write_page(page, _results("bf16"), "cuda")
    assert page.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("kind", ["cpu", "cuda"])
def test_the_page_of_the_docs_has_its_marks(tmp_path: Path, kind: str) -> None:
    page = tmp_path / "performance.md"
    page.write_bytes(Path("docs/performance.md").read_bytes())
    write_page(page, _results("fp32"), kind)
