"""Webhooks: signed, sent again until they arrive, replayed; one that fails delays no other."""

from __future__ import annotations

import asyncio
from zoneinfo import ZoneInfo

import pytest

from kiosk.world import SystemIds
from sync.central.centre import Centre
from sync.central.database import Database
from sync.central.rest import sender as sending
from sync.central.rest.sender import Sender
from sync.central.rest.targets import Targets
from sync.central.serve import CentralServer
from sync.central.tables import webhook_deliveries, webhooks
from tests.sync.conftest import Centre as There
from tests.sync.rest.conftest import a_return
from tests.sync.rest.receiver import Receiver
from tests.sync.rest.test_merchants_returns import problem

LOOPBACK = Targets.of(("127.0.0.0/8",))


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.stop()


@pytest.fixture
def centre(database_url, clock):
    """As every other centre, but that it may send to loopback."""
    server = CentralServer(database_url, clock, SystemIds(), webhook_networks=("127.0.0.0/8",))
    server.start()
    database = Database(database_url)
    yield There(server, database, clock)
    server.stop()
    database.close()


@pytest.fixture
def send(centre):
    """Takes one turn of the sender: all that is due at this moment."""
    shared = Centre(centre.database, centre.clock, SystemIds(), ZoneInfo("UTC"))

    def turn(deadline_s=5.0):
        asyncio.run(Sender(shared, LOOPBACK, deadline_s).turn())

    return turn


def hooked(linden, receiver, **more):
    made = linden.post("/v1/webhooks", {"url": receiver.url, **more})
    assert made.status_code == 201, made.text
    return made.json()["webhook"]["webhook_id"], made.json()["secret"]


def log_of(linden, hook):
    told = linden.get(f"/v1/webhooks/{hook}/deliveries").json()["deliveries"]
    return [(one["position"], one["state"], one["attempts"], one["status"]) for one in told]


def test_an_event_arrives_once_signed_and_with_its_id(linden, receiver, send):
    hook, secret = hooked(linden, receiver)
    linden.put("/v1/returns/RMA-1", a_return())
    send()
    send()
    [got] = receiver.all()
    [event] = linden.get("/v1/events").json()["events"]
    assert got.signed_with(secret)
    assert not got.signed_with("whsec_AAAA")
    assert got.headers["webhook-id"] == event["id"]
    assert got.told["data"] == event["data"]
    assert (got.told["type"], got.told["position"]) == ("return.created", 1)
    assert log_of(linden, hook) == [(1, "delivered", 1, 200)]


@pytest.mark.parametrize(
    ("fault", "status", "cause"),
    [
        (500, 500, ""),
        (429, 429, ""),
        ("elsewhere", 302, ""),
        ("reset", 0, "no_http"),
        ("junk", 0, "no_http"),
        ("silent", 0, "timed_out"),
    ],
)
def test_what_did_not_arrive_is_sent_again_under_the_same_id(
    centre, linden, receiver, send, fault, status, cause
):
    hook, secret = hooked(linden, receiver)
    linden.put("/v1/returns/RMA-1", a_return())
    receiver.then(fault)
    send(deadline_s=0.3 if fault == "silent" else 5.0)
    [first] = receiver.all()
    [row] = centre.rows(webhook_deliveries)
    assert (row["state"], row["status"], row["fault"]) == ("waiting", status, cause)
    send()
    assert receiver.all() == []  # it waits
    centre.clock.advance(seconds=6)
    send()
    [again] = receiver.all()
    assert again.headers["webhook-id"] == first.headers["webhook-id"]
    assert again.headers["webhook-timestamp"] != first.headers["webhook-timestamp"]
    assert again.signed_with(secret)
    assert log_of(linden, hook) == [(1, "delivered", 2, 200)]
    assert linden.get(f"/v1/webhooks/{hook}").json()["failures"] == 0


def test_one_event_that_is_refused_delays_no_other(linden, receiver, send):
    hook, _ = hooked(linden, receiver)
    for number in range(3):
        linden.put(f"/v1/returns/RMA-{number}", a_return())
    receiver.then(200, 400)
    send()
    assert log_of(linden, hook) == [
        (1, "delivered", 1, 200),
        (2, "waiting", 1, 400),
        (3, "delivered", 1, 200),
    ]


