"""`takeback demo --journey counter` as a person starts it: window, camera, paper and centre."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import PATIENCE_S, surroundings

SEEN = (
    "sign-in",
    "choose-pin",
    "scan-anything",
    "delivery",
    "both-counts",
    "shelve",
    "hand-out",
    "wrong-parcel",
    "handed-out",
    "customers-parcel",
    "home",
)


@pytest.mark.timeout(150)
def test_a_morning_at_the_counter(tmp_path: Path) -> None:
    data, out = tmp_path / "demo", tmp_path / "out"
    command = [sys.executable, "-m", "kiosk", "demo", "--journey", "counter"]
    done = subprocess.run(
        [*command, "--data", str(data), "--out", str(out)],
        env=surroundings(),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    log = (data / "kiosk.log").read_text()
    assert "Traceback" not in log + done.stderr
    pictures = sorted(path.name.split("-", 1)[1] for path in out.glob("[0-9][0-9]-*.png"))
    assert pictures == sorted(f"{name}.png" for name in SEEN)
    assert len(list((data / "paper").glob("*.png"))) == 1, "the customer's receipt"
