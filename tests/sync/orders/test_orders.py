"""What the centre orders a kiosk: believed for its signature alone, once, and told of."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from kiosk.seal.keys import SigningKey
from kiosk.settings import Settings
from kiosk.settings_remote import CHANGEABLE, over
from kiosk.store import events as stored
from kiosk.store.orders import CommandKind, Orders, Outcome, Waiting
from sync.agent.device_keys import DeviceKeys
from sync.agent.ordering import Ordering
from sync.central import orders
from sync.central.tables import device_commands, device_settings, devices
from sync.wire import orders as sealed
from sync.wire.messages import Command, DeviceSettings
from tests.sync.boxes import Box, facts, publish
from tests.sync.conftest import BUNDLE_KEY

STRANGER = SigningKey("bundle-1", bytes(32))


def later(box, clock, **span):
    """The next heartbeat, and what follows from it."""
    clock.advance(**(span or {"minutes": 2}))
    box.settle()


def put(centre, box, key=BUNDLE_KEY, **values):
    named = {name.replace("__", "."): value for name, value in values.items()}
    return orders.put_settings(centre.database, centre.clock, box.me.device_id, named, key)


def tell(centre, box, kind, key=BUNDLE_KEY, **life):
    span = {"life": timedelta(**life)} if life else {}
    return orders.put_command(centre.database, centre.clock, box.me.device_id, kind, key, **span)


# --- settings ---


def test_settings_wait_for_a_quiet_moment_and_are_told_when_they_are_taken(
    box, centre, clock, kept
):
    put(centre, box, timing__idle=90.0, site_name="Market 3")
    later(box, clock)
    assert kept.coming().values == {"timing.idle": 90.0, "site_name": "Market 3"}
    assert kept.in_force().version == 0
    assert box.agent.state.orders == 1
    assert kept.take()
    assert not kept.take()
    box.agent.wake()
    later(box, clock)
    assert facts(centre, "takeback.settings.taken.v1") == [
        {
            "version": 1,
            "previous": 0,
            "values": {"timing.idle": "90.0", "site_name": '"Market 3"'},
        }
    ]
    [row] = centre.rows(device_settings)
    assert row["state"] == "taken"
    [device] = centre.rows(devices)
    assert device["settings_version"] == 1


def test_they_are_fetched_once(box, centre, clock, kept, monkeypatch):
    put(centre, box, staffed=False)
    later(box, clock)
    asked = []
    monkeypatch.setattr(Ordering, "step", lambda _self: asked.append("again"))
    for _ in range(3):
        later(box, clock)
    assert asked == []


@pytest.mark.parametrize(("name", "value"), [("timing.idle", 1.0), ("data_dir", "/tmp")])
def test_settings_that_cannot_be_used_are_refused_once_and_the_last_good_stay(
    box, centre, clock, kept, name, value
):
    put(centre, box, site_name="Market 3")
    later(box, clock)
    kept.take()
    orders.put_settings(centre.database, clock, box.me.device_id, {name: value}, BUNDLE_KEY)
    for _ in range(3):
        later(box, clock)
    assert kept.in_force().values == {"site_name": "Market 3"}
    assert kept.coming() is None
    [told] = facts(centre, "takeback.settings.refused.v1")
    assert told["version"] == 2
    assert [row["state"] for row in centre.rows(device_settings)] == ["taken", "refused"]
    # The next good ones are taken all the same.
    orders.put_settings(centre.database, clock, box.me.device_id, {name: None}, BUNDLE_KEY)
    later(box, clock)
    assert kept.coming().version == 3


def test_what_is_taken_out_is_the_files_again(box, centre, clock, kept):
    put(centre, box, staffed=False, opening_mm=300)
    told = orders.put_settings(
        centre.database, clock, box.me.device_id, {"opening_mm": None}, BUNDLE_KEY
    )
    assert (told.version, told.values) == (2, {"staffed": False})
    later(box, clock)
    assert kept.coming().values == {"staffed": False}


def test_a_strangers_signature_orders_nothing(box, centre, clock, kept):
    put(centre, box, STRANGER, staffed=False)
    tell(centre, box, "restart", STRANGER)
    later(box, clock)
    assert (kept.version(), kept.number()) == (0, 0)
    assert kept.coming() is None
    assert kept.waiting() == ()


def test_the_centre_signs_nothing_with_a_key_that_no_kiosk_knows(box, centre, kept):
    unknown = SigningKey("bundle-9", bytes(32))
    assert put(centre, box, unknown, staffed=False) == "no kiosk knows the key bundle-9"
    assert tell(centre, box, "restart", unknown) == "no kiosk knows the key bundle-9"
    assert centre.rows(device_settings) == centre.rows(device_commands) == []


def test_what_is_for_another_kiosk_is_not_taken(box, centre, clock, kept):
    other = SigningKey(BUNDLE_KEY.kid, bytes(range(32)))  # the same key: it really was signed
    told = DeviceSettings(
        tenant="acme",
        device_id="another",
        version=5,
        issued=clock.now(),
        values={"staffed": False},
    )
    order = Command(
        tenant="somebody",
        device_id=box.me.device_id,
        number=9,
        kind="restart",
        issued=clock.now(),
        expires=clock.now() + timedelta(hours=1),
    )
    answer = sealed.answer(sealed.seal_settings(told, other), [sealed.seal_command(order, other)])
    box.agent._ordering._settings(answer.settings)
    box.agent._ordering._commands(answer.commands)
    assert (kept.version(), kept.number()) == (0, 0)


def test_an_old_envelope_that_comes_again_is_nothing(box, centre, clock, kept):
    put(centre, box, staffed=False)
    first = orders.of_device(centre.database, clock, box.me.device_id).settings
    put(centre, box, staffed=True)
    later(box, clock)
    kept.take()
    box.agent._ordering._settings(first)
    assert kept.coming() is None
    assert kept.in_force().values == {"staffed": True}


def test_a_settings_envelope_never_passes_for_a_command(box, centre, clock):
    put(centre, box, staffed=False)
    text = orders.of_device(centre.database, clock, box.me.device_id).settings
    known = {BUNDLE_KEY.kid: BUNDLE_KEY.public}
    assert sealed.open_settings(text, known) is not None
    assert sealed.open_command(text, known) is None
    assert sealed.open_settings("no base64", known) is None
    assert sealed.open_settings("A" * (sealed.MAX_ORDER * 2), known) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timing.idle", 1.0),
        ("timing", {"idle": 90.0}),
        ("timing.idle", "long"),
        ("opening_mm", -5),
        ("country", "Germany"),
        ("data_dir", "/tmp"),
        ("centre.url", "https://elsewhere.example"),
        ("store.encrypted", False),
        ("no.such", 1),
    ],
)
def test_the_list_of_what_can_be_changed_is_closed_and_the_model_judges(judge, name, value):
    assert judge({name: value})
    assert judge({"site_name": "Market 3", name: value})


def test_every_changeable_name_is_a_setting_and_may_be_set_to_what_it_is():
    plain = msgspec.to_builtins(Settings())
    for name in CHANGEABLE:
        section, _, key = name.rpartition(".")
        value = (plain[section] if section else plain)[key]
        assert over(Settings(), {name: value}) == Settings()


# --- commands ---


def test_commands_wait_in_their_order_and_each_is_answered_once(box, centre, clock, kept):
    tell(centre, box, "diagnostics")
    tell(centre, box, "restart")
    later(box, clock)
    first, second = kept.waiting()
    assert (first.kind, second.kind) == ("diagnostics", "restart")
    assert kept.settle(first, Outcome.DONE, ("ledger: whole",))
    assert not kept.settle(first, Outcome.FAILED)
    later(box, clock)
    told = facts(centre, "takeback.command.settled.v1")
    assert told == [
        {"number": 1, "kind": "diagnostics", "outcome": "done", "report": ["ledger: whole"]}
    ]
    rows = centre.rows(device_commands)
    assert [(row["outcome"], row["report"]) for row in rows] == [
        ("done", ["ledger: whole"]),
        ("", []),
    ]


def test_a_restart_forgets_no_command_and_repeats_none(box, centre, clock, kept):
    tell(centre, box, "self_test")
    later(box, clock)
    kept.settle(kept.waiting()[0], Outcome.DONE)
    tell(centre, box, "restart")
    later(box, clock)
    box.close()
    box.open()
    box.settle()
    again = Orders(box.store)
    assert [one.kind for one in again.waiting()] == ["restart"]
    assert again.number() == 2


def test_a_command_whose_time_is_over_is_told_so_and_not_done(box, centre, clock, kept):
    tell(centre, box, "pull_policy", minutes=1)
    kept.add([Waiting(1, "pull_policy", clock.now() + timedelta(minutes=1))])
    later(box, clock)
    assert kept.waiting() == ()
    later(box, clock)
    assert [one["outcome"] for one in facts(centre, "takeback.command.settled.v1")] == ["expired"]


def test_a_command_that_nobody_fetched_in_time_is_no_longer_given_out(box, centre, clock, kept):
    centre.server.stop()
    tell(centre, box, "restart", minutes=10)
    later(box, clock, hours=1)
    centre.server.start()
    box.wait_out()
    later(box, clock)
    assert kept.number() == 0


def test_a_command_of_a_newer_centre_is_answered_that_it_is_not_known(box, centre, clock, kept):
    tell(centre, box, "sing")
    later(box, clock)
    later(box, clock)
    told = facts(centre, "takeback.command.settled.v1")
    assert [(one["kind"], one["outcome"]) for one in told] == [("sing", "unknown")]


def test_a_bundle_can_be_asked_for_now(box, centre, clock, kept):
    """Found by the heartbeat anyway; what is ordered is the asking, which is done at once."""
    tell(centre, box, "pull_policy")
    publish(centre)
    later(box, clock)
    assert box.store.policy.number == 1
    later(box, clock)
    assert facts(centre, "takeback.command.settled.v1")[0]["outcome"] == "done"


def test_a_key_is_changed_by_command_and_the_kiosk_says_so(centre, clock, tmp_path, judge):
    folder = tmp_path / "keyed"
    made = Box(centre, clock, folder, judge=judge)
    made.close()
    made.changes["keys"] = DeviceKeys(folder, made.me.device_id)
    made.open()
    made.settle()
    [before] = [row["public_key"] for row in centre.rows(devices)]
    tell(centre, made, "rotate_key")
    later(made, clock)
    later(made, clock)
    [after] = [row["public_key"] for row in centre.rows(devices)]
    assert after != before
    [told] = facts(centre, "takeback.command.settled.v1")
    assert (told["outcome"], told["report"]) == ("done", [after])
    assert made.agent.state.rekeyed
    made.close()


def test_without_a_key_directory_the_command_fails_and_says_why(box, centre, clock, kept):
    tell(centre, box, "rotate_key")
    later(box, clock)
    later(box, clock)
    [told] = facts(centre, "takeback.command.settled.v1")
    assert (told["outcome"], told["report"]) == ("failed", ["unreadable"])


def test_settling_is_in_the_same_transaction_as_forgetting(box, kept, clock, monkeypatch):
    """Whoever dies in between has done both or neither."""
    kept.add([Waiting(1, CommandKind.RESTART.value, clock.now() + timedelta(hours=1))])

    class Cut(Exception):
        pass

    def cut(*_):
        raise Cut

    with monkeypatch.context() as patch:
        patch.setattr(stored, "record", cut)
        with pytest.raises(Cut):
            kept.settle(kept.waiting()[0], Outcome.DONE)
    assert [one.number for one in kept.waiting()] == [1]
    assert box.store.outbox.position().queued == 0
    assert kept.settle(kept.waiting()[0], Outcome.DONE)
    assert box.store.outbox.position().queued == 1
