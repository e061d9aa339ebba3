"""Ways to a printer. Each opens, moves bytes both ways and closes; none knows what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from kiosk.ports import DeviceFault


@dataclass(frozen=True, slots=True)
class Lost:
    """The way is shut: why, and what the system said (for the engineer)."""

    fault: DeviceFault
    detail: str = ""


class Transport(Protocol):
    """One use of the printer. Times are seconds; no call raises.

    `answers` is False where nothing can ever come back, so that nobody waits for it.
    """

    @property
    def answers(self) -> bool: ...

    def open(self) -> Lost | None: ...

    def send(self, data: bytes, stall: float) -> Lost | None:
        """Everything, giving up when not one byte was taken for `stall` seconds."""
        ...

    def receive(self, timeout: float) -> bytes | Lost:
        """What arrives within `timeout`; empty when nothing did."""
        ...

    def abandon(self) -> bool:
        """Drop what was accepted for sending and is still on its way; whether there was any."""
        ...

    def close(self) -> None:
        """May be called twice, and after a failed open."""
        ...


def system_fault(error: OSError, otherwise: DeviceFault) -> Lost:
    """An operating system error as a value."""
    detail = error.strerror or str(error)
    if isinstance(error, PermissionError):
        return Lost(DeviceFault.PERMISSION, detail)
    if isinstance(error, FileNotFoundError):
        return Lost(DeviceFault.NOT_FOUND, detail)
    return Lost(otherwise, detail)
