"""A period by the office's days, a site, a merchant; never another tenant's or merchant's rows."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest

from sync.central.cases import Kind
from sync.central.exports.asking import Asked, Form, Scope, What, Wrong, ask
from sync.central.exports.sheets import rows
from tests.sync.exports import world
from tests.sync.exports.conftest import BERLIN, asked, filled


def told(data: bytes, name: str = "drop_number") -> list[str]:
    return [one[name] for one in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))]


@pytest.fixture
def database(database_url):
    """Both kinds: what is asked here is what SQL answers."""
    made = filled(database_url)
    yield made
    made.close()


@pytest.fixture
def mixed(database):
    """Two merchants at two sites, and another tenant with a drop of the same merchant's name."""
    linden = world.drop_row(1)
    fjord = world.drop_row(2, device_id="k2", merchant_id="fjord")
    theirs = world.drop_row(3, device_id="x1", of="other")
    world.put(database, linden, fjord, theirs)
    world.case(database, 1, drops=(linden,))
    world.case(database, 2, drops=(fjord,))
    world.case(database, 3, kind=Kind.FORK)
    world.case(database, 4, of="other", device_id="x1", drops=(theirs,))
    world.case(database, 5, drops=(linden, fjord))


def test_a_tenant_sees_its_own(mixed, export):
    assert told(export()) == ["K1-000001", "K1-000002"]
    assert told(export(What.LINES)) == ["K1-000001", "K1-000002"]
    assert told(export(What.CASES), "case_id") == [
        world.case_name(1),
        world.case_name(2),
        world.case_name(3, kind=Kind.FORK),
        world.case_name(5),
    ]
    assert told(export(What.KIOSKS), "kiosk") == ["K1", "K2"]


def test_people_of_a_merchant_see_its_rows_alone(mixed, export):
    scope = Scope("acme", frozenset({"fjord"}))
    assert told(export(scope=scope)) == ["K1-000002"]
    assert told(export(What.LINES, scope=scope)) == ["K1-000002"]
    # Neither the kiosk's own case nor one that shows another merchant's drop beside theirs.
    assert told(export(What.CASES, scope=scope), "case_id") == [world.case_name(2)]
    assert told(export(What.KIOSKS, scope=scope), "kiosk") == []
    for what in (What.DROPS, What.LINES, What.CASES, What.KIOSKS):
        assert told(export(what, scope=Scope("acme", frozenset())), "site") == []


def test_one_cannot_ask_for_another_merchant():
    bound = Scope("acme", frozenset({"fjord"}))
    asked_for = ask({"merchant": "linden"}, bound, BERLIN, date(2026, 5, 4))
    assert isinstance(asked_for, Asked)
    assert asked_for.scope.merchants == frozenset()
    allowed = ask({"merchant": "fjord"}, Scope("acme"), BERLIN, date(2026, 5, 4))
    assert isinstance(allowed, Asked)
    assert allowed.scope.merchants == frozenset({"fjord"})


def test_a_site_is_its_kiosks(mixed, export):
    assert told(export(site="Harbour")) == ["K1-000002"]
    assert told(export(What.KIOSKS, site="Harbour"), "kiosk") == ["K2"]


def test_days_are_the_offices_and_go_by_when_it_came(database, export):
    """Midnight in Berlin is 22:00 UTC in May; the last day is in, wholly."""
    midnight = datetime(2026, 5, 1, 22, 0, tzinfo=UTC)
    before, after = midnight - timedelta(microseconds=1), midnight
    world.put(database, world.drop_row(1, at=before), world.drop_row(2, at=after))
    assert told(export(first=date(2026, 5, 1), last=date(2026, 5, 1))) == ["K1-000001"]
    assert told(export(first=date(2026, 5, 2), last=date(2026, 5, 2))) == ["K1-000002"]
    assert told(export(first=date(2026, 5, 1), last=date(2026, 5, 2))) == ["K1-000001", "K1-000002"]
    # What was dropped in April and uploaded in May is in May's file, where it came.
    april = datetime(2026, 4, 20, 10, 0, tzinfo=UTC)
    late = {**world.drop_row(3, at=after), "told_at": april, "corrected_at": april}
    world.put(database, late)
    assert told(export(first=date(2026, 4, 1), last=date(2026, 4, 30))) == []
    assert told(export(first=date(2026, 5, 2), last=date(2026, 5, 2))) == ["K1-000002", "K1-000003"]


def test_pages_of_any_size_give_each_row_once_and_in_order(database):
    """Rows of the same moment are told apart by their ids; lines by their place as well."""
    at = [world.NOON + timedelta(minutes=minute) for minute in (0, 0, 0, 1, 1, 2)]
    drops = [world.drop_row(n, at=when) for n, when in enumerate(at, 1)]
    lines = [world.line_row(drop, position) for drop in drops for position in range(3)]
    world.put(database, *drops, lines=lines)
    for page in (1, 2, 3, 6, 7, 18, 1000):
        seen = [row[0] for row in rows(database, asked(), page)]
        assert seen == [f"K1-{n:06d}" for n in range(1, 7)]
        items = [(row[0], row[2]) for row in rows(database, asked(What.LINES), page)]
        assert items == [(f"K1-{n:06d}", position) for n in range(1, 7) for position in range(3)]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"what": "passwords"}, "what"),
        ({"form": "exe"}, "what"),
        ({"what": "events", "form": "csv"}, "form"),
        ({"what": "drops", "form": "jsonld"}, "form"),
        ({"first": "yesterday"}, "day"),
        ({"last": "2026-02-30"}, "day"),
        ({"first": "2026-05-05", "last": "2026-05-04"}, "period"),
        ({"first": "0001-01-01", "last": "0001-01-01"}, "period"),
        ({"first": "2020-01-01", "last": "2026-05-04"}, "period"),
        ({"first": "9999-12-31", "last": "9999-12-31"}, "period"),
    ],
)
def test_what_cannot_be_had_is_told(fields, why):
    assert ask(fields, Scope("acme"), BERLIN, date(2026, 5, 4)) == Wrong(why)


def test_the_fleet_is_not_a_merchants():
    bound = Scope("acme", frozenset({"fjord"}))
    assert ask({"what": "kiosks"}, bound, BERLIN, date(2026, 5, 4)) == Wrong("rights")


def test_a_file_is_named_after_what_it_holds():
    made = ask(
        {"first": "2026-05-01", "last": "2026-05-03"}, Scope("acme"), BERLIN, date(2026, 5, 4)
    )
    assert isinstance(made, Asked)
    assert made.file_name == "takeback-drops-2026-05-01-2026-05-03.csv"
    assert asked(What.KIOSKS, Form.EXCEL).file_name == "takeback-kiosks.xlsx"
