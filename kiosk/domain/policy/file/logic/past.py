"""Days that are over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from kiosk.domain.policy import calendar
from kiosk.domain.policy.comparing import Within
from kiosk.domain.policy.file.logic.loose import tests
from kiosk.domain.policy.file.logic.remarks import Remark
from kiosk.domain.policy.file.logic.saying import Spoken
from kiosk.domain.policy.file.mistakes import Level
from kiosk.domain.policy.rules.window import Window

BEGINNINGS = ("ordered", "fulfilled", "delivered")


def _old(today: date) -> date:
    """What was bought before is hardly brought any more, but to a warranty of years."""
    return today - timedelta(days=366)


def remarks(spoken: Sequence[Spoken], today: date) -> Iterator[Remark]:
    for one in spoken:
        for test in tests(one.rule):
            if isinstance(test, Within) and test.key == "today" and test.last < today:
                problem = f"looks for a day up to {test.last}, which is over"
                yield Remark(one.place, Level.WARNING, problem, "leave the rule out")
            if isinstance(test, Within) and test.key in BEGINNINGS and test.last < _old(today):
                problem = f"looks for the day {test.key}, up to {test.last}: over a year ago"
                yield Remark(one.place, Level.WARNING, problem, "leave the rule out, or renew it")
        if isinstance(one.rule, Window):
            yield from _window(one, one.rule, today)


def _window(one: Spoken, rule: Window, today: date) -> Iterator[Remark]:
    if rule.latest < today:
        problem = f"is closed for everything: latest is {rule.latest}, which is over"
        yield Remark(one.place, Level.WARNING, problem, "take a later day", ("latest",))
    if rule.on is not None and rule.on < today and not rule.extend:
        begun = calendar.add_months(rule.on, rule.months) if rule.months else rule.on
        if begun + timedelta(days=rule.days + calendar.FARTHEST) < today:
            problem = f"is closed for everything: it began on {rule.on}"
            yield Remark(one.place, Level.WARNING, problem, "take a later day", ("date",))
    for place, season in enumerate(rule.extend):
        if isinstance(season.until, date) and season.until < today:
            problem = f"has a season that ended on {season.until}"
            remedy = "write MM-DD for every year, or leave it out"
            yield Remark(one.place, Level.WARNING, problem, remedy, ("extend", place))
    days = [day for day in rule.calendar.holidays if isinstance(day, date)]
    if days and max(days) < today:
        problem = f"has no holiday that is still to come: the last was {max(days)}"
        remedy = "add this year's, or write MM-DD for every year"
        yield Remark(one.place, Level.WARNING, problem, remedy, ("holidays",))
