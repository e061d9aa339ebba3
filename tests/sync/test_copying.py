"""Rows in the form that PostgreSQL's COPY reads; that it reads them so is shown where long batches
are pushed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from sync.central import copying
from sync.central.tables import metadata
from sync.central.tables.base import Moment

AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
THINGS = sa.Table(
    "things",
    sa.MetaData(),
    sa.Column("name", sa.Text),
    sa.Column("many", sa.BigInteger),
    sa.Column("good", sa.Boolean),
    sa.Column("at", Moment),
    sa.Column("told", sa.JSON),
)


def test_each_kind_has_its_form() -> None:
    rows = [
        {"name": "plain", "many": -3, "good": True, "at": AT, "told": {"a": [1]}},
        {"name": "a\tb\\N\r\n", "many": 0, "good": False, "at": AT, "told": 'x"\n'},
        {
            "name": "",
            "many": 1 << 60,
            "good": True,
            "at": AT.astimezone(timezone(timedelta(hours=2))),
            "told": None,
        },
    ]
    assert copying.text([*THINGS.columns], rows).decode().split("\n") == [
        'plain\t-3\tt\t2026-05-04T09:30:00+00:00\t{"a":[1]}',
        'a\\tb\\\\N\\r\\n\t0\tf\t2026-05-04T09:30:00+00:00\t"x\\\\"\\\\n"',
        "\t1152921504606846976\tt\t2026-05-04T09:30:00+00:00\tnull",
        "",
    ]


def test_nothing_is_not_the_empty_text() -> None:
    rows = [dict.fromkeys(("name", "many", "good", "at")), {"name": "\\N"}]
    columns = [THINGS.c.name, THINGS.c.many, THINGS.c.good, THINGS.c.at]
    assert copying.text(columns, rows[:1]) == b"\\N\t\\N\t\\N\t\\N\n"
    assert copying.text(columns[:1], rows) == b"\\N\n\\\\N\n"


def test_every_table_that_is_filled_in_long_sets_can_be_copied() -> None:
    for name in ("events", "links", "drops", "drop_lines", "claims"):
        columns = [*metadata.tables[name].columns]
        assert all(copying._column(one) for one in columns)


def test_another_kind_is_not_guessed() -> None:
    bytes_ = sa.Column("data", sa.LargeBinary)
    with pytest.raises(TypeError, match="data"):
        copying.text([bytes_], [{"data": b"x"}])
