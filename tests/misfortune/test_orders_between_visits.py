"""What the centre orders, on a whole kiosk: never in a visit, and told of afterwards."""

from __future__ import annotations

import threading
from datetime import timedelta

from kiosk.flows.model import Attract, Items, Receipt, Starting
from kiosk.profiles.shopper import resting
from kiosk.store.orders import Orders
from kiosk.waking import keep_awake
from kiosk.world import SystemIds
from sync.central import demo, orders
from sync.central.tables import device_commands, device_settings
from tests.misfortune.street import eventually

IDS = SystemIds()


def key(street):
    return demo.load_key(street.folder / "keys" / "bundle.key", "demo-bundle-1", IDS)


def put(street, kiosk, **values):
    device = kiosk.identity.device_id
    named = {name.replace("__", "."): value for name, value in values.items()}
    orders.put_settings(street.database, street.clock, device, named, key(street))


def tell(street, kiosk, kind):
    device = kiosk.identity.device_id
    hour = timedelta(hours=1)
    orders.put_command(street.database, street.clock, device, kind, key(street), hour)


def outcome(street, number=1):
    [row] = street.rows(device_commands, number=number)
    return row["outcome"]


def test_settings_are_taken_between_visits_and_never_in_one(kiosk, street) -> None:
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    put(street, kiosk, site_name="Market 3", timing__receipt=31.0)
    kept = Orders(kiosk.core.store)
    eventually(kept.coming, "the settings")
    kiosk.core._look_at_orders()
    assert not kiosk.core.again
    kiosk.hold_bag()
    paper = kiosk.until(
        lambda s: isinstance(s.screen, Receipt) and s.screen.outcome is not None, "the paper"
    )
    assert paper.screen.drop
    assert "Market 3" not in kiosk.paper.words
    kiosk.hold_nothing()
    kiosk.go_home()
    kiosk.core.until_broken()
    assert kiosk.core.again
    assert kiosk.core.store.broken is None
    kiosk.restart()
    assert kiosk.core.settings.site_name == "Market 3"
    assert kiosk.core.settings.timing.receipt == 31.0
    assert kiosk.core.settings.printers == kiosk.settings.printers
    eventually(lambda: street.rows(device_settings)[0]["state"] == "taken", "the kiosk's word")
    kiosk.is_whole()


def test_a_command_to_restart_waits_for_the_end_of_the_visit(kiosk, street) -> None:
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    tell(street, kiosk, "restart")
    eventually(Orders(kiosk.core.store).waiting, "the command")
    kiosk.core._look_at_orders()
    assert not kiosk.core.again
    kiosk.hold_bag()
    kiosk.until(
        lambda s: isinstance(s.screen, Receipt) and s.screen.outcome is not None, "the paper"
    )
    kiosk.hold_nothing()
    kiosk.go_home()
    kiosk.core.until_broken()
    assert kiosk.core.again
    kiosk.restart()
    assert Orders(kiosk.core.store).waiting() == ()
    assert not kiosk.core.again
    eventually(lambda: outcome(street) == "done", "the kiosk's word")


def test_diagnostics_and_self_test_are_told_with_what_they_found(kiosk, street) -> None:
    devices = kiosk.core.health.devices
    eventually(lambda: any(one.device == "camera" for one in devices()), "the camera's word")
    tell(street, kiosk, "diagnostics")
    tell(street, kiosk, "self_test")
    eventually(lambda: outcome(street, 2), "both answers")
    [told] = street.rows(device_commands, number=1)
    assert told["outcome"] == "done"
    names = [line.partition(":")[0] for line in told["report"]]
    assert {"ledger", "audit chain", "policy", "enrolment", "camera"} <= set(names)
    [test] = street.rows(device_commands, number=2)
    assert (test["outcome"], test["report"]) == ("done", [])
    assert not kiosk.core.again


def test_whoever_keeps_it_awake_opens_it_anew_behind_one_moment(kiosk, street) -> None:
    """As the program runs it: a core that wants to be opened anew is no broken one."""
    kiosk.stop()
    cores, screens, leaving = [], [], threading.Event()

    def rouse():
        kiosk.open()
        return kiosk.core

    def rest():
        screens.append(resting(kiosk.settings).screen)

    keeper = threading.Thread(
        target=keep_awake,
        args=(rouse, cores.append, lambda: screens.append("broken"), leaving, rest),
        name="keeper",
    )
    keeper.start()
    eventually(lambda: cores, "the first core")
    kiosk.sees(Attract)
    tell(street, kiosk, "restart")
    eventually(lambda: len(cores) == 2, "the second core")
    assert screens == [Starting()]
    eventually(lambda: len(street.told("kiosk.started")) == 3, "word of the second start")
    eventually(lambda: outcome(street) == "done", "the kiosk's word")
    leaving.set()
    cores[-1].let_go()
    keeper.join(30)
    assert not keeper.is_alive()
