"""Headless Chromium for tests: opens a local page and says what a person would notice."""

import base64
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_HERE = shutil.which("chromedriver") and shutil.which("chromium") and find_spec("selenium")
MISSING = "" if _HERE else "apt-get install chromium chromium-driver; pip install selenium"
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage",
)  # fmt: skip
_LOOK = Path(__file__).with_name("look.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Seen:
    """What one view of a page showed, every `<details>` opened.

    Attributes:
        console: messages of the console at warning level and above.
        requests: addresses asked for, but for the page itself and data: URLs.
        overflow: pixels by which the page is wider than the window.
        background: computed colour of the page.
        sections: the headings of second level.
        texts: how many pieces of text were looked at.
        small_text: smallest size in CSS pixels at which text is drawn, in pictures too.
        faint: texts whose contrast with what lies under them is below 4.5, the contrast first.
        clipped: texts that leave the picture they are in.
        png: a picture of the whole page.
    """

    console: list[str]
    requests: list[str]
    overflow: int
    background: str
    sections: list[str]
    texts: int
    small_text: float
    faint: list[str]
    clipped: list[str]
    png: bytes


@contextmanager
def chromium(profile: Path) -> Iterator[Any]:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "WARNING", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()


def look(driver: Any, page: Path, width: int, scheme: str) -> Seen:
    """Open a page at a width, in the "light" or "dark" scheme."""
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600},
    )
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    driver.get_log("performance")
    driver.get(page.as_uri())
    seen = driver.execute_script(_LOOK)
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
    return Seen(
        console=[entry["message"] for entry in driver.get_log("browser")],
        requests=_requests(driver, page),
        png=base64.b64decode(shot["data"]),
        **seen,
    )


def _requests(driver: Any, page: Path) -> list[str]:
    messages = (json.loads(entry["message"])["message"] for entry in driver.get_log("performance"))
    sent = [m["params"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    # The browser's own start page, a chrome:// document, may still be loading its parts.
    urls = [s["request"]["url"] for s in sent if not s["documentURL"].startswith("chrome://")]
    return [url for url in urls if url != page.as_uri() and not url.startswith("data:")]
