"""Hand-held scanners that are pulled out, type at the wrong moment, or do not stop typing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from drivers.scanners.held.line import LineScanner
from kiosk.domain.reasons import Why
from kiosk.flows.model import Attract, Items, Press, Receipt, TypeShortCode
from kiosk.flows.turns import problem_of
from kiosk.ports import DeviceState, Trouble
from kiosk.settings import Scanner
from tests.drivers.scanners.held.typing_scanner import tap, typed, with_key


class Gun:
    """A scanner that types, on a pipe in place of its event device."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        self.plug()

    def plug(self) -> None:
        os.mkfifo(self.path)
        self._end = os.open(self.path, os.O_RDWR)

    def unplug(self) -> None:
        self.path.unlink()
        os.close(self._end)
        self._end = -1

    def scan(self, text: str, end: int | None = 28) -> None:
        self.type(typed(text, end))

    def type(self, keys: bytes) -> None:
        os.write(self._end, keys)

    def close(self) -> None:
        if self._end >= 0:
            self.unplug()


@pytest.fixture
def guns(tmp_path) -> Iterator[tuple[Gun, Gun]]:
    both = Gun(tmp_path / "event7", "gun"), Gun(tmp_path / "event8", "other gun")
    yield both
    for gun in both:
        gun.close()


@pytest.fixture
def armed(install, guns):
    """A kiosk with a camera and two scanners that type, switched on."""
    machine = install()
    tables = [
        Scanner(name=gun.name, driver="wedge", options={"device": str(gun.path)}) for gun in guns
    ]
    scanners = (*machine.settings.scanners, *tables)
    machine.settings = replace(machine.settings, scanners=scanners)
    machine.ready()
    for gun in guns:
        knows(machine, gun, DeviceState.READY)
    return machine


@pytest.fixture
def gun(guns) -> Gun:
    return guns[0]


def knows(kiosk, gun: Gun, state: DeviceState) -> None:
    def so() -> bool:
        return any(d.device == gun.name and d.state is state for d in kiosk.core.health.devices())

    kiosk.eventually(so, f"{gun.name} {state}")


def code(kiosk, slug: str = "simple") -> str:
    return kiosk.street.sample.find(slug).signed_code


def bag(kiosk, number: int = 0) -> str:
    return kiosk.street.sample.bags[number]


def test_a_whole_visit_by_it_alone(armed, gun, street) -> None:
    gun.scan(f"]Q1{code(armed)}")
    armed.sees(Items)
    gun.scan(f"]C0{bag(armed)}")
    armed.sees(Receipt)
    armed.all_sent()
    assert len(street.drops) == 1


def test_pulled_out_in_the_middle_of_a_visit_and_of_a_code(armed, gun, street) -> None:
    """The visit goes on with the camera, and the half code is glued to nothing."""
    gun.scan(code(armed))
    armed.sees(Items)
    gun.scan(bag(armed)[:7], end=None)
    gun.unplug()
    knows(armed, gun, DeviceState.ABSENT)
    assert Trouble.SCANNER_ABSENT not in armed.session.service.troubles
    gun.plug()
    knows(armed, gun, DeviceState.READY)
    gun.scan(bag(armed))
    assert armed.sees(Receipt).drop.bag_id == bag(armed)
    armed.all_sent()
    told = [e for e in armed.events("device.changed") if e["device"] == gun.name]
    assert [e["state"] for e in told] == ["ready", "absent", "ready"]


def test_pulled_out_for_good_the_camera_finishes_the_visit(armed, gun, street) -> None:
    gun.scan(code(armed))
    armed.sees(Items)
    gun.unplug()
    knows(armed, gun, DeviceState.ABSENT)
    armed.hold_bag()
    armed.sees(Receipt)
    armed.all_sent()
    assert len(street.drops) == 1


def test_the_last_one_pulled_out_is_told_on_the_screen_and_taken_back(install, gun) -> None:
    machine = install(camera=False)
    table = Scanner(name=gun.name, driver="wedge", options={"device": str(gun.path)})
    machine.settings = replace(machine.settings, scanners=(table,))
    machine.ready()
    knows(machine, gun, DeviceState.READY)
    gun.unplug()
    machine.knows(Trouble.SCANNER_ABSENT)
    gun.plug()
    machine.is_over(Trouble.SCANNER_ABSENT)
    gun.scan(code(machine))
    machine.sees(Items)


