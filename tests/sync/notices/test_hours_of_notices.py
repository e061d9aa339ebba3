"""Quiet hours by the site's clock, and pauses after failures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sync.central.notices.hours import LONGEST, Quiet, due, pause
from sync.central.notices.model import Kind

BERLIN = ZoneInfo("Europe/Berlin")
LATE = timedelta(days=3)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("kind", "when", "then"),
    [
        (Kind.ARRIVED, "2026-05-04T20:59", "2026-05-04T20:59"),
        (Kind.ARRIVED, "2026-05-04T21:00", "2026-05-05T08:00"),
        (Kind.ARRIVED, "2026-05-05T07:59", "2026-05-05T08:00"),
        (Kind.ARRIVED, "2026-05-05T08:00", "2026-05-05T08:00"),
        (Kind.ARRIVED, "2026-03-28T22:00", "2026-03-29T08:00"),  # the clock goes forward
        (Kind.COLLECTED, "2026-05-04T23:00", "2026-05-04T23:00"),
    ],
)
def test_when_it_may_go_out(kind, when, then):
    assert due(kind, at(when), Quiet(), BERLIN, at(when) + LATE) == at(then)


def test_what_would_be_of_no_use_in_the_morning_goes_at_once():
    when = at("2026-05-04T22:00")
    assert due(Kind.LAST_DAY, when, Quiet(), BERLIN, when + timedelta(hours=2)) == when


def test_the_same_hour_twice_is_never_quiet():
    when = at("2026-05-04T23:00")
    assert due(Kind.ARRIVED, when, Quiet(0, 0), BERLIN, when + LATE) == when


def test_pauses_double_up_to_an_hour_and_chance_has_all_of_them():
    assert [pause(n, 1.0).total_seconds() for n in (1, 2, 3)] == [30, 60, 120]
    assert pause(50, 1.0) == LONGEST
    assert pause(50, 0.0) == timedelta(seconds=1)
