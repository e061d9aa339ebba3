"""What Prometheus is told: what was counted, how things stand, and never whose it was."""

from __future__ import annotations

import asyncio
import re
import time
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import requests
import yaml
from litestar.testing import TestClient
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from sync.central.admission import Gate
from sync.central.cases import Kind
from sync.central.centre import Centre as Held
from sync.central.database import Database
from sync.central.jobs import Job, Jobs
from sync.central.serve import Serving
from sync.central.watch import scraping
from tests.sync.conftest import DATABASES, IDS, TENANT

ON_SQLITE = pytest.mark.parametrize("database_url", DATABASES[:1], indirect=True)
RULES = Path(__file__).parents[2] / "assets" / "centre" / "alerts.yaml"


class Scraped:
    """What one scrape told, by name and labels."""

    def __init__(self, text: str) -> None:
        self.text = text
        families = list(text_string_to_metric_families(text))
        self.samples = {
            (one.name, frozenset(one.labels.items())): one.value
            for family in families
            for one in family.samples
        }

    def value(self, name: str, **labels: str) -> float:
        return self.samples.get((name, frozenset(labels.items())), 0.0)


@pytest.fixture
def scrape(centre, database_url):
    """Asks as Prometheus does, over HTTP. The clock moves on, so that it is asked anew."""
    database = Database(database_url)
    told = scraping.registry(database, centre.clock)
    server = Serving(lambda: scraping.app(told))
    server.start()

    def ask(url: str = server.url) -> Scraped:
        centre.clock.advance(seconds=11)
        answer = requests.get(url + "/metrics", timeout=30)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain; version=")
        return Scraped(answer.text)

    yield ask
    server.stop()
    database.close()


@ON_SQLITE
def test_requests_are_counted_by_route_and_not_by_path(centre, kiosk, scrape):
    before = scrape()
    kiosk.push(kiosk.record())
    requests.get(centre.url + "/cases/nobody-knows", timeout=10)
    requests.get(centre.url + "/no/such/path", timeout=10)
    requests.request("BREW", centre.url + "/", timeout=10)
    name, asked = (
        "takeback_http_requests_total",
        (
            {"method": "POST", "route": "/v1/devices/{device_id}/events", "status": "200"},
            {"method": "GET", "route": "/cases/{case_id}", "status": "303"},
            {"method": "GET", "route": "none", "status": "404"},
            {"method": "other", "route": "none", "status": "405"},
        ),
    )
    ends = time.monotonic() + 60  # a request is counted once its answer is out
    while True:
        after = scrape()
        more = [after.value(name, **one) - before.value(name, **one) for one in asked]
        if more == [1, 1, 1, 1] or time.monotonic() > ends:
            break
    assert more == [1, 1, 1, 1]
    assert kiosk.device_id not in after.text
    assert TENANT not in after.text


@ON_SQLITE
def test_events_are_counted_by_what_became_of_them(kiosk, scrape, clock):
    before = scrape()
    first = kiosk.record()
    clock.advance(minutes=2)
    kiosk.push(first, kiosk.record())
    kiosk.push(first)
    kiosk.push(kiosk.record({"nothing": "we know"}, type="takeback.drop.committed.v1"))
    clash = kiosk.record(kiosk.history[1].data, id=first.id)
    kiosk.push(clash)
    kiosk.push(kiosk.record(), prev_chain="f" * 64)
    after = scrape()

    def more(name: str, **labels: str) -> float:
        return after.value(name, **labels) - before.value(name, **labels)

    told = {
        outcome: more("takeback_ingest_events_total", outcome=outcome)
        for outcome in ("accepted", "duplicate", "quarantined", "conflict", "rejected")
    }
    expected = {"accepted": 2, "duplicate": 1, "quarantined": 1, "conflict": 1, "rejected": 1}
    assert told == expected
    assert more("takeback_ingest_lag_seconds_count") == 2
    assert more("takeback_ingest_lag_seconds_sum") == 120


