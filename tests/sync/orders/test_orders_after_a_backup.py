"""A centre that came back from a backup has lost orders that a kiosk follows already: it hears of
them again, and none of their numbers gets a second meaning."""

from __future__ import annotations

import pytest

from kiosk.store.orders import Outcome
from sync.central import orders
from sync.central.tables import device_commands, device_settings
from sync.wire import orders as sealed
from tests.sync.boxes import facts
from tests.sync.conftest import BUNDLE_KEY


@pytest.fixture
def later(box, clock):
    """The next heartbeat, and what follows from it."""

    def pass_by():
        clock.advance(minutes=2)
        box.settle()

    return pass_by


@pytest.fixture
def put(centre, box):
    def give(**values):
        named = {name.replace("__", "."): value for name, value in values.items()}
        database, me = centre.database, box.me.device_id
        return orders.put_settings(database, centre.clock, me, named, BUNDLE_KEY)

    return give


@pytest.fixture
def tell(centre, box):
    def give(kind):
        database, me = centre.database, box.me.device_id
        return orders.put_command(database, centre.clock, me, kind, BUNDLE_KEY)

    return give


@pytest.fixture
def forget(centre):
    """As a backup from before the last orders does."""

    def work(c):
        c.execute(device_settings.delete())
        c.execute(device_commands.delete())

    return lambda: centre.database.write(work)


def test_settings_that_it_lost_are_in_its_books_again_and_the_next_number_is_free(
    box, centre, kept, put, later, forget
):
    put(site_name="Market 3")
    later()
    forget()
    kept.take()
    later()
    [row] = centre.rows(device_settings)
    assert (row["version"], row["state"], bytes(row["envelope"])) == (1, "taken", b"")
    told = put(timing__idle=90.0)
    assert (told.version, told.values) == (2, {"site_name": "Market 3", "timing.idle": 90.0})
    later()
    assert kept.coming().version == 2


def test_what_nobody_signed_anew_is_not_asked_for(box, centre, kept, put, later, forget):
    """A hint at it would send the kiosk asking with every heartbeat."""
    put(site_name="Market 3")
    later()
    forget()
    kept.take()
    later()
    told = orders.of_device(centre.database, centre.clock, box.me.device_id)
    assert (told.settings, told.commands) == ("", ())
    assert box.agent.state.orders == 1
    later()
    assert box.agent.state.orders == 1


def test_other_settings_under_the_same_number_are_told_as_not_taken(
    centre, kept, put, later, forget
):
    put(site_name="Market 3")
    later()
    kept.take()
    forget()
    put(site_name="Market 4")  # before anybody told of the first ones
    later()
    [row] = centre.rows(device_settings)
    assert (row["state"], row["cause"]) == ("refused", orders.USED)
    put(site_name="Market 5")
    later()
    assert kept.coming().values == {"site_name": "Market 5"}


def test_refused_settings_that_it_lost_keep_their_number(centre, kept, put, later, forget):
    put(timing__idle=1.0)
    forget()
    kept.refuse(1, "too short")
    later()
    assert [row["state"] for row in centre.rows(device_settings)] == ["refused"]
    assert put(timing__idle=90.0).version == 2


def test_a_command_that_it_lost_keeps_its_number_and_what_became_of_it(
    centre, kept, tell, later, forget
):
    tell("self_test")
    later()
    forget()
    kept.settle(kept.waiting()[0], Outcome.DONE, ("ledger: whole",))
    later()
    [row] = centre.rows(device_commands)
    assert (row["number"], row["kind"], row["outcome"]) == (1, "self_test", "done")
    assert tell("restart").number == 2
    later()
    assert [one.kind for one in kept.waiting()] == ["restart"]


def test_another_command_under_its_number_is_told_as_not_done(centre, kept, tell, later, forget):
    tell("self_test")
    later()
    forget()
    tell("restart")
    kept.settle(kept.waiting()[0], Outcome.DONE)
    later()
    [row] = centre.rows(device_commands)
    assert (row["kind"], row["outcome"], row["report"]) == ("restart", "failed", [orders.USED])


def test_a_number_that_is_none_of_ours_joins_no_books(box, centre, kept):
    for number in (0, -1, 1 << 60):
        kept.refuse(number, "a strange number")
    box.agent.wake()
    box.settle()
    assert len(facts(centre, "takeback.settings.refused.v1")) == 3
    assert centre.rows(device_settings) == []


class TestACommandBentOnTheWay:
    """What comes behind it would make its number an old one."""

    @pytest.fixture
    def answer(self, centre, box, tell):
        tell("self_test")
        tell("restart")
        return orders.of_device(centre.database, centre.clock, box.me.device_id).commands

    def test_it_holds_up_those_behind_it_until_it_comes_whole(self, box, kept, answer):
        first, second = answer
        box.agent._ordering._commands((first[:-8] + "AAAAAAA=", second))
        assert kept.waiting() == ()
        box.agent._ordering._commands(answer)
        assert [one.kind for one in kept.waiting()] == ["self_test", "restart"]

    def test_the_very_same_twice_is_nobodys_order(self, box, kept, answer):
        bad = sealed.answer(None, [b"nobody signed this"]).commands[0]
        box.agent._ordering._commands((bad, *answer))
        assert kept.waiting() == ()
        box.agent._ordering._commands((bad, *answer))
        assert [one.kind for one in kept.waiting()] == ["self_test", "restart"]
