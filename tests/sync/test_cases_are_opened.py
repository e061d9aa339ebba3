"""Cases are opened in sets, once each; later facts add to them, open them again, or settle them."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic import command

from sync.central.cases import (
    RESOLUTIONS,
    Compared,
    Evidence,
    Found,
    Gone,
    Kind,
    Resolution,
    State,
    Step,
    key_of,
    open_many,
    settle_many,
)
from sync.central.cases.evidence import digest, read, things, written
from sync.central.cases.lifecycle import Standing, Taken, allowed, fold
from sync.central.database import Database, alembic_config, migrate
from sync.central.tables import case_events, case_links, cases

AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
SHORT = Evidence(
    drops=("D1",),
    bags=("BAG-1",),
    sides=("dropped", "contained"),
    compared=(Compared("units", 3, 2, "L1"),),
)


@pytest.fixture
def database(database_url):
    made = Database(database_url)
    yield made
    made.close()


def missing(bag: str = "BAG-1", evidence: Evidence = SHORT, at: datetime = AT) -> Found:
    return Found(Kind.MISSING, "bag", bag, at, evidence, site="Street 1", amount=7990)


def opened(database, *found: Found):
    return database.write(lambda c: open_many(c, "acme", found))


def rows(database, table, **where):
    query = sa.select(table)
    for name, value in where.items():
        query = query.where(table.c[name] == value)
    with database.reading() as c:
        return [dict(row) for row in c.execute(query).mappings()]


def steps(database, key: str) -> list[str]:
    [case] = rows(database, cases, key=key)
    told = sorted(rows(database, case_events, case_id=case["case_id"]), key=lambda r: r["number"])
    assert [row["number"] for row in told] == list(range(1, case["steps"] + 1))
    return [row["step"] for row in told]


def test_a_case_keeps_what_was_found_and_begins_with_a_step(database):
    told = opened(database, missing())
    assert told.new == ("missing:bag:BAG-1",)
    [case] = rows(database, cases)
    assert (case["kind"], case["state"], case["site"]) == ("missing", "open", "Street 1")
    assert (case["amount"], case["opened_at"]) == (7990, AT)
    assert read(case["evidence"]) == SHORT
    [step] = rows(database, case_events)
    assert (step["number"], step["step"], step["who"]) == (1, "opened", "")
    assert read(step["evidence"]) == SHORT
    assert {(row["thing"], row["id"]) for row in rows(database, case_links)} == {
        ("bag", "BAG-1"),
        ("drop", "D1"),
    }


def test_looking_twice_opens_nothing_twice(database):
    many = [missing(f"BAG-{n}") for n in range(1203)]
    assert len(opened(database, *many).new) == 1203
    again = opened(database, *reversed(many), missing("BAG-0"))
    assert (again.new, again.reopened, again.more) == ((), (), ())
    assert len(rows(database, cases)) == len(rows(database, case_events)) == 1203


def test_a_few_that_are_new_among_many_that_are_known(database):
    opened(database, missing("BAG-1"), missing("BAG-3"))
    told = opened(database, *(missing(f"BAG-{n}") for n in (1, 2, 3, 4)))
    assert told.new == ("missing:bag:BAG-2", "missing:bag:BAG-4")


def test_more_evidence_is_a_step_of_the_case_that_is_there(database):
    opened(database, missing())
    more = Evidence(drops=("D1", "D2"), bags=("BAG-1",))
    told = opened(database, missing(evidence=more, at=AT + timedelta(hours=1)))
    assert (told.new, told.more) == ((), ("missing:bag:BAG-1",))
    [case] = rows(database, cases)
    assert read(case["evidence"]) == more
    assert (case["state"], case["opened_at"]) == ("open", AT)
    assert steps(database, "missing:bag:BAG-1") == ["opened", "found"]
    assert ("drop", "D2") in {(r["thing"], r["id"]) for r in rows(database, case_links)}


def test_later_facts_settle_what_they_explain_and_others_open_it_again(database):
    opened(database, missing())
    late = Evidence(bags=("BAG-1",), events=("E9",))
    gone = Gone("missing:bag:BAG-1", AT + timedelta(hours=2), late)
    nothing = Gone("missing:bag:BAG-7", AT, late)
    assert database.write(lambda c: settle_many(c, "acme", [gone, nothing])) == (gone.key,)
    assert database.write(lambda c: settle_many(c, "acme", [gone])) == ()
    [case] = rows(database, cases)
    assert (case["state"], case["resolution"]) == ("settled", Resolution.CAUSE_GONE)
    assert (case["settled_at"], case["settled_by"]) == (gone.at, "")
    told = opened(database, missing(at=AT + timedelta(hours=3)))
    assert told.reopened == (gone.key,)
    [case] = rows(database, cases)
    assert (case["state"], case["settled_at"], case["resolution"]) == ("reopened", None, "")
    assert steps(database, gone.key) == ["opened", "settled", "reopened"]


def test_cases_of_one_house_are_not_anothers(database):
    database.write(
        lambda c: c.execute(
            sa.text("INSERT INTO tenants (tenant, name, audience) VALUES ('other', 'O', 'o')")
        )
    )
    opened(database, missing())
    told = database.write(lambda c: open_many(c, "other", [missing()]))
    assert told.new == ("missing:bag:BAG-1",)
    assert len({row["case_id"] for row in rows(database, cases)}) == 2
    gone = Gone("missing:bag:BAG-1", AT, Evidence(events=("E1",)))
    database.write(lambda c: settle_many(c, "other", [gone]))
    assert [row["state"] for row in rows(database, cases, tenant="acme")] == ["open"]


def test_two_workers_that_find_the_same_at_once_open_it_once(database):
    many = [missing(f"BAG-{n}") for n in range(300)]
    start, told = threading.Barrier(2), []

    def look(found):
        start.wait()
        told.append(opened(database, *found))

    threads = [threading.Thread(target=look, args=(f,)) for f in (many, many[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(key for one in told for key in one.new) == sorted(f.key for f in many)
    assert len(rows(database, cases)) == len(rows(database, case_events)) == 300


def test_evidence_is_written_without_what_is_empty_and_read_back():
    document = written(SHORT)
    assert set(document) == {"drops", "bags", "sides", "compared"}
    assert read(document) == SHORT
    assert read({**document, "of_tomorrow": 1}) == SHORT
    assert digest(document) == digest(dict(reversed(document.items())))
    assert list(things(Evidence(drops=("D1", "", "D1"), bags=("B1",)))) == [
        ("drop", "D1"),
        ("bag", "B1"),
    ]


def test_every_kind_can_be_settled_and_none_by_hand_as_explained():
    assert set(RESOLUTIONS) == set(Kind)
    for ways in RESOLUTIONS.values():
        assert ways
        assert len(set(ways)) == len(ways)
        assert Resolution.CAUSE_GONE not in ways
    used = {way for ways in RESOLUTIONS.values() for way in ways}
    assert used | {Resolution.CAUSE_GONE} == set(Resolution)


ALLOWED = {
    State.OPEN: {Step.FOUND, Step.TAKEN, Step.COMMENTED, Step.SETTLED},
    State.ASSIGNED: {Step.FOUND, Step.TAKEN, Step.LEFT, Step.COMMENTED, Step.SETTLED},
    State.SETTLED: {Step.COMMENTED, Step.REOPENED},
    State.REOPENED: {Step.FOUND, Step.TAKEN, Step.COMMENTED, Step.SETTLED},
}


@pytest.mark.parametrize("state", list(State))
def test_a_step_that_is_not_listed_is_not_taken(state):
    assert {step for step in Step if allowed(state, step)} == ALLOWED[state]


def test_the_state_is_a_fold_over_the_steps():
    told = [
        Taken(Step.OPENED, AT),
        Taken(Step.TAKEN, AT, "ada"),
        Taken(Step.COMMENTED, AT, "bob"),
        Taken(Step.FOUND, AT),
    ]
    assert fold(told) == Standing(State.ASSIGNED, "ada")
    settled = Taken(Step.SETTLED, AT, "ada", "found")
    assert fold([*told, settled]) == Standing(State.SETTLED, "ada", AT, "ada", "found")
    assert fold([*told, settled, Taken(Step.REOPENED, AT, "bob")]) == Standing(State.REOPENED)
    assert fold([*told, Taken(Step.LEFT, AT, "ada")]) == Standing(State.OPEN)


OLD = sa.text(
    "INSERT INTO cases (case_id, tenant, kind, opened_at, device_id, event_id, return_id, "
    "line_id, first_drop_id, first_bag_id, second_drop_id, second_bag_id, detail) VALUES "
    "(:case_id, 'acme', :kind, :at, '', :event_id, :return_id, :line_id, :first_drop_id, "
    ":first_bag_id, :second_drop_id, :second_bag_id, :detail)"
).bindparams(sa.bindparam("at", type_=sa.DateTime(timezone=True)))
BEFORE = "0010"


def _down(database: Database) -> None:
    config = alembic_config(database.engine.url.render_as_string(hide_password=False))

    def run(connection: sa.Connection) -> None:
        config.attributes["connection"] = connection
        command.downgrade(config, BEFORE)

    database.write(run)


NO_DROPS = dict.fromkeys(
    ("return_id", "line_id", "first_drop_id", "first_bag_id", "second_drop_id", "second_bag_id"),
    "",
)


def test_cases_of_an_older_centre_are_kept_there_and_back(database):
    _down(database)
    twice = {
        "return_id": "R1",
        "line_id": "L1",
        "first_drop_id": "D1",
        "first_bag_id": "BAG-1",
        "second_drop_id": "D2",
        "second_bag_id": "BAG-2",
    }
    told = [
        {"case_id": "C1", "kind": "conflict", "event_id": "E1", "detail": "too many 1", **twice},
        {"case_id": "C2", "kind": "quarantined", "event_id": "E2", "detail": "unfit", **NO_DROPS},
        {"case_id": "C3", "kind": "quarantined", "event_id": "E2", "detail": "again", **NO_DROPS},
        {"case_id": "C4", "kind": "fork", "event_id": "E3", "detail": "again", **NO_DROPS},
    ]
    database.write(lambda c: c.execute(OLD, [{**row, "at": AT} for row in told]))
    migrate(database)
    kept = {row["case_id"]: row for row in rows(database, cases)}
    assert {name: row["key"] for name, row in kept.items()} == {
        "C1": "duplicate_drop:drop_line:D2/L1",
        "C2": "quarantined_event:event:E2",
        "C3": "quarantined_event:case:C3",
        "C4": "fork:case:C4",
    }
    evidence = read(kept["C1"]["evidence"])
    assert (evidence.drops, evidence.bags) == (("D1", "D2"), ("BAG-1", "BAG-2"))
    assert all(row["digest"] == digest(row["evidence"]) for row in kept.values())
    assert kept["C1"]["opened_at"] == AT
    assert steps(database, "fork:case:C4") == ["opened"]
    assert ("drop", "D2") in {(r["thing"], r["id"]) for r in rows(database, case_links)}
    _down(database)
    with database.reading() as c:
        back = c.execute(sa.text("SELECT * FROM cases ORDER BY case_id")).mappings().all()
    assert [{name: row[name] for name in told[0]} for row in back] == told
    migrate(database)


def test_a_key_names_kind_and_subject():
    assert key_of(Kind.MISSING, "bag", "BAG-1") == missing().key == "missing:bag:BAG-1"
