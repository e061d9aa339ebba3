"""The bundle in force: built aside, checked, renamed, recorded; looked up by what shoppers have."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from kiosk.domain import codes
from kiosk.domain.policy.bundle import PolicyContent
from kiosk.store import StoreCause, StoreFailed


def names(shelf) -> set[str]:
    return {path.name for path in shelf.directory.glob("policy-*")}


def test_a_new_kiosk_has_no_policy(store):
    assert store.policy.current() is None
    assert store.policy.highest() == 0


def test_a_bundle_is_in_force_at_once_and_after_a_restart(shelf, store, make_authorisation):
    shelf.install(store, 3, make_authorisation(1))
    for kiosk in (lambda: store, lambda: _again(shelf, store)):
        policy = kiosk().policy.current()
        assert policy.number == 3
        assert policy.content.audience == "test"
        assert policy.accept_until == shelf.clock.now() + timedelta(hours=72)
        assert policy.warn_after == shelf.clock.now() + timedelta(hours=24)
        assert policy.find_return("R-1") == make_authorisation(1)
        assert policy.merchants["M-1"].name == "Schuhhaus"
        assert "cti-revoked" in policy.revoked_codes


def _again(shelf, store):
    store.close()
    return shelf.open()


def test_returns_are_found_by_id_short_code_and_order(shelf, store, make_authorisation):
    shelf.install(store, 1, *(make_authorisation(number) for number in range(1, 30)))
    policy = store.policy.current()
    wanted = make_authorisation(7)
    assert policy.find_return("R-7") == wanted
    typed = codes.parse_short(codes.short_code(7).lower())
    assert policy.find_short(typed.text) == wanted
    order = codes.parse_order("A-1007", "SW1A1AA")
    assert policy.find_orders(order.order_number, order.postal_code) == (wanted,)
    assert policy.find_return("R-77") is None
    assert policy.find_short("ZZZZZZZZ") is None
    assert policy.find_orders("A1007", "10115") == ()


def test_two_returns_of_one_order_are_both_found(shelf, store, make_authorisation):
    twins = [make_authorisation(number, order_number="A1") for number in (1, 2)]
    shelf.install(store, 1, *twins)
    policy = store.policy.current()
    assert list(policy.find_orders("A1", "SW1A1AA")) == twins


def test_a_code_that_cannot_be_typed_is_found_by_its_id_only(shelf, store, make_authorisation):
    shelf.install(store, 1, make_authorisation(1, short_code="", postal_code=""))
    policy = store.policy.current()
    assert policy.find_return("R-1") is not None
    assert policy.find_short("") is None
    assert policy.find_orders("A1001", "") == ()


def test_rules_are_built_for_each_merchant_and_nobody_else_has_any(shelf, store):
    shelf.install(store, 5)
    policy = store.policy.current()
    assert [rule.rule_id for rule in policy.policy_for("M-1").rules] == ["all-5"]
    assert policy.policy_for("M-1").number == 5
    assert policy.policy_for("somebody").rules == ()


def test_merchants_who_write_the_same_rules_share_them(shelf, store):
    same, other = ({"rule": "allow", "id": "a"},), ({"rule": "allow", "id": "b"},)
    rules = {"M-1": same, "M-2": ({"rule": "allow", "id": "a"},), "M-3": other}
    shelf.install(store, 1, content=PolicyContent(1, "test", (), rules, ()))
    first, second, third = (store.policy.current().policy_for(f"M-{n}") for n in (1, 2, 3))
    assert first.rules is second.rules
    assert (first.merchant_id, second.merchant_id) == ("M-1", "M-2")
    assert [rule.rule_id for rule in third.rules] == ["b"]


def test_an_older_bundle_is_refused_and_the_newer_serves_on(shelf, store, make_authorisation):
    shelf.install(store, 4, make_authorisation(1))
    for number in (4, 3):
        with pytest.raises(ValueError, match="not above 4"):
            shelf.install(store, number)
    again = _again(shelf, store)
    assert again.policy.current().number == 4
    assert again.policy.highest() == 4


def test_superseded_files_go_and_old_readers_finish(shelf, store, make_authorisation):
    shelf.install(store, 1, make_authorisation(1))
    old = store.policy.current()
    shelf.install(store, 2, make_authorisation(2))
    assert names(shelf) == {"policy-2.db"}
    assert old.find_return("R-1") == make_authorisation(1)
    assert store.policy.current().find_return("R-1") is None


def test_each_change_is_recorded_under_the_bundle_that_it_brings(shelf, store):
    shelf.install(store, 1)
    shelf.install(store, 2)
    store.policy.refuse(3, "bad_signature")
    batch = store.outbox.next_batch(10, 1 << 20)
    told = [(e.type, e.policyversion, e.data) for e in batch.events]
    assert told == [
        ("takeback.policy.activated.v1", 1, {"number": 1, "previous": 0}),
        ("takeback.policy.activated.v1", 2, {"number": 2, "previous": 1}),
        ("takeback.policy.rejected.v1", 2, {"number": 3, "cause": "bad_signature"}),
    ]
    assert store.policy.highest() == 2


def test_a_file_whose_activation_was_cut_off_is_cleared(shelf, store, make_authorisation):
    shelf.install(store, 1, make_authorisation(1))
    for name in ("policy-2.db", "policy-2.part", "policy-2.part-journal"):
        (shelf.directory / name).write_bytes(b"cut off")
    again = _again(shelf, store)
    assert names(shelf) == {"policy-1.db"}
    assert again.policy.current().find_return("R-1") is not None


@pytest.mark.parametrize("damage", ["delete", "junk", "empty"])
def test_a_damaged_file_takes_nothing_and_is_fetched_again(
    shelf, store, make_authorisation, damage
):
    shelf.install(store, 2, make_authorisation(1))
    store.close()
    path = shelf.directory / "policy-2.db"
    if damage == "delete":
        path.unlink()
    else:
        path.write_bytes(b"junk" * 4096 if damage == "junk" else b"")
    again = shelf.open()
    assert again.policy.current() is None
    assert again.policy.highest() == 2
    with pytest.raises(ValueError, match="not above"):
        shelf.install(again, 1)
    shelf.install(again, 2, make_authorisation(1))
    assert again.policy.current().find_return("R-1") is not None


def test_a_bundle_that_cannot_be_written_leaves_the_old_one(
    shelf, store, make_authorisation, monkeypatch
):
    shelf.install(store, 1, make_authorisation(1))

    def broken():
        yield make_authorisation(2)
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreFailed) as failed:
        shelf.install(store, 2, authorisations=broken())
    assert failed.value.cause is StoreCause.FULL
    assert names(shelf) == {"policy-1.db"}
    assert store.policy.current().find_return("R-1") is not None


def test_a_return_listed_twice_spoils_the_whole_bundle(shelf, store, make_authorisation):
    with pytest.raises(StoreFailed):
        shelf.install(store, 1, make_authorisation(1), make_authorisation(1))
    assert store.policy.current() is None
    assert names(shelf) == set()


def test_a_bundle_whose_activation_cannot_be_recorded_is_not_in_force(
    shelf, store, make_authorisation
):
    shelf.install(store, 1, make_authorisation(1))
    store._database.pragma("query_only=ON")
    with pytest.raises(StoreFailed):
        shelf.install(store, 2)
    store._database.pragma("query_only=OFF")
    assert store.policy.current().number == 1
    assert store.policy.highest() == 1
    assert names(shelf) == {"policy-1.db"}
    shelf.install(store, 2)
    assert store.policy.highest() == 2


def test_look_ups_go_on_while_bundles_change(shelf, store, make_authorisation):
    """The core thread looks up while the agent's thread installs."""
    shelf.install(store, 1, make_authorisation(1))
    stop, faults, looks = threading.Event(), [], []

    def look():
        while not stop.is_set():
            try:
                policy = store.policy.current()
                found = policy.find_return("R-1")
                looks.append(found is not None and found.return_id == "R-1")
            except StoreFailed as failure:
                faults.append(failure)

    reader = threading.Thread(target=look)
    reader.start()
    for number in range(2, 12):
        shelf.install(store, number, make_authorisation(1))
    stop.set()
    reader.join()
    assert faults == []
    assert looks
    assert all(looks)


