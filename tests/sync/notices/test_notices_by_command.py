"""`takeback central notices`, and the real thing: a sender that is killed, and another one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter

import pytest
from typer.testing import CliRunner

from kiosk.cli.central import app
from tests.sync.conftest import TENANT, TestClock
from tests.sync.notices.conftest import SECRETS

KEYS = f"k1 {SECRETS.keys[0][1].hex()}\n"


class Now(TestClock):
    """The wall's time: commands have no other."""

    def __init__(self) -> None:
        from kiosk.world import SystemClock

        super().__init__()
        self._now = SystemClock().now()


@pytest.fixture
def clock() -> TestClock:
    return Now()


@pytest.fixture
def keys(tmp_path):
    path = tmp_path / "secrets"
    path.write_text(KEYS)
    return path


def asked(desk, *words):
    url = desk.centre.database.engine.url.render_as_string(hide_password=False)
    return [*words, "--tenant", TENANT, "--database", url]


def sending(desk, keys):
    network = ("--webhook-network", "127.0.0.0/8")
    return [*asked(desk, "notices", "send"), "--secrets", str(keys), *network]


def test_what_waits_is_sent_or_dropped_and_nobody_is_named(desk, office, keys):
    desk.mail(office.port)
    desk.put("P1")
    shown = CliRunner().invoke(app, asked(desk, "notices", "waiting"))
    assert "arrived" in shown.output
    assert "ada" not in shown.output
    sent = CliRunner().invoke(app, sending(desk, keys))
    assert "sent 1," in sent.output
    desk.put("P2")
    dropped = CliRunner().invoke(app, asked(desk, "notices", "drop"))
    assert dropped.output == "dropped 1\n"
    assert {row.hidden for row in desk.rows()} == {""}


@pytest.mark.long
@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_a_sender_that_is_killed_while_the_server_hears_it_makes_nothing_twice(
    desk, office, keys, clock, verb
):
    """At DATA the server has the whole letter; before, nothing."""
    desk.mail(office.port)
    made = {f"<{desk.put(f'P{n}')}@shop.example>" for n in range(3)}
    command = [sys.executable, "-m", "kiosk", "central", *sending(desk, keys)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(said: str) -> None:
        if said == verb and process.returncode is None:
            os.kill(process.pid, signal.SIGKILL)

    office.asked = kill
    process.wait(60)
    assert process.returncode == -signal.SIGKILL
    office.asked = lambda said: None
    clock.advance(minutes=3)
    desk.send()
    told = Counter(office.ids)
    assert set(told.values()) == {1}
    assert set(told) == made
    assert sorted(row.why for row in desk.rows() if row.why) == (
        ["unsure"] if verb == "DATA" else []
    )
