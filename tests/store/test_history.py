"""What the ledger remembers for limits over several returns and for amounts that come once."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlcipher3.dbapi2 as driver

from kiosk.domain.drops import DropState
from kiosk.domain.events import LineFact, ShareFact
from kiosk.domain.money import Money
from kiosk.domain.returns import ChargedOnce, Merchant, PastDrop, PastReturn
from kiosk.domain.visit import CommittedDrop, IdentifiedBy, OpenDrop
from kiosk.store import tables
from kiosk.store.database import Database
from kiosk.store.migrate import migrate, move
from kiosk.store.space import Ballast

MERCHANT = Merchant("M-1", "Schuhhaus", "help@example.org", "Europe/Berlin")
ONCE = ShareFact("return", 295, "fee", once=True, base=1000)
EACH = ShareFact("restock", 100, "fee-2", once=False, base=1000)
BONUS = ShareFact("credit", 50, "bonus", once=True, base=1000)


def line(line_id: str, brought: int = 1, **changes) -> LineFact:
    fields = {
        "line_id": line_id,
        "sku": "S",
        "outcome": "accept",
        "reason": "within_policy",
        "reason_values": {},
        "brought": brought,
        "price": 1000 * brought,
        "refund": 1000 * brought,
        "fee": 0,
        "withheld": 0,
        "currency": "EUR",
        "disposal": "",
        "provisional": False,
        "rule_ids": (),
        "answers": {},
        "state": "accepted",
    }
    return LineFact(**{**fields, **changes})


@pytest.fixture
def dropped(shelf, store, make_authorisation):
    """Drop lines of a return of a customer; the drop's id counts up."""
    count = iter(range(1, 100))

    def drop(number: int, *facts: LineFact, customer: str = "c-1", merchant: Merchant = MERCHANT):
        name = f"D-{next(count)}"
        authorisation = make_authorisation(
            number, customer=customer, merchant_id=merchant.merchant_id
        )
        opened = OpenDrop(
            name, "V", authorisation, merchant, (), IdentifiedBy.SIGNED, "", 1, offline=False
        )
        now = shelf.clock.now()
        done = CommittedDrop(
            name, f"N-{name}", "V", f"R-{number}", "O", merchant, (), "", now, Money(0, "EUR"),
            provisional=False, proof="",
        )  # fmt: skip
        with store.work() as work:
            work.drops.add(opened, DropState.DECIDED, now)
            work.drops.commit(done, "", facts)
        return name

    return drop


def history(store, customer: str = "c-1", merchant: str = "M-1"):
    with store.look() as work:
        return work.drops.history(merchant, customer)


def test_a_customers_returns_add_up_by_return(shelf, store, dropped):
    dropped(1, line("a", 2), line("b", 1))
    dropped(2, line("a", 1))
    shelf.clock.pass_time(timedelta(days=3))
    dropped(1, line("a", 1))
    assert history(store) == (
        PastReturn("R-1", date(2025, 3, 13), 4, Money(4000, "EUR")),
        PastReturn("R-2", date(2025, 3, 10), 1, Money(1000, "EUR")),
    )


def test_the_day_is_the_merchants(shelf, store, dropped):
    shelf.clock.wall = datetime(2025, 3, 10, 23, 30, tzinfo=UTC)
    dropped(1, line("a"))
    dropped(2, line("a"), merchant=Merchant("M-2", "x", "y", "America/New_York"))
    dropped(3, line("a"), merchant=Merchant("M-3", "x", "y", "No/Where"))
    assert history(store)[0].on == date(2025, 3, 11)
    assert history(store, merchant="M-2")[0].on == date(2025, 3, 10)
    assert history(store, merchant="M-3")[0].on == date(2025, 3, 10)


def test_another_customer_another_merchant_and_nobody_are_told_apart(store, dropped):
    dropped(1, line("a"))
    dropped(2, line("a"), customer="c-2")
    dropped(3, line("a"), customer="")
    dropped(4, line("a"), merchant=Merchant("M-2", "x", "y", "UTC"))
    assert [one.return_id for one in history(store)] == ["R-1"]
    assert history(store, customer="") == ()
    assert history(store, customer="c-9") == ()


def test_only_what_was_taken_and_stands_counts(store, dropped):
    dropped(1, line("a"), line("b", state="refused"), line("c", state="returnless"))
    voided = dropped(2, line("a"))
    with store._database.transaction() as connection:
        connection.exec_driver_sql(f"UPDATE drops SET state = 'voided' WHERE drop_id = '{voided}'")
    assert history(store) == (PastReturn("R-1", date(2025, 3, 10), 2, Money(2000, "EUR")),)