def test_the_file_is_read_only_for_its_reader(shelf, store, make_authorisation):
    shelf.install(store, 1, make_authorisation(1))
    with pytest.raises(Exception, match="readonly"):
        store.policy.current()._connection.execute("DELETE FROM returns")


def test_a_number_is_read_from_the_file_not_from_its_name(shelf, store, make_authorisation):
    shelf.install(store, 1, make_authorisation(1))
    foreign = (shelf.directory / "policy-1.db").read_bytes()
    shelf.install(store, 2, make_authorisation(2))
    store.close()
    (shelf.directory / "policy-2.db").write_bytes(foreign)
    assert shelf.open().policy.current() is None


def test_a_return_is_found_by_the_fingerprint_of_another_networks_code(
    shelf, store, make_authorisation
):
    shared = [make_authorisation(n, third_party="bb" * 32) for n in (2, 3)]
    shelf.install(store, 1, make_authorisation(1, third_party="aa" * 32), *shared)
    policy = store.policy.current()
    assert policy.find_third_party("aa" * 32).return_id == "R-1"
    assert policy.find_third_party("bb" * 32) is None  # two returns: no guessing
    assert policy.find_third_party("cc" * 32) is None
    assert policy.find_third_party("") is None


def test_a_bundle_that_an_older_version_filed_still_serves(shelf, store, make_authorisation):
    """It knows no other networks; the next bundle will."""
    import sqlcipher3.dbapi2 as driver

    shelf.install(store, 1, make_authorisation(1))
    store.close()
    file = driver.connect(str(shelf.directory / "policy-1.db"))
    file.execute("DROP TABLE third_party")
    file.commit()
    file.close()
    policy = shelf.open().policy.current()
    assert policy.find_return("R-1") == make_authorisation(1)
    assert policy.find_third_party("aa" * 32) is None
