"""The disk fails at each place of a visit, and is mended again: every refusal has its sentence, no
promise is made that is not kept, and nobody has to restart anything."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
import sqlcipher3.dbapi2 as driver

from kiosk.flows.model import Attract, Bagging, Items, OutOfService, Press, Receipt
from kiosk.ports import Trouble
from kiosk.store.database import _WRITES as WRITES
from tests.misfortune.street import Kiosk, eventually

FULL, READ_ONLY = 13, 8  # https://www.sqlite.org/rescode.html


@contextmanager
def failing(kiosk: Kiosk, code: int) -> Iterator[None]:
    """Every commit of a write meets this, as one on a full or broken disk does, from the visit's
    own on: whoever knows of it knows that the visit has met it, and not the agent before a slow
    camera saw anything. What the kernel itself says then is in
    tests/store/test_the_kernel_says_no.py."""
    database = kiosk.core.store._database
    engine = database._connection.engine
    begun = threading.Event()

    def fail(connection: sa.Connection) -> None:
        if not connection.info.get(WRITES):
            return
        if threading.current_thread().name == "core":
            begun.set()
        if begun.is_set():
            error = driver.OperationalError("the disk")
            error.sqlite_errorcode = code
            raise error

    with database._lock:  # SQLAlchemy's lists of listeners are not for several threads
        sa.event.listen(engine, "commit", fail)
    try:
        yield
    finally:
        with database._lock:
            sa.event.remove(engine, "commit", fail)


def looked_after(kiosk: Kiosk, trouble: Trouble) -> None:
    """In the shop within twenty seconds: something was written, and the service has noticed."""
    kiosk.core._look_now.set()
    eventually(lambda: kiosk.core.store.failure is None, "a write that goes well")
    kiosk.is_over(trouble)


@pytest.mark.parametrize(
    ("code", "trouble", "fault"),
    [
        (FULL, Trouble.STORE_FULL, "full"),
        (READ_ONLY, Trouble.STORE_FAILED, "read_only"),
    ],
)
def test_a_visit_with_a_disk_that_fails_at_each_of_its_steps(
    kiosk: Kiosk, street: Any, code: int, trouble: Trouble, fault: str
) -> None:
    # Another code each time: whether the same one is news again is a matter of how quick a loaded
    # machine looks.
    with failing(kiosk, code):  # a code is held up
        kiosk.hold_return("three")
        eventually(lambda: kiosk.core.store.failure is not None, "a write that fails")
        kiosk.core._look_now.set()
        kiosk.knows(trouble) if trouble is Trouble.STORE_FULL else kiosk.sees(OutOfService)
        assert kiosk.drops == []
        kiosk.put_away()  # or a slow camera tells of it once more, when all is well
    looked_after(kiosk, trouble)
    kiosk.sees(Attract)

    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.press(Press.ALL_HERE)
    kiosk.sees(Bagging)
    kiosk.put_away()
    with failing(kiosk, code):  # the bag, and with it the promise
        kiosk.hold_bag()
        kiosk.until(lambda s: not isinstance(s.screen, Bagging), "no promise")
        assert not isinstance(kiosk.session.screen, Receipt)
        assert [state for state, *_ in kiosk.drops] == ["decided"]
        assert kiosk.bags_held == []
        kiosk.core._look_now.set()
        kiosk.knows(trouble)
        kiosk.put_away()
    looked_after(kiosk, trouble)
    kiosk.press(Press.BACK)
    kiosk.sees(Bagging)
    kiosk.hold_bag(1)
    kiosk.sees(Receipt)

    with failing(kiosk, code):  # the receipt is closed; nothing of it is to be written any more
        kiosk.go_home()
        kiosk.put_away()
    looked_after(kiosk, trouble)
    kiosk.hold_return("fee")
    kiosk.sees(Items)
    kiosk.all_sent()
    assert len(street.drops) == 1
    kiosk.is_whole()
    # On a disk that takes nothing it cannot be written down; as soon as it does, it is.
    disk = [one for one in street.told("device.changed") if one["family"] == "store"]
    told = [(one["state"], one["fault"]) for one in disk]
    pairs = [("faulty", fault), ("ready", "")]
    assert told[:2] == pairs
    assert told == pairs * (len(told) // 2), "not each time need a write have met it"


def test_pages_that_turn_to_noise_in_the_middle_of_a_visit(kiosk: Kiosk, street: Any) -> None:
    """Met at work and not at a start: the goods stay the shopper's, and the store takes nothing
    more until it is mended."""
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.press(Press.ALL_HERE)
    kiosk.sees(Bagging)
    kiosk.put_away()
    store = kiosk.core.store
    store._database.checkpoint()
    store._database.pragma("cache_size=0")
    store._database.pragma("shrink_memory")
    with (kiosk.folder / "ledger.db").open("r+b") as file:
        size = (kiosk.folder / "ledger.db").stat().st_size
        for at in range(8192, size, 4096):
            file.seek(at)
            file.write(b"\xa5" * 4096)
    kiosk.hold_bag()
    kiosk.until(lambda s: not isinstance(s.screen, Bagging), "no promise")
    assert not isinstance(kiosk.session.screen, Receipt)
    eventually(lambda: store.broken, "the finding")
    street.goes_down()
    kiosk.hold_nothing()
    kiosk.stop()
    street.comes_back()
    kiosk.ready()
    assert kiosk.core.store.mended is not None
    kiosk.knows(Trouble.STORE_GAPS)
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.hold_bag()
    kiosk.sees(Receipt)
    kiosk.all_sent()
    assert len(street.drops) == 1
    kiosk.is_whole()
