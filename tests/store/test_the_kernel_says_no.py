"""The disk is full, read-only or broken, as the kernel says it: its answers to the store are
changed on the way (strace, docs/adr/0015). Nothing half is kept, and it goes on by itself."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kiosk.store import open_store
from kiosk.world import SystemClock, SystemIds

PROGRAM = Path(__file__).with_name("failing_disk.py")
ROOT = PROGRAM.parents[2]


def live(directory: Path, call: str, error: str, when: str) -> dict[str, Any]:
    """The program on a disk of which some calls on the ledger's log fail."""
    open_store(directory, SystemClock(), SystemIds()).close()
    strace = shutil.which("strace")
    assert strace, "strace is not there; .ci/setup installs it"
    command = [
        *(strace, "-f", "-qq", "-o", "/dev/null", "-P", f"{directory}/ledger.db-wal"),
        *("-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}"),
        *("--", sys.executable, str(PROGRAM), str(directory)),
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def kept(found: dict[str, Any], directory: Path) -> None:
    """What was said to be on the disk is there, in one chain, and nothing else; also for whoever
    opens it next."""
    assert found["whole"]
    assert found["queued"] == found["told"].count("ok")
    assert found["told"][-1] == "ok"
    assert found["failure"] is None
    store = open_store(directory, SystemClock(), SystemIds())
    assert store.outbox.position().queued == found["queued"]
    assert store.outbox.verify() is None
    store.close()


@pytest.mark.parametrize(
    ("call", "error", "when", "cause"),
    [
        ("pwrite64", "ENOSPC", "30..32", "full"),
        ("pwrite64", "EROFS", "30..32", "io"),
        ("pwrite64", "EIO", "31..31", "io"),
        ("fsync", "EIO", "4..5", "io"),
    ],
)
def test_what_the_disk_refuses_is_refused_and_what_comes_after_is_kept(
    tmp_path: Path, call: str, error: str, when: str, cause: str
) -> None:
    found = live(tmp_path / "data", call, error, when)
    assert set(found["told"]) <= {"ok", cause}
    assert found["told"].count(cause) + (not found["ballast"]) >= 1, "nothing failed"
    assert found["ballast"] is (cause != "full")
    kept(found, tmp_path / "data")


def test_a_disk_that_is_full_for_a_moment_costs_the_ballast_and_no_fact(tmp_path: Path) -> None:
    found = live(tmp_path / "data", "pwrite64", "ENOSPC", "30..30")
    assert set(found["told"]) == {"ok"}
    assert not found["ballast"]
    kept(found, tmp_path / "data")
