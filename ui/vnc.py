"""A window without a screen: Qt's VNC plugin, held to loopback.

The plugin listens on every interface and asks no password. Here it starts on a port of the
system's choice, and its listening descriptor is at once replaced by a socket bound to 127.0.0.1;
Qt accepts by descriptor number and does not notice.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

_LISTENING = "0A"  # /proc/net/tcp, state column: TCP_LISTEN


def platform(width: int, height: int) -> str:
    """The value for QT_QPA_PLATFORM; port 0 until `hold_to_loopback` has done its work."""
    return f"vnc:port=0:size={width}x{height}"


def wildcard_listeners() -> list[int]:
    """This process's descriptors that listen for TCP on every interface."""
    inodes = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/self/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            address = fields[1].partition(":")[0]
            if fields[3] == _LISTENING and not address.strip("0"):
                inodes.add(fields[9])
    found = []
    for entry in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink(f"/proc/self/fd/{entry}")
        except OSError:
            continue  # closed while we looked
        match = re.fullmatch(r"socket:\[(\d+)\]", target)
        if match and match[1] in inodes:
            found.append(int(entry))
    return found


class LoopbackHold(QObject):
    """Watches for the plugin's socket and replaces it; `ready` then gets the port."""

    def __init__(self, port: int, ready: Callable[[int], None]) -> None:
        super().__init__()
        self._port = port
        self._ready = ready
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        # The plugin opens its socket on the first turn of the event loop, so we look every turn.
        descriptors = wildcard_listeners()
        if not descriptors:
            return
        self._timer.stop()
        with socket.socket() as ours:
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            ours.bind(("127.0.0.1", self._port))
            ours.listen(4)
            ours.setblocking(False)
            port: int = ours.getsockname()[1]
            for descriptor in descriptors:
                os.dup2(ours.fileno(), descriptor)
        self._ready(port)
