"""What every handler of the centre shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from zoneinfo import ZoneInfo

from anyio import to_thread
from litestar.di import NamedDependency
from litestar.types import Scope

from kiosk.ports import Clock, Ids
from kiosk.seal.keys import SigningKey
from sync.central.database import Database
from sync.central.people.issuers import Issuer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Centre:
    """The database, the ports, and the back office's time zone; each handler's `centre`."""

    database: Database
    clock: Clock
    ids: Ids
    timezone: ZoneInfo
    secure_cookies: bool = False
    bundle_keys: Mapping[str, SigningKey] = field(default_factory=dict)
    """By tenant; also sign the time for kiosks whose clock cannot be believed."""
    issuers: Mapping[str, Issuer] = field(default_factory=dict)
    """By tenant: who else may say who its people are."""


Shared = NamedDependency[Centre]
CENTRE = "takeback.centre"
"""Where a request's scope names the centre that is asked."""


def of_request(scope: Scope) -> Centre:
    found = scope[CENTRE]  # type: ignore[literal-required]
    assert isinstance(found, Centre)
    return found


async def aside(work: Callable[[], T]) -> T:
    """Run blocking work (the database, scrypt) on a thread of the pool."""
    return await to_thread.run_sync(work)
