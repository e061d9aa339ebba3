"""A kiosk that lost its ledger asks the centre for the drops that it had promised: known again,
and never sent twice."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import msgspec
import pytest

from kiosk.domain.events import KioskStarted
from kiosk.store import tables
from kiosk.store.recovery import recalling
from kiosk.store.recovery.opening import mend_here
from kiosk.store.values import stamp
from sync.central import recall
from sync.central.devices import Device, Refused
from sync.central.tables import drops, events, links
from sync.wire.messages import Recall, Recalled
from tests.sync.boxes import IDS, facts

AT = datetime(2026, 5, 4, tzinfo=UTC)


def lose(box, clock):
    """The ledger is gone, and no copy is left."""
    box.close()
    (box.folder / "ledger.db").unlink()
    mend_here(box.folder, "lost", clock, IDS)
    box.open()


def settled(box, clock, pages=1):
    for _ in range(pages + 2):
        box.settle()
        clock.advance(seconds=61)


def sent(centre):
    return sorted((row["device_id"], row["event_id"]) for row in centre.rows(links))


def device(box, **changes):
    given = {"device_id": box.me.device_id, "tenant": "acme", "public_key": b"", "revoked": False}
    return Device(**{**given, **changes})


def test_what_was_promised_is_known_again(centre, box, clock, drop_of):
    told = [drop_of(f"R{n}", bag_id=f"BAG-{n}", drop_number=f"K1-{n:06d}-X") for n in range(1, 6)]
    for fact in told:
        box.record(fact)
    settled(box, clock)
    lose(box, clock)
    with box.store.look() as work:
        assert work.drops.given("R3") is None
    settled(box, clock)
    with box.store.work() as work:
        given = work.drops.given("R3")
        assert given.drop_number == "K1-000003-X"
        assert given.units == {line.line_id: line.brought for line in told[2].lines}
        assert work.drops.bag_in_use("BAG-3")
        assert work.drops.receipt("K1-000003-X") is None
        assert work.drops.next_count() == 6
    assert box.store.recall_place() is None
    assert facts(centre, "takeback.store.replayed.v1") == [{"drops": 5}]


def test_nothing_is_sent_twice_and_nothing_counts_twice(centre, box, clock, drop_of):
    for number in range(4):
        box.record(drop_of(f"R{number}", bag_id=f"BAG-{number}", drop_number=f"K1-00000{number}-X"))
    settled(box, clock)
    before = len(centre.rows(drops))
    names = [row["id"] for row in centre.rows(events)]
    lose(box, clock)
    settled(box, clock)
    assert len(centre.rows(drops)) == before == 4
    again = [name for _, name in sent(centre) if name in names]
    assert sorted(again) == sorted(names), "an event was told in two epochs"
    assert box.store.outbox.verify() is None


def promise(box, fact):
    """Not the event alone, as `record`: the drop itself as well."""
    with box.store.work() as work:
        recalling.put_in(work._connection, tables.drops, recalling.drop_row(fact, stamp(AT)))
        work.record(fact, fact.drop_id)


def put_back(box, image):
    """The disk as it was when the image was made: same identity, older sequence."""
    box.close()
    shutil.rmtree(box.folder)
    shutil.copytree(image, box.folder)
    box.open()


@pytest.fixture
def image(box, clock, drop_of):
    """Made after the first drop; three more come afterwards."""
    promise(box, drop_of("R1", bag_id="BAG-1", drop_number="K1-000001-X"))
    settled(box, clock)
    box.close()
    made = shutil.copytree(box.folder, box.folder.with_name("image"))
    box.open()
    for number in (2, 3, 4):
        told = drop_of(f"R{number}", bag_id=f"BAG-{number}", drop_number=f"K1-{number:06d}-X")
        box.record(told)
    settled(box, clock)
    return made


@pytest.mark.parametrize("busy", [True, False], ids=["something to send", "nothing to send"])
def test_an_older_image_of_the_disk_asks_for_what_came_after_it(centre, box, clock, image, busy):
    """The fork is seen by a push where there is one, else by the heartbeat."""
    put_back(box, image)
    if busy:
        box.record(KioskStarted("1.0", 0, 0))
    settled(box, clock)
    assert box.agent.state.forked
    with box.store.work() as work:
        assert work.drops.given("R3").drop_number == "K1-000003-X"
        assert work.drops.bag_in_use("BAG-4")
        assert work.drops.next_count() == 5
    assert box.store.recall_place() is None
    assert facts(centre, "takeback.store.replayed.v1") == [{"drops": 3}]
    assert len(centre.rows(drops)) == 4
    assert box.store.outbox.verify() is None


def test_a_number_given_again_meanwhile_hides_no_return(centre, box, clock, drop_of, image):
    """Offline on the older image, the kiosk gives a number a second time."""
    put_back(box, image)
    promise(box, drop_of("R9", bag_id="BAG-9", drop_number="K1-000002-X"))
    settled(box, clock)
    with box.store.look() as work:
        assert work.drops.given("R9").drop_number == "K1-000002-X"
        assert work.drops.given("R2").drop_number == "K1-000002-X*"
        assert work.drops.given("R4") is not None
    assert len(centre.rows(drops)) == 5


def test_a_centre_that_fell_back_is_asked_for_nothing(centre, box, clock, drop_of):
    """It knows less than we do: there is nothing to ask."""
    box.record(drop_of("R1", bag_id="BAG-1", drop_number="K1-000001-X"))
    settled(box, clock)
    box.store.outbox.new_epoch()
    assert box.store.recall_place() is None


def test_many_come_in_pages_and_a_kiosk_that_stops_goes_on(
    centre, box, clock, drop_of, monkeypatch
):
    monkeypatch.setattr(recall, "PAGE", 3)
    for number in range(1, 9):
        box.record(drop_of(f"R{number}", bag_id=f"B-{number}", drop_number=f"K1-{number:06d}-X"))
    settled(box, clock)
    lose(box, clock)
    while box.store.recall_place() == "":
        box.agent.turn()
    place = box.store.recall_place()
    assert place
    box.close()
    box.open()
    assert box.store.recall_place() == place
    settled(box, clock, pages=4)
    with box.store.look() as work:
        assert all(work.drops.given(f"R{number}") for number in range(1, 9))
    assert facts(centre, "takeback.store.replayed.v1") == [{"drops": 8}]


def test_a_page_that_was_bent_on_the_way_is_asked_for_again(
    centre, box, clock, drop_of, monkeypatch
):
    """Whatever is passed over never comes again."""
    for number in (1, 2):
        box.record(drop_of(f"R{number}", drop_number=f"K1-{number:06d}-X"))
    settled(box, clock)
    lose(box, clock)
    tell, bent = recall.page, []

    def once(*given):
        told = tell(*given)
        if bent:
            return told
        bent.append(True)
        first, *rest = told.events
        return msgspec.structs.replace(
            told, events=(msgspec.structs.replace(first, type="?"), *rest)
        )

    monkeypatch.setattr(recall, "page", once)
    settled(box, clock, 4)
    assert bent
    assert box.store.recall_place() is None
    with box.store.look() as work:
        known = [work.drops.given(name) for name in ("R1", "R2")]
    assert None not in known


def test_a_ledger_that_lost_nothing_asks_for_nothing(box, clock):
    box.record(KioskStarted("1.0", 0, 0))
    settled(box, clock)
    box.close()
    mend_here(box.folder, "asked", clock, IDS)
    box.open()
    assert box.store.recall_place() is None


def test_what_is_known_stays_as_it_is(centre, box, clock, drop_of):
    """A second answer with the same drops, as after a reply that was lost."""
    fact = drop_of("R1", bag_id="BAG-1", drop_number="K1-000001-X")
    at = datetime(2025, 1, 1, tzinfo=UTC)
    box.store.recalled([(fact, at)], "here", more=True)
    box.store.recalled([(fact, at)], "here", more=False)
    box.agent.wake()
    settled(box, clock)
    assert facts(centre, "takeback.store.replayed.v1") == [{"drops": 1}]


def test_only_what_was_accepted_of_this_very_kiosk(centre, box, clock, drop_of, kiosk):
    kiosk.push(kiosk.record(drop_of("R7")))
    box.record(drop_of("R8"))
    settled(box, clock)
    told = recall.page(centre.database, device(box), Recall())
    assert isinstance(told, Recalled)
    assert [one.data["return_id"] for one in told.events] == ["R8"]
    assert not told.more
    rest = recall.page(centre.database, device(box), Recall(after=told.after))
    assert isinstance(rest, Recalled)
    assert rest.events == ()


@pytest.mark.parametrize("after", ["x", "2025-01-01", "2025-01-01T00:00:00 a", " ", "\0"])
def test_a_place_that_is_none_is_a_wrong_call(centre, box, after):
    answer = recall.page(centre.database, device(box), Recall(after=after))
    assert isinstance(answer, Refused)
    assert answer.status == 400


def test_a_kiosk_that_takes_no_returns_any_more_is_told_nothing(centre, box):
    answer = recall.page(centre.database, device(box, revoked=True), Recall())
    assert isinstance(answer, Refused)
    assert answer.status == 403


def test_a_page_is_never_larger_than_what_the_kiosk_reads(centre, box, clock, drop_of, monkeypatch):
    monkeypatch.setattr(recall, "PAGE_BYTES", 1)
    for number in range(3):
        box.record(drop_of(f"R{number}", bag_id=f"B-{number}", drop_number=f"K1-00000{number}-X"))
    settled(box, clock)
    first = recall.page(centre.database, device(box), Recall())
    assert isinstance(first, Recalled)
    assert (len(first.events), first.more) == (1, True)


def test_the_door_is_behind_the_device_key(kiosk):
    assert kiosk.post("recall", b"{}", gzip=False).status_code == 200
    mine, kiosk.key = kiosk.key, type(kiosk.key)("k", b"\1" * 32)
    assert kiosk.post("recall", b"{}", gzip=False).status_code == 401
    kiosk.key = mine
    assert kiosk.post("recall", b"[]", gzip=False).status_code == 400
