"""The newest lines of the log: bounded, ours alone, and told when the centre asks."""

from __future__ import annotations

import contextlib
import logging
from datetime import timedelta

import pytest

from kiosk import logbook
from kiosk.domain.events import CommandSettled
from kiosk.logbook import LONGEST, MOST, Logbook
from kiosk.quiet import Quiet
from kiosk.settings import Settings
from kiosk.store import open_store
from kiosk.store.orders import CommandKind, Orders, Waiting
from kiosk.world import SystemIds
from tests.sync.conftest import TestClock

OURS = logging.getLogger("kiosk.somewhere")


@pytest.fixture
def book():
    made = logbook.begin()
    OURS.setLevel(logging.INFO)
    yield made
    OURS.setLevel(logging.NOTSET)
    logging.getLogger().removeHandler(made)


def test_a_line_has_time_in_utc_level_thread_and_place(book):
    record = OURS.makeRecord(
        "kiosk.somewhere", logging.WARNING, "f", 1, "%s left", ("paper",), None
    )
    record.created, record.threadName = 0.0, "core"
    book.handle(record)
    assert book.newest()[-1] == "1970-01-01T00:00:00Z WARNING core kiosk.somewhere: paper left"


def test_only_what_this_program_says_is_kept(book):
    logging.getLogger("urllib3.connectionpool").warning("GET /v1/secret?token=abc")
    OURS.info("well")
    assert [line for line in book.newest() if "secret" in line] == []
    assert book.newest()[-1].endswith("kiosk.somewhere: well")


def test_of_a_traceback_the_kind_and_the_places_and_never_its_text(book):
    def deep():
        raise ValueError("Mrs Nowak, Elm Street 4")

    try:
        deep()
    except ValueError:
        OURS.exception("a look broke")
    line = book.newest()[-1]
    assert "a look broke [ValueError < test_logbook.py:" in line
    assert " deep < test_logbook.py:" in line
    assert "Nowak" not in line


def test_it_is_bounded_and_a_line_stays_a_line(book):
    for number in range(MOST + 5):
        OURS.info("%d\nforged %s", number, "x" * 1000)
    lines = book.newest()
    assert len(lines) == MOST
    assert "5\N{REPLACEMENT CHARACTER}forged" in lines[0]
    assert all(len(line) == LONGEST and line.isprintable() for line in lines)


def test_there_is_one_for_the_process(book):
    assert logbook.begin() is book
    assert sum(isinstance(one, Logbook) for one in logging.getLogger().handlers) == 1


def test_what_cannot_be_said_stops_nobody(book, monkeypatch):
    monkeypatch.setattr(logging, "raiseExceptions", False)
    OURS.info("%d lines", "no number")
    OURS.info("goes on")
    assert book.newest()[-1].endswith("goes on")


def test_without_a_book_there_is_nothing_to_tell():
    assert logbook.newest() == []


def test_the_centre_gets_them_when_it_asks(book, tmp_path):
    clock = TestClock()
    with contextlib.closing(open_store(tmp_path, clock, SystemIds())) as store:
        OURS.warning("the cover is open")
        quiet = Quiet(store, Settings(), tuple, lambda: None, clock, lambda _: None)
        command = Waiting(1, CommandKind.LOGS.value, clock.now() + timedelta(hours=1))
        Orders(store).add([command])
        quiet.look(rekeyed=False)
        events = store.outbox.next_batch(500, 1 << 20).events
        [told] = [one.data for one in events if one.type == CommandSettled.type]
        assert Orders(store).waiting() == ()
    assert told["outcome"] == "done"
    assert told["report"][-1].endswith("the cover is open")
