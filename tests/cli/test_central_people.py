"""`takeback central people` and `audit`: accounts by command, and the proof of what was changed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from sync.central import policy
from sync.central.database import Database, migrate


@pytest.fixture
def url(tmp_path):
    """The address of a centre's database with one tenant."""
    made = f"sqlite:///{tmp_path / 'centre.db'}"
    database = Database(made)
    migrate(database)
    policy.put_tenant(database, "acme", "Acme", "acme-kiosks")
    database.close()
    return made


@pytest.fixture
def there(url):
    return ("--tenant", "acme", "--database", url)


def test_a_person_is_created_with_roles_and_listed(takeback, there):
    create = ("central", "create-admin")
    said = takeback(*create, "ada", "--role", "viewer", "--role", "admin", *there)
    said.says(0, "ada signs in with: ")
    takeback(*create, "bob", *there).says(0)
    takeback(*create, "eve", "--role", "emperor", *there).says(2, "there are: viewer, agent")
    takeback(*create, " eve", *there).says(2, "1 to 100 characters")
    told = takeback("central", "people", "list", "--json", *there).json["people"]
    assert [(one["name"], len(one["roles"])) for one in told] == [("ada", 2), ("bob", 6)]
    takeback("central", "people", "list", *there).says(0, "ada", "viewer admin", "active")


def test_a_second_factor_is_asked_for_and_reset(takeback, there):
    takeback("central", "create-admin", "ada", *there).says(0)
    rule = ("central", "people", "second-factor")
    takeback(*rule, "required", *there).says(0, "is required for the people of acme")
    takeback(*rule, "optional", *there).says(0, "is optional")
    reset = ("central", "people", "reset-second-factor")
    takeback(*reset, "ada", *there).says(0, "ada signs in with the password alone")
    takeback(*reset, "nobody", *there).says(1, "nobody is called 'nobody' at acme")


def test_the_audit_is_verified_and_a_forged_row_is_named(takeback, there, url):
    verify = ("central", "audit", "verify")
    for name in ("ada", "bob"):
        takeback("central", "create-admin", name, *there).says(0)
    told = takeback(*verify, "--json", *there).json
    assert (told["sound"], told["number"]) == (True, 2)
    noted = f"{told['number']}:{told['hash']}"
    takeback(*verify, *there).says(0, f"2 changes, each fits the one before; note: {noted}")
    takeback(*verify, "--noted", noted, *there).says(0)
    takeback(*verify, "--noted", "2:" + "0" * 64, *there).says(1, "another one than was noted")
    takeback(*verify, "--noted", "x", *there).says(2, "NUMBER:HASH")
    database = Database(url)

    def forge(c):
        c.exec_driver_sql("DROP TRIGGER office_audit_no_update")
        c.execute(sa.text("UPDATE office_audit SET person = 'eve' WHERE number = 1"))

    database.write(forge)
    database.close()
    takeback(*verify, "--noted", noted, *there).says(1, "breaks at change 1")
    told = takeback(*verify, "--json", *there)
    assert (told.code, told.json) == (1, {"sound": False, "number": 1, "why": "changed"})
