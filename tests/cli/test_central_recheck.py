"""`takeback central recheck`: every drop judged again, said in numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.domain.policy.rules import problems
from sync.central import policy
from sync.central.database import Database
from sync.central.serve import CentralServer
from tests.sync.conftest import BUNDLE_KEY, IDS, TENANT, Centre, TestClock, join, prepare
from tests.sync.judged import MERCHANT, honest


@pytest.fixture
def told(tmp_path):
    """A centre's database with two honest drops, one planted, and one of an unknown bundle."""
    url, clock = f"sqlite:///{tmp_path / 'centre.db'}", TestClock()
    prepare(url)
    one = next(o for o in honest(60, seed=11) if not any(map(problems, o.specs)))
    database, server = Database(url), CentralServer(url, clock, IDS)
    policy.put_merchant(database, TENANT, MERCHANT, one.specs)
    policy.publish(database, clock, TENANT, BUNDLE_KEY)
    facts = [
        replace(one.fact, policy_number=1, drop_id=f"D{n}", return_id=f"R{n}") for n in range(4)
    ]
    lines = tuple(replace(line, refund=line.refund + line.brought) for line in one.fact.lines)
    facts[2], facts[3] = replace(facts[2], lines=lines), replace(facts[3], policy_number=9)
    server.start()
    kiosk = join(Centre(server, database, clock))
    kiosk.push(*(kiosk.record(fact) for fact in facts))
    server.stop()
    database.close()
    return url


def test_drops_are_judged_again_and_counted(told, takeback):
    ask = ("central", "recheck", TENANT, "--database", told)
    takeback(*ask).says(
        0,
        "4 drops judged again: 2 the same, 1 differ; 1 cases opened, 0 settled",
        "1 could not be judged: the rules of their bundle were not kept",
    )
    takeback(*ask).says(0, "0 drops judged again")
    again = takeback(*ask, "--since", "2026-05-04", "--json").json
    assert (again["same"], again["differs"], again["no_rules"], again["opened"]) == (2, 1, 1, 0)
    assert takeback(*ask, "--since", "2026-05-05", "--json").json["same"] == 0


def test_wrong_calls_are_told_as_sentences(told, takeback):
    takeback("central", "recheck", TENANT, "--database", told, "--since", "Monday").says(2, "day")
    takeback("central", "recheck", "nobody", "--database", told).says(1, "nobody")
