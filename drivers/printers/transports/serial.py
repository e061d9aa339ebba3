"""A serial line (RS-232, or USB that pretends to be one), by pyserial."""

from __future__ import annotations

import errno
from contextlib import suppress
from enum import StrEnum

import serial

from drivers.printers.transports import Lost
from kiosk.ports import DeviceFault

CHUNK = 1024  # small, so that the stall time-out judges progress and not the whole job


class Flow(StrEnum):
    """How the printer says that its buffer is full."""

    RTSCTS = "rtscts"
    DSRDTR = "dsrdtr"
    XONXOFF = "xonxoff"
    NONE = "none"


class Serial:
    """`flow` must be what the printer's switches say, or its buffer overruns and text is lost."""

    answers = True

    def __init__(self, device: str, baud: int, flow: Flow) -> None:
        self._device = device
        self._baud = baud
        self._flow = flow
        self._line: serial.Serial | None = None

    def open(self) -> Lost | None:
        self.close()
        try:
            self._line = serial.Serial(
                self._device,
                self._baud,
                timeout=0,
                rtscts=self._flow is Flow.RTSCTS,
                dsrdtr=self._flow is Flow.DSRDTR,
                xonxoff=self._flow is Flow.XONXOFF,
                exclusive=True,
            )
            self._line.reset_input_buffer()
        except (OSError, ValueError) as error:
            self.close()
            return _lost(error, DeviceFault.NOT_FOUND)
        return None

    def send(self, data: bytes, stall: float) -> Lost | None:
        if self._line is None:
            return Lost(DeviceFault.DISCONNECTED, "not open")
        # A full chunk needs its own time on the wire: ten bits a byte.
        self._line.write_timeout = stall + CHUNK * 10 / self._baud
        for at in range(0, len(data), CHUNK):
            try:
                self._line.write(data[at : at + CHUNK])
            except serial.SerialTimeoutException:
                return Lost(DeviceFault.NOT_ANSWERING, f"{len(data) - at} bytes were not taken")
            except OSError as error:
                return _lost(error, DeviceFault.DISCONNECTED)
        return None

    def receive(self, timeout: float) -> bytes | Lost:
        if self._line is None:
            return Lost(DeviceFault.DISCONNECTED, "not open")
        try:
            self._line.timeout = timeout
            first = self._line.read(1)
            return bytes(first + self._line.read(self._line.in_waiting)) if first else b""
        except OSError as error:
            return _lost(error, DeviceFault.DISCONNECTED)

    def abandon(self) -> bool:
        if self._line is None:
            return False
        with suppress(OSError):
            if not self._line.out_waiting:
                return False
            self._line.reset_output_buffer()
        return True

    def close(self) -> None:
        if self._line is not None:
            with suppress(OSError):
                self._line.close()
            self._line = None


def _lost(error: OSError | ValueError, otherwise: DeviceFault) -> Lost:
    """pyserial hides the system's error number in its own exception."""
    match getattr(error, "errno", None):
        case errno.EACCES | errno.EPERM:
            fault = DeviceFault.PERMISSION
        case errno.ENOENT | errno.ENODEV | errno.ENXIO:
            fault = DeviceFault.NOT_FOUND
        case _:
            fault = otherwise
    return Lost(fault, str(error))
