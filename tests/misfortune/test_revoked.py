"""The centre takes the kiosk out of service: it finishes its uploads and takes nothing more."""

from __future__ import annotations

from kiosk.flows.model import Attract, Items, OutOfService, Press, Receipt
from kiosk.ports import Trouble
from sync.central.audit import at_console
from sync.central.devices import revoke


def test_revoked_while_idle_and_after_a_restart_without_the_centre(kiosk, street) -> None:
    revoke(street.database, street.clock, at_console("demo"), kiosk.identity.device_id, "lost")
    kiosk.until(lambda s: isinstance(s.screen, OutOfService), "no service")
    assert kiosk.session.screen == OutOfService(Trouble.REVOKED)
    kiosk.hold_return("simple")
    kiosk.press(Press.NO_CODE, Press.SHORT_CODE)
    street.goes_down()
    kiosk.stop()
    kiosk.open()  # pulling both plugs makes no good kiosk of it
    kiosk.until(lambda s: isinstance(s.screen, OutOfService), "no service")
    assert all(not isinstance(s.screen, Attract) for s in kiosk.eyes.seen)
    kiosk.hold_return("simple")
    kiosk.knows(Trouble.OFFLINE)
    assert kiosk.session.screen == OutOfService(Trouble.REVOKED)
    assert kiosk.drops == []


def test_what_it_took_before_still_arrives_and_is_set_aside(kiosk, street) -> None:
    street.goes_down()
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.hold_bag()
    kiosk.sees(Receipt)
    kiosk.hold_nothing()
    kiosk.go_home()
    revoke(street.database, street.clock, at_console("demo"), kiosk.identity.device_id, "lost")
    street.comes_back()
    kiosk.until(lambda s: isinstance(s.screen, OutOfService), "no service")
    kiosk.all_sent()
    assert street.drops == []  # no refund by itself
    assert len(street.told("drop.committed")) == 1  # and nothing is lost: a person decides
    assert {case["kind"] for case in street.cases} == {"quarantined_event"}
    kiosk.is_whole()


def test_let_in_again(kiosk, street) -> None:
    from sync.central.tables import devices

    revoke(street.database, street.clock, at_console("demo"), kiosk.identity.device_id, "lost")
    kiosk.until(lambda s: isinstance(s.screen, OutOfService), "no service")
    street.database.write(lambda c: c.execute(devices.update().values(state="enrolled")))
    kiosk.sees(Attract)
    kiosk.restart()
    assert isinstance(kiosk.session.screen, Attract)
