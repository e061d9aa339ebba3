"""`takeback central policy`: the next bundle, other keys, and what is not taken any more."""

from __future__ import annotations

import pytest

from sync.central.database import Database
from sync.central.tables import devices, revoked_codes

OURS = "demo:demo-bundle-1"


@pytest.fixture
def key(shop):
    """The demo's own signing key, as the command wants it."""
    [file] = shop.folder.rglob("bundle.key")
    return f"{OURS}:{file}"


@pytest.fixture
def another(tmp_path):
    (tmp_path / "next.key").write_text("07" * 32)
    return f"demo:next:{tmp_path / 'next.key'}"


@pytest.fixture
def central(takeback, shop):
    return lambda *told: takeback("central", "policy", *told, "--database", shop.database)


def rows(shop, table):
    database = Database(shop.database)
    with database.reading() as c:
        found = c.execute(table.select()).mappings().all()
    database.close()
    return found


def test_publishing_and_the_list_of_bundles(central, shop, key):
    before = shop.world.policy_number
    central("list", "--tenant", "demo").says(0, f"{before}  issued", "kiosk")
    central("publish", "--key", key).says(0, f"bundle {before + 1} is published")
    listed = central("list", "--tenant", "demo", "--json").says(0).json["bundles"]
    assert [one["number"] for one in listed][:2] == [before + 1, before]
    assert central("publish", "--key", key, "--json").json["number"] == before + 2


def test_a_key_that_no_kiosk_knows_publishes_nothing(central, another):
    central("publish", "--key", another).says(1, "no kiosk knows the key next")


def test_keys_are_announced_and_revoked(central, key, another):
    central("announce-key", another, "--key", key, "--days", "7").says(0, "next is announced")
    central("publish", "--key", another).says(0, "published")
    central("revoke-key", "demo-bundle-1", "--key", another).says(0, "demo-bundle-1 is revoked")
    central("publish", "--key", key).says(1, "the key demo-bundle-1 is revoked")
    central("revoke-key", "next", "--key", another).says(2, "cannot revoke itself")
    central("revoke-key", "never", "--key", another).says(1, "no bundle key never")
    central("announce-key", another, "--key", another).says(2, "names of their own")


def test_a_code_and_a_kiosk_are_revoked(central, shop):
    central("revoke-code", "stolen-1", "--tenant", "demo").says(0, "next bundle")
    assert [row["code_id"] for row in rows(shop, revoked_codes)] == ["stolen-1"]
    central("revoke-code", " ", "--tenant", "demo").says(2, "1 to 200")
    central("revoke-kiosk", "nobody", "--tenant", "demo").says(1, "no kiosk of demo")
    [device] = {row["device_id"] for row in rows(shop, devices)}
    central("revoke-kiosk", device, "--tenant", "demo").says(0, f"{device} is revoked")
    assert [row["state"] for row in rows(shop, devices)] == ["revoked"]
    central("revoke-kiosk", device, "--tenant", "demo").says(1, "not revoked")


def test_a_tenant_that_is_not_there(central):
    central("list", "--tenant", "nobody").says(1, "there are: demo")


def test_a_tenant_gets_its_first_key_and_no_second_first_one(takeback, tmp_path):
    there = ("--database", f"sqlite:///{tmp_path / 'new.db'}")
    first, second = tmp_path / "first.key", tmp_path / "second.key"
    takeback("central", "migrate", *there).says(0)
    takeback("central", "create-tenant", "oak", "--title", "Oak", *there).says(0)

    def make(told):
        return takeback("central", "policy", "make-key", told, *there)

    make("oak:no name:x").says(2, "TENANT:KID:FILE")
    make(f"elm:one:{first}").says(1, "no tenant is called 'elm'")
    make(f"oak:one:{tmp_path / 'nowhere' / 'x'}").says(1, "cannot be written")
    make(f"oak:one:{first}").says(0, "believe it")
    assert first.stat().st_mode & 0o777 == 0o600
    publish = ("central", "policy", "publish", *there, "--key")
    takeback(*publish, f"oak:one:{first}").says(0, "bundle 1 is published")

    make(f"oak:one:{second}").says(1, "another name")
    make(f"oak:two:{first}").says(1, "there already")
    make(f"oak:two:{second}").says(0, "no kiosk believes it yet", "announce-key")
    takeback(*publish, f"oak:two:{second}").says(1, "no kiosk knows the key two")
    told = takeback("central", "audit", "verify", "--tenant", "oak", *there, "--json").says(0)
    assert told.json["number"] >= 2  # the key and the bundle


def test_a_first_key_that_was_made_elsewhere(takeback, tmp_path):
    there = ("--database", f"sqlite:///{tmp_path / 'new.db'}")
    takeback("central", "create-tenant", "oak", "--title", "Oak", *there).says(0)
    file = tmp_path / "theirs.key"
    file.write_text("nothing")
    make = ("central", "policy", "make-key", f"oak:one:{file}", *there)
    takeback(*make).says(2, "no signing key")
    file.write_text("07" * 32)
    assert takeback(*make, "--json").json == {"key": "one", "file": str(file), "first": True}
    assert file.read_text() == "07" * 32
