"""Faults before anything is said: no name, nobody there, nobody who answers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.proxy.line import LOOPBACK, PATIENCE_S, Fault, Line

NAME = "centre.test"


@dataclass
class Names:
    """What the system's resolver says of NAME; every other name goes its usual way. To be put in
    the place of `socket.getaddrinfo`."""

    known: threading.Event = field(default_factory=threading.Event)
    silent: bool = False
    asked: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self._real = socket.getaddrinfo
        self.known.set()

    def __call__(self, host: Any, *arguments: Any, **more: Any) -> Any:
        if host != NAME:
            return self._real(host, *arguments, **more)
        if not self.known.is_set():
            self.asked()
            if self.silent:
                self.known.wait(PATIENCE_S)
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return self._real(LOOPBACK, *arguments, **more)


@dataclass
class NoName(Fault):
    """The name of the centre is not known; `silent` where nobody even says so."""

    names: Names
    silent: bool = False

    def begin(self, line: Line) -> None:
        phase = line.phase
        self.names.silent = self.silent
        self.names.asked = lambda: line.struck(phase)
        self.names.known.clear()
        line.cut()

    def end(self, line: Line) -> None:
        self.names.known.set()


class Nobody(Fault):
    """The connection is refused: nobody listens."""

    strikes = False

    def begin(self, line: Line) -> None:
        line.deaf()
        line.cut()

    def end(self, line: Line) -> None:
        line.listen()


class Unheard(Fault):
    """The first packet of each connection is dropped: neither yes nor no. A listener whose queue
    is full does that."""

    strikes = False

    def begin(self, line: Line) -> None:
        line.deaf()
        line.cut()
        ear = socket.socket()
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        ear.bind((LOOPBACK, line.port))
        ear.listen(0)
        self._all = [ear]
        for _ in range(3):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex((LOOPBACK, line.port))
            self._all.append(one)

    def end(self, line: Line) -> None:
        for one in self._all:
            one.close()
        line.listen()
