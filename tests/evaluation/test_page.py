"""The page in a real browser: quiet, offline, and readable in every window."""

from pathlib import Path

import pytest

from stance.report.evaluation_page import evaluation_page
from tests.evaluation.browser import MISSING, Seen, chromium, look
from tests.evaluation.full_report import full_report

VIEWS = [(width, scheme) for width in (375, 1440) for scheme in ("light", "dark")]


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[int, str], Seen]:
    folder = tmp_path_factory.mktemp("page")
    page = folder / "report.html"
    page.write_text(evaluation_page(full_report(folder)), encoding="utf-8")
    with chromium(folder / "profile") as driver:
        return {view: look(driver, page, *view) for view in VIEWS}


@pytest.mark.browser
@pytest.mark.skipif(bool(MISSING), reason=MISSING)
@pytest.mark.parametrize("view", VIEWS)
def test_the_page_is_quiet_and_fits(
    views: dict[tuple[int, str], Seen], view: tuple[int, str], tmp_path: Path
) -> None:
    seen = views[view]
    (tmp_path / "page.png").write_bytes(seen.png)
    assert seen.sections == [
        "Not measured", "Gates", "statements", "Behavioural suite",
        "Is it better than the baseline?", "What was read",
    ]  # fmt: skip
    assert seen.console == []
    assert seen.requests == []
    assert seen.overflow == 0
    dark = "rgb(20, 24, 31)"
    assert (seen.background == dark) == (view[1] == "dark")


@pytest.mark.browser
@pytest.mark.skipif(bool(MISSING), reason=MISSING)
@pytest.mark.parametrize("view", VIEWS)
def test_every_text_can_be_read(views: dict[tuple[int, str], Seen], view: tuple[int, str]) -> None:
    seen = views[view]
    assert seen.texts > 500
    assert seen.small_text >= 10
    assert seen.faint == []
    assert seen.clipped == []