def test_it_scans_while_somebody_types(armed, gun) -> None:
    """Its characters reach no field, and its Enter submits nothing: the code is simply read."""
    armed.press(Press.NO_CODE, Press.SHORT_CODE)
    armed.sees(TypeShortCode)
    armed.type("7KM")
    gun.type(typed("TAKEBACK", None) + with_key(56, 62) + tap(1) + tap(28))
    armed.until(lambda s: problem_of(s.screen) is not None, "why not")
    assert armed.session.screen.text == "7KM"
    gun.scan(code(armed))
    armed.sees(Items)


def test_it_scans_during_the_countdown_before_the_screen_is_wiped(armed, gun, clock) -> None:
    gun.scan(code(armed))
    armed.sees(Items)
    clock.later(45)
    warned = armed.until(lambda s: s.deadline and s.now >= s.deadline.warns, "the countdown")
    gun.scan("]C0" + "NO-BAG-OF-OURS")
    armed.until(lambda s: s.deadline and s.deadline.ends > warned.deadline.ends, "more time")
    assert isinstance(armed.session.screen, Items)


def test_it_scans_while_the_receipt_is_printed(armed, gun, street) -> None:
    """Nothing is dropped off twice, and no second receipt begins."""
    gun.scan(code(armed))
    armed.sees(Items)
    armed.printer.freeze()
    gun.scan(bag(armed))
    armed.sees(Receipt)
    for _ in range(3):
        gun.scan(bag(armed))
        gun.scan(code(armed))
        gun.scan(code(armed, "three"))
    armed.printer.thaw()
    armed.until(lambda s: isinstance(s.screen, Receipt) and s.screen.outcome, "the paper's fate")
    armed.all_sent()
    assert len(street.drops) == 1
    assert len(armed.print_jobs) == 1


def test_two_scanners_and_the_camera_read_the_same_code_at_once(armed, guns, street) -> None:
    """One return is opened, once; the bag closes it, once."""
    armed.hold_return()
    for gun in guns:
        gun.scan(f"]Q1{code(armed)}")
    armed.sees(Items)
    armed.hold_bag()
    for gun in guns:
        gun.scan(bag(armed))
    armed.sees(Receipt)
    armed.all_sent()
    assert len(armed.drops) == 1
    assert armed.events("code.rejected") == []


def test_a_code_that_is_no_return_read_by_two_is_refused_once(armed, guns, street) -> None:
    for _ in range(4):
        for gun in guns:
            gun.scan(bag(armed))
    armed.until(lambda s: problem_of(s.screen) is not None, "why not")
    assert isinstance(armed.session.screen, Attract)
    armed.all_sent()
    assert len(armed.events("code.rejected")) <= 1


def test_a_trigger_that_stays_pressed_floods_neither_screen_nor_ledger(armed, gun, street) -> None:
    """Ten times a second for a minute, all of it at once."""
    gun.scan(code(armed))
    armed.sees(Items)
    gun.scan(bag(armed))
    armed.sees(Receipt)
    armed.go_home()
    armed.all_sent()
    before, seen = len(armed.ledger("SELECT 1 FROM events")), len(armed.eyes.seen)
    for _ in range(600):
        gun.scan(code(armed))

    def told() -> bool:  # and perhaps gone again before the last of them was read
        problems = [problem_of(one.screen) for one in armed.eyes.seen[seen:]]
        return any(one and one.why is Why.RETURN_ALREADY_DROPPED for one in problems)

    armed.eventually(told, "the sentence")
    gun.scan(code(armed, "three"))  # what comes after it is not lost in the flood
    armed.sees(Items)
    assert len(armed.ledger("SELECT 1 FROM events")) - before < 10
    assert len(armed.eyes.seen) - seen < 200
    assert len(street.drops) == 1


def test_keys_that_would_leave_the_kiosk_are_nothing(armed, gun) -> None:
    gun.type(b"".join(with_key(held, key) for held in (29, 56, 125) for key in (62, 111, 16, 19)))
    gun.type(tap(28))
    gun.scan(code(armed))
    armed.sees(Items)


def test_every_hand_held_scanner_is_of_one_make_in_the_core(armed, guns) -> None:
    """`takeback scan --held` and the kiosk run the same drivers."""
    assert all(isinstance(armed.core.scanners[gun.name], LineScanner) for gun in guns)
