"""Pictures of every page of the back office, for people to look at.

    python -m tests.pages.shots --out out/pages --language en,ar --width 390 --page drops

A file each: drops-en-light-1280.png. Empty pages, as on the first day, are in `empty-...`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser

from kiosk.words import languages
from tests.pages.chromium import CHROMIUM, running, visitor
from tests.pages.walk import QUERIES, Page, pages
from tests.pages.world import World, opened
from tests.sync.conftest import prepare

SCHEMES = ("light", "dark")
WIDTHS = (1280, 390)


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _asked(arguments)
    if not CHROMIUM:
        print("no chromium on this system: no pictures of the back office")
        return 0
    asked.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/centre.db"
        prepare(url)
        with opened(url) as world, running() as browser:
            count = sum(_looks(browser, world, asked))
    print(f"{count} pictures in {asked.out}")
    return 0


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.pages.shots", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--language", default=",".join(languages()))
    parser.add_argument("--scheme", default=",".join(SCHEMES))
    parser.add_argument("--width", default=",".join(map(str, WIDTHS)))
    parser.add_argument("--page", default="", help="only pages whose name starts so")
    return parser.parse_args(arguments)


def _looks(browser: Browser, world: World, asked: argparse.Namespace) -> Iterator[int]:
    for language in asked.language.split(","):
        for scheme in asked.scheme.split(","):
            for width in map(int, asked.width.split(",")):
                look = {"language": language, "scheme": scheme, "width": width}
                tail = f"{language}-{scheme}-{width}.png"
                yield _taken(browser, world, asked, look, tail)


def _taken(
    browser: Browser, world: World, asked: argparse.Namespace, look: dict[str, object], tail: str
) -> int:
    wanted = [
        (page, who, prefix)
        for page in pages()
        for who, prefix in looks_of(page).items()
        if (prefix + page.name).startswith(asked.page)
    ]
    for name in {who for _, who, _ in wanted}:
        cookie = world.cookies.get(name, "")
        with visitor(browser, world.url, cookie=cookie, **look) as context:  # type: ignore[arg-type]
            tab = context.new_page()
            for page, who, prefix in wanted:
                if who == name:
                    answer = tab.goto(page.address(world.ids))
                    assert answer is not None
                    assert answer.status == page.status, (page.route, answer.status)
                    tab.screenshot(path=asked.out / f"{prefix}{page.name}-{tail}", full_page=True)
    return len(wanted)


def looks_of(page: Page) -> dict[str, str]:
    """Who looks at a page, and what its picture's name begins with: whoever sees it full, and
    nils, whose house has nothing yet."""
    plain = "{" not in page.route and "account" not in page.route and page.route not in QUERIES
    first_day = page.who == "ada" and plain
    return {page.who: "", **({"nils": "empty-"} if first_day else {})}


if __name__ == "__main__":
    sys.exit(main())
