"""`takeback central key`: made once, listed without its secret, revoked at once."""

from __future__ import annotations

import pytest

from sync.central import policy
from sync.central.database import Database, migrate
from tests.sync.conftest import MERCHANT


@pytest.fixture
def there(tmp_path):
    """The address of a centre's database with one merchant."""
    url = f"sqlite:///{tmp_path / 'centre.db'}"
    database = Database(url)
    migrate(database)
    policy.put_tenant(database, "acme", "Acme", "acme-kiosks")
    policy.put_merchant(database, "acme", MERCHANT, [])
    database.close()
    return ("--tenant", "acme", "--database", url)


def test_a_key_is_made_listed_and_revoked(takeback, there):
    said = takeback("central", "key", "list", *there)
    said.says(0, "there is no key yet")
    told = takeback("central", "key", "make", "merchant:linden", "--name", "shop", *there)
    token = told.says(0).out.strip()
    assert token.startswith("tbk_")
    prefix = token.split("_")[1]
    shown = takeback("central", "key", "list", *there).says(0, prefix, "merchant:linden", "shop")
    assert token not in shown.out
    takeback("central", "key", "revoke", prefix, *there).says(0, f"{prefix} is revoked")
    takeback("central", "key", "list", *there).says(0, "revoked 2")
    takeback("central", "key", "revoke", prefix, *there).says(1, "not revoked")


def test_what_no_key_can_be_is_said(takeback, there):
    takeback("central", "key", "make", "merchant:nobody", *there).says(1, "no merchant")
    takeback("central", "key", "make", "boss:me", *there).says(2, "there are: merchant, hub")
    made = takeback("central", "key", "make", "exports", "--days", "0", "--json", *there)
    assert made.json["expires_at"] is None
    listed = takeback("central", "key", "list", "--json", *there).json["keys"]
    assert [one["read_only"] for one in listed] == [True]
