"""The window without a screen is reachable on loopback and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys

SERVED = """
import socket, threading
from PySide6.QtGui import QGuiApplication
from PySide6.QtCore import QTimer
import PySide6.QtQuick
from PySide6.QtQml import QQmlApplicationEngine
from ui import vnc

app = QGuiApplication([])
engine = QQmlApplicationEngine()
engine.loadData(b"import QtQuick; Window { visible: true; width: 320; height: 200 }")

def look(port):
    def client():
        with socket.create_connection(("127.0.0.1", port), 10) as peer:
            peer.settimeout(10)
            print("hello", peer.recv(12).decode().strip())
            peer.sendall(b"RFB 003.003\\n")
            security = int.from_bytes(peer.recv(4), "big")
            peer.sendall(b"\\x01")
            size = peer.recv(4)
            width, height = (int.from_bytes(size[i : i + 2], "big") for i in (0, 2))
            print("security", security, "size", width, height)
        print("wildcard", vnc.wildcard_listeners())
        QTimer.singleShot(0, app, app.quit)
    threading.Thread(target=client).start()

look(vnc.hold_to_loopback(0))
QTimer.singleShot(30000, app.quit)
app.exec()
"""


def test_a_viewer_on_loopback_is_greeted_and_nothing_listens_elsewhere() -> None:
    from ui import vnc

    done = subprocess.run(
        [sys.executable, "-c", SERVED],
        env={
            **os.environ,
            "QT_QPA_PLATFORM": vnc.platform(320, 200),
            "QT_QUICK_BACKEND": "software",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "hello RFB 003" in done.stdout, done.stderr
    assert "size 320 200" in done.stdout
    assert "wildcard []" in done.stdout
