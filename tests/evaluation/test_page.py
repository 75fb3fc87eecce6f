"""The page in a real browser: quiet, offline, and readable in every window."""

from pathlib import Path

import numpy as np
import pytest

from stance import Stance
from stance.evaluation.config import EvaluateConfig
from stance.evaluation.run import Data, evaluate
from stance.report.evaluation_page import evaluation_page
from tests.evaluation.browser import MISSING, Seen, chromium, look
from tests.evaluation.known import Oracle, dataset

VIEWS = [(width, scheme) for width in (375, 1440) for scheme in ("light", "dark")]


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[int, str], Seen]:
    rng = np.random.default_rng(0)
    labels = [Stance(str(rng.choice(list(Stance)))) for _ in range(200)]
    phenomena = [f"a_rather_long_phenomenon_{i % 20}" for i in range(200)]
    data = dataset(labels, phenomenon=phenomena, speech=["direct", "indirect"] * 100)
    answers = {f"text {i}": rng.dirichlet(np.ones(3)).tolist() for i in range(200)}
    config = EvaluateConfig(resamples=100)
    report = evaluate(Oracle(answers), Data([data], None, {"train": "none"}), config)
    folder = tmp_path_factory.mktemp("page")
    page = folder / "report.html"
    page.write_text(evaluation_page(report), encoding="utf-8")
    with chromium(folder / "profile") as driver:
        return {view: look(driver, page, *view) for view in VIEWS}


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(bool(MISSING), reason=MISSING)
@pytest.mark.parametrize("view", VIEWS)
def test_the_page_is_quiet_and_fits(
    views: dict[tuple[int, str], Seen], view: tuple[int, str], tmp_path: Path
) -> None:
    seen = views[view]
    (tmp_path / "page.png").write_bytes(seen.png)
    assert seen.console == []
    assert seen.requests == []
    assert seen.overflow == 0
    assert seen.small_text >= 8.5
    dark = "rgb(20, 24, 31)"
    assert (seen.background == dark) == (view[1] == "dark")
