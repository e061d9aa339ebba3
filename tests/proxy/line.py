"""The way between a kiosk and its centre: real sockets on loopback, and one fault at a time.

Nothing here sleeps. A fault that makes the kiosk wait does so until the test lifts it, or until
the kiosk hangs up; what a test waits for is told by `met`.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from tests.proxy import messages
from tests.proxy.messages import Message

LOOPBACK = "127.0.0.1"
PATIENCE_S = 30.0
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER with no time: close() sends RST


class Fault:
    """One kind of harm; an object serves one `Line.meets`."""

    strikes: ClassVar[bool] = True
    """Whether the line can tell that it was met."""

    def begin(self, line: Line) -> None:
        """From now on."""

    def end(self, line: Line) -> None:
        """No longer."""

    def greet(self, line: Line, kiosk: socket.socket) -> socket.socket | None:
        """A connection has come: what to speak on, None where it ends here."""
        return line.secured(kiosk)

    def carry(self, talk: Talk) -> None:
        """A request has come."""
        talk.say(talk.ask().whole)

    def did_no_harm(self) -> None:
        """Asserts what only the fault itself can know."""


class Well(Fault):
    """No harm; good answers are kept for those who will want to repeat one."""

    def carry(self, talk: Talk) -> None:
        told = talk.ask()
        if told.status == 200:
            talk.line.keep(talk.asked.path, told)
        talk.say(told.whole)


WELL = Well()


class Over(Exception):
    """This connection has ended; nobody is to be told."""


@dataclass
class Phase:
    """One fault's time. `lifted` becomes readable, for everybody at once, when it is over; it is
    closed by the last one who looks at it. Changed by its line only."""

    fault: Fault
    only: str
    lifted: socket.socket
    lift: socket.socket
    met: int = 0
    users: int = 1  # the line, while it lasts

    @classmethod
    def of(cls, fault: Fault, only: str = "") -> Phase:
        lifted, lift = socket.socketpair()
        return cls(fault, only, lifted, lift)


@dataclass
class Talk:
    """One request of the kiosk, and hands to do something with it."""

    line: Line
    phase: Phase
    kiosk: socket.socket
    asked: Message
    said: int = 0
    """Bytes that went to the kiosk."""

    def ask(self, request: bytes | None = None, *, pieces: int = 0) -> Message:
        """Have it done by the centre; `pieces` bytes at a time. Raises Over where the centre
        does not answer."""
        data = self.asked.whole if request is None else request
        return self.line.ask(data, pieces)

    def say(self, data: bytes, *, pieces: int = 0) -> None:
        """To the kiosk. Raises Over where it has hung up."""
        try:
            for part in _pieces(data, pieces):
                self.kiosk.sendall(part)
                self.said += len(part)
        except OSError:
            raise Over from None

    def for_ever(self, data: bytes) -> None:
        """As fast as the kiosk takes it, until it hangs up or the fault is over."""
        while self.phase is self.line.phase:
            self.say(data)

    def drip(self, data: bytes, every_s: float) -> None:
        """Again and again, one byte now and then, until it hangs up or the fault is over."""
        while True:
            for byte in data:
                self.say(bytes((byte,)))
                if self.wait(every_s):
                    return

    def wait(self, most_s: float | None = None) -> bool:
        """Say nothing until the fault is over or `most_s` have passed; whether it is over.
        Raises Over where the kiosk has hung up."""
        # TLS may hold bytes back that select() does not know of; a kiosk says nothing meanwhile.
        ready, _, _ = select.select([self.phase.lifted, self.kiosk], [], [], most_s)
        if self.kiosk in ready:
            raise Over
        return self.phase.lifted in ready

    def reset(self) -> None:
        """Close with RST, and lose what was not read yet."""
        self.kiosk.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        raise Over


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    step = size or max(1, len(data))
    for at in range(0, len(data), step):
        yield data[at : at + step]


@dataclass
class Line:
    """Listens on a port of its own from the start; `centre` is asked for the centre's port at
    each request, so that it may move. `tls` makes it the proxy that ends TLS."""

    centre: Callable[[], int]
    tls: ssl.SSLContext | None = None
    phase: Phase = field(default_factory=lambda: Phase.of(WELL))
    requests: list[Message] = field(default_factory=list)
    """All that came, in order."""
    past: dict[str, Message] = field(default_factory=dict)
    """The last good answer for each path."""
    certificates: Mapping[str, ssl.SSLContext] = field(default_factory=dict)
    host: str = LOOPBACK
    port: int = 0

    def __post_init__(self) -> None:
        self._more = threading.Condition()
        self._open: dict[threading.Thread, socket.socket] = {}
        self._listening: socket.socket | None = None
        self.listen()

    @property
    def url(self) -> str:
        return f"http{'s' if self.tls else ''}://{self.host}:{self.port}"

    # --- the test's hands ---

    def meets(self, fault: Fault, only: str = "") -> None:
        """From the next request on whose path has `only` in it; what is under way ends as it
        began."""
        self._turn(Phase.of(fault, only))

    def is_well(self) -> None:
        """The fault is over, and whoever was held goes on."""
        self._turn(Phase.of(WELL))

    def _turn(self, phase: Phase) -> None:
        with self._more:
            before, self.phase = self.phase, phase
        before.fault.end(self)
        before.lift.close()
        self._leave(before)
        phase.fault.begin(self)

    def _leave(self, phase: Phase) -> None:
        with self._more:
            phase.users -= 1
            if not phase.users:
                phase.lifted.close()

    @contextlib.contextmanager
    def now(self) -> Iterator[Phase]:
        """The phase at this moment, kept whole for as long as somebody is in it."""
        with self._more:
            phase = self.phase
            phase.users += 1
        try:
            yield phase
        finally:
            self._leave(phase)

    def until_met(self, times: int = 1) -> None:
        """The fault has struck so often since it began."""
        phase = self.phase
        with self._more:
            came = self._more.wait_for(lambda: phase.met >= times, PATIENCE_S)
        assert came, f"{type(phase.fault).__name__} was met {phase.met} times"

    def struck(self, phase: Phase) -> None:
        """For faults that strike outside of `greet` and `carry`."""
        with self._more:
            phase.met += 1
            self._more.notify_all()

    def cut(self) -> None:
        """Every connection ends."""
        with self._more:
            for one in self._open.values():
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.is_well()
        self.deaf()
        self.cut()
        for thread in [*self._open]:
            thread.join(PATIENCE_S)
            assert not thread.is_alive()
        self.phase.lift.close()
        self._leave(self.phase)

    # --- the ear ---

    def listen(self) -> None:
        """On the same port as before."""
        made = socket.socket()
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((LOOPBACK, self.port))
        made.listen(64)
        self.port = made.getsockname()[1]
        self._listening = made
        threading.Thread(target=self._accept, args=(made,), name="line", daemon=True).start()

    def deaf(self) -> None:
        """Nobody listens there any more; connections that stand go on."""
        ear, self._listening = self._listening, None
        if ear is not None:
            with contextlib.suppress(OSError):
                ear.shutdown(socket.SHUT_RDWR)
            ear.close()

    def _accept(self, ear: socket.socket) -> None:
        while True:
            try:
                kiosk, _ = ear.accept()
            except OSError:
                return
            kiosk.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            thread = _Carrier(self, kiosk)
            with self._more:
                self._open[thread] = kiosk
            thread.start()

    def gone(self, thread: threading.Thread) -> None:
        with self._more:
            self._open.pop(thread, None)
            self._more.notify_all()

    # --- what carriers ask ---

    def secured(self, kiosk: socket.socket) -> socket.socket | None:
        """Speak TLS on it where we do; None where the kiosk did not like what it saw."""
        if self.tls is None:
            return kiosk
        return handshake(kiosk, self.tls)

    def ask(self, request: bytes, pieces: int = 0) -> Message:
        try:
            with socket.create_connection((LOOPBACK, self.centre()), PATIENCE_S) as centre:
                centre.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for part in _pieces(request, pieces):
                    centre.sendall(part)
                with centre.makefile("rb") as stream:
                    told = messages.read(stream)
        except OSError:
            raise Over from None
        if told is None:
            raise Over
        return told

    def hurl(self, beginning: bytes) -> None:
        """Send the centre this much and hang up; wait until it has noticed."""
        with socket.create_connection((LOOPBACK, self.centre()), PATIENCE_S) as centre:
            centre.sendall(beginning)
            centre.shutdown(socket.SHUT_WR)
            while centre.recv(64 << 10):
                pass

    def took(self, asked: Message) -> None:
        with self._more:
            self.requests.append(asked)

    def speaks(self, thread: threading.Thread, kiosk: socket.socket) -> None:
        with self._more:
            self._open[thread] = kiosk

    def keep(self, path: str, told: Message) -> None:
        with self._more:
            self.past[path] = told


def handshake(kiosk: socket.socket, context: ssl.SSLContext) -> ssl.SSLSocket | None:
    try:
        return context.wrap_socket(kiosk, server_side=True)
    except OSError:
        kiosk.close()
        return None


class _Carrier(threading.Thread):
    """One connection of the kiosk."""

    def __init__(self, line: Line, kiosk: socket.socket) -> None:
        super().__init__(name="line-carries", daemon=True)
        self.line = line
        self.kiosk = kiosk

    def run(self) -> None:
        try:
            speaking = self._greet()
            if speaking is not None:
                self.kiosk = speaking
                self.line.speaks(self, speaking)
                with speaking.makefile("rb") as stream:
                    while (asked := messages.read(stream)) is not None:
                        self._carry(asked)
        except (Over, OSError):
            pass
        finally:
            self.kiosk.close()
            self.line.gone(self)

    def _greet(self) -> socket.socket | None:
        with self.line.now() as phase:
            if type(phase.fault).greet is not Fault.greet:
                self.line.struck(phase)
            return phase.fault.greet(self.line, self.kiosk)

    def _carry(self, asked: Message) -> None:
        with self.line.now() as phase:
            self.line.took(asked)
            fault = phase.fault if phase.only in asked.path else WELL
            if type(fault).carry not in (Fault.carry, Well.carry):
                self.line.struck(phase)
            fault.carry(Talk(self.line, phase, self.kiosk, asked))
