"""What a counter hears of the others: all of it, once, in an order that nothing can slip behind."""

from __future__ import annotations

import pytest

from kiosk.domain.counter.parcel_facts import ParcelAnnounced, ParcelReceived
from sync.central import counter, policy
from sync.central.counter import feed
from sync.central.devices import Device
from sync.central.tables import counter_facts, devices
from sync.wire import codec
from sync.wire.messages import Heartbeat, HeartbeatReply, Problem
from tests.sync.conftest import TENANT, Centre
from tests.sync.counter.conftest import SITE, Counter
from tests.sync.counter.lived import COLLECTED, RECEIVED, SHELVED


@pytest.fixture
def database_url(on_sqlite: str) -> str:
    return on_sqlite


def _announce(centre: Centre, number: str = "P9", site: str = SITE) -> None:
    fact = ParcelAnnounced(number, "dhl")
    centre.database.write(lambda c: counter.tell(c, centre.clock.now(), TENANT, site, [fact]))


def _hint(one: Counter) -> int:
    beat = Heartbeat(
        time=one.kiosk.clock.now(),
        version="1",
        epoch=one.kiosk.epoch,
        cursor=one.kiosk.sequence,
        chain_head=one.kiosk.head,
        queued=0,
    )
    answer = codec.decode(one.kiosk.post("heartbeat", codec.encode(beat)).content, HeartbeatReply)
    assert answer is not None
    return answer.counter


def test_a_counter_hears_the_others_the_centre_and_itself(centre, counters):
    """Itself, for one whose disk was put back from an older image knows no more what it told."""
    one, other = counters
    one.tells(RECEIVED, SHELVED)
    _announce(centre)
    told = ["parcel.received.v1", "parcel.shelved.v1", "parcel.announced.v1"]
    assert other.hears() == one.hears() == told
    assert other.hears() == one.hears() == []


def test_a_fact_comes_with_the_stamp_that_its_counter_gave_it(counters):
    one, other = counters
    one.tells(RECEIVED)
    (fact,) = other.asks().facts
    assert (fact.device, fact.hlc) == (one.kiosk.device_id, one.hlc)
    assert fact.data["until"] == "2026-05-11"


def test_answers_hint_at_what_is_to_be_heard(counters):
    one, other = counters
    assert one.tells(RECEIVED).counter == 0  # nobody else told anything
    assert _hint(other) > other.place
    other.hears()
    assert _hint(other) <= other.place
    assert _hint(one) == 0
    one.hears()
    assert other.tells(COLLECTED).counter <= other.place
    assert _hint(one) > one.place


def test_while_another_counter_is_at_work_the_next_question_comes_soon(centre, counters):
    one, other = counters
    _announce(centre)
    assert one.asks().again_s == 0  # a heartbeat hints soon enough
    other.tells(RECEIVED)
    assert one.asks().again_s == feed.AGAIN_S
    assert other.asks().again_s == 0
    centre.clock.advance(minutes=11)
    assert one.asks().again_s == 0


def test_what_is_too_much_for_one_answer_comes_in_pages(counters, monkeypatch):
    monkeypatch.setattr(feed, "PAGE", 3)
    one, other = counters
    one.tells(
        *(ParcelReceived(f"P{at}", "dhl", "2026-05-04", "2026-05-11", "a") for at in range(8))
    )
    first = other.asks()
    assert (len(first.facts), first.more) == (3, True)
    assert len(other.hears()) == 8
    assert not other.asks(other.place).facts


def test_pages_are_bounded_in_bytes_too(counters, monkeypatch):
    monkeypatch.setattr(feed, "PAGE_BYTES", 1)
    one, other = counters
    one.tells(RECEIVED, SHELVED)
    assert len(other.asks().facts) == 1
    assert len(other.hears()) == 2


def test_another_site_another_tenant_and_a_revoked_counter_hear_nothing(centre, counters):
    one, other = counters
    one.tells(RECEIVED)
    _announce(centre, site="Street 2")
    policy.put_tenant(centre.database, "rival", "Rival", "rival-kiosks")
    stranger = Device(other.kiosk.device_id, "rival", False)
    assert feed.page(centre.database, centre.clock, stranger, 0).facts == ()
    assert [fact.data["number"] for fact in other.asks().facts] == ["P1"]
    gone = devices.update().where(devices.c.device_id == other.kiosk.device_id)
    centre.database.write(lambda c: c.execute(gone.values(state="revoked")))
    answer = other.asks()
    assert isinstance(answer, Problem)
    assert answer.kind == "revoked"


def test_a_place_in_an_order_that_the_centre_lost_is_seen(centre, counters):
    one, other = counters
    one.tells(RECEIVED, SHELVED)
    other.hears()
    restored = counter_facts.update().where(counter_facts.c.position == 2)
    centre.database.write(lambda c: c.execute(restored.values(hlc="000000009999-0000")))
    answer = other.asks(other.place)
    assert (answer.anew, len(answer.facts)) == (True, 2)
    assert not other.asks(answer.after).anew


def test_a_place_that_never_was_is_the_beginning(counters):
    one, other = counters
    one.tells(RECEIVED)
    for place in (1, 99 << 20, 1 << 60):
        answer = other.asks(place)
        assert (answer.anew, len(answer.facts)) == (True, 1)
