"""People at the centre, their browsers, and an authenticator that shows what a telephone would."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyotp
import pytest
import requests

from kiosk.world import SystemIds
from sync.central.people import create_admin
from sync.central.tables import tenants
from tests.sync.conftest import Centre, TestClock

IDS = SystemIds()
PASSWORD = "seven kettles under snow"


@dataclass
class Browser:
    """A person's browser: follows redirects, reads forms as people do."""

    centre: Centre
    agent: str = "Firefox"
    session: requests.Session = field(default_factory=requests.Session)
    page: str = ""
    status: int = 0
    at: str = ""

    def __post_init__(self) -> None:
        self.session.trust_env = False
        self.session.headers["User-Agent"] = self.agent

    def look(self, path: str) -> Browser:
        return self._keep(self.session.get(self.centre.url + path, timeout=30))

    def send(self, path: str, **form: Any) -> Browser:
        """A form of the page that is open, with its token."""
        token = re.search(r'name="csrf" value="(\w+)"', self.page)
        if token:
            form.setdefault("csrf", token.group(1))
        return self._keep(self.session.post(self.centre.url + path, data=form, timeout=30))

    def _keep(self, answer: requests.Response) -> Browser:
        self.page, self.status = html.unescape(answer.text), answer.status_code
        self.at = answer.url.removeprefix(self.centre.url)
        return self

    def sign_in(self, name: str = "ada", password: str = PASSWORD) -> Browser:
        return self.look("/login").send("/login", name=name, password=password)

    @property
    def is_in(self) -> bool:
        return "Sign out" in self.page


@dataclass
class Telephone:
    """An authenticator app beside the centre's clock."""

    clock: TestClock
    secret: str = ""

    def scan(self, page: str) -> None:
        """Take the key that a page shows in letters."""
        shown = re.search(r'<code class="secret"[^>]*>([A-Z2-7 ]+)</code>', page)
        assert shown, page
        self.secret = shown.group(1).replace(" ", "")

    def code(self, later: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(self.clock.now(), counter_offset=later)


@pytest.fixture
def browser(centre: Centre) -> Iterator[Callable[..., Browser]]:
    """Opens browsers: `browser()`, `browser(agent="Safari")`."""
    opened: list[Browser] = []

    def open_one(**more: Any) -> Browser:
        opened.append(Browser(centre, **more))
        return opened[-1]

    yield open_one
    for one in opened:
        one.session.close()


@pytest.fixture
def telephone(clock: TestClock) -> Telephone:
    return Telephone(clock)


@pytest.fixture
def person(centre: Centre) -> Callable[..., str]:
    """Makes people: `person("bob", roles=[Role.VIEWER])`; the name."""

    def make(name: str = "ada", tenant: str = "acme", **more: Any) -> str:
        create_admin(centre.database, IDS, tenant, name, PASSWORD, **more)
        return name

    return make


@pytest.fixture
def ada(browser: Callable[..., Browser], person: Callable[..., str]) -> Browser:
    """A signed-in administrator."""
    person("ada")
    return browser().sign_in()


@pytest.fixture
def required(centre: Centre) -> None:
    """The tenant asks everybody for a second factor."""
    ask = tenants.update().values(second_factor=True)
    centre.database.write(lambda c: c.execute(ask))


def recovery_codes(page: str) -> list[str]:
    """Those that a page shows."""
    return re.findall(r"<code>([0-9a-z]{4}(?:-[0-9a-z]{4}){3})</code>", page)
