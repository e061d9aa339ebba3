"""Three years of drops by a clock moved by hand: the file grows by what must be remembered of each
drop, and by nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kiosk.domain.drops import DropState
from kiosk.domain.events import DropCommitted, LineFact
from kiosk.domain.money import Money
from kiosk.domain.policy.model import Disposal, Outcome, Verdict
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.returns import Merchant
from kiosk.domain.visit import CommittedDrop, IdentifiedBy, Item, OpenDrop
from kiosk.seal import sworn
from kiosk.seal.keys import SigningKey
from kiosk.seal.sworn import Kind
from kiosk.store import Store, ageing
from kiosk.store.ageing import RECEIPT_KEPT
from kiosk.store.anchors import Kept
from kiosk.store.outbox import RETENTION

CENTRE = SigningKey("centre", b"\7" * 32)
MERCHANT = Merchant("M-1", "Schuhhaus", "help@example.org", "Europe/Berlin")
VERDICT = Verdict(
    Outcome.ACCEPT, Reason(Why.WITHIN_POLICY), Money(4999, "EUR"), Money(0, "EUR"),
    Money(0, "EUR"), Disposal.NONE, False, 1, ("window-30",),
)  # fmt: skip
DAYS = timedelta(days=1)


class Years:
    """A kiosk with some drops a day; the centre acknowledges, and retention runs, every evening."""

    def __init__(self, shelf: Any, store: Store, make: Any) -> None:
        self.shelf, self.store, self.make = shelf, store, make
        self.number = 0
        store._database.pragma("synchronous=OFF")  # nothing is cut here

    def drop(self) -> None:
        self.number += 1
        number, now, name = self.number, self.shelf.clock.now(), self.shelf.ids.uuid()
        told, bag, code = f"K1-{number:06d}-X", f"B-{number}", f"cti-{number}"
        given = self.make(number)
        items = (Item(given.lines[0], 1, VERDICT, 0, {}),) * 3
        opened = OpenDrop(
            name, "V", given, MERCHANT, (), IdentifiedBy.SIGNED, code, 1, offline=False
        )
        done = CommittedDrop(
            name, told, "V", given.return_id, "O", MERCHANT, items, bag, now, Money(4999, "EUR"),
            provisional=False, proof="p" * 300,
        )  # fmt: skip
        facts = tuple(line(place) for place in range(3))
        fact = DropCommitted(
            name, told, "V", given.return_id, "M-1", bag, 1, offline=False,
            identified_by="signed", code_id=code, lines=facts,
        )  # fmt: skip
        with self.store.work() as work:
            work.drops.add(opened, DropState.DECIDED, now)
            work.drops.commit(done, code, facts)
            work.record(fact, name)

    def evening(self) -> None:
        batch = self.store.outbox.next_batch(500, 1 << 30)
        assert batch is not None
        last, now = batch.events[-1], self.shelf.clock.now()
        oath = sworn.swear(
            Kind.ANCHOR, CENTRE, "device", batch.epoch, last.sequence, last.chain, now
        )
        kept = Kept(oath, CENTRE.public)
        assert self.store.outbox.acknowledge(batch.epoch, last.sequence, last.chain, now, kept)
        self.store.outbox.prune(now)

    def pass_by(self, days: int, apart: int, drops: int) -> int:
        """So many drops every few days; the pages of the file after that."""
        for day in range(0, days, apart):
            for _ in range(drops):
                self.drop()
            self.shelf.clock.pass_time(apart * DAYS)
            if day % 10 == 0:
                self.evening()
            if day % 30 == 0:
                self.store.forget_receipts(lambda: None)
        self.store._database.checkpoint()
        return int(str(self.store._database.pragma("page_count")))

    def count(self, what: str) -> int:
        with self.store._database.reading() as connection:
            return int(connection.exec_driver_sql(f"SELECT {what}").scalar() or 0)


def line(place: int) -> LineFact:
    return LineFact(
        line_id=f"L-{place}", sku=f"S-{place}", outcome="accept", reason="within_policy",
        reason_values={}, brought=1, price=4999, refund=4999, fee=0, withheld=0, currency="EUR",
        disposal="", provisional=False, rule_ids=("r",), state="accepted",
        answers={"worn": "no"}, facts={f"fact-{n}": "x" * 20 for n in range(20)},
    )  # fmt: skip


@pytest.fixture
def years(shelf, store, make_authorisation) -> Years:
    return Years(shelf, store, make_authorisation)


@pytest.mark.parametrize(("apart", "drops"), [(2, 1), pytest.param(1, 10, marks=pytest.mark.long)])
def test_three_years(years, apart: int, drops: int, capsys) -> None:
    """Drops of three items; the second and the third year grow by what is remembered."""
    first = years.pass_by(360, apart, drops)
    third = years.pass_by(720, apart, drops)
    since = 720 // apart * drops
    grown = (third - first) * 4096 / since
    with capsys.disabled():
        print(f"\n{years.number} drops in three years: {third * 4} KiB, then {grown:.0f} B a drop")
    kept = (RETENTION.days + 22) // apart * drops
    assert years.count("count(*) FROM events") <= kept
    assert years.count("count(*) FROM outbox") <= kept
    assert years.count("count(*) FROM drops") == years.number
    receipts = years.count("count(*) FROM drops WHERE receipt != ''")
    assert 0 < receipts <= (RECEIPT_KEPT.days + 52) // apart * drops
    assert grown < 2_000, "more than a drop's row, three lines, bag, code, paper and their indexes"
    assert years.store.outbox.verify() is None
    assert years.store.look_over(lambda: None) == ""


def test_what_a_long_outage_took_is_used_again(years) -> None:
    """The queue of weeks makes the file large once; then it is room for what comes."""
    for _ in range(200):
        years.drop()
    years.evening()
    years.shelf.clock.pass_time(RETENTION + DAYS)
    years.drop()
    years.evening()
    assert years.count("count(*) FROM events") == 1
    largest = int(str(years.store._database.pragma("page_count")))
    free = int(str(years.store._database.pragma("freelist_count")))
    assert free > largest // 4
    for _ in range(free // 12):
        years.drop()
    assert int(str(years.store._database.pragma("page_count"))) <= largest


def test_a_receipt_is_kept_while_the_centre_lacks_its_drop(years) -> None:
    years.drop()
    years.evening()
    years.shelf.clock.pass_time(RECEIPT_KEPT + DAYS)
    years.drop()  # the centre is away from now on
    assert years.store.forget_receipts(lambda: None) == 0, "nobody has sworn to the time since"
    years.evening()
    assert years.store.forget_receipts(lambda: None) == 1
    with years.store.look() as work:
        assert work.drops.receipt("K1-000001-X") is None
        assert work.drops.receipt("K1-000002-X") is not None
        given = work.drops.given("R-1")
        assert given is not None
        assert given.drop_number == "K1-000001-X"
        assert ageing.is_forgotten(work._connection, "K1-000001-X")
        assert not ageing.is_forgotten(work._connection, "K1-000002-X")


def test_a_clock_that_runs_years_ahead_lets_nothing_go(years) -> None:
    years.drop()
    years.evening()
    years.shelf.clock.pass_time(timedelta(days=3650))
    assert years.store.forget_receipts(lambda: None) == 0
