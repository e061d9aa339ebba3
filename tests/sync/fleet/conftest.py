"""Kiosks that only beat, and somebody at the back office: what tests of the fleet share."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from kiosk.seal.keys import SigningKey
from kiosk.world import SystemIds
from sync.central import beats
from sync.central.database import Database
from sync.central.devices import Device, create_enrolment, enrol
from sync.central.people import create_admin
from sync.central.roles import Role
from sync.wire.messages import Enrol, Enrolled, Heartbeat
from tests.sync.conftest import TENANT, Centre, TestClock

IDS = SystemIds()
PASSWORD = "correct horse battery"


@dataclass
class Fleet:
    """A database with kiosks in it, and no server."""

    database: Database
    clock: TestClock

    def join(self, code: str = "K1", site: str = "Street 1") -> str:
        key = SigningKey("", IDS.token(256).to_bytes(32))
        secret = create_enrolment(self.database, self.clock, IDS, TENANT, site, code)
        proof = key.sign(secret.encode()).hex()
        ask = Enrol(code=secret, public_key=key.public.hex(), proof=proof, version="1.0")
        told = enrol(self.database, self.clock, IDS, ask, "192.0.2.1")
        assert isinstance(told, Enrolled)
        return told.device_id

    def beat(self, device_id: str, **changes: object) -> None:
        told = {"time": self.clock.now(), "version": "1.0", "epoch": "e", "cursor": 0}
        told |= {"chain_head": "", "queued": 0, **changes}
        beats.beat(self.database, self.clock, Device(device_id, TENANT, False), Heartbeat(**told))


@pytest.fixture
def fleet(prepared_file: Path, tmp_path: Path, clock: TestClock) -> Iterator[Fleet]:
    shutil.copy(prepared_file, tmp_path / "centre.db")
    database = Database(f"sqlite:///{tmp_path}/centre.db")
    yield Fleet(database, clock)
    database.close()


@dataclass
class Desk:
    """Somebody at the back office, signed in."""

    url: str
    browser: requests.Session
    csrf: str

    def get(self, path: str, language: str = "en") -> str:
        answer = self.browser.get(
            self.url + path, headers={"Accept-Language": language}, timeout=20
        )
        assert answer.status_code == 200, answer.text
        return html.unescape(answer.text)

    def send(self, path: str, **fields: str | list[str]) -> requests.Response:
        form = {"csrf": self.csrf, **fields}
        return self.browser.post(self.url + path, data=form, timeout=20)


def sign_in(centre: Centre, name: str) -> Desk:
    """The session ends with the process."""
    browser = requests.Session()
    browser.trust_env = False
    form = {"name": name, "password": PASSWORD}
    answer = browser.post(centre.url + "/login", data=form, timeout=20)
    csrf = re.search(r'name="csrf" value="(\w+)"', answer.text)
    assert csrf, answer.text
    return Desk(centre.url, browser, csrf[1])


@pytest.fixture
def desk_of(centre: Centre) -> Iterator[Callable[..., Desk]]:
    """Signs people in: `desk_of("ada", Role.FLEET)`; no roles are all."""
    made: list[Desk] = []

    def sit(name: str = "ada", *roles: Role, tenant: str = TENANT) -> Desk:
        create_admin(
            centre.database, IDS, tenant, name, PASSWORD, centre.clock, roles or tuple(Role)
        )
        made.append(sign_in(centre, name))
        return made[-1]

    yield sit
    for one in made:
        one.browser.close()


@pytest.fixture
def desk(desk_of: Callable[..., Desk]) -> Desk:
    return desk_of()
