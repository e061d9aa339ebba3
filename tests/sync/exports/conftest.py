"""A database with two tenants' rows, and what is asked of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sync.central.database import Database
from sync.central.exports.asking import Asked, Form, Scope, What
from sync.central.exports.making import make
from tests.sync.exports import world

BERLIN = ZoneInfo("Europe/Berlin")


def filled(database_url: str) -> Database:
    """One tenant's kiosks at two sites and another tenant's, nothing dropped yet."""
    made = Database(database_url)
    world.tenant(made, "other")
    world.merchant(made, "linden", "Linden & Row")
    world.merchant(made, "fjord", "Fjord")
    world.kiosk(made, "k1")
    world.kiosk(made, "k2", site="Harbour")
    world.kiosk(made, "x1", of="other")
    return made


@pytest.fixture
def database(prepared_file: Path, tmp_path: Path) -> Iterator[Database]:
    """SQLite: what is about forms needs no server. Tests of queries ask for both themselves."""
    path = tmp_path / "centre.db"
    shutil.copy(prepared_file, path)
    made = filled(f"sqlite:///{path}")
    yield made
    made.close()


def asked(what: What = What.DROPS, form: Form = Form.CSV, **changes) -> Asked:
    told = {
        "scope": Scope("acme"),
        "first": date(2026, 5, 1),
        "last": date(2026, 5, 31),
        "zone": BERLIN,
        **changes,
    }
    return Asked(what, form, **told)


@pytest.fixture
def export(database: Database) -> Callable[..., bytes]:
    """The whole file: `export(What.LINES, Form.CSV, site="Harbour")`."""

    def whole(what: What = What.DROPS, form: Form = Form.CSV, **changes) -> bytes:
        return b"".join(make(database, asked(what, form, **changes), world.NOON))

    return whole
