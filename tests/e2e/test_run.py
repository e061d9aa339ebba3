"""`takeback run` as systemd starts and ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest


@pytest.mark.timeout(120)
def test_a_kiosk_that_nobody_set_up_says_so_and_ends_when_asked(tmp_path) -> None:
    settings = tmp_path / "takeback.toml"
    settings.write_text(f'data_dir = "{tmp_path / "data"}"\n')
    process = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "run", "--settings", str(settings), "--windowed"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"},
    )
    said = []
    for line in process.stderr:
        said.append(line)
        if "out of service: not_enrolled" in line:
            process.send_signal(signal.SIGTERM)
    assert process.wait() == 0
    process.stderr.close()
    assert any("not_enrolled" in line for line in said)
    assert not [line for line in said if "Traceback" in line or "qml" in line]
