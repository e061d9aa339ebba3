"""What a watcher hears: whether the process lives, and whether somebody should be sent to it."""

from __future__ import annotations

import asyncio

import pytest
import requests
import sqlalchemy as sa

from sync.central import health
from sync.central.database import Database, migrate
from sync.central.health import Health, newest, why_not_ready


@pytest.fixture
def database(database_url):
    made = Database(database_url)
    yield made
    made.close()


def test_a_centre_that_serves_is_live_and_ready(centre):
    for path, said in (("/healthz", b'{"status":"live"}'), ("/readyz", b'{"status":"ready"}')):
        answer = requests.get(centre.url + path, timeout=10)
        assert (answer.status_code, answer.content) == (200, said)
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_schema_of_another_version_is_not_ready(database):
    assert why_not_ready(database) == ""
    database.write(lambda c: c.execute(sa.text("UPDATE alembic_version SET version_num = '0001'")))
    assert why_not_ready(database) == "schema"


def test_a_database_without_a_schema_or_none_at_all_is_not_ready(database, tmp_path):
    migrate(database, "base")
    assert why_not_ready(database) == "schema"
    nowhere = Database(f"sqlite:///{tmp_path}/none/c.db")
    assert why_not_ready(nowhere) == "database"
    nowhere.close()


def test_the_newest_revision_is_the_head_of_the_chain(database):
    with database.reading() as c:
        here = c.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
    assert newest() == here


def ask(*paths, looks, monkeypatch, others=None):
    """Several at once; what each was answered, and how often the database was looked at."""
    seen = []

    def look(_database):
        seen.append(1)
        return looks(len(seen))

    monkeypatch.setattr(health, "why_not_ready", look)

    async def run():
        app = Health(others, None)

        async def one(path):
            said = []

            async def send(message):
                said.append(message)

            await app({"type": "http", "path": path}, None, send)
            return said[0]["status"], said[1]["body"]

        return await asyncio.gather(*(one(path) for path in paths))

    return asyncio.run(run()), len(seen)


def test_many_watchers_are_one_question(monkeypatch):
    answers, asked = ask(*["/readyz"] * 50, looks=lambda _: "", monkeypatch=monkeypatch)
    assert answers == [(200, b'{"status":"ready"}')] * 50
    assert asked == 1


def test_who_lives_need_not_be_ready(monkeypatch):
    answers, _ = ask("/healthz", "/readyz", looks=lambda _: "database", monkeypatch=monkeypatch)
    assert answers == [
        (200, b'{"status":"live"}'),
        (503, b'{"status":"not ready","why":"database"}'),
    ]


def test_a_database_that_hangs_is_not_ready(monkeypatch):
    import threading

    monkeypatch.setattr(health, "PATIENCE_S", 0.05)
    go_on = threading.Event()

    def hang(_):
        go_on.wait(20)
        return ""

    async def then_let_go(*_):
        raise AssertionError("not asked")

    answers = None
    timer = threading.Timer(0.5, go_on.set)
    timer.start()
    try:
        answers, _ = ask("/readyz", looks=hang, monkeypatch=monkeypatch, others=then_let_go)
    finally:
        timer.join()
    assert answers == [(503, b'{"status":"not ready","why":"database"}')]


def test_everything_else_goes_on(monkeypatch):
    async def inner(scope, receive, send):
        await send({"type": "http.response.start", "status": 418, "headers": []})
        await send({"type": "http.response.body", "body": scope["path"].encode()})

    answers, asked = ask("/healthz/x", looks=lambda _: "", monkeypatch=monkeypatch, others=inner)
    assert answers == [(418, b"/healthz/x")]
    assert asked == 0
