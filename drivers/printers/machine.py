"""What every printer's driver does whatever it speaks: one lock, and nothing raised."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from threading import Lock
from typing import Protocol

from drivers.printers.conversation import Silent
from drivers.printers.transports import Lost, Transport
from kiosk.ports import (
    DeviceFamily,
    DeviceFault,
    DeviceState,
    DeviceStatus,
    Document,
    NotPrinted,
    PrintOutcome,
    Rasteriser,
)

log = logging.getLogger(__name__)


class Told(Protocol):
    """What a printer says of itself, in its own language's type."""

    @property
    def state(self) -> DeviceState: ...

    @property
    def fault(self) -> DeviceFault: ...


class Machine(ABC):
    """kiosk.ports.Printer, but for the language. A status question never mixes with a job."""

    def __init__(
        self,
        name: str,
        transport: Transport,
        rasterise: Rasteriser,
        monotonic: Callable[[], float],
    ) -> None:
        self.name = name
        self._transport = transport
        self._rasterise = rasterise
        self._monotonic = monotonic
        self._lock = Lock()
        self._wreck = False  # a job broke off while it was sent

    def status(self) -> DeviceStatus:
        try:
            with self._lock:
                found = self._look()
        except Exception as error:  # the port promises that nothing is raised
            log.exception("%s: status failed", self.name)
            found = Lost(DeviceFault.INTERNAL, repr(error))
        if isinstance(found, Lost):
            gone = found.fault is not DeviceFault.INTERNAL
            state = DeviceState.ABSENT if gone else DeviceState.FAULTY
            return self._told(state, found.fault, found.detail)
        if isinstance(found, Silent):
            return self._told(DeviceState.UNKNOWN, DeviceFault.NOT_ANSWERING)
        return self._told(found.state, found.fault)

    def print(self, document: Document) -> PrintOutcome:
        try:
            deliver = self._prepared(document)
            if isinstance(deliver, NotPrinted):
                return deliver
            with self._lock:
                try:
                    return deliver()
                finally:
                    self._transport.close()
        except Exception as error:  # the port promises that nothing is raised
            log.exception("%s: print failed", self.name)
            return NotPrinted(DeviceFault.INTERNAL, repr(error))

    def close(self) -> None:
        with self._lock:
            self._transport.close()

    @abstractmethod
    def _prepared(self, document: Document) -> Callable[[], PrintOutcome] | NotPrinted:
        """The job made ready, before anybody waits for the way; what it answers sends it."""

    @abstractmethod
    def _ask(self) -> Told | Silent | Lost:
        """How it is, over a way that is open."""

    def _look(self) -> Told | Silent | Lost:
        """Open, ask, close."""
        try:
            lost = self._transport.open()
            return lost if lost is not None else self._ask()
        finally:
            self._transport.close()

    def _told(self, state: DeviceState, fault: DeviceFault, detail: str = "") -> DeviceStatus:
        return DeviceStatus(self.name, DeviceFamily.PRINTER, state, fault, detail)
