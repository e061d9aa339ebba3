"""What a virtual printer hangs on: a TCP port or a pseudo terminal."""

from __future__ import annotations

import os
import select
import socket
import struct
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Condition, Lock, Thread
from typing import Protocol

Receive = Callable[[bytes], None]
Ready = Callable[[float], bool]

READ = 4096
SPARE = 256  # bytes kept free in a full printer, so that a real-time question gets through
TURN_AWAY_S = 0.5
LOOK_AGAIN_S = 0.05  # while the printer takes no bytes: is the host still there?


class Link(Protocol):
    """`open` begins to take bytes on a thread of its own; `shut` is what pulling the plug does."""

    def open(self, receive: Receive, ready: Ready) -> None: ...

    def send(self, data: bytes) -> None: ...

    def shut(self) -> None: ...


class TcpLink:
    """One host at a time; a second one is turned away, as network printers do."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._lock = Condition()
        self._listener: socket.socket | None = None
        self._host: socket.socket | None = None
        self._thread: Thread | None = None

    def open(self, receive: Receive, ready: Ready) -> None:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, READ)  # a small machine's network
        listener.bind(("127.0.0.1", self.port))
        listener.listen()
        self.port = listener.getsockname()[1]
        self._listener = listener
        self._thread = Thread(
            target=self._serve,
            args=(listener, receive, ready),
            name="virtual-printer-link",
            daemon=True,
        )
        self._thread.start()

    def _serve(self, listener: socket.socket, receive: Receive, ready: Ready) -> None:
        """Hosts one after the other; the thread that reads one ends before this one does."""
        readers: list[Thread] = []
        while (host := _accepted(listener)) is not None:
            with self._lock:
                # The host before may have said good-bye a moment ago.
                free = self._lock.wait_for(lambda: self._host is None, TURN_AWAY_S)
                if not free or self._listener is not listener:
                    host.close()
                    continue
                self._host = host
            reader = Thread(target=self._read, args=(host, receive, ready), daemon=True)
            readers = [t for t in readers if t.is_alive()] + [reader]
            reader.start()
        for reader in readers:
            reader.join()

    def _read(self, host: socket.socket, receive: Receive, ready: Ready) -> None:
        spare = SPARE
        try:
            while True:
                size = READ if ready(LOOK_AGAIN_S) else _still(host, spare)
                if size == 0:
                    continue
                data = host.recv(size)
                spare -= len(data) if size < READ else 0
                if not data:
                    return
                receive(data)
        except OSError:
            return
        finally:
            with self._lock:
                if self._host is host:
                    self._host = None
                host.close()
                self._lock.notify_all()

    def send(self, data: bytes) -> None:
        with self._lock, suppress(OSError):
            if self._host is not None:
                self._host.sendall(data)

    def shut(self) -> None:
        with self._lock:
            listener, self._listener = self._listener, None
            host, self._host = self._host, None
            self._lock.notify_all()
        if host is not None:
            with suppress(OSError):
                host.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                host.shutdown(socket.SHUT_RDWR)
        if listener is not None:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes the accept; closing would not
            listener.close()
        if self._thread is not None:
            self._thread.join()
            self._thread = None


def _accepted(listener: socket.socket) -> socket.socket | None:
    try:
        return listener.accept()[0]
    except OSError:
        return None


def _still(host: socket.socket, spare: int) -> int:
    """How much a full printer takes from this host. All of it once the host has hung up: the
    network side keeps it and frees the line. Raises OSError when the line was cut."""
    poll = select.poll()
    poll.register(host, select.POLLRDHUP | select.POLLIN)
    events = sum(found for _, found in poll.poll(0))
    if events & (select.POLLHUP | select.POLLERR):
        raise ConnectionError("the host is gone")
    if events & select.POLLRDHUP:
        return READ
    return spare if events & select.POLLIN else 0


class SerialLink:
    """A pseudo terminal behind a symbolic link, so that its name survives the unplugging."""

    def __init__(self, device: Path) -> None:
        self._device = device
        self._lock = Lock()
        self._ends: tuple[int, int] | None = None
        self._wake: tuple[int, int] | None = None
        self._thread: Thread | None = None

    def open(self, receive: Receive, ready: Ready) -> None:
        near, far = os.openpty()
        # The far end stays open here: without any holder the near end reports an error for ever.
        tty.setraw(far)
        os.set_blocking(near, False)
        self._device.unlink(missing_ok=True)
        self._device.symlink_to(os.ttyname(far))
        self._ends, self._wake = (near, far), os.pipe()
        wake = self._wake[0]
        self._thread = Thread(
            target=lambda: self._read(near, wake, receive, ready),
            name="virtual-printer-link",
            daemon=True,
        )
        self._thread.start()

    def _read(self, near: int, wake: int, receive: Receive, ready: Ready) -> None:
        while True:
            room = ready(LOOK_AGAIN_S)
            waiting = [near, wake] if room else [wake]
            readable, _, _ = select.select(waiting, [], [], None if room else 0)
            if wake in readable:
                return
            if near in readable:
                try:
                    receive(os.read(near, READ))
                except OSError:
                    return

    def send(self, data: bytes) -> None:
        with self._lock, suppress(OSError):
            if self._ends is not None:
                os.write(self._ends[0], data)

    def shut(self) -> None:
        with self._lock:
            ends, self._ends = self._ends, None
            wake, self._wake = self._wake, None
        if ends is None or wake is None:
            return
        os.write(wake[1], b"x")
        if self._thread is not None:
            self._thread.join()
        self._device.unlink(missing_ok=True)
        for descriptor in (*ends, *wake):
            os.close(descriptor)
