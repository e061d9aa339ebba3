"""What works at the moment: folds the reports of devices, agent and policy into one Service.

Called from several threads, so it holds a lock, also while it calls back: the callback may only
queue. It speaks only when the sum has changed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import assert_never

from kiosk.ports import (
    DeviceFamily,
    DeviceFault,
    DeviceState,
    DeviceStatus,
    Service,
    Trouble,
)


def printer_trouble(status: DeviceStatus) -> Trouble | None:
    """What a printer's state means for the shopper."""
    match status.fault:
        case DeviceFault.PAPER_LOW:
            return Trouble.PAPER_LOW
        case DeviceFault.PAPER_OUT:
            return Trouble.PAPER_OUT
        case DeviceFault.NOT_FOUND | DeviceFault.DISCONNECTED | DeviceFault.PERMISSION:
            return Trouble.PRINTER_ABSENT
        case (
            DeviceFault.NOT_ANSWERING
            | DeviceFault.COVER_OPEN
            | DeviceFault.RIBBON_OUT
            | DeviceFault.PAUSED
            | DeviceFault.CUTTER
            | DeviceFault.OVERHEATED
            | DeviceFault.INTERNAL
        ):
            return Trouble.PRINTER_SILENT
        case (
            DeviceFault.NONE
            | DeviceFault.PICTURE_BLACK
            | DeviceFault.PICTURE_FROZEN
            | DeviceFault.PICTURE_BLURRED
            | DeviceFault.PICTURE_DAZZLED
        ):
            return Trouble.PRINTER_ABSENT if status.state is DeviceState.ABSENT else None
        case _:
            assert_never(status.fault)


def scanner_trouble(statuses: list[DeviceStatus]) -> Trouble | None:
    """None while any scanner reads; covered if that is all that is wrong with one."""
    good = (DeviceState.READY, DeviceState.WARNING, DeviceState.UNKNOWN)
    # A covered camera is only a warning to the engineer, and blind to the shopper all the same.
    covered = (
        DeviceFault.PICTURE_BLACK,
        DeviceFault.PICTURE_FROZEN,
        DeviceFault.PICTURE_BLURRED,
        DeviceFault.PICTURE_DAZZLED,
    )
    if not statuses or any(s.state in good and s.fault not in covered for s in statuses):
        return None
    if any(s.fault in covered for s in statuses):
        return Trouble.SCANNER_COVERED
    return Trouble.SCANNER_ABSENT


class Health:
    """Post reports in; `changed` gets each new Service. `missing` are the families that the
    installation has none of, told from the start. `labels` are the printers that no receipt comes
    from: what is wrong with one is known, and told to the centre, but no shopper waits for it."""

    def __init__(
        self,
        changed: Callable[[Service], None],
        printers: int,
        scanners: int,
        labels: frozenset[str] = frozenset(),
    ) -> None:
        self._changed, self._labels = changed, labels
        self._lock = threading.Lock()
        self._devices: dict[str, DeviceStatus] = {}
        self._centre: frozenset[Trouble] = frozenset()
        self._policy: frozenset[Trouble] = frozenset()
        self._queued = 0
        self._policy_number = 0
        self._fixed = frozenset(
            ([Trouble.PRINTER_ABSENT] if printers == 0 else [])
            + ([Trouble.SCANNER_ABSENT] if scanners == 0 else [])
        )
        self._last: Service | None = None

    def device(self, status: DeviceStatus) -> None:
        with self._lock:
            self._devices[status.device] = status
            self._tell()

    def centre(self, *, troubles: frozenset[Trouble], queued: int) -> None:
        with self._lock:
            self._centre, self._queued = troubles, queued
            self._tell()

    def policy(self, *, troubles: frozenset[Trouble], number: int) -> None:
        with self._lock:
            self._policy, self._policy_number = troubles, number
            self._tell()

    def troubles(self) -> tuple[str, ...]:
        """The codes of everything that is wrong, as heartbeats carry them."""
        with self._lock:
            return tuple(sorted(t.value for t in self._sum().troubles))

    def devices(self) -> tuple[DeviceStatus, ...]:
        with self._lock:
            return tuple(self._devices.values())

    def _sum(self) -> Service:
        troubles = set(self._fixed | self._centre | self._policy)
        scanners = [s for s in self._devices.values() if s.family is DeviceFamily.SCANNER]
        printers = [
            s
            for s in self._devices.values()
            if s.family is DeviceFamily.PRINTER and s.device not in self._labels
        ]
        troubles.update(t for t in map(printer_trouble, printers) if t is not None)
        seen = scanner_trouble(scanners)
        if seen is not None:
            troubles.add(seen)
        return Service(frozenset(troubles), self._queued, self._policy_number)

    def _tell(self) -> None:
        # Inside the lock, so that two reporters cannot deliver their sums in the wrong order.
        service = self._sum()
        if service != self._last:
            self._last = service
            self._changed(service)
