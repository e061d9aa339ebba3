"""What left long ago is forgotten, whole stories at a time; what is here never is."""

from __future__ import annotations

from kiosk.domain.counter import commands as ask
from kiosk.domain.counter.invariants import broken
from kiosk.domain.counter.parcel_facts import ParcelAnnounced
from kiosk.domain.counter.parcels import ParcelState
from tests.app.counter.counting import BEN, Counter

DAYS = 60


def told(counter: Counter) -> None:
    """The centre has everything."""
    batch = counter.store.outbox.next_batch(10_000, 1 << 30)
    if batch is not None:
        counter.store.outbox.acknowledge(
            batch.epoch, batch.events[-1].sequence, batch.events[-1].chain
        )


def handed_out(counter: Counter, number: str) -> None:
    counter.do(ask.Receive(number, "free"))
    counter.do(ask.HandOut((number,)))


def gone_in(counter: Counter, container: str, *numbers: str) -> None:
    """A container with bags, handed over to its driver."""
    counter.do(ask.ProvideContainer(container, f"plate {container}", "dhl", 9))
    counter.do(ask.OpenContainer(container))
    for number in numbers:
        counter.do(ask.ContainBag(number, container))
    counter.do(ask.CloseContainer(container, f"seal {container}"))
    counter.do(ask.DraftManifest(f"m {container}", "dhl"))
    counter.do(ask.ReadyManifest(f"m {container}"))
    counter.do(ask.SignManifest(f"m {container}", (container,), (), "1" * 64, "2" * 64))


def test_what_left_long_ago_goes_and_its_number_is_good_for_another(counter):
    handed_out(counter, "P1")
    told(counter)
    counter.wait(days=DAYS - 1)
    assert counter.desk.tidy() == 0
    counter.wait(days=2)
    assert counter.desk.tidy() == 2
    counter.do(ask.Receive("P1", "dhl"))
    assert counter.desk.shop().parcels["P1"].state is ParcelState.RECEIVED
    assert counter.desk.shop().conflicts() == ()


def test_what_is_here_missing_or_untold_stays_however_old(counter):
    counter.do(ask.Receive("HERE", "free"))
    counter.do(ask.Receive("LOST", "free"))
    counter.do(ask.ReportMissing("LOST"))
    told(counter)
    handed_out(counter, "UNTOLD")
    counter.wait(days=400)
    assert counter.desk.tidy() == 0
    told(counter)
    assert counter.desk.tidy() == 2
    assert {one.number for one in counter.desk.shop().parcels} == {"HERE", "LOST"}


def test_what_was_announced_and_never_came_goes(counter):
    counter.hear(("019500000001-0000", "centre", ParcelAnnounced("P1", "dhl")))
    counter.wait(days=DAYS)
    assert counter.desk.tidy() == 1
    assert len(counter.desk.shop().parcels) == 0


def test_a_container_goes_with_all_that_it_held_or_not_at_all(counter):
    gone_in(counter, "c1", "B1", "B2")
    gone_in(counter, "c2", "B3")
    told(counter)
    counter.wait(days=DAYS + 1)
    counter.do(ask.TakeDrop("B3", "late", "dhl"))  # what is told of B3 now keeps its container
    told(counter)
    before = len(counter.desk.premises.facts.load().records)
    forgotten = counter.desk.tidy()
    assert forgotten == before - len(counter.desk.premises.facts.load().records) == 8
    shop = counter.desk.shop()
    assert (len(shop.containers), len(shop.manifests), len(shop.bags)) == (1, 1, 1)
    assert shop.conflicts() == ()
    assert broken(shop) == ()


def test_the_shop_is_the_same_after_it_but_for_what_went(counter):
    gone_in(counter, "c1", "B1")
    for number in range(5):
        handed_out(counter, f"P{number}")
    told(counter)
    counter.wait(days=DAYS + 1)
    counter.do(ask.Receive("NEW", "dhl"))
    counter.do(ask.Shelve("NEW", "A1"), BEN)
    told(counter)
    counter.desk.tidy()
    once = counter.desk.shop()
    counter.again()
    assert counter.desk.shop() == once
    assert [one.number for one in once.parcels] == ["NEW"]
    assert once.shelves["A1"].room == 2
