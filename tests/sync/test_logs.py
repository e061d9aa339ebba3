"""What is written down of requests: a line each, with its id, and nothing that opens anything."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import threading
from collections.abc import Iterator

import pyotp
import pytest
import requests
import sqlalchemy as sa

from sync.central import policy
from sync.central.database import Database
from sync.central.people import creating
from sync.central.rest import keys
from sync.central.watch import logs
from tests.sync.conftest import DATABASES, IDS, MERCHANT, TENANT

pytestmark = pytest.mark.parametrize("database_url", DATABASES[:1], indirect=True)
PASSWORD = "a-password-of-many-words"


class Written(io.StringIO):
    """What was logged. A request's line comes after its answer: `line` waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self._more = threading.Condition()

    def write(self, text: str) -> int:
        with self._more:
            self._more.notify_all()
            return super().write(text)

    @property
    def text(self) -> str:
        return self.getvalue()

    def lines(self, **wanted: object) -> list[dict[str, object]]:
        told = [json.loads(line) for line in self.text.splitlines()]
        return [one for one in told if all(one.get(k) == v for k, v in wanted.items())]

    def line(self, **wanted: object) -> dict[str, object]:
        with self._more:
            assert self._more.wait_for(lambda: self.lines(**wanted), 60), (wanted, self.text)
        return self.lines(**wanted)[0]


@pytest.fixture
def written() -> Iterator[Written]:
    """Everything that is logged, as the command sets it up."""
    root, made = logging.getLogger(), Written()
    before, level = list(root.handlers), root.level
    logs.set_up(logs.Form.JSON, "debug", made)
    logging.getLogger("urllib3").setLevel(logging.INFO)  # our own asking
    yield made
    logging.captureWarnings(False)
    root.handlers[:] = before
    root.setLevel(level)


def test_a_request_has_an_id_that_its_lines_and_its_answer_bear(centre, kiosk, written):
    told = {"X-Request-Id": "from-the-proxy-1"}
    answer = requests.get(centre.url + "/login", headers=told, timeout=10)
    assert answer.headers["x-request-id"] == "from-the-proxy-1"
    line = written.line(event="request", request_id="from-the-proxy-1")
    assert (line["method"], line["route"], line["status"]) == ("GET", "/login", 200)
    assert line["level"] == "info"
    assert line["time"].endswith("Z")
    assert isinstance(line["ms"], float)
    kiosk.push(kiosk.record())
    line = written.line(route="/v1/devices/{device_id}/events")
    assert (line["tenant"], line["device"]) == (TENANT, kiosk.device_id)


@pytest.mark.parametrize("told", ["short", "x" * 101, 'a"b cdefgh', "abcdefg\u00e9"])
def test_an_id_that_is_none_is_not_taken_over(centre, written, told):
    headers = {"X-Request-Id": told.encode("utf-8")}
    answer = requests.get(centre.url + "/login", headers=headers, timeout=10)
    assert answer.headers["x-request-id"] != told
    assert len(answer.headers["x-request-id"]) == 36


def test_nothing_that_opens_anything_is_written_down(centre, clock, database_url, written):
    """Signing in with all there is, rightly and wrongly, and a machine's key."""
    creating.create_admin(centre.database, IDS, TENANT, "wilhelmina", PASSWORD, clock)
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    with centre.database.writing() as c:
        c.execute(sa.text("UPDATE people SET totp_secret = :s"), {"s": secret})
    code = pyotp.TOTP(secret).at(clock.now())
    policy.put_merchant(centre.database, TENANT, MERCHANT, [])
    _, made = keys.make(centre.database, clock, IDS, TENANT, keys.Role.MERCHANT, "linden")
    browser = requests.Session()
    own = {"Origin": centre.url}
    for password in ("wrong-" + PASSWORD, PASSWORD):
        typed = {"name": "wilhelmina", "password": password}
        page = browser.post(centre.url + "/login", data=typed, headers=own, timeout=10)
    csrf = re.search(r'name="csrf" value="(\w+)"', page.text)[1]
    typed = {"code": code, "csrf": csrf}
    page = browser.post(centre.url + "/login/code", data=typed, headers=own, timeout=10)
    assert page.url == centre.url + "/"  # in
    bearer = {"Authorization": f"Bearer {made}"}
    asked = requests.get(centre.url + "/v1/returns?limit=7", headers=bearer, timeout=10)
    assert asked.status_code == 200
    requests.get(centre.url + "/welcome/a-link-that-sets-a-password", timeout=10)
    assert written.line(route="/login", status=303, method="POST")
    assert written.line(route="/v1/returns", tenant=TENANT)
    assert written.line(route="/welcome/{token}")
    cookies = [one.value for one in browser.cookies]
    browser.close()
    hidden = [PASSWORD, secret, csrf, made, "limit=7", "a-link-that", "wilhelmina", *cookies]
    assert cookies
    assert [one for one in hidden if one in written.text] == []
    assert code not in re.findall(r"\w+", written.text)  # six digits may stand in a longer id


def test_a_fault_is_told_without_the_rows_of_the_database(centre, written, monkeypatch):
    def fails(*_args: object) -> None:
        with centre.database.writing() as c:
            c.execute(sa.text("INSERT INTO no_such (a) VALUES (:a)"), {"a": typed})

    typed = "hunter2"
    monkeypatch.setattr(keys, "find", fails)
    answer = requests.get(centre.url + "/v1/returns", timeout=10)
    assert answer.status_code == 500
    line = written.line(event="GET /v1/returns failed")
    assert line["request_id"] == answer.headers["x-request-id"]
    assert "no such table" in str(line["fault"])
    assert typed not in written.text
    assert written.line(event="request", status=500, level="error")


def test_what_all_kiosks_ask_all_day_is_told_only_while_it_fails(centre, written):
    logging.getLogger().setLevel(logging.INFO)
    requests.get(centre.url + "/healthz", timeout=10)
    requests.post(centre.url + "/v1/devices/nobody/heartbeat", timeout=10)
    assert written.line(route="/v1/devices/{device_id}/heartbeat", status=401)
    assert written.lines(route="/healthz") == []


def test_the_plain_form_is_one_line_that_moves_no_cursor(database_url):
    record = logging.LogRecord(
        "x", logging.WARNING, "", 0, "from %s", ("\x1b[2J\nroot: fine",), None
    )
    told = logs.Plain().format(record)
    assert "\x1b" not in told
    assert "\n" not in told
    assert "root: fine" in told


def test_rows_that_postgresql_tells_of_are_left_out(database_url):
    said = "a clash\nDETAIL:  Key (name)=(ada) already exists."
    try:
        raise ValueError(said)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "no", (), sys.exc_info())
    told = json.loads(logs.AsJson().format(record))
    assert "a clash" in told["fault"]
    assert "ada" not in told["fault"]


def test_parameters_are_in_no_error_of_the_database(database_url):
    database = Database(database_url)
    with database.reading() as c, pytest.raises(sa.exc.OperationalError) as caught:
        c.execute(sa.text("SELECT * FROM no_such WHERE a = :a"), {"a": "hunter2"})
    database.close()
    assert "hunter2" not in str(caught.value)
