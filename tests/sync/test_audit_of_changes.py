"""The audit of changes: in the change's own transaction, only added to, and provable."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from sync.central import audit
from sync.central.audit import Actor, Broken, Sound, changed, verify
from sync.central.database import Database
from sync.central.policy import put_tenant
from sync.central.tables import office_audit, office_audit_heads, people

ADA = Actor("acme", "ada", "192.0.2.7", "manage_people")


@pytest.fixture
def database(database_url):
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def three(database, clock):
    """Three changes, told one after another."""
    for number in range(3):
        database.write(
            lambda c, number=number: changed(
                c, ADA, clock.now(), "people.invited", f"person {number}", after={"roles": "viewer"}
            )
        )
    return database


def verified(database, noted=None):
    with database.reading() as c:
        return verify(c, "acme", noted)


def without_triggers(database):
    """As somebody with the database's own password could do it."""

    def work(c):
        if database.sqlite:
            for verb in ("update", "delete"):
                c.exec_driver_sql(f"DROP TRIGGER office_audit_no_{verb}")
        else:
            c.exec_driver_sql("DROP TRIGGER office_audit_stays ON office_audit")

    database.write(work)


def test_a_row_tells_who_when_from_where_and_what(three, clock):
    with three.reading() as c:
        row = audit.search(c, "acme", "person 1", 0, 10)[0]
    told = {name: row[name] for name in ("number", "person", "source", "permission", "what", "at")}
    assert told == {
        "number": 2,
        "person": "ada",
        "source": "192.0.2.7",
        "permission": "manage_people",
        "what": "people.invited",
        "at": clock.now(),
    }
    assert (row["before"], row["after"]) == ("{}", '{"roles":"viewer"}')


def test_it_is_newest_first_by_pages_and_found_by_parts(three):
    with three.reading() as c:
        assert [row["number"] for row in audit.search(c, "acme", "", 0, 2)] == [3, 2]
        assert [row["number"] for row in audit.search(c, "acme", "", 2, 2)] == [1]
        assert [row["number"] for row in audit.search(c, "acme", "PERSON 2", 0, 9)] == [3]
        assert len(audit.search(c, "acme", "192.0.2", 0, 9)) == 3
        assert audit.search(c, "acme", "%", 0, 9) == ()
        assert audit.search(c, "other", "", 0, 9) == ()


def test_a_change_that_fails_leaves_no_row_and_a_row_that_fails_no_change(database, clock):
    def work(c):
        c.execute(people.insert(), {"name": "bob", "tenant": "acme", "password": ""})
        changed(c, ADA, clock.now(), "people.invited", "bob")
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        database.write(work)
    with database.reading() as c:
        assert c.execute(sa.select(people)).all() == []
    assert verified(database) == Sound(0, audit.GENESIS)


@pytest.mark.parametrize("deed", ["update", "delete"])
def test_the_database_itself_refuses_to_change_a_row(three, deed):
    statement = (
        office_audit.update().values(person="eve") if deed == "update" else office_audit.delete()
    )
    with pytest.raises(sa.exc.DBAPIError, match="only added to"):
        three.write(lambda c: c.execute(statement))
    assert isinstance(verified(three), Sound)


def test_whoever_gets_round_that_is_found_out(three):
    noted = verified(three)
    assert noted.number == 3
    without_triggers(three)
    second = office_audit.c.number == 2
    three.write(lambda c: c.execute(office_audit.update().where(second).values(person="eve")))
    assert verified(three) == Broken(2, "changed")
    three.write(lambda c: c.execute(office_audit.delete().where(second)))
    assert verified(three) == Broken(2, "missing")


def test_an_end_that_was_cut_off_shows_beside_what_somebody_noted(three):
    noted = verified(three)
    without_triggers(three)
    three.write(lambda c: c.execute(office_audit.delete().where(office_audit.c.number == 3)))
    assert verified(three) == Broken(3, "cut_off")
    with three.reading() as c:
        left = c.execute(sa.select(office_audit).where(office_audit.c.number == 2)).mappings().one()
    forged = office_audit_heads.update().values(number=2, hash=left["hash"])
    three.write(lambda c: c.execute(forged))
    assert verified(three) == Sound(2, left["hash"])
    assert verified(three, noted) == Broken(3, "cut_off")
    assert verified(three, Sound(2, "f" * 64)) == Broken(2, "not_the_noted")


def test_every_tenant_has_a_chain_of_its_own(three, clock):
    put_tenant(three, "other", "Other", "other")
    eve = Actor("other", "eve")
    assert three.write(lambda c: changed(c, eve, clock.now(), "key.made", "k")) == 1
    assert verified(three).number == 3


def test_changes_of_many_at_once_stand_in_one_line(database, clock):
    def work(name):
        for _ in range(5):
            database.write(lambda c: changed(c, Actor("acme", name), clock.now(), "key.made", "k"))

    threads = [threading.Thread(target=work, args=(f"p{n}",)) for n in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert verified(database).number == 20


def test_what_is_too_long_or_no_text_is_made_fit(database, clock):
    told = {"name": "a\0b\nc", "long": "x" * 900, "count": 3, "on": True}
    database.write(lambda c: changed(c, ADA, clock.now(), "key.made", "a\0", after=told))
    with database.reading() as c:
        row = audit.search(c, "acme", "", 0, 1)[0]
    assert row["subject"] == "a�"
    assert '"a�b�c"' in row["after"]
    assert '"count":"3"' in row["after"]
    assert len(row["after"]) < 600
    assert verified(database).number == 1
