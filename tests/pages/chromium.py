"""Debian's Chromium, driven over the back office's pages. No browser is ever fetched."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or ""
"""Its path; "" where the system has none (Ubuntu offers it as a snap only)."""
PATIENCE_MS = 30_000
# Light, and silent: it looks nothing up and reports nothing to anybody.
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--disable-site-isolation-trials",
    "--renderer-process-limit=1",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@contextmanager
def running() -> Iterator[Browser]:
    """While this is open, its thread has asyncio's loop running: open it for a module, not for a
    whole run."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visitor(
    browser: Browser,
    url: str,
    *,
    cookie: str = "",
    language: str = "en",
    scheme: str = "light",
    width: int = 1280,
    scripts: bool = True,
) -> Iterator[BrowserContext]:
    """Somebody's browser, with a session where a `cookie` is given. Nothing moves in it."""
    context = browser.new_context(
        base_url=url,
        locale=language,
        color_scheme=scheme,
        reduced_motion="reduce",
        viewport={"width": width, "height": 900},
        java_script_enabled=scripts,
    )
    context.set_default_timeout(PATIENCE_MS)
    if cookie:
        context.add_cookies([{"name": "takeback_session", "value": cookie, "url": url}])
    try:
        yield context
    finally:
        context.close()


class Heard:
    """What a page did that it should not: calls elsewhere, errors, what the policy forbade."""

    def __init__(self, page: Page, url: str) -> None:
        self.wrong: list[str] = []
        self._url = url
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self._url + "/", "data:")):
            self.wrong.append(f"asks {request.url}")

    def _console(self, message: Any) -> None:
        # Of a page that says no, Chromium writes down its status.
        if message.type in ("error", "warning") and "the server responded with" not in message.text:
            self.wrong.append(message.text)


def axe(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """What axe-core finds, a line each; of all rules of WCAG 2.2 A and AA and good practice, or of
    those that are named."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": TAGS}
    found = page.evaluate(
        "only => axe.run(document, {runOnly: only, resultTypes: ['violations']})"
        ".then(told => told.violations.flatMap(one => one.nodes.map("
        "node => one.id + ' at ' + node.target.join(' ') + ': ' + node.failureSummary)))",
        only,
    )
    return list(found)


_WATCH = """() => {
  const seen = window.seen = [];
  document.addEventListener('focusin', event => {
    const style = getComputedStyle(event.target);
    const box = event.target.getBoundingClientRect();
    seen.push({
      target: event.target,
      ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
      inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    });
  });
  const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, summary, '
    + '[tabindex="0"]';
  window.controls = [...document.querySelectorAll(wanted)].filter(one => {
    const twin = one.type === 'radio' && document.querySelector(
      `input[type=radio][name="${one.name}"]:checked`) || one;
    const first = one.type !== 'radio' || one === (twin !== one ? twin
      : one.form.querySelector(`input[type=radio][name="${one.name}"]`));
    return first && !one.disabled && one.checkVisibility();  // not in closed details
  });
  const dates = window.controls.filter(one => one.type === 'date').length;
  return window.controls.length + 3 * dates;  // day, month, year and the calendar
}"""
_MISSED = """() => {
  const name = one => one.outerHTML.slice(0, 100);
  const reached = new Set(window.seen.map(one => one.target));
  return [
    ...window.controls.filter(one => !reached.has(one)).map(one => 'not reached: ' + name(one)),
    ...window.seen.filter(one => !one.ring).map(one => 'no focus ring: ' + name(one.target)),
    ...window.seen.filter(one => !one.inside).map(one => 'out of sight: ' + name(one.target)),
  ];
}"""


def by_keyboard(page: Page) -> list[str]:
    """What the Tab key does not reach, or reaches unseen; a line each."""
    controls = page.evaluate(_WATCH)
    page.evaluate("() => document.activeElement && document.activeElement.blur()")
    for _ in range(controls + 4):  # what scrolls is a stop, too
        page.keyboard.press("Tab")
    missed = page.evaluate(_MISSED)
    page.evaluate("() => document.activeElement.blur()")  # the link that skips lies over others
    return list(missed)


def too_wide(page: Page) -> int:
    """How many pixels of the page are beyond its window's side; tables scroll in themselves."""
    wide: int = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide
