"""Headless Chromium for tests: opens a local page and says what a person would notice."""

import base64
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MISSING = "" if shutil.which("chromedriver") else "apt-get install chromium chromium-driver"
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage",
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """What one view of a page showed.

    Attributes:
        console: messages of the console at warning level and above.
        requests: addresses asked for, but for the page itself and data: URLs.
        overflow: pixels by which the page is wider than the window.
        background: computed colour of the page.
        small_text: smallest size in CSS pixels at which a picture's text is drawn.
        png: a picture of the whole page.
    """

    console: list[str]
    requests: list[str]
    overflow: int
    background: str
    small_text: float
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
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
    return Seen(
        console=[entry["message"] for entry in driver.get_log("browser")],
        requests=_requests(driver, page),
        overflow=driver.execute_script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        ),
        background=driver.execute_script("return getComputedStyle(document.body).backgroundColor"),
        small_text=driver.execute_script(_SMALLEST),
        png=base64.b64decode(shot["data"]),
    )


_SMALLEST = """
return Math.min(99, ...[...document.querySelectorAll('figure svg text')].map(
  t => t.getBoundingClientRect().height ? parseFloat(getComputedStyle(t).fontSize)
       * t.ownerSVGElement.getBoundingClientRect().width / t.ownerSVGElement.viewBox.baseVal.width
       : 99))
"""


def _requests(driver: Any, page: Path) -> list[str]:
    import json

    urls = []
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            urls.append(message["params"]["request"]["url"])
    return [url for url in urls if url != page.as_uri() and not url.startswith("data:")]
