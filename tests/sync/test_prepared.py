"""Statements that a fleet asks all day go to the driver as they are: with the same values, the same
errors and the same watchers as any other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from sync.central.database import Database
from sync.central.prepared import Prepared
from sync.central.tables import devices
from tests.sync.conftest import TENANT

NOW = datetime(2026, 5, 4, 9, 30, 0, 250_000, tzinfo=UTC)
ELSEWHERE = NOW.astimezone(timezone(timedelta(hours=2)))

ADD = Prepared(
    devices.insert().values(
        {
            name: sa.bindparam(name)
            for name in ("device_id", "tenant", "site", "kiosk_code", "public_key", "enrolled_at")
        }
    )
)
QUERY = (
    sa.select(
        devices.c.kiosk_code,
        devices.c.enrolled_at,
        devices.c.revoked_at,
        (devices.c.enrolled_at <= sa.bindparam("now", type_=devices.c.enrolled_at.type)).label(
            "before"
        ),
    )
    .where(devices.c.tenant == sa.bindparam("tenant"), sa.func.length(devices.c.device_id) > 1)
    .order_by(devices.c.device_id)
)
FIND = Prepared(QUERY)


def row(name: str, **changes: object) -> dict[str, object]:
    told = {"device_id": name, "tenant": TENANT, "site": "", "kiosk_code": f"at {name}"}
    return {**told, "public_key": "", "enrolled_at": ELSEWHERE, **changes}


@pytest.fixture
def database(database_url) -> Iterator[Database]:
    made = Database(database_url)
    with made.writing() as c:
        for name in ("d1", "d2"):
            ADD.run(c, row(name))
    yield made
    made.close()


def test_it_finds_what_any_other_way_finds(database) -> None:
    asked = {"tenant": TENANT, "now": NOW, "and": "more"}
    with database.reading() as c:
        found = FIND.all(c, asked)
        assert [one._asdict() for one in found] == [
            dict(one) for one in c.execute(QUERY, asked).mappings()
        ]
        assert FIND.first(c, asked) == found[0]
        assert FIND.first(c, {**asked, "tenant": "nobody"}) is None
    told = found[0]
    assert (told.kiosk_code, told.enrolled_at, told.revoked_at) == ("at d1", NOW, None)
    assert told.enrolled_at.tzinfo is UTC
    assert told.before is True


def test_a_value_that_was_forgotten_is_not_null(database) -> None:
    with database.reading() as c, pytest.raises(KeyError):
        FIND.first(c, {"tenant": TENANT})


def test_whoever_watches_statements_sees_it(database) -> None:
    seen: list[tuple[str, str]] = []
    with database.writing() as c:
        for name in ("before_cursor_execute", "after_cursor_execute"):
            sa.event.listen(c, name, lambda *told, name=name: seen.append((name, told[2][:6])))
        ADD.run(c, row("d3"))
    assert seen == [("before_cursor_execute", "INSERT"), ("after_cursor_execute", "INSERT")]


def test_its_errors_are_those_of_any_other_and_tell_no_values(database) -> None:
    def twice(c: sa.Connection) -> None:
        ADD.run(c, row("d4"))
        ADD.run(c, row("d1", kiosk_code="a secret"))

    with pytest.raises(sa.exc.IntegrityError) as told:
        database.write(twice)
    assert "a secret" not in str(told.value)
    with database.reading() as c:
        assert len(FIND.all(c, {"tenant": TENANT, "now": NOW})) == 2  # and d4 is not in


def test_a_question_by_itself_leaves_transactions_as_they_were(database) -> None:
    """The connection goes back as it came: what writes next on it is all or nothing."""
    asked = {"tenant": TENANT, "now": NOW}
    with database.asking() as c:
        assert len(FIND.all(c, asked)) == 2

    def fail(c: sa.Connection) -> None:
        ADD.run(c, row("d5"))
        raise RuntimeError("in the midst of it")

    with pytest.raises(RuntimeError):
        database.write(fail)
    with database.asking() as c:
        assert len(FIND.all(c, asked)) == 2