def test_a_receiver_in_trouble_is_asked_once_and_as_late_as_it_says(centre, linden, receiver, send):
    hook, _ = hooked(linden, receiver)
    for number in range(3):
        linden.put(f"/v1/returns/RMA-{number}", a_return())
    receiver.then(("after", 90))
    send()
    assert len(receiver.all()) == 1
    centre.clock.advance(seconds=89)
    send()
    assert receiver.all() == []
    centre.clock.advance(seconds=1)
    send()
    assert len(receiver.all()) == 3
    assert [state for _, state, _, _ in log_of(linden, hook)] == ["delivered"] * 3


def test_pauses_double_up_to_six_hours_and_leave_room_for_chance():
    for failures in range(1, 40):
        least, most = sending.pause(failures, 0.0), sending.pause(failures, 1.0)
        assert most == min(sending.LONGEST_PAUSE, sending.FIRST_PAUSE * 2 ** (failures - 1))
        assert least == most / 2


def test_what_failed_for_five_days_is_dead_until_it_is_replayed(centre, linden, receiver, send):
    hook, _ = hooked(linden, receiver)
    linden.put("/v1/returns/RMA-1", a_return())
    receiver.then(*[500] * 60)
    for _ in range(50):
        send()
        centre.clock.advance(hours=6)
        if centre.rows(webhook_deliveries)[0]["state"] == "dead":
            break
    [(_, state, attempts, status)] = log_of(linden, hook)
    assert (state, status) == ("dead", 500)
    assert 20 <= attempts <= 22
    receiver.all()
    receiver.forget()
    send()
    assert receiver.all() == []
    assert linden.post(f"/v1/webhooks/{hook}/replay", {"after": 0}).status_code == 200
    send()
    assert [got.told["position"] for got in receiver.all()] == [1]


def test_a_receiver_that_is_gone_is_left_alone(centre, linden, receiver, send):
    hook, _ = hooked(linden, receiver)
    linden.put("/v1/returns/RMA-1", a_return())
    receiver.then(410)
    send()
    assert linden.get(f"/v1/webhooks/{hook}").json()["state"] == "gone"
    centre.clock.advance(days=1)
    receiver.all()
    send()
    assert receiver.all() == []
    linden.post(f"/v1/webhooks/{hook}/replay", {"after": 0})
    send()
    assert len(receiver.all()) == 1


def test_only_the_types_that_were_asked_for_and_the_past_on_wish(
    linden, receiver, send, kiosk, drop_of
):
    linden.put("/v1/returns/RMA-1", a_return())
    linden.get("/v1/events")
    kiosk.push(kiosk.record(drop_of("RMA-1")))
    linden.get("/v1/events")
    hooked(linden, receiver, types=["drop.committed"], after=0)
    hooked(linden, receiver)
    linden.put("/v1/returns/RMA-2", a_return())
    send()
    got = sorted((one.told["type"], one.told["position"]) for one in receiver.all())
    assert got == [("drop.committed", 2), ("return.created", 3)]


def test_what_cannot_be_a_webhook_is_said(linden, receiver):
    told = linden.post("/v1/webhooks", {"url": "http://shop.example/hooks"})
    assert "https" in problem(told, 422, "unfit")["detail"]
    inside = linden.post("/v1/webhooks", {"url": "https://10.0.0.7/hooks"})
    assert "network" in problem(inside, 422, "unfit")["detail"]
    odd = linden.post("/v1/webhooks", {"url": receiver.url, "types": ["drop.comitted"]})
    assert "drop.committed" in problem(odd, 422, "unfit")["detail"]
    for _ in range(10):
        hooked(linden, receiver)
    problem(linden.post("/v1/webhooks", {"url": receiver.url}), 422, "unfit")


def test_one_that_is_ended_hears_nothing(centre, linden, receiver, send):
    hook, _ = hooked(linden, receiver)
    linden.put("/v1/returns/RMA-1", a_return())
    assert linden.ask("DELETE", f"/v1/webhooks/{hook}").status_code == 200
    send()
    assert receiver.all() == []
    assert centre.rows(webhooks) == []
    problem(linden.get(f"/v1/webhooks/{hook}"), 404, "not-found")
