"""The form of a row: small, the same authorisation back, readable for as long as files live."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

import msgspec
import pytest
import sqlcipher3.dbapi2 as driver

from kiosk.domain.money import Money
from kiosk.domain.returns import (
    Authorisation,
    AuthorisationState,
    ChargedOnce,
    PastDrop,
    PastReturn,
    ReturnLine,
)
from kiosk.store import StoreCause, StoreFailed, policy_rows
from kiosk.store.policy_schema import FORM

FULL = Authorisation(
    return_id="R-1 靴",
    merchant_id="M",
    order_number="O",
    postal_code="P",
    short_code="S",
    state=AuthorisationState.CANCELLED,
    ordered_on=date(2024, 2, 29),
    delivered_on=date(2024, 3, 1),
    expires_at=datetime(2025, 1, 1, 12, 30, 15, 250_000, tzinfo=UTC),
    lines=(
        ReturnLine(
            line_id="L",
            sku="K",
            name="N",
            category="C",
            quantity=3,
            price=Money(-5, "JPY"),
            tags=frozenset({"a", "b"}),
            final_sale=True,
            hazard="lithium",
            image="i",
            reason="r",
            type="t",
            vendor="v",
            discount=2500,
            weight_g=1,
            longest_mm=2,
            age=18,
            hygiene=True,
            serials=("1", "2"),
            resolution="exchange",
        ),
    ),
    country="DE",
    zone="z",
    fulfilled_on=date(2024, 2, 28),
    channel="web",
    customer="c",
    segments=("vip",),
    order_value=Money(1, "EUR"),
    order_units=4,
    resolution="original",
    history=(PastReturn("R-0", date(2024, 1, 1), 1, Money(2, "EUR")),),
    drops=(PastDrop("D", {"L": 1}, (ChargedOnce("f", 1, 2),), (ChargedOnce("b", 3),)),),
    third_party="ab" * 32,
)


def test_what_is_filed_comes_back(make_authorisation):
    for given in (FULL, make_authorisation(1), make_authorisation(2, lines=(), expires_at=None)):
        assert policy_rows.decode(policy_rows.encode(given)) == given


def test_every_field_is_tried_at_another_value_than_its_default():
    for part in (FULL, FULL.lines[0], FULL.drops[0]):
        lean = msgspec.to_builtins(part)
        assert all(lean.values()), [name for name, value in lean.items() if not value]


def test_a_row_is_far_smaller_than_its_text(make_authorisation):
    given = make_authorisation(1)
    assert len(policy_rows.encode(given)) * 3 < len(msgspec.json.encode(given))


def test_rows_of_today_are_read_for_ever():
    """Bytes that an earlier build wrote; whoever changes the dictionary or a default must give
    the form a new number."""
    print_ = hashlib.sha256(policy_rows.DICTIONARY).hexdigest()
    assert (FORM, print_) == (2, "a9cc8daa92fd553ced09113235e1ec41ca72262d29ebb77e006dc2d9ec72f928")


@pytest.mark.parametrize("junk", [b"", b"\xff\xff", "{", "\ud800", b"\x03\x00"])
def test_junk_is_a_fault_of_the_store(junk):
    with pytest.raises(StoreFailed) as failed:
        policy_rows.decode(junk)
    assert failed.value.cause is StoreCause.CORRUPT


# --- files of other forms -----------------------------------------------------------------------


def first_form(path, number, returns, *, third_party=True):
    """As the first version filed a bundle: JSON text, no layers."""
    path.unlink()
    file = driver.connect(str(path))
    file.execute(
        "CREATE TABLE bundle (number INTEGER PRIMARY KEY, previous INTEGER NOT NULL,"
        " tenant TEXT NOT NULL, scope TEXT NOT NULL, issued TEXT NOT NULL,"
        " warn_after TEXT NOT NULL, accept_until TEXT NOT NULL, content TEXT NOT NULL)"
    )
    file.execute(
        "CREATE TABLE returns (return_id TEXT NOT NULL PRIMARY KEY, short_code TEXT,"
        " order_number TEXT, postal_code TEXT, body TEXT NOT NULL)"
    )
    if third_party:
        file.execute("CREATE TABLE third_party (fingerprint TEXT NOT NULL, return_id TEXT)")
    time = "2025-03-10T12:00:00.000000Z"
    content = '{"number":1,"audience":"a","merchants":[],"rules":{},"code_keys":[]}'
    row = (number, number - 1, "t", "all", time, time, time, content)
    file.execute("INSERT INTO bundle VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    for one in returns:
        body = msgspec.json.encode(one).decode()
        keys = (one.return_id, one.short_code, "A1", "SW1A1AA")
        file.execute("INSERT INTO returns VALUES (?, ?, ?, ?, ?)", (*keys, body))
        if third_party and one.third_party:
            print_ = (one.third_party, one.return_id)
            file.execute("INSERT INTO third_party VALUES (?, ?)", print_)
    file.commit()
    file.close()


@pytest.mark.parametrize("third_party", [True, False])
def test_a_file_of_the_first_form_serves_takes_deltas_and_is_merged(
    shelf, store, make_authorisation, third_party
):
    old = [make_authorisation(n, third_party=f"{n:064x}") for n in (1, 2, 3)]
    shelf.install(store, 1)
    store.close()
    first_form(shelf.directory / "policy-1.db", 1, old, third_party=third_party)
    again = shelf.open()
    policy = again.policy.current()
    assert policy.find_return("R-1") == old[0]
    assert len(policy.find_orders("A1", "SW1A1AA")) == 3
    assert (policy.find_third_party(old[0].third_party) == old[0]) == third_party
    new = make_authorisation(4, third_party="ff" * 32)
    shelf.apply(again, 2, puts=[new], removes=["R-2"])
    for merged in (False, True):
        assert again.policy.merge() == merged if merged else True
        policy = again.policy.current()
        assert policy.find_return("R-1") == old[0]
        assert policy.find_return("R-2") is None
        assert policy.find_third_party(new.third_party) == new
        assert (policy.find_third_party(old[2].third_party) == old[2]) == third_party
        assert policy.find_third_party(old[1].third_party) is None


@pytest.mark.parametrize("which", ["policy-1.db", "policy-2.db"])
def test_a_file_of_a_later_form_is_fetched_again(shelf, store, make_authorisation, which):
    shelf.install(store, 1, make_authorisation(1))
    shelf.apply(store, 2)
    store.close()
    file = driver.connect(str(shelf.directory / which))
    file.execute(f"PRAGMA user_version={FORM + 1}")
    file.close()
    again = shelf.open()
    assert again.policy.current() is None
    shelf.install(again, 2, make_authorisation(1))
    assert again.policy.current().find_return("R-1") is not None
