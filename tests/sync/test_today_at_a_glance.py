"""Today at a glance: what waits for a person, and the day beside the usual one."""

from __future__ import annotations

import itertools
import shutil
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from sync.central import glance
from sync.central.cases import Evidence, Found, Kind, open_many
from sync.central.database import Database
from sync.central.reconcile import books
from sync.central.reconcile.run import reconcile
from tests.sync.exports.world import drop_row, kiosk, merchant, put

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)  # a Monday, 14:30 in Berlin


@pytest.fixture
def database(prepared_file, tmp_path):
    shutil.copy(prepared_file, tmp_path / "centre.db")
    made = Database(f"sqlite:///{tmp_path}/centre.db")
    kiosk(made, "k1", last_seen_at=NOW)
    yield made
    made.close()


def putting(database):
    count = itertools.count(1)

    def at(*moments, **changes):
        put(database, *(drop_row(next(count), at=moment, **changes) for moment in moments))

    return at


@pytest.fixture
def dropped(database):
    """Puts drops that came at these moments."""
    return putting(database)


def look(database, merchant_id="", now=NOW):
    return glance.today(database, "acme", now, BERLIN, merchant_id)


def test_a_day_stands_beside_the_same_weekdays_before(database, dropped):
    begin = datetime(2026, 5, 4, 7, tzinfo=UTC)  # 9:00
    dropped(begin, begin + timedelta(minutes=59), begin + timedelta(hours=1))
    for week in (1, 2):
        dropped(*(begin - timedelta(weeks=week) + timedelta(minutes=n) for n in (0, 5, 10, 15)))
    dropped(begin - timedelta(days=1), begin - timedelta(weeks=5))  # another day; too long ago
    seen = look(database)
    assert (seen.drops, seen.usual) == (3, 4)
    hours = {hour.hour: (hour.drops, hour.usual, hour.height, hour.mark) for hour in seen.hours}
    assert hours[9] == (2, 4.0, 50, 100)
    assert hours[10] == (1, 0.0, 25, 0)
    assert hours[15] == (0, 0.0, None, 0)  # to come
    assert list(hours) == list(range(9, 17))
    assert [str(amount) for amount in seen.refunds] == [str(seen.refunds[0])]
    assert seen.refunds[0].minor == 3 * 7990


def test_days_on_which_nothing_came_do_not_lower_the_usual(database, dropped):
    begin = datetime(2026, 5, 4, 7, tzinfo=UTC)
    assert (look(database).usual, look(database).hours) == (None, ())
    dropped(begin - timedelta(weeks=3), begin - timedelta(weeks=3))
    assert look(database).usual == 2


def test_the_hour_that_runs_counts_by_its_part(database, dropped):
    begin = datetime(2026, 5, 4, 12, tzinfo=UTC) - timedelta(weeks=1)
    dropped(*(begin + timedelta(minutes=n) for n in range(8)))
    assert look(database).usual == 4
    assert look(database, now=NOW + timedelta(minutes=29)).usual == 8


@pytest.mark.parametrize(
    ("day", "count"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 5, 4), 24)],
)
def test_when_clocks_are_changed_no_drop_is_lost_or_counted_twice(database, dropped, day, count):
    """One each real hour of a local day: the wall's hours hold them all."""
    begins, ends = books.local_day(day, BERLIN)
    hours = int((ends - begins).total_seconds() // 3600)
    assert hours == count
    dropped(*(begins + timedelta(hours=n, minutes=1) for n in range(hours)))
    seen = look(database, now=ends - timedelta(seconds=1))
    assert (seen.drops, sum(hour.drops for hour in seen.hours)) == (count, count)


def test_cases_wait_by_kind_the_oldest_first(database):
    def found(kind, name, days):
        return Found(kind, "bag", name, NOW - timedelta(days=days), Evidence(bags=(name,)))

    rows = [found(Kind.MISSING, "B1", 1), found(Kind.MISSING, "B2", 3), found(Kind.EXTRA, "B3", 2)]
    database.write(lambda c: open_many(c, "acme", rows))
    waiting = look(database).house.waiting
    assert [(one.kind, one.count, one.alone) for one in waiting] == [
        ("missing", 2, 2),
        ("extra", 1, 1),
    ]
    assert waiting[0].since == NOW - timedelta(days=3)


def test_kiosks_that_need_somebody_are_named_the_silent_first(database):
    kiosk(database, "k2", troubles="paper_low", last_seen_at=NOW)
    kiosk(database, "k3", last_seen_at=NOW - timedelta(hours=1))
    kiosk(database, "k4", state="revoked", last_seen_at=None)
    house = look(database).house
    assert [row["kiosk_code"] for row in house.kiosks] == ["K3", "K2"]
    assert (house.troubled, house.enrolled) == (2, 3)


def test_books_that_should_be_closed_are_named(database, dropped):
    dropped(NOW - timedelta(days=3))
    assert look(database).house.unclosed == date(2026, 5, 1)
    books.close(database, "acme", NOW, BERLIN)
    assert look(database).house.unclosed is None
    later = NOW + timedelta(days=1)
    assert look(database, now=later).house.unclosed == date(2026, 5, 3)


def test_bags_wait_until_they_are_in_a_container_or_late(database, dropped):
    dropped(NOW - timedelta(hours=1), NOW - timedelta(hours=2))
    reconcile(database, "acme", NOW)
    assert look(database).house.bags_waiting == 2
    later = NOW + timedelta(hours=22, minutes=30)  # a day is the patience
    reconcile(database, "acme", later)
    house = look(database, now=later).house
    assert house.bags_waiting == 1
    assert [(one.kind, one.count) for one in house.waiting] == [("missing", 1)]


def test_a_merchants_person_sees_that_merchants_day_alone(database, dropped):
    merchant(database, "linden", "Linden")
    dropped(NOW, NOW)
    dropped(NOW, merchant_id="kiefer")
    seen = look(database, "linden")
    assert (seen.drops, seen.house, len(seen.latest)) == (2, None, 2)


def test_both_databases_say_the_same(database_url):
    made = Database(database_url)
    kiosk(made, "k1", last_seen_at=NOW)
    begin = NOW - timedelta(hours=1)
    putting(made)(begin, begin - timedelta(minutes=30), begin - timedelta(weeks=1))
    found = Found(Kind.MISSING, "bag", "B1", NOW, Evidence(bags=("B1",)))
    made.write(lambda c: open_many(c, "acme", [found]))
    seen = look(made)
    made.close()
    assert (seen.drops, seen.usual, seen.refunds[0].minor) == (2, 1, 2 * 7990)
    assert seen.house.waiting == (glance.Waiting("missing", 1, 1, NOW),)
    assert (seen.house.unclosed, seen.house.enrolled) == (date(2026, 4, 27), 1)


def test_no_question_reads_a_whole_table(database):
    """However many drops, events and cases there are: each is found over an index."""
    asked = []

    def note(_connection, _cursor, sql, values, *_more):
        asked.append((sql, values))

    growing = {"drops", "events", "cases", "drop_photos", "awaited", "closings"}
    with database.reading() as c:
        engine = c.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    look(database)
    sa.event.remove(engine, "before_cursor_execute", note)
    assert len(asked) > 10
    with database.reading() as c:
        for sql, values in asked:
            for row in c.exec_driver_sql("EXPLAIN QUERY PLAN " + sql, values):
                how, table, *_ = row.detail.split()
                assert not (how == "SCAN" and table in growing), f"{row.detail}: {sql}"
