"""When a window closes: zones, clock changes, leap days, holidays, seasons, months."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.domain.policy import calendar
from kiosk.domain.policy.calendar import Calendar, Season, Yearly
from kiosk.domain.policy.evaluate import evaluate_return
from kiosk.domain.policy.model import Outcome, Verdict
from kiosk.domain.policy.rules import window
from kiosk.domain.reasons import Why

ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Kwajalein",
]


def last_day(situation: Any, start: str, **rule: Any) -> str:
    """The last day on which a delivery of `start` may come back."""
    spec = {"rule": "window", "days": 0, "id": "w", **rule}
    if "months" in rule:
        del spec["days"]
    of_return = {"delivered_on": start, "ordered_on": start, "fulfilled_on": start}
    zone = rule.pop("zone", "Europe/Berlin")
    spec.pop("zone", None)
    before = datetime.fromisoformat(f"{start}T12:00:00+00:00") - timedelta(days=2)
    verdict = situation.verdict(spec, of_return=of_return, now=before.isoformat(), timezone=zone)
    assert verdict.outcome is Outcome.ACCEPT
    return str(verdict.until)


def outcome(situation: Any, now: str, zone: str, delivered: str, days: int, **rule: Any) -> str:
    spec = {"rule": "window", "id": "w", "days": days, **rule}
    of_return = {"delivered_on": delivered, "ordered_on": delivered}
    verdict = situation.verdict(spec, of_return=of_return, now=now, timezone=zone)
    return str(verdict.outcome.value)


@pytest.mark.parametrize(
    ("zone", "delivered", "days", "last_second", "over"),
    [
        # the end of the last day in UTC, to the second
        ("Europe/Berlin", "2025-03-01", 30, "2025-03-31T21:59:59Z", "2025-03-31T22:00:00Z"),
        ("Europe/Berlin", "2025-10-19", 7, "2025-10-26T22:59:59Z", "2025-10-26T23:00:00Z"),
        ("America/New_York", "2025-03-02", 7, "2025-03-10T03:59:59Z", "2025-03-10T04:00:00Z"),
        ("America/New_York", "2025-10-26", 7, "2025-11-03T04:59:59Z", "2025-11-03T05:00:00Z"),
        ("Asia/Kathmandu", "2025-06-01", 14, "2025-06-15T18:14:59Z", "2025-06-15T18:15:00Z"),
        # Morocco leaves its summer time for Ramadan and comes back to it
        ("Africa/Casablanca", "2025-02-16", 7, "2025-02-23T23:59:59Z", "2025-02-24T00:00:00Z"),
        ("Africa/Casablanca", "2025-03-30", 7, "2025-04-06T22:59:59Z", "2025-04-06T23:00:00Z"),
        # Samoa had no 30 December 2011: the day before ended with the jump
        ("Pacific/Apia", "2011-12-22", 7, "2011-12-30T09:59:59Z", "2011-12-30T10:00:00Z"),
        # a last day that was left out is carried on to the next one
        ("Pacific/Apia", "2011-12-23", 7, "2011-12-31T09:59:59Z", "2011-12-31T10:00:00Z"),
        # in Lebanon midnight itself is jumped over
        ("Asia/Beirut", "2025-03-22", 7, "2025-03-29T21:59:59Z", "2025-03-29T22:00:00Z"),
        # in Newfoundland the clock once went back over midnight: the day had two ends
        ("America/St_Johns", "2010-10-30", 7, "2010-11-07T03:29:59Z", "2010-11-07T03:30:00Z"),
    ],
)
def test_the_last_day_ends_at_midnight_there(
    situation: Any, zone: str, delivered: str, days: int, last_second: str, over: str
) -> None:
    assert outcome(situation, last_second, zone, delivered, days) == "accept"
    assert outcome(situation, over, zone, delivered, days) == "refuse"


def test_a_day_that_comes_twice_ends_the_second_time(situation: Any) -> None:
    """At 00:01 on 7 November 2010 clocks in St. John's went back to 23:01 of the 6th: for a minute
    it had been the 7th already, and yet the 6th went on."""
    zone, first_midnight = "America/St_Johns", "2010-11-07T02:30:00Z"
    there = datetime.fromisoformat(first_midnight).astimezone(ZoneInfo(zone))
    assert there.date() == date(2010, 11, 7)
    assert outcome(situation, first_midnight, zone, "2010-10-30", 7) == "accept"


@pytest.mark.parametrize(
    ("start", "rule", "until"),
    [
        ("2024-02-29", {"days": 365}, "2025-02-28"),
        ("2024-02-28", {"days": 1}, "2024-02-29"),
        ("2025-02-28", {"days": 1}, "2025-03-01"),
        ("2024-02-29", {"months": 12}, "2025-02-28"),
        ("2024-02-29", {"months": 48}, "2028-02-29"),
        ("2025-01-31", {"months": 1}, "2025-02-28"),
        ("2024-01-31", {"months": 1}, "2024-02-29"),
        ("2025-12-31", {"months": 2}, "2026-02-28"),
        ("2025-03-15", {"months": 24, "from": "purchase"}, "2027-03-15"),
        ("2025-03-15", {"days": 14, "from": "fulfilment"}, "2025-03-29"),
    ],
)
def test_days_and_months_are_counted_as_the_calendar_has_them(
    situation: Any, start: str, rule: dict[str, Any], until: str
) -> None:
    assert last_day(situation, start, **rule) == until


CHRISTMAS = {"weekend": ["saturday", "sunday"], "holidays": ["12-25", "12-26", "2027-01-01"]}


@pytest.mark.parametrize(
    ("start", "days", "until"),
    [
        ("2025-12-10", 14, "2025-12-24"),  # a Wednesday that counts
        ("2025-12-11", 14, "2025-12-29"),  # Thursday and Friday are holidays, then the weekend
        ("2025-12-12", 14, "2025-12-29"),
        ("2025-12-13", 14, "2025-12-29"),  # a Saturday
        ("2026-12-18", 14, "2027-01-04"),  # a holiday of that one year, then the weekend
        ("2025-12-18", 14, "2026-01-01"),  # which it is not the year before
    ],
)
def test_a_last_day_off_is_carried_on(situation: Any, start: str, days: int, until: str) -> None:
    assert last_day(situation, start, days=days, **CHRISTMAS) == until


SEASON = [{"from": "2025-11-01", "to": "2025-12-24", "until": "2026-01-31"}]
YEARLY = [{"from": "11-01", "to": "12-24", "until": "01-31"}]
OVER_NEW_YEAR = [{"from": "12-20", "to": "01-05", "until": "02-29"}]


@pytest.mark.parametrize(
    ("start", "extend", "until"),
    [
        ("2025-10-31", SEASON, "2025-11-30"),
        ("2025-11-01", SEASON, "2026-01-31"),
        ("2025-12-24", SEASON, "2026-01-31"),
        ("2025-12-25", SEASON, "2026-01-24"),
        ("2026-11-01", SEASON, "2026-12-01"),
        ("2026-11-01", YEARLY, "2027-01-31"),
        ("2025-12-24", YEARLY, "2026-01-31"),
        ("2025-10-31", YEARLY, "2025-11-30"),
        ("2025-12-20", OVER_NEW_YEAR, "2026-02-28"),
        ("2026-01-05", OVER_NEW_YEAR, "2026-02-28"),
        ("2027-12-31", OVER_NEW_YEAR, "2028-02-29"),
        ("2026-01-06", OVER_NEW_YEAR, "2026-02-05"),
        ("2025-12-24", SEASON + YEARLY, "2026-01-31"),
        ("2025-06-01", [{"from": "05-01", "to": "06-30", "until": "06-15"}], "2026-06-15"),
    ],
)
def test_a_season_extends_what_was_ordered_in_it(
    situation: Any, start: str, extend: list[dict[str, str]], until: str
) -> None:
    assert last_day(situation, start, days=30, extend=extend) == until


def test_a_season_never_shortens(situation: Any) -> None:
    assert last_day(situation, "2025-12-24", days=90, extend=SEASON) == "2026-03-24"


def test_an_extended_last_day_is_carried_on_and_then_capped(situation: Any) -> None:
    weekend = {"weekend": ["saturday", "sunday"]}
    rule = {"days": 30, "extend": SEASON, **weekend}
    assert last_day(situation, "2025-12-01", **rule) == "2026-02-02"  # the 31st is a Saturday
    assert last_day(situation, "2025-12-01", **rule, latest="2026-01-25") == "2026-01-25"


def test_the_reason_names_the_day_it_closed_and_how_long_it_was(situation: Any) -> None:
    spec = {"rule": "window", "days": 30, "extend": SEASON}
    of_return = {"delivered_on": "2025-12-03", "ordered_on": "2025-12-01"}
    verdict = situation.verdict(spec, of_return=of_return, now="2026-02-01T12:00:00Z")
    assert verdict.reason.why is Why.WINDOW_CLOSED
    assert verdict.reason.values == {"days": 59, "closed_on": "2026-01-31"}
    assert verdict.until is None


def test_defects_have_their_own_window(situation: Any) -> None:
    remorse = {"rule": "window", "id": "r", "days": 30, "unless": {"reason": "faulty"}}
    defect = {"rule": "window", "id": "d", "months": 24, "when": {"reason": "faulty"}}
    late = {"now": "2026-06-01T12:00:00Z"}
    assert situation.verdict(remorse, defect, **late).outcome is Outcome.REFUSE
    faulty = situation.verdict(remorse, defect, **late, line={"reason": "faulty"})
    assert (faulty.outcome, faulty.until) == (Outcome.ACCEPT, date(2027, 3, 1))


def test_of_two_windows_the_tighter_one_tells_the_last_day(situation: Any) -> None:
    short = {"rule": "window", "id": "a", "days": 20}
    long = {"rule": "window", "id": "b", "days": 40}
    assert situation.verdict(long, short).until == date(2025, 3, 21)


def test_without_a_day_of_delivery_the_order_may_count(situation: Any) -> None:
    specs = (
        {"rule": "window", "id": "a", "days": 30, "unless": {"unknown": "delivered"}},
        {
            "rule": "window",
            "id": "b",
            "days": 37,
            "from": "order",
            "when": {"unknown": "delivered"},
        },
    )
    assert situation.verdict(*specs).until == date(2025, 3, 31)
    unknown = {"delivered_on": None}
    assert situation.verdict(*specs, of_return=unknown).until == date(2025, 3, 29)


@pytest.mark.parametrize(
    ("undelivered", "said"), [("staff", "staff"), ("refuse", "refuse"), ("accept", "accept")]
)
def test_what_was_never_sent_has_no_window(situation: Any, undelivered: str, said: str) -> None:
    spec = {"rule": "window", "days": 30, "from": "fulfilment", "undelivered": undelivered}
    verdict = situation.verdict(spec)
    assert (verdict.outcome.value, verdict.until) == (said, None)


def test_a_window_to_the_end_of_days_never_closes(situation: Any) -> None:
    spec = {"rule": "window", "days": 0, "from": "date", "date": "9999-12-31"}
    verdict = situation.verdict(spec, now="9999-12-31T12:00:00Z")
    assert (verdict.outcome, verdict.until) == (Outcome.ACCEPT, None)


@pytest.mark.parametrize(
    "rule",
    [
        {"from": "date", "date": "9999-12-31", "days": 3},
        {"from": "date", "date": "9999-12-31", "months": 3},
    ],
)
def test_a_day_beyond_the_calendar_goes_to_staff(situation: Any, rule: dict[str, Any]) -> None:
    assert situation.verdict({"rule": "window", **rule}).reason.why is Why.RULE_UNKNOWN


def test_a_zone_nobody_knows_goes_to_staff(situation: Any) -> None:
    verdict = situation.verdict({"rule": "window", "days": 3}, timezone="Mars/Olympus")
    assert (verdict.outcome, verdict.reason.why) == (Outcome.STAFF, Why.RULE_UNKNOWN)


def test_a_calendar_without_working_days_is_none() -> None:
    with pytest.raises(ValueError, match="days that count"):
        Calendar(weekend=frozenset(range(7))).carry(date(2025, 1, 1), ZoneInfo("UTC"))


@pytest.mark.parametrize("text", ["", "1225", "12-32", "02-30", "2025-02-29", "2025-1-1", "x" * 10])
def test_what_is_no_day_is_none(text: str) -> None:
    assert calendar.parse(text) is None


def test_a_leap_day_comes_every_year() -> None:
    leap = calendar.parse("02-29")
    assert isinstance(leap, Yearly)
    assert (leap.of(2024), leap.of(2025)) == (date(2024, 2, 29), date(2025, 2, 28))


def test_a_season_of_mixed_days_extends_nothing() -> None:
    assert Season(date(2025, 1, 1), Yearly(2, 1), Yearly(3, 1)).ends(date(2025, 1, 5)) is None


MANY = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
DAY = st.dates(date(2009, 1, 1), date(2012, 12, 31)) | st.dates(
    date(2024, 1, 1), date(2026, 12, 31)
)
EXTRAS = st.fixed_dictionaries(
    {},
    optional={
        "weekend": st.just(["saturday", "sunday"]),
        "holidays": st.just(["12-25", "12-26", "01-01", "2025-04-21"]),
        "extend": st.sampled_from([SEASON, YEARLY, OVER_NEW_YEAR]),
        "latest": st.dates(date(2009, 6, 1), date(2026, 6, 1)).map(str),
    },
)


@MANY
@given(
    st.sampled_from(ZONES),
    DAY,
    st.integers(0, 40),
    EXTRAS,
    st.integers(-120, 60 * 26),
    st.integers(1, 60 * 48),
)
def test_what_is_over_stays_over(
    situation: Any, zone: str, start: date, days: int, extras: dict[str, Any], at: int, later: int
) -> None:
    """Around the end of the last day, minute by minute, in zones whose clocks jump at odd times:
    once refused, refused for good; and inside, the local day is never after the last one."""
    last = start + timedelta(days=days)
    moment = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(minutes=at)

    def said(now: datetime) -> Outcome:
        spec = {"rule": "window", "id": "w", "days": days, **extras}
        of_return = {"delivered_on": str(start), "ordered_on": str(start)}
        verdict = situation.verdict(spec, of_return=of_return, now=now.isoformat(), timezone=zone)
        if verdict.outcome is Outcome.ACCEPT and zone != "America/St_Johns":
            assert now.astimezone(ZoneInfo(zone)).date() <= verdict.until
        return Outcome(verdict.outcome)

    if said(moment) is Outcome.REFUSE:
        assert said(moment + timedelta(minutes=later)) is Outcome.REFUSE


@MANY
@given(st.sampled_from(ZONES), DAY, st.integers(0, 60), EXTRAS)
def test_a_longer_window_never_closes_earlier(
    situation: Any, zone: str, start: date, days: int, extras: dict[str, Any]
) -> None:
    """Nor do holidays or a season make one shorter; only a cap does."""
    plain = {key: value for key, value in extras.items() if key != "latest"}
    shorter = date.fromisoformat(last_day(situation, str(start), days=days, zone=zone, **plain))
    longer = date.fromisoformat(last_day(situation, str(start), days=days + 1, zone=zone, **plain))
    assert start + timedelta(days=days) <= shorter <= longer


@given(DAY, st.sampled_from(ZONES))
def test_the_end_of_a_day_comes_before_the_next_ones(day: date, zone: str) -> None:
    ends = [calendar.end_of(day + timedelta(days=n), ZoneInfo(zone)) for n in range(2)]
    assert ends[0] <= ends[1]
    assert (ends[0] == ends[1]) == (not calendar.exists(day + timedelta(days=1), ZoneInfo(zone)))


def test_a_window_may_end_in_the_last_year_but_one(situation: Any) -> None:
    spec = {"rule": "window", "id": "w", "days": 30, "from": "date", "date": "9998-06-01"}
    verdict = situation.verdict(spec)
    assert (verdict.outcome, verdict.until) == (Outcome.ACCEPT, date(9998, 7, 1))


@pytest.mark.parametrize(("off", "until"), [(59, date(2025, 3, 1)), (60, None)])
def test_it_is_carried_over_so_many_days_and_no_more(off: int, until: date | None) -> None:
    days = frozenset(date(2025, 1, 1) + timedelta(days=n) for n in range(off))
    found = Calendar(holidays=days)
    if until is None:
        with pytest.raises(ValueError, match="days that count"):
            found.carry(date(2025, 1, 1), ZoneInfo("UTC"))
    else:
        assert found.carry(date(2025, 1, 1), ZoneInfo("UTC")) == until


def test_one_window_keeps_apart_what_moves_its_end(situation: Any) -> None:
    """The start, the order and the zone: an end is reckoned once for each."""
    spec = {
        "rule": "window", "id": "w", "days": 10, "from": "delivery",
        "extend": [{"from": "2025-01-01", "to": "2025-01-31", "until": "2025-06-30"}],
    }  # fmt: skip
    policy = situation.policy(spec)

    def until(ordered: str, delivered: str, now: str, timezone: str) -> str:
        days = {"ordered_on": ordered, "delivered_on": delivered}
        facts = situation.facts(of_return=days, now=now, timezone=timezone)
        (verdict,) = evaluate_return(policy, (facts,))
        assert isinstance(verdict, Verdict)
        return f"{verdict.outcome} {verdict.until or ''}".strip()

    for _ in range(2):
        noon = "2025-03-10T12:00:00Z"
        assert until("2025-02-20", "2025-03-01", noon, "UTC") == "accept 2025-03-11"
        assert until("2025-02-20", "2025-03-02", noon, "UTC") == "accept 2025-03-12"
        assert until("2025-01-31", "2025-03-01", noon, "UTC") == "accept 2025-06-30"
        late = "2025-03-12T05:00:00Z"  # still the eleventh in Los Angeles
        assert until("2025-02-20", "2025-03-01", late, "UTC") == "refuse"
        west = until("2025-02-20", "2025-03-01", late, "America/Los_Angeles")
        assert west == "accept 2025-03-11"


def test_a_window_forgets_days_rather_than_grow(
    situation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "KEPT", 3)
    policy = situation.policy({"rule": "window", "id": "w", "days": 10})
    kept = []
    for day in (*range(1, 9), 2):
        facts = situation.facts(of_return={"delivered_on": f"2025-03-{day:02}"})
        (verdict,) = evaluate_return(policy, (facts,))
        assert isinstance(verdict, Verdict)
        assert verdict.until == date(2025, 3, day + 10)
        (rule,) = policy.rules
        kept.append(len(rule._known))
    assert kept == [1, 2, 3, 1, 2, 3, 1, 2, 3]
    assert policy == situation.policy({"rule": "window", "id": "w", "days": 10})