def test_each_drop_tells_its_units_and_what_it_paid_once(store, dropped):
    dropped(1, line("a", 2, fees=(ONCE, EACH), bonuses=(BONUS,)), line("b", state="refused"))
    dropped(1, line("a", 1), line("b", 1, fees=(EACH,)))
    with store.look() as work:
        given = work.drops.given("R-1")
    assert given.units == {"a": 3, "b": 1}
    assert given.refused == {"b"}
    assert given.drops == (
        PastDrop(
            "D-1",
            {"a": 2},
            (ChargedOnce("return", 295, 1000),),
            (ChargedOnce("credit", 50, 1000),),
        ),
        PastDrop("D-2", {"a": 1, "b": 1}),
    )


def test_a_return_presented_again_takes_its_customer_from_the_newer_bundle(
    shelf, store, make_authorisation
):
    def opened(customer):
        authorisation = make_authorisation(1, customer=customer)
        return OpenDrop(
            "D-1", "V", authorisation, MERCHANT, (), IdentifiedBy.SIGNED, "", 1, offline=False
        )

    with store.work() as work:
        work.drops.add(opened(""), DropState.OPEN, shelf.clock.now())
        work.drops.refresh(opened("c-7"), DropState.OPEN, shelf.clock.now())
    found = driver.connect(str(shelf.directory / "ledger.db")).execute("SELECT customer FROM drops")
    assert found.fetchall() == [("c-7",)]


def test_retention_keeps_what_limits_need(shelf, store, dropped, record):
    dropped(1, line("a", fees=(ONCE,)))
    record(store, 3)
    batch = store.outbox.next_batch(10, 1 << 20)
    store.outbox.acknowledge(batch.epoch, 3, batch.events[-1].chain)
    shelf.clock.pass_time(timedelta(days=400))
    assert store.outbox.prune(shelf.clock.now()) > 0
    assert len(history(store)) == 1
    with store.look() as work:
        assert work.drops.given("R-1").drops[0].fees == (ChargedOnce("return", 295, 1000),)


def test_the_look_up_goes_by_an_index(store):
    with store._database.reading() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT * FROM drops WHERE customer = 'c' AND merchant_id = 'm'"
        )
        assert "ix_drops_customer" in str(plan.all())


def test_a_ledger_of_before_is_brought_along(tmp_path):
    """Its drops are nobody's; nothing of them is lost."""
    database = Database(tmp_path / "ledger.db", Ballast(tmp_path / "ballast"))
    move(database, "0001")
    names = "drop_id, drop_number, visit_id, return_id, merchant_id, state, identified_by, code_id,"
    names += " policy_number, offline, bag_id, opened_at, changed_at, committed_at, receipt"
    values = "'D','N','V','R-1','M-1','committed','signed','',1,0,'','t','t',"
    values += "'2025-03-10T12:00:00.000000Z','{}'"
    with database.transaction() as connection:
        connection.exec_driver_sql(f"INSERT INTO drops ({names}) VALUES ({values})")
        connection.exec_driver_sql(
            "INSERT INTO drop_lines VALUES"
            " ('D','a','R-1','S','accepted','accept','x',2,10,10,0,0,'EUR')"
        )
    assert migrate(database)
    assert database.pragma("user_version") == tables.VERSION
    from kiosk.store.drops import Drops

    with database.reading() as connection:
        drops = Drops(connection)
        assert drops.given("R-1").units == {"a": 2}
        assert drops.given("R-1").drops == (PastDrop("D", {"a": 2}),)
        assert drops.history("M-1", "") == ()
    database.close()


IN_THE_EVENT_ALONE = {
    "reason_values", "disposal", "provisional", "rule_ids", "answers", "fees", "method", "bonus",
    "bonuses", "destination", "inputs", "facts",
}  # fmt: skip


def test_a_lines_record_is_its_event_and_the_table_what_limits_need():
    """A new fact of a line comes with a decision: a column that a query needs, or the event."""
    facts = {one.name for one in fields(LineFact)}
    columns = set(tables.lines.c.keys())
    of_the_place = {"drop_id", "return_id", "fees_once", "bonuses_once"}
    assert columns - of_the_place == facts - IN_THE_EVENT_ALONE
    assert facts >= IN_THE_EVENT_ALONE
