"""A kiosk that is never switched off tidies up after itself."""

from __future__ import annotations

from datetime import timedelta

from kiosk.ports import Trouble


def test_what_was_acknowledged_long_ago_is_let_go_without_a_restart(kiosk, street) -> None:
    kiosk.all_sent()
    assert kiosk.events("kiosk.started")
    street.clock.later(timedelta(days=31).total_seconds())
    kiosk.core._look_now.set()  # the service thread's next turn, without its real seconds
    kiosk.eventually(lambda: not kiosk.events("kiosk.started"), "the old event is let go")


def test_what_the_centre_has_not_got_stays_however_old(kiosk, street) -> None:
    """And while nobody answers nothing is let go: who could say how long it has been held?"""
    kiosk.all_sent()
    street.goes_down()
    kiosk.camera.unplug()
    kiosk.eventually(lambda: kiosk.events("device.changed")[-1]["state"] == "absent", "a record")
    street.clock.later(timedelta(days=31).total_seconds())
    kiosk.core._look_now.set()
    kiosk.knows(Trouble.OFFLINE)
    assert kiosk.events("kiosk.started")
    street.comes_back()
    kiosk.eventually(lambda: not kiosk.events("kiosk.started"), "the acknowledged one is let go")
    assert kiosk.events("device.changed")[-1]["state"] == "absent"
