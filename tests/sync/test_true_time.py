"""A clock that ran years ahead is mended by the centre's sworn word, and by nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sync.central.serve import CentralServer
from sync.wire import codec, rings
from sync.wire.messages import TimeTold
from tests.sync.boxes import IDS, Box, publish, rejected
from tests.sync.conftest import BUNDLE_KEY, TENANT, Centre

YEARS = timedelta(days=3650)


class WrongClock:
    """A kiosk's own; `off` from everybody else's."""

    def __init__(self, clock):
        self.clock, self.off = clock, timedelta()

    def now(self):
        return self.clock.now() + self.off

    def monotonic(self):
        return self.clock.monotonic()


@pytest.fixture
def database_url(on_sqlite):
    return on_sqlite


@pytest.fixture
def keeper(centre, database_url, clock):
    """The centre with the key at hand, as it runs in earnest."""
    server = CentralServer(database_url, clock, IDS, bundle_keys={TENANT: BUNDLE_KEY})
    server.start()
    yield Centre(server, centre.database, clock)
    server.stop()


def box_at(centre, clock, tmp_path):
    made = Box(centre, clock, tmp_path / "kiosk")
    made.close()
    made.clock = WrongClock(clock)
    made.open()
    return made


@pytest.fixture
def box(centre, keeper, clock, tmp_path):
    publish(centre)
    made = box_at(keeper, clock, tmp_path)
    made.settle()
    assert made.store.policy.number
    yield made
    made.close()


def ran_ahead(box):
    box.clock.off = YEARS
    assert box.store.now() > box.store.policy.current().accept_until


def later(box, clock, **span):
    clock.advance(**(span or {"minutes": 7}))
    box.settle()


@pytest.mark.parametrize("mended", [True, False], ids=["clock set right", "clock still wrong"])
def test_years_ahead_and_in_service_again(box, clock, mended):
    ran_ahead(box)
    if mended:
        box.clock.off = timedelta()
    assert box.store.now() > clock.now() + YEARS / 2, "no clock alone takes it back"
    later(box, clock)
    assert abs(box.store.now() - clock.now()) < timedelta(minutes=1)
    assert box.store.now() < box.store.policy.current().accept_until
    clock.advance(hours=80)
    assert box.store.now() >= box.store.policy.current().accept_until, "time goes on"


def test_it_outlives_a_restart(box, clock):
    ran_ahead(box)
    box.clock.off = timedelta()
    later(box, clock)
    box.close()
    box.open()
    assert abs(box.store.now() - clock.now()) < timedelta(minutes=1)


def test_new_bundles_are_taken_again(box, centre, clock):
    ran_ahead(box)
    number = publish(centre).number
    later(box, clock)
    assert box.store.policy.number == number
    assert rejected(centre) == []


def test_a_clock_that_lost_its_battery_takes_bundles(centre, keeper, clock, tmp_path):
    publish(centre)
    made = Box(keeper, clock, tmp_path / "kiosk")
    made.close()
    made.clock = WrongClock(clock)
    made.clock.off = -YEARS
    made.open()
    made.settle()
    assert made.store.policy.number
    assert abs(made.store.now() - clock.now()) < timedelta(minutes=1)
    made.close()


def test_without_the_key_at_the_centre_it_stays_shut(centre, clock, tmp_path):
    publish(centre)
    made = box_at(centre, clock, tmp_path)
    made.settle()
    ran_ahead(made)
    publish(centre)
    later(made, clock)
    assert made.store.policy.number == 1
    assert rejected(centre) == [(2, "expired")]
    assert made.store.now() > clock.now() + YEARS / 2
    made.close()


def told(box, clock, **changes):
    values = {"tenant": TENANT, "device_id": box.me.device_id, "nonce": "", "time": clock.now()}
    return TimeTold(**{**values, **changes})


@pytest.mark.parametrize("lie", ["replayed", "another's", "another tenant's", "unsigned"])
def test_no_word_but_the_centres_own_and_present_one_counts(box, clock, monkeypatch, lie):
    """Somebody on the line answers with what was once signed, or with what never was."""
    from kiosk.seal.keys import SigningKey
    from sync.agent.client import Ok

    ran_ahead(box)
    client = box.agent._client
    real = client.post

    def answer(self, path, message):
        if not path.endswith("/time"):
            return real(path, message)
        words = {
            "replayed": told(box, clock, nonce="0" * 32),
            "another's": told(box, clock, nonce=message.nonce, device_id="another"),
            "another tenant's": told(box, clock, nonce=message.nonce, tenant="other"),
            "unsigned": told(box, clock, nonce=message.nonce),
        }[lie]
        key = SigningKey(BUNDLE_KEY.kid, bytes(32)) if lie == "unsigned" else BUNDLE_KEY
        return Ok(200, rings.tell_time(words, key))

    monkeypatch.setattr(type(client), "post", answer)
    later(box, clock)
    assert box.store.now() > clock.now() + YEARS / 2


def test_the_proven_time_never_goes_back(box, clock):
    now = clock.now() + timedelta(hours=1)
    assert box.store.prove(now)
    assert not box.store.prove(now - timedelta(seconds=1))
    issued = box.store.policy.current().info.issued
    assert not box.store.prove(issued - timedelta(seconds=1))
    box.close()
    box.open()
    assert not box.store.prove(now - timedelta(seconds=1))


def test_the_centre_swears_only_to_a_kiosk_that_asks(keeper, clock):
    from tests.sync.conftest import join

    kiosk = join(keeper)
    answer = kiosk.post("time", codec.encode({"nonce": "ab" * 16}))
    found = rings.open_time(answer.content, {BUNDLE_KEY.kid: BUNDLE_KEY.public})
    assert (found.nonce, found.device_id, found.time) == ("ab" * 16, kiosk.device_id, clock.now())
    assert kiosk.post("time", codec.encode({"nonce": "ab" * 99})).status_code == 404
    assert kiosk.send("POST", "/v1/devices/x/time", b"{}").status_code == 401


def test_a_centre_that_cannot_swear_is_not_asked_at_every_heartbeat(
    centre, clock, tmp_path, monkeypatch
):
    publish(centre)
    made = box_at(centre, clock, tmp_path)
    made.settle()
    ran_ahead(made)
    asked = []
    client = type(made.agent._client)
    real = client.post
    monkeypatch.setattr(
        client, "post", lambda self, path, told: asked.append(path) or real(self, path, told)
    )
    for _ in range(10):
        later(made, clock, seconds=61)
    times = [path for path in asked if path.endswith("/time")]
    beats = [path for path in asked if path.endswith("/heartbeat")]
    assert len(times) <= 4
    assert len(beats) > len(times)
    made.close()
