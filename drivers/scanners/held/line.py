"""A scanner on a wire: one thread that connects, reads until the wire breaks, and tries again."""

from __future__ import annotations

import logging
import os
import selectors
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Thread, current_thread
from typing import Protocol

from drivers.scanners.held.typed import Again, Form, Sent, scanned
from drivers.scanners.link import Account, Emit, Patience
from kiosk.ports import DeviceFault, Symbology

log = logging.getLogger(__name__)

_CHUNK = 4096
_LASTING_S = 5.0  # a connection that held this long was a real one: try again soon
_LOOK_S = 2.0  # how often a wire may look for further devices of its kind
_AWAY = frozenset({DeviceFault.NOT_FOUND, DeviceFault.DISCONNECTED})
_OPENED = frozenset({DeviceFault.DISCONNECTED, DeviceFault.INTERNAL})
_LONGEST_WAIT_S = 1.0  # a look for an absent device costs about a millisecond


class Parser(Protocol):
    """Makes payloads of one device's bytes; keeps what is incomplete."""

    def feed(self, data: bytes, at: float) -> list[Sent]: ...

    def due(self) -> float | None:
        """When silence will mean something; None while it does not."""
        ...

    def late(self, at: float) -> list[Sent]:
        """The silence has come."""
        ...


Lines = Mapping[int, Parser]  # a file descriptor that can be waited for, and who reads it


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a wire does not open; `detail` is for the engineer."""

    fault: DeviceFault
    detail: str = ""


class Wire:
    """The devices of one scanner; most have one. Never raises."""

    def open(self) -> Lines | Refusal:
        raise AssertionError("every wire opens in its own way")

    def also(self) -> Lines:
        """What was plugged in since."""
        return {}

    def drop(self, descriptor: int) -> bool:
        """Close what broke; True while something is left that sends codes."""
        del descriptor
        return False

    def close(self) -> None:
        raise AssertionError("every wire closes in its own way")


class LineScanner:
    """kiosk.ports.Scanner over a wire. Wakes for bytes, for a silence that means something, every
    two seconds for new devices, and for `stop`.

    `notice`, when set before `start`, also gets every payload as it was sent, whole or not, on
    this scanner's thread: for the engineer's `takeback scan --held`.
    """

    def __init__(
        self, name: str, wire: Wire, monotonic: Callable[[], float], form: Form | None = None
    ) -> None:
        self.name = name
        self.notice: Callable[[Sent], None] | None = None
        self._wire = wire
        self._form = form or Form()
        self._monotonic = monotonic
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
        account = Account(self.name, emit)
        absent, loose = Patience(self._stop, 0.5, _LONGEST_WAIT_S), Patience(self._stop)
        last = DeviceFault.NONE
        while not self._stop.is_set():
            opened_at = self._monotonic()
            try:
                end = self._serve(account, emit, bell)
            except Exception:
                # A mistake of ours, or of whoever listens: the scanner must not fall silent.
                log.exception("scanner %s: a scan broke", self.name)
                end = Refusal(DeviceFault.INTERNAL)
            # The kernel makes a node before udev gives it to our group.
            just_plugged_in = end.fault is DeviceFault.PERMISSION and last in _AWAY
            if not self._stop.is_set() and not just_plugged_in:
                account.report(end.fault, end.detail)
            last = end.fault
            if end.fault not in _OPENED:
                absent.wait()
                continue
            # A loose plug must not fill the ledger with coming and going.
            if self._monotonic() - opened_at >= _LASTING_S:
                loose.reset()
            loose.wait()

    def _serve(self, account: Account, emit: Emit, bell: int) -> Refusal:
        """One connection, from opening it to its end."""
        lines = self._wire.open()
        if isinstance(lines, Refusal):
            return lines
        try:
            account.report(DeviceFault.NONE)
            again = Again()
            with _Ears(lines, bell, self._monotonic) as ears:
                while not ears.rung:
                    for sent in ears.listen(self._wire):
                        self._hear(sent, again, emit)
                    if ears.deaf:
                        return Refusal(DeviceFault.DISCONNECTED)
        finally:
            with suppress(OSError):  # closing what was pulled out may complain
                self._wire.close()
        return Refusal(DeviceFault.DISCONNECTED)

    def _hear(self, sent: Sent, again: Again, emit: Emit) -> None:
        if self.notice is not None:
            self.notice(sent)
        if not sent.whole:
            log.info("scanner %s: a scan broke off (%s)", self.name, sent.end.value)
            return
        report = scanned(sent.payload, self.name, self._monotonic(), sent.aim, self._form)
        if report is not None and again.is_news(report):
            emit(report)


class _Ears:
    """Waits for the devices of one connection. `rung`: asked to stop; `deaf`: nothing is left
    that sends codes."""

    def __init__(self, lines: Lines, bell: int, monotonic: Callable[[], float]) -> None:
        self.rung = self.deaf = False
        self._lines: dict[int, Parser] = {}
        self._bell = bell
        self._monotonic = monotonic
        self._look_at = monotonic() + _LOOK_S
        self._selector = selectors.DefaultSelector()
        self._selector.register(bell, selectors.EVENT_READ)
        self._take(lines)

    def __enter__(self) -> _Ears:
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()

    def listen(self, wire: Wire) -> list[Sent]:
        """Wait for something, and give what became complete by it."""
        ready = {key.fd for key, _ in self._selector.select(self._wait())}
        if self._bell in ready:
            self.rung = True
            return []
        sent: list[Sent] = []
        for descriptor in ready:
            data = _read(descriptor)
            if data is None:
                self._selector.unregister(descriptor)
                del self._lines[descriptor]
                self.deaf = not wire.drop(descriptor)
            else:
                sent += self._lines[descriptor].feed(data, self._monotonic())
        now = self._monotonic()
        for parser in self._lines.values():
            if (due := parser.due()) is not None and now >= due:
                sent += parser.late(now)
        if now >= self._look_at and not self.deaf:
            self._look_at = now + _LOOK_S
            self._take(wire.also())
        return sent

    def _take(self, lines: Lines) -> None:
        for descriptor, parser in lines.items():
            self._selector.register(descriptor, selectors.EVENT_READ)
            self._lines[descriptor] = parser

    def _wait(self) -> float:
        dues = [due for p in self._lines.values() if (due := p.due()) is not None]
        return max(0.0, min([self._look_at, *dues]) - self._monotonic())


def _read(descriptor: int) -> bytes | None:
    """What has come; b"" for nothing yet, None for a device that is gone."""
    try:
        return os.read(descriptor, _CHUNK) or None
    except BlockingIOError:
        return b""
    except OSError:
        return None
