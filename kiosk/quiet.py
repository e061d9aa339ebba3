"""What the centre ordered and nobody should notice: done while nobody stands at the kiosk.

Settings come into force and restarts happen by closing the core and opening it again: a second on
the screen that says "one moment", and never in a visit.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, assert_never

from kiosk import logbook
from kiosk.checks import Check, keeping
from kiosk.doctor import CHAIN_S, SPARE_S, within
from kiosk.ports import Clock, DeviceState, DeviceStatus, Unseen
from kiosk.settings import Settings
from kiosk.settings_remote import over
from kiosk.store import Store, StoreFailed
from kiosk.store.orders import CommandKind, Orders, Outcome, Waiting

log = logging.getLogger("takeback")

PROOF_S = 60.0
"""So long after it was made a core that shows its screens serves with the settings it has."""
_LINE, _LINES = 200, 40
_GOOD = (DeviceState.READY, DeviceState.WARNING, DeviceState.UNKNOWN)


def unusable(settings: Settings, values: Mapping[str, Any]) -> str:
    """Why settings of the centre cannot be used here, "" for good ones."""
    found = over(settings, values)
    return found if isinstance(found, str) else ""


def installed(settings: Settings, store: Store) -> Settings:
    """The file's settings with those of the centre in their place, for one start. What an older
    version of this program took and this one cannot use is left out as a whole. Raises
    StoreFailed."""
    ordered = Orders(store).begin()
    found = over(settings, ordered.values)
    if isinstance(found, str):
        log.error("settings %d of the centre are not used: %s", ordered.version, found)
        return settings
    return found


def undone(store: Store, error: Exception) -> bool:
    """The kiosk does not start: whether that may be the centre's newest settings, which are out of
    force then."""
    try:
        done = Orders(store).undo(f"the kiosk does not start: {error}"[:_LINE])
    except StoreFailed:
        return False  # on trial still: the next starts count
    if done:
        log.error("settings of the centre are undone: the kiosk does not start: %s", error)
    return done


class Quiet:
    """`again` closes the core and opens it anew. Call `look` only while nobody is there."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        devices: Callable[[], Iterable[DeviceStatus]],
        again: Callable[[], None],
        clock: Clock,
        picture: Callable[[int], Unseen | None],
    ) -> None:
        self._store = store
        self._picture = picture
        self._clock = clock
        self._proof = clock.monotonic() + PROOF_S
        self._settings = settings
        self._devices = devices
        self._again = again
        self._orders = Orders(store)

    def prove(self) -> None:
        """A screen is shown: after a while that is the proof that the kiosk serves with the
        settings it has. Raises StoreFailed."""
        if self._clock.monotonic() >= self._proof:
            self._orders.proved()

    def look(self, *, rekeyed: bool) -> None:
        """Do what waits. Raises StoreFailed."""
        if self._orders.take() or rekeyed:
            self._again()
            return
        for command in self._orders.waiting():
            if command.expires > self._store.now() and not self._do(command):
                return

    def _do(self, command: Waiting) -> bool:
        """Whether to go on."""
        try:
            kind = CommandKind(command.kind)
        except ValueError:
            return True  # of a newer centre: the agent says so
        match kind:
            case CommandKind.DIAGNOSTICS:
                self._settle(command, Outcome.DONE, self._findings())
            case CommandKind.SELF_TEST:
                wrong = [check for check in self._findings() if not check.well]
                self._settle(command, Outcome.FAILED if wrong else Outcome.DONE, wrong)
            case CommandKind.LOGS:
                self._orders.settle(command, Outcome.DONE, logbook.newest())
            case CommandKind.RESTART:
                # Told first: whoever restarts before he says so restarts for ever.
                if self._orders.settle(command, Outcome.DONE):
                    self._again()
                    return False
            case CommandKind.PICTURE:
                self._pictured(command, self._picture(command.number))
            case CommandKind.PULL_POLICY | CommandKind.ROTATE_KEY:
                pass  # the agent's
            case _:
                assert_never(kind)
        return True

    def _pictured(self, command: Waiting, unseen: Unseen | None) -> None:
        """While somebody's visit is on the screen the order waits."""
        match unseen:
            case None:
                self._orders.settle(command, Outcome.DONE)
            case Unseen.BUSY:
                pass
            case Unseen.SILENT:
                self._orders.settle(command, Outcome.FAILED, ["the window did not answer"])
            case Unseen.FAILED:
                self._orders.settle(command, Outcome.FAILED, ["the screen could not be drawn"])
            case _:
                assert_never(unseen)

    def _settle(self, command: Waiting, outcome: Outcome, checks: Iterable[Check]) -> None:
        told = [f"{check.name}: {check.finding}"[:_LINE] for check in checks]
        self._orders.settle(command, outcome, told[:_LINES])

    def _findings(self) -> list[Check]:
        """As `takeback doctor` says it of what is kept, and what the devices said last."""
        data = self._settings.data
        found = within("data directory", SPARE_S, partial(keeping.directory, data))
        found += within("encryption", SPARE_S, partial(keeping.encryption, self._settings))
        found += within("enrolment", SPARE_S, partial(keeping.enrolment, data))
        found += within("ledger", CHAIN_S, partial(keeping.ledger, data))
        found += within("photographs", SPARE_S, partial(keeping.photographs, data))
        found += within("policy", SPARE_S, partial(keeping.policy, data))
        return found + [_device(status) for status in self._devices()]


def _device(status: DeviceStatus) -> Check:
    finding = status.state.value + (f" ({status.fault.value})" if status.fault.value else "")
    return Check(status.device, status.state in _GOOD, finding)
