"""`takeback doctor` on how the store is kept, and what that protects from."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kiosk.checks import keeping
from kiosk.settings import load
from kiosk.store.switching import Wanted, settle
from kiosk.world import SystemIds


@pytest.fixture
def look(shop, tmp_path, monkeypatch):
    """Looks at the shop by its settings as they are then; `look.key` is the key file."""
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    key = tmp_path / "keys" / "store.key"

    def check():
        shop.has(store={"encrypted": True, "key_file": str(key)})
        (found,) = keeping.encryption(load(Path(shop.settings)))
        return found

    check.key = key
    return check


def switch(shop, key) -> None:
    assert settle(shop.data, Wanted(encrypted=True, key_file=key), SystemIds()) is None


def test_a_plain_store_is_told_as_one(takeback, shop):
    answer = takeback("doctor", "--settings", shop.settings, "--json")
    (found,) = [one for one in answer.json["checks"] if one["name"] == "encryption"]
    assert found["well"]
    assert "whoever has the disk" in found["finding"]


def test_settings_that_are_not_in_force_yet(look):
    found = look()
    assert not found.well
    assert "not all of the store" in found.finding


def test_what_key_is_in_force_and_what_it_is_good_for(shop, look):
    switch(shop, look.key)
    found = look()
    assert (found.well, found.mend) == (True, "")
    assert str(look.key) in found.finding
    assert "a whole stolen disk can" in found.finding
    (identity, _) = keeping.enrolment(shop.data)
    assert identity.well, "the wrapped device key is read"


def test_what_lies_beside_it_and_is_still_plain(shop, look):
    switch(shop, look.key)
    left = shop.data / "quarantine" / "old" / "ledger.db"
    left.parent.mkdir(parents=True)
    connection = sqlite3.connect(left)
    connection.execute("CREATE TABLE t (a)")
    connection.close()
    assert str(left.parent) in look().mend


def test_a_key_that_is_gone(shop, look):
    switch(shop, look.key)
    look.key.unlink()
    found = look()
    assert not found.well
    assert "its key is not in" in found.finding
    assert "Give the key back" in found.mend
    (enrolment,) = keeping.enrolment(shop.data)
    assert not enrolment.well
    (ledger,) = keeping.ledger(shop.data)
    assert "sealed" in ledger.finding
