"""Every page of the back office over a large year: `make bench ARGS=pages`, EVENTS=10000000 for the
promised size (on PostgreSQL; about 1.2 GB of disk a million).

The real service in its own process, and a person who may see everything. From the first page on,
every link is followed, and what people look for is looked for, by the names of drops, bags,
containers, orders and returns from all over the year; forms that write are left alone, and so are
files with everything in them. Pages are told by their route: how many were asked, p50, p95 and the
slowest, from the request to the last byte.
"""

from __future__ import annotations

import random
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path
from urllib.parse import quote, urldefrag, urljoin, urlsplit

import requests
from litestar.routes import HTTPRoute

from kiosk.domain.returns import AuthorisationState
from kiosk.world import SystemClock, SystemIds
from sync.central.database import Database
from sync.central.pages import router
from tests.bench import drain_centre as centres
from tests.bench import pages_small
from tests.bench.crowd import size
from tests.bench.environment import percentile
from tests.bench.pages_rows import KIOSKS, Sizes, fill

NAME, PASSWORD = "ada", "correct horse battery"
EACH, LEAST = 25, 10
"""Pages of one route that are asked for; of fewer pages each is asked more than once."""
LEFT = re.compile(
    r"/(logout|exports/file|v1/|office\.css|icon\.svg|photos/|login|again"
    r"|policy/versions/[^/]+/file|kiosks/[^/]+/screens/)"
)
PATIENCE_S = 120.0


def run() -> Iterator[str]:
    sizes = Sizes(size("EVENTS", 200_000))
    yield f"pages: PostgreSQL, {sizes.events:,} events of {KIOSKS} kiosks in a year"
    with (
        tempfile.TemporaryDirectory(prefix="pages-bench-") as made,
        centres.database("PostgreSQL", Path(made)) as url,
    ):
        began = time.perf_counter()
        there = Database(url)
        further = pages_small.fill(there, SystemClock(), SystemIds(), NAME, PASSWORD)
        there.close()
        yield from fill(plain(url), sizes, SystemClock().now())
        yield f"  filled in {time.perf_counter() - began:.0f} s"
        yield from walk(url, sizes, further)


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def walk(url: str, sizes: Sizes, further: Iterable[str] = ()) -> Iterator[str]:
    """The table of all pages of a database that `fill` has filled; `further` are addresses to
    which no page leads."""
    with centres.serving(url) as served, requests.Session() as browser:
        browser.trust_env = False
        told = {"name": NAME, "password": PASSWORD}
        browser.post(served.url + "/login", data=told, timeout=30).raise_for_status()
        seen = Walk(browser, served.url, routes())
        seen.go(["/", *further, *looked_for(sizes)])
        seen.again()
    yield "  ms      p95      p50     most  asked"
    yield from sorted(map(_told, seen.took.items()), reverse=True)
    everything = [one for each in seen.took.values() for one in each]
    yield f"  every page {1e3 * percentile(everything, 0.95):7.0f} at p95 of {len(everything)}"
    missed = sorted(set(seen.routes) - set(seen.took))
    yield f"  not reached: {', '.join(missed) or 'none'}"
    yield from (f"  NOT WELL {status}: {path}" for status, path in seen.unwell)


def _told(route: tuple[str, list[float]]) -> str:
    name, took = route
    at = [1e3 * percentile(took, share) for share in (0.5, 0.95, 1.0)]
    return f"  {at[1]:9.0f} {at[0]:8.0f} {at[2]:8.0f} {len(took):6}  {name}"


def routes() -> list[str]:
    """The templates of all pages that can be asked for."""
    every = (one for one in router.routes if isinstance(one, HTTPRoute) and "GET" in one.methods)
    return sorted(one.path_format for one in every if not LEFT.match(one.path_format))


def looked_for(sizes: Sizes) -> Iterator[str]:
    """What people type and scan, from all over the year."""
    dice = random.Random(7)
    for _ in range(EACH):
        n = dice.randrange(sizes.drops)
        number = f"K{n % KIOSKS}-{n // KIOSKS:06d}"
        for name in (number, f"BAG-{n}", f"ORDER-{n}", f"RMA-{n}", f"TOTE-{n // 40}", "nothing"):
            yield f"/search?q={quote(name)}"
        yield f"/drops/D-{n}"
        yield f"/goods/bag/BAG-{n}"
        yield f"/goods/container/TOTE-{n // 40}"
        yield f"/goods/return/RMA-{n}"
        yield f"/returns/RMA-{n}"
        yield f"/kiosks/kiosk-{n % KIOSKS}/settings"
        yield f"/kiosks/kiosk-{n % KIOSKS}/revoke"
    for n in dice.sample(range(sizes.cases), EACH):
        yield f"/cases/C-{n}"
    for state in AuthorisationState:
        yield f"/returns?state={state.value}"
        yield f"/returns?state={state.value}&merchant=shop-1"
    yield from ("/drops?q=BAG-12", "/drops?q=ORDER-99", "/drops?q=nothing", "/drops?page=900")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


@dataclass
class Walk:
    """From page to page, each once and no more than `most` of a route that were not asked for."""

    browser: requests.Session
    url: str
    routes: list[str]
    most: int = EACH
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    paths: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    unwell: list[tuple[int, str]] = field(default_factory=list)

    def go(self, paths: Iterable[str]) -> None:
        waiting, known = list(paths), set[str]()
        while waiting:
            path = waiting.pop(0)
            route = self.route_of(path)
            if path in known or not route or len(self.took[route]) >= self.most * 6:
                continue
            known.add(path)
            found = [one for one in self.ask(path, route) if one not in known]
            ours = [one for one in found if len(self.took.get(self.route_of(one), ())) < self.most]
            waiting += ours

    def again(self) -> None:
        for route, paths in list(self.paths.items()):
            few = cycle(list(paths))
            while len(self.took[route]) < LEAST:
                self.ask(next(few), route)

    def ask(self, path: str, route: str) -> list[str]:
        """Time it; the links on it."""
        began = time.perf_counter()
        answer = self.browser.get(self.url + path, timeout=PATIENCE_S, allow_redirects=False)
        self.took[route].append(time.perf_counter() - began)
        self.paths[route].append(path)
        if answer.status_code not in (200, 303):
            self.unwell.append((answer.status_code, path))
        links = _Links()
        links.feed(answer.text)
        links.found += [answer.headers["location"]] if "location" in answer.headers else []
        return [self._path(path, one) for one in links.found if self._ours(path, one)]

    def _ours(self, path: str, link: str) -> bool:
        return urljoin(self.url + path, link).startswith(self.url + "/")

    def _path(self, path: str, link: str) -> str:
        parts = urlsplit(urldefrag(urljoin(self.url + path, link)).url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def route_of(self, path: str) -> str:
        """ "" for what is left alone."""
        bare = path.partition("?")[0]
        if LEFT.match(bare):
            return ""
        fits = [one for one in self.routes if _pattern(one).fullmatch(bare)]
        return max(fits, key=lambda one: one.count("{") * -1, default="")


def _pattern(route: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[^/]*?\}", "[^/]+", re.escape(route)))
