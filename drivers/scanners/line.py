"""A scanner on a wire: one thread that connects, reads until the wire breaks, and tries again."""

from __future__ import annotations

import logging
import os
import selectors
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread, current_thread
from typing import Protocol

from drivers.scanners.link import Account, Emit, Patience
from kiosk.ports import DeviceFault, ScannerReport, Symbology

log = logging.getLogger(__name__)

_CHUNK = 4096
_LASTING_S = 5.0  # a connection that held this long was a real one: try again soon


class Wire(Protocol):
    """Bytes of one device. `open` gives a file descriptor that can be waited for, or the fault."""

    def open(self) -> int | DeviceFault: ...

    def close(self) -> None: ...


class Parser(Protocol):
    """Makes reports of bytes; keeps what is incomplete, forgets it on `reset`."""

    def feed(self, data: bytes, at: float) -> list[ScannerReport]: ...

    def reset(self) -> None: ...


class LineScanner:
    """kiosk.ports.Scanner over a wire. Wakes for bytes and for `stop`, for nothing else."""

    def __init__(
        self, name: str, wire: Wire, parser: Parser, monotonic: Callable[[], float]
    ) -> None:
        self.name = name
        self._wire = wire
        self._parser = parser
        self._monotonic = monotonic
        self._expected: frozenset[Symbology] | None = None
        self._stop = Event()
        self._thread: Thread | None = None
        self._bell: tuple[int, int] | None = None

    def start(self, emit: Emit) -> None:
        """Begin to listen. Starting twice is once."""
        if self._thread is not None:
            return
        self._stop.clear()
        self._bell = os.pipe()
        self._thread = Thread(
            target=self._run, args=(emit, self._bell[0]), name=f"{self.name}: line", daemon=True
        )
        self._thread.start()

    def expect(self, symbologies: frozenset[Symbology]) -> None:
        """A scanner with its own decoder reads what it reads; the core judges the code."""
        self._expected = symbologies

    def stop(self) -> None:
        """End the thread at once."""
        thread, bell = self._thread, self._bell
        if thread is None or bell is None:
            return
        self._thread = self._bell = None
        self._stop.set()
        os.write(bell[1], b"x")
        if thread is not current_thread():
            thread.join()
        for end in bell:
            os.close(end)

    def _run(self, emit: Emit, bell: int) -> None:
        account, patience = Account(self.name, emit), Patience(self._stop)
        while not self._stop.is_set():
            opened_at = self._monotonic()
            try:
                fault = self._serve(account, emit, bell)
            except Exception:
                # A mistake of ours, or of whoever listens: the scanner must not fall silent.
                log.exception("scanner %s: a scan broke", self.name)
                fault = DeviceFault.INTERNAL
            if not self._stop.is_set():
                account.report(fault)
            if self._monotonic() - opened_at >= _LASTING_S:
                patience.reset()
            patience.wait()

    def _serve(self, account: Account, emit: Emit, bell: int) -> DeviceFault:
        """One connection, from opening it to its end."""
        opened = self._wire.open()
        if isinstance(opened, DeviceFault):
            return opened
        try:
            account.report(DeviceFault.NONE)
            self._parser.reset()
            self._listen(opened, bell, emit)
        finally:
            with suppress(OSError):  # closing what was pulled out may complain
                self._wire.close()
        return DeviceFault.DISCONNECTED

    def _listen(self, wire: int, bell: int, emit: Emit) -> None:
        """Hand bytes to the parser until the wire ends or the bell rings."""
        with selectors.DefaultSelector() as selector:
            selector.register(wire, selectors.EVENT_READ)
            selector.register(bell, selectors.EVENT_READ)
            while not self._stop.is_set():
                ready = {key.fd for key, _ in selector.select()}
                if bell in ready:
                    return
                try:
                    data = os.read(wire, _CHUNK)
                except BlockingIOError:
                    continue
                except OSError:
                    return
                if not data:
                    return
                for report in self._parser.feed(data, self._monotonic()):
                    emit(report)
