"""What may befall a kiosk's disk while the box is off: bits, a page, the ledger itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from kiosk.store.recovery.places import BESIDE, LEDGER
from tests.sim.orders import Done
from tests.sim.photos import spoil_one

if TYPE_CHECKING:
    from tests.sim.kiosk import SimKiosk


def rot(kiosk: SimKiosk) -> str:
    """Something in an event's row changes, or in a photograph, which nobody notices at once. The
    event's id, "" where it is none."""
    kiosk.fall()
    if not (kiosk.folder / LEDGER).exists():
        return ""
    if kiosk.world.chance.random() < 0.2:
        with kiosk.world.losing(kiosk, "a photograph that changed"):
            spoil_one(kiosk.world, kiosk.folder)
        return ""
    connection = driver.connect(str(kiosk.folder / LEDGER))
    try:
        return _change(kiosk, connection)
    finally:
        connection.close()


def _change(kiosk: SimKiosk, connection: driver.Connection) -> str:
    """None changes twice: a record whose content and link are both gone takes with it what proves
    the next one."""
    rows = connection.execute(
        "SELECT number, id, data FROM events WHERE type LIKE '%drop.committed%' ORDER BY number"
    ).fetchall()
    rows = [row for row in rows if row[1] not in kiosk.world.truth.altered]
    if not rows:
        return ""
    number, name, data = kiosk.world.chance.choice(rows)
    match kiosk.world.chance.choice(("amount", "form", "link")):
        case "amount":
            changed = data.replace('"refund":4', '"refund":9', 1)
            sql = "UPDATE events SET data = ? WHERE number = ?"
        case "form":
            changed = data[1:]
            sql = "UPDATE events SET data = ? WHERE number = ?"
        case _:
            changed = "f" * 64
            sql = "UPDATE outbox SET chain = ? WHERE event = ?"
    connection.execute(sql, (changed, number))
    connection.commit()
    return str(name)


def spoil(kiosk: SimKiosk) -> None:
    """The first page of the outbox turns to rubbish."""
    kiosk.fall()
    path = kiosk.folder / LEDGER
    if not path.exists():
        return
    kiosk.spoilt = True
    kiosk.world.truth.uprooted |= kiosk.held()  # from now on nobody may count on it
    connection = driver.connect(str(path))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    sql = "SELECT rootpage FROM sqlite_master WHERE name = 'outbox'"
    page = connection.execute(sql).fetchone()[0]
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)


def lose(kiosk: SimKiosk) -> None:
    """The ledger is gone, with its log; the photographs beside it are not. What the centre has of
    this kiosk by now it must know again (`SimKiosk.owed`)."""
    kiosk.fall()
    with kiosk.world.losing(kiosk, "no ledger any more"):
        for ending in ("", *BESIDE):
            (kiosk.folder / (LEDGER + ending)).unlink(missing_ok=True)
        kiosk.seen = 0
    kiosk.full = kiosk.spoilt = False
    kiosk.owed = kiosk.world.accepted(kiosk.device_id)
    kiosk.done = Done()
