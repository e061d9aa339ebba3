"""What a request of a kiosk costs the database, and what becomes of its token if it fails."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
import sqlalchemy as sa

from kiosk.seal import tokens
from sync.central import callers, heads
from sync.central.tables import events, nonces
from sync.wire import codec
from sync.wire.messages import Heartbeat
from tests.sync.conftest import DATABASES

AT_ONCE = 6


def beat(kiosk) -> bytes:
    return codec.encode(
        Heartbeat(
            time=kiosk.clock.now(), version="1", epoch="e1", cursor=0, chain_head="", queued=0
        )
    )


def batch(kiosk) -> bytes:
    return codec.encode(kiosk.message([kiosk.record()]))


@pytest.fixture
def begun():
    """How often a transaction that may write was begun, by anybody here."""
    found = Counter()

    def begin(connection) -> None:
        found["writing"] += bool(connection.get_execution_options().get("writing"))

    sa.event.listen(sa.Engine, "begin", begin)
    yield found
    sa.event.remove(sa.Engine, "begin", begin)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/devices/{}/heartbeat", beat),
        ("POST", "/v1/devices/{}/events", batch),
        ("GET", "/v1/devices/{}/orders", None),
        ("GET", "/v1/policy/manifest", None),
        ("GET", "/v1/policy/keys", None),
    ],
    ids=["heartbeat", "push", "orders", "look", "keys"],
)
def test_a_request_waits_for_the_disk_once(centre, kiosk, begun, method, path, body) -> None:
    """Its token and its work are one transaction; and it opens no second request."""
    where = path.format(kiosk.device_id)
    told = body(kiosk) if body else b""
    token = kiosk.token(method, where, told)
    begun.clear()
    answer = kiosk.send(method, where, told, token=token)
    assert answer.status_code in (200, 404)  # no policy was published
    assert begun["writing"] == 1
    assert len(centre.rows(nonces)) == 1
    again = kiosk.send(method, where, told, token=token)
    assert (again.status_code, again.json()["kind"]) == (401, "replayed")


def test_work_that_failed_has_not_spent_its_token(centre, kiosk, monkeypatch) -> None:
    """Nothing happened, so nothing was used up; and what is then done is done once."""
    path, body = f"/v1/devices/{kiosk.device_id}/events", batch(kiosk)
    token = kiosk.token("POST", path, body)

    def fail(*_):
        raise RuntimeError("in the midst of it")

    with monkeypatch.context() as broken:
        broken.setattr(heads, "keep", fail)
        assert kiosk.send("POST", path, body, token=token).status_code == 500
    assert (centre.rows(events), centre.rows(nonces)) == ([], [])
    assert kiosk.send("POST", path, body, token=token).status_code == 200
    assert kiosk.send("POST", path, body, token=token).status_code == 401
    assert len(centre.rows(events)) == 1


def test_a_refusal_by_the_work_spends_the_token(kiosk) -> None:
    kiosk.record()
    path, body = f"/v1/devices/{kiosk.device_id}/events", batch(kiosk)  # the second without a first
    token = kiosk.token("POST", path, body)
    assert kiosk.send("POST", path, body, token=token).status_code == 409
    assert kiosk.send("POST", path, body, token=token).status_code == 401


def test_what_is_no_message_changes_nothing_however_often_it_comes(centre, kiosk) -> None:
    path = f"/v1/devices/{kiosk.device_id}/events"
    token = kiosk.token("POST", path, b"[]")
    told = [kiosk.send("POST", path, b"[]", token=token).status_code for _ in range(3)]
    assert told == [400, 400, 400]
    assert centre.rows(nonces) == []


def test_a_name_that_no_database_can_hold_is_a_stranger(kiosk) -> None:
    path = f"/v1/devices/{kiosk.device_id}%00/heartbeat"
    assert kiosk.send("POST", path, beat(kiosk)).status_code == 401


def test_a_nonce_that_no_database_can_hold_is_none(kiosk) -> None:
    path, body = f"/v1/devices/{kiosk.device_id}/heartbeat", beat(kiosk)
    token = tokens.issue(
        kiosk.device_id, "POST", path, body, kiosk.clock.now(), "n\0" * 16, kiosk.key
    )
    assert kiosk.send("POST", path, body, token=token).status_code == 401


def test_the_same_token_from_many_at_once_opens_one_request(centre, kiosk) -> None:
    path, body = f"/v1/devices/{kiosk.device_id}/events", batch(kiosk)
    token = kiosk.token("POST", path, body)
    together = threading.Barrier(AT_ONCE)
    told = []

    def ask() -> None:
        together.wait(10)
        told.append(kiosk.send("POST", path, body, token=token).status_code)

    threads = [threading.Thread(target=ask) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(told) == {200: 1, 401: AT_ONCE - 1}
    assert len(centre.rows(events)) == 1


@pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)
def test_two_requests_of_one_kiosk_do_not_wait_for_each_other(kiosk, begun, monkeypatch) -> None:
    """Each has spent its token before either locks the kiosk: a lock that a token's row stands
    against would be a deadlock, found by the database after a second and begun anew."""
    path, body = f"/v1/devices/{kiosk.device_id}/events", batch(kiosk)
    both, spend, told = threading.Barrier(2), callers.Once.spend, []

    def together(self, c) -> None:
        spend(self, c)
        both.wait(10)

    monkeypatch.setattr(callers.Once, "spend", together)
    begun.clear()
    threads = [
        threading.Thread(target=lambda: told.append(kiosk.send("POST", path, body).status_code))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (told, begun["writing"]) == ([200, 200], 2)
