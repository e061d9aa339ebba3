"""Machines that call a real centre over HTTP, each with a key of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
import requests

from kiosk.domain.returns import Merchant
from kiosk.world import SystemIds
from sync.central import app, policy
from sync.central.rest import keys
from tests.sync.conftest import MERCHANT, TENANT, Centre

IDS = SystemIds()
OAK = Merchant("oak", "Oak & Sons", "help@oak.example", "Europe/Berlin")
OTHER_TENANT = "bravo"


@dataclass(frozen=True)
class Caller:
    """A machine and its key."""

    url: str
    token: str

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """`if_match` and the like are headers; a body of bytes goes as it is."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            told.setdefault("authorization", f"Bearer {self.token}")
        if body is not None:
            told.setdefault("content-type", "application/json")
            body = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return requests.request(method, self.url + path, data=body, headers=told, timeout=10)

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.ask("GET", path, **headers)

    def put(self, path: str, body: Any, **headers: str) -> requests.Response:
        return self.ask("PUT", path, body, **headers)

    def post(self, path: str, body: Any, **headers: str) -> requests.Response:
        return self.ask("POST", path, body, **headers)


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Centres send no webhooks by themselves: tests name addresses that are nobody's, and look at
    rows that a sender would change meanwhile."""

    async def never(_: app.Sender) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(app.Sender, "run", never)


@pytest.fixture
def shops(centre: Centre) -> Centre:
    """A centre with two merchants, and another tenant with a merchant of the same id."""
    policy.put_merchant(centre.database, TENANT, MERCHANT, [])
    policy.put_merchant(centre.database, TENANT, OAK, [])
    policy.put_tenant(centre.database, OTHER_TENANT, "Bravo", "bravo-kiosks")
    policy.put_merchant(centre.database, OTHER_TENANT, MERCHANT, [])
    return centre


@pytest.fixture
def called(shops: Centre) -> Callable[..., Caller]:
    """Makes callers: `called()` is Linden & Row, `called("hub:north")` a hub."""

    def make(scope: str = "merchant:linden", tenant: str = TENANT, **more: Any) -> Caller:
        role, _, subject = scope.partition(":")
        made = keys.make(shops.database, shops.clock, IDS, tenant, keys.Role(role), subject, **more)
        assert not isinstance(made, str), made
        return Caller(shops.url, made[1])

    return make


@pytest.fixture
def linden(called: Callable[..., Caller]) -> Caller:
    return called()


@pytest.fixture
def oak(called: Callable[..., Caller]) -> Caller:
    return called("merchant:oak")


def a_return(**changes: Any) -> dict[str, Any]:
    """What a merchant sends."""
    line = {
        "line_id": "L1",
        "sku": "SKU-1",
        "name": "Linen dress",
        "category": "clothing",
        "quantity": 1,
        "price": {"minor": 7990, "currency": "EUR"},
    }
    told = {"order_number": "1001", "ordered_on": "2026-04-20", "lines": [line]}
    return {**told, **changes}
