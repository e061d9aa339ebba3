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
from kiosk.domain.sentences import Sentence

BEGINNINGS = ("ordered", "fulfilled", "delivered")


def _old(today: date) -> date:
    """What was bought before is hardly brought any more, but to a warranty of years."""
    return today - timedelta(days=366)


def remarks(spoken: Sequence[Spoken], today: date) -> Iterator[Remark]:
    for one in spoken:
        for test in tests(one.rule):
            if isinstance(test, Within) and test.key == "today" and test.last < today:
                problem = Sentence("looks for a day up to {day}, which is over", day=str(test.last))
                yield Remark(one.place, Level.WARNING, problem, Sentence("leave the rule out"))
            if isinstance(test, Within) and test.key in BEGINNINGS and test.last < _old(today):
                problem = Sentence(
                    "looks for the day {key}, up to {day}: over a year ago",
                    key=test.key,
                    day=str(test.last),
                )
                remedy = Sentence("leave the rule out, or renew it")
                yield Remark(one.place, Level.WARNING, problem, remedy)
        if isinstance(one.rule, Window):
            yield from _window(one, one.rule, today)


def _window(one: Spoken, rule: Window, today: date) -> Iterator[Remark]:
    if rule.latest < today:
        problem = Sentence(
            "is closed for everything: {key} is {day}, which is over",
            key="latest",
            day=str(rule.latest),
        )
        yield Remark(one.place, Level.WARNING, problem, Sentence("take a later day"), ("latest",))
    if rule.on is not None and rule.on < today and not rule.extend:
        begun = calendar.add_months(rule.on, rule.months) if rule.months else rule.on
        if begun + timedelta(days=rule.days + calendar.FARTHEST) < today:
            problem = Sentence("is closed for everything: it began on {day}", day=str(rule.on))
            yield Remark(one.place, Level.WARNING, problem, Sentence("take a later day"), ("date",))
    for place, season in enumerate(rule.extend):
        if isinstance(season.until, date) and season.until < today:
            problem = Sentence("has a season that ended on {day}", day=str(season.until))
            remedy = Sentence("write {form} for every year, or leave it out", form=calendar.YEARLY)
            yield Remark(one.place, Level.WARNING, problem, remedy, ("extend", place))
    days = [day for day in rule.calendar.holidays if isinstance(day, date)]
    if days and max(days) < today:
        problem = Sentence(
            "has no holiday that is still to come: the last was {day}", day=str(max(days))
        )
        remedy = Sentence("add this year's, or write {form} for every year", form=calendar.YEARLY)
        yield Remark(one.place, Level.WARNING, problem, remedy, ("holidays",))
