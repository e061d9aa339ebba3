"""How long parcels wait, when they are over, and who gives them longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.counter.commands import Expire, Extend, Receive, ReportMissing, Shelve
from kiosk.domain.counter.holding import (
    LONGEST,
    Counts,
    Hold,
    Opening,
    extended,
    is_over,
    last_day,
    reminders,
)
from kiosk.domain.counter.parcel_facts import ParcelReceived
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.pulling import due_notices, pull_list
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.domain.policy.calendar import Calendar, Yearly
from tests.domain.counter.desk import BEN, HOUSE, OPENING, Desk

S = ParcelState
MONDAY, BERLIN = date(2025, 3, 10), ZoneInfo("Europe/Berlin")
WORKING = Hold(days=3, counts=Counts.WORKING_DAYS, extend_by=1)


@pytest.mark.parametrize(
    ("hold", "came", "until"),
    [
        (Hold(7), MONDAY, date(2025, 3, 17)),
        (Hold(0), MONDAY, MONDAY),
        (Hold(-5), MONDAY, MONDAY),
        (Hold(6), MONDAY, date(2025, 3, 17)),  # the 16th is a Sunday: carried on
        (WORKING, MONDAY, date(2025, 3, 13)),
        (WORKING, date(2025, 3, 13), date(2025, 3, 18)),  # Thursday: Fri, Mon, Tue
        (Hold(10_000), MONDAY, date(2026, 3, 11)),
    ],
)
def test_the_last_day(hold: Hold, came: date, until: date) -> None:
    assert last_day(hold, came, OPENING) == until
    assert (until - came).days <= LONGEST


def test_a_holiday_is_neither_a_last_day_nor_a_working_day() -> None:
    easter = Calendar(frozenset({5, 6}), frozenset({date(2025, 4, 18), date(2025, 4, 21)}))
    closes = {day: time(18) for day in range(6)}
    opening = Opening(BERLIN, closes, Calendar(frozenset(), easter.holidays), easter)
    assert last_day(Hold(1), date(2025, 4, 17), opening) == date(2025, 4, 19)
    assert last_day(WORKING, date(2025, 4, 17), opening) == date(2025, 4, 24)


def test_hours_and_calendars_that_are_wrong_keep_parcels() -> None:
    """A shop that never opens, a week of holidays without end: nothing hangs, nothing goes back."""
    never = Opening(BERLIN, {}, working=Calendar(frozenset(range(7))))
    assert last_day(Hold(7), MONDAY, never) > date(2025, 5, 1)
    assert last_day(WORKING, MONDAY, never) > date(2025, 5, 1)
    assert never.over(MONDAY) == datetime(2025, 3, 10, 23, tzinfo=UTC)
    new_year = Opening(BERLIN, {2: time(18)}, Calendar(frozenset(), frozenset({Yearly(1, 1)})))
    assert new_year.carried(date(2025, 1, 1)) == date(2025, 1, 8)


def test_over_is_the_last_day_at_closing_time() -> None:
    assert not is_over(MONDAY, datetime(2025, 3, 10, 16, 59, tzinfo=UTC), OPENING)
    assert is_over(MONDAY, datetime(2025, 3, 10, 17, 0, tzinfo=UTC), OPENING)  # 18:00 in Berlin


def test_where_the_clock_shows_closing_time_twice_the_second_one_counts() -> None:
    night = Opening(BERLIN, {day: time(2, 30) for day in range(7)})
    assert night.over(date(2025, 10, 26)) == datetime(2025, 10, 26, 1, 30, tzinfo=UTC)


def test_an_extension_counts_from_the_last_day_or_from_today() -> None:
    hold = Hold(extend_by=3)
    until = date(2025, 3, 17)
    assert extended(hold, until, MONDAY, OPENING) == date(2025, 3, 20)
    assert extended(hold, until, date(2025, 3, 24), OPENING) == date(2025, 3, 27)


def test_reminders_come_after_the_day_it_came() -> None:
    until = date(2025, 3, 17)
    assert reminders(Hold(remind=(2, 0, 2, -1, 7)), MONDAY, until) == (date(2025, 3, 15), until)
    assert reminders(Hold(remind=(30,)), MONDAY, until) == ()


def test_parcels_expire_at_closing_time_and_are_on_the_day_s_pull_list(desk: Desk) -> None:
    for number, shelf in (("P1", "A2"), ("P2", "A1"), ("P3", "A1")):
        desk.do(Receive(number, "dhl"))
        desk.do(Shelve(number, shelf))
    desk.wait(days=7)  # the last day, in the morning
    assert desk.do(Expire(), HOUSE) == ()
    desk.wait(hours=9)
    assert [fact.number for fact in desk.do(Expire(), HOUSE)] == ["P1", "P2", "P3"]
    assert [(p.shelf_id, p.number) for p in pull_list(desk.shop)] == [
        ("A1", "P2"),
        ("A1", "P3"),
        ("A2", "P1"),
    ]
    assert desk.do(Expire(), HOUSE) == (), "once"


def test_a_missing_parcel_does_not_expire_until_it_is_found(desk: Desk) -> None:
    desk.do(Receive("P1", "dhl"))
    desk.do(ReportMissing("P1"))
    desk.wait(days=30)
    assert desk.do(Expire(), HOUSE) == ()


def test_a_last_day_that_is_none_never_comes(desk: Desk) -> None:
    for number, until in (("P1", ""), ("P2", "soon")):
        desk.record(ParcelReceived(number, "dhl", "2025-03-10", until, "x"))
    desk.wait(days=900)
    assert desk.do(Expire(), HOUSE) == ()
    desk.notify("P1", "arrived")
    assert due_notices(desk.shop, desk.rules, desk.now) == (("P2", "arrived"),)
    desk.do(Extend("P1"))
    assert desk.shop.parcels["P1"].until > "2027"


def test_a_parcel_is_extended_once_and_more_often_by_a_supervisor(desk: Desk) -> None:
    desk.do(Receive("P1", "dhl"))
    desk.do(Shelve("P1", "A1"))
    desk.do(Extend("P1"))
    assert desk.shop.parcels["P1"].until == "2025-03-20"
    assert desk.refused(Extend("P1")) == Refused(
        Because.EXTENDED_ENOUGH, Then.ASK_SUPERVISOR, {"times": 1}
    )
    desk.wait(days=30)
    desk.do(Expire(), HOUSE)
    desk.do(Extend("P1"), BEN)
    parcel = desk.shop.parcels["P1"]
    assert (parcel.state, parcel.until, parcel.shelf_id) == (S.SHELVED, "2025-04-12", "A1")


def test_a_carrier_that_extends_by_nothing(desk: Desk) -> None:
    desk.rules = replace(desk.rules, holds={"none": Hold(extend_by=0)})
    desk.do(Receive("P1", "none"))
    refused = desk.refused(Extend("P1"))
    assert (refused.because, refused.then) == (Because.NO_LATER, Then.ASK_CARRIER)
    assert desk.refused(Extend("P9")).because is Because.PARCEL_UNKNOWN


def test_recipients_are_told_once_of_each_thing(desk: Desk) -> None:
    desk.do(Receive("P1", "dhl"))  # until the 17th; reminded on the 15th and the 17th

    def due() -> list[str]:
        return [notice for _, notice in due_notices(desk.shop, desk.rules, desk.now)]

    assert due() == ["arrived"]
    desk.notify("P1", "arrived")
    assert due() == []
    desk.wait(days=5)
    assert due() == ["reminder:2"]
    desk.notify("P1", "reminder:2")
    desk.wait(days=2)
    assert due() == ["last_day"]
    desk.notify("P1", "last_day")
    assert due() == []
    desk.do(Extend("P1"))  # until the 20th
    assert due() == []
    desk.wait(days=1)
    assert due() == ["reminder:2"]
