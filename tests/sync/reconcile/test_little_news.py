"""A little news is looked up by its names, however much has been told before: on SQLite, which
must be told how large its tables are, or it reads all that a tenant ever told for each statement.
"""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from sync.central.database import Database
from sync.central.reconcile.model import Kind, Movement
from sync.central.reconcile.record import record_many
from sync.central.reconcile.run import OVERLAP
from tests.sync.conftest import TENANT
from tests.sync.reconcile.arriving import Arriving, Moving
from tests.sync.reconcile.month import BEGIN, Month

_KEPT = re.compile(r"\b(?:movements|drops|drop_lines|devices)\b")
_NO_NAME = re.compile(r"^SCAN|\(tenant=\?\)")


@pytest.fixture
def centre(prepared_file, tmp_path) -> Iterator[Arriving]:
    """Three shops, three days; all of it told and matched some time ago."""
    file = shutil.copy(prepared_file, tmp_path / "centre.db")
    database = Database(f"sqlite:///{file}")
    month = Month(seed=2, sites=3, days=3, each=10)
    made = Arriving(database, month, Moving(BEGIN), random.Random(2))
    made.prepare()
    made.wait(month.over)
    made.all_at_once(month.told())
    made.wait(made.clock.at + 2 * OVERLAP)
    made.match()
    yield made
    database.close()


@pytest.fixture
def steps(centre) -> Iterator[list[str]]:
    """What SQLite does for every statement of the matching."""
    found: list[str] = []

    def explain(on, _cursor, statement, parameters, _context, many) -> None:
        if not many and statement.lstrip().startswith(("INSERT", "SELECT", "WITH", "DELETE")):
            raw = on.connection.dbapi_connection
            rows = raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            found.extend(f"{step} -- {statement}" for *_, step in rows)

    sa.event.listen(centre.database.engine, "before_cursor_execute", explain)
    yield found
    sa.event.remove(centre.database.engine, "before_cursor_execute", explain)


def _news(month: Month) -> dict[str, Movement]:
    at, bag, box = month.over, next(month.bags()), month.boxes[0]
    return {
        "a bag": Movement("hub:n", "n1", Kind.RECEIVED, at, bag_id=bag.name, count=9),
        "a container": Movement("hub:n", "n1", Kind.RECEIVED, at, container_id=box.name, count=9),
        "a manifest": Movement("hub:n", "n1", Kind.RECEIVED, at, manifest_id=box.manifest, count=9),
        "a line": Movement(
            *("hub:n", "n1", Kind.GRADED, at), return_id=bag.return_id, line_id="L1", count=9
        ),
        "a refund": Movement(
            *("shop:n", "n1", Kind.REFUNDED, at), return_id=bag.return_id, amount=9, currency="EUR"
        ),
    }


@pytest.mark.parametrize("about", ["a bag", "a container", "a manifest", "a line", "a refund"])
def test_it_is_looked_up_by_its_names(centre, steps, about):
    news, now = _news(centre.month)[about], centre.clock.now()
    centre.database.write(lambda c: record_many(c, TENANT, [news], now))
    steps.clear()
    assert centre.match().movements == 1  # what was seen a while ago is not looked at again
    looked = [step for step in steps if _KEPT.search(step.partition(" -- ")[0])]
    assert looked
    assert [step for step in looked if _NO_NAME.search(step.partition(" -- ")[0])] == []