@ON_SQLITE
def test_who_finds_no_room_is_counted_with_what_they_were_told(scrape):
    before, asked = scrape(), []

    async def nothing(_scope, _receive, _send) -> None:
        raise AssertionError("nobody gets in")

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b""}

    async def send(message) -> None:
        asked.append(message)

    scope = {"type": "http", "path": "/v1/devices/d/heartbeat", "headers": []}
    asyncio.run(Gate(nothing, beats=0, patience_s=0)(scope, receive, send))
    name, after = "takeback_admission_retry_after_seconds_count", scrape()
    assert asked[0]["status"] == 503
    assert after.value(name, lane="beat") - before.value(name, lane="beat") == 1
    assert after.value("takeback_admission_requests", lane="beat") == 0


def test_how_things_stand_is_read_from_the_database(centre, kiosk, enrolled, scrape, clock):
    enrolled("K2")
    kiosk.push(kiosk.record({"nothing": "we know"}, type="takeback.drop.committed.v1"))
    with_one = scrape()
    assert with_one.value("takeback_database_up") == 1
    assert with_one.value("takeback_kiosks", state="online") == 1
    assert with_one.value("takeback_kiosks", state="never") == 1
    assert with_one.value("takeback_cases_open", kind="quarantined_event") == 1
    assert {kind.value for kind in Kind} == {
        dict(labels)["kind"] for name, labels in with_one.samples if name == "takeback_cases_open"
    }
    clock.advance(minutes=4)
    assert scrape().value("takeback_kiosks", state="late") == 1


@ON_SQLITE
def test_a_job_that_fails_shows_since_when(centre, scrape, clock):
    faults: list[Exception] = []

    def work(_centre, _go_on) -> str:
        clock.advance(seconds=3)
        if faults:
            raise faults.pop()
        return ""

    made = Jobs(_held(centre), [job := Job("count", timedelta(), work)])
    assert made.run(job)
    well = clock.now().timestamp()
    faults.append(OSError("full"))
    assert not made.run(job)
    told = scrape()
    assert told.value("takeback_job_last_success_timestamp_seconds", job="count") == well
    assert told.value("takeback_job_last_duration_seconds", job="count") == 3
    assert told.value("takeback_job_failing", job="count") == 1
    assert told.value("takeback_job_runs_total", job="count") == 2


def _held(centre):
    return Held(centre.database, centre.clock, IDS, ZoneInfo("UTC"))


@ON_SQLITE
def test_a_database_that_is_gone_is_told_and_nothing_else_of_it(tmp_path, clock, database_url):
    database = Database(database_url)
    told = scraping.registry(database, clock)
    (tmp_path / "centre.db").unlink()
    (tmp_path / "centre.db").mkdir()
    scraped = Scraped(generate_latest(told).decode())
    database.close()
    assert ("takeback_database_up", frozenset()) in scraped.samples
    assert scraped.value("takeback_database_up") == 0
    assert "takeback_kiosks" not in scraped.text


@ON_SQLITE
def test_the_address_has_one_path_and_takes_nothing(database_url, clock):
    database = Database(database_url)
    with TestClient(scraping.app(scraping.registry(database, clock))) as asking:
        assert asking.get("/").status_code == 404
        assert asking.post("/metrics").status_code == 405
    database.close()


@ON_SQLITE
def test_alerts_ask_for_measures_that_there_are(centre, kiosk, scrape, clock):
    kiosk.push(kiosk.record())
    done = Job("count", timedelta(), lambda _centre, _go_on: "")
    Jobs(_held(centre), [done]).run(done)
    text = scrape().text
    there = {name for name, _ in Scraped(text).samples}
    rules = [
        rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]
    ]
    asked = {name for rule in rules for name in re.findall(r"\btakeback_\w+", rule["expr"])}
    assert asked
    assert asked <= there
    for rule in rules:
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"], rule["alert"]
