"""A window without a screen: Qt's VNC plugin, held to loopback.

The plugin listens on every interface and asks no password. Here it starts on a port of the
system's choice, and its listening descriptor is at once replaced by a socket bound to 127.0.0.1;
Qt accepts by descriptor number and does not notice.
"""

from __future__ import annotations

import os
import re
import socket
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication

PATIENCE_S = 10.0
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


def hold_to_loopback(port: int) -> int:
    """Put a socket on 127.0.0.1:`port` (0: a free one) in the place of the plugin's; answers the
    port. Call it right after the application is made, before anything else takes time. Raises
    OSError where the port is taken, TimeoutError where the plugin opens no socket."""
    ends = time.monotonic() + PATIENCE_S
    # The plugin opens its socket on the first turn of the event loop.
    while not (descriptors := wildcard_listeners()):
        if time.monotonic() > ends:
            raise TimeoutError("the VNC plugin does not listen")
        QCoreApplication.processEvents()
    with socket.socket() as ours:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        ours.bind(("127.0.0.1", port))
        ours.listen(4)
        ours.setblocking(False)
        taken: int = ours.getsockname()[1]
        for descriptor in descriptors:
            os.dup2(ours.fileno(), descriptor)
    return taken
