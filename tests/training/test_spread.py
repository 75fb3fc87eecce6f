"""Mean and spread over seeds."""

import json
from pathlib import Path

import pytest

from stance.errors import InputError
from training.spread import main, read_spreads


def _report(path: Path, **values: float | None) -> Path:
    gates = [{"name": name, "value": value} for name, value in values.items()]
    path.write_text(json.dumps({"gates": gates}), encoding="utf-8")
    return path


def test_figures_that_all_runs_have(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = [
        _report(tmp_path / "a.json", f1=0.90, pairs=0.7, newswire=None),
        _report(tmp_path / "b.json", f1=0.92, newswire=0.8, pairs=0.7),
    ]
    f1, pairs = read_spreads(reports)
    assert (f1.name, f1.values, pairs.name) == ("f1", (0.90, 0.92), "pairs")
    assert f1.deviation == pytest.approx(0.01 * 2**0.5)
    assert read_spreads(reports[:1])[0].deviation == 0.0
    main(reports)
    assert "0.910" in capsys.readouterr().out


def test_what_is_no_report_is_named(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text("[]", encoding="utf-8")
    for path in (tmp_path / "list.json", tmp_path / "none.json"):
        with pytest.raises(InputError, match=f"{path.name}: no report"):
            read_spreads([path])
