"""`takeback central serve --workers`: as the operator starts it, with one address for measures."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

SERVE = ("central", "serve", "--port", "0")


@pytest.fixture
def workers(shop):
    command = [sys.executable, "-m", "kiosk", *SERVE, "--database", shop.database, "--json"]
    more = ["--workers", "2", "--metrics", "127.0.0.1:0", "--until-eof"]
    process = subprocess.Popen(
        [*command, *more],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def children(process) -> set[int]:
    """Pids of its children."""
    told = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return {int(pid) for pid in told.split()}


def measured(url: str, name: str) -> float:
    lines = requests.get(url, timeout=30).text.splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))


def ask(url: str, count: int) -> None:
    for _ in range(count):
        with requests.Session() as session:  # a connection of its own: any worker may take it
            assert session.get(f"{url}/login", timeout=30).status_code == 200


def test_two_workers_serve_one_address_and_one_that_ends_is_started_again(workers):
    told = json.loads(workers.stdout.readline())
    asked = 'takeback_http_requests_total{method="GET",route="/login",status="200"}'
    ask(told["serving"], 10)
    before = children(workers)
    assert len(before) == 3  # and who tells Prometheus
    assert measured(told["metrics"], "takeback_worker_starts_total") == 2
    os.kill(min(before), signal.SIGKILL)
    ends = time.monotonic() + 60
    while measured(told["metrics"], "takeback_worker_starts_total") < 3:
        assert time.monotonic() < ends
    assert len(children(workers) - before) == 1
    ask(told["serving"], 10)
    while measured(told["metrics"], asked) < 20:  # those of the dead count on
        assert time.monotonic() < ends
    out, err = workers.communicate(timeout=60)
    assert (workers.returncode, out) == (0, "")
    lines = [json.loads(line) for line in err.splitlines()]
    assert "worker 0 ended of itself with status -9; it is started again" in {
        line["event"] for line in lines
    }
    assert len([line for line in lines if line.get("route") == "/login"]) == 20


def test_what_keeps_them_from_serving_is_said_once(process, tmp_path):
    absent = f"sqlite:///{tmp_path}/none/c.db"
    told = process(*SERVE, "--database", absent, "--workers", "3").says(1, "its folder exist")
    assert told.err.count("its folder exist") == 1
