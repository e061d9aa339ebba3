"""The disk fails at each place of a visit, and is mended again: every refusal has its sentence, no
promise is made that is not kept, and nobody has to restart anything."""

from __future__ import annotations

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
    """Every commit of a write meets this, as one on a full or broken disk does. What the kernel
    itself says then is in tests/store/test_the_kernel_says_no.py."""
    engine = kiosk.core.store._database._connection.engine

    def fail(connection: sa.Connection) -> None:
        if connection.info.get(WRITES):
            error = driver.OperationalError("the disk")
            error.sqlite_errorcode = code
            raise error

    sa.event.listen(engine, "commit", fail)
    try:
        yield
    finally:
        sa.event.remove(engine, "commit", fail)


def looked_after(kiosk: Kiosk) -> None:
    """In the shop within twenty seconds."""
    kiosk.core._look_now.set()


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
    with failing(kiosk, code):  # a code is held up
        kiosk.hold_return("simple")
        kiosk.knows(trouble) if trouble is Trouble.STORE_FULL else kiosk.sees(OutOfService)
        assert kiosk.drops == []
    kiosk.hold_nothing()
    looked_after(kiosk)
    kiosk.is_over(trouble)
    kiosk.sees(Attract)
    kiosk.put_away()

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
    kiosk.hold_nothing()
    looked_after(kiosk)
    kiosk.is_over(trouble)
    kiosk.press(Press.BACK)
    kiosk.sees(Bagging)
    kiosk.put_away()
    kiosk.hold_bag()
    kiosk.sees(Receipt)

    with failing(kiosk, code):  # the receipt is closed; nothing of it is to be written any more
        kiosk.go_home()
    looked_after(kiosk)
    kiosk.is_over(trouble)
    kiosk.put_away()
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
