"""Search: as typed or scanned, exact, in one tenant; and the way of what was found."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from kiosk.app import numbers
from kiosk.seal import codes as sealed
from kiosk.seal import receipts
from kiosk.seal.codes import ReturnClaims
from kiosk.seal.keys import SigningKey
from kiosk.seal.receipts import ReceiptClaims
from sync.central import finding, policy
from sync.central.finding import Found, Thing
from sync.central.finding.found import Sees
from sync.central.finding.names import drop_number
from sync.central.reconcile.model import Kind
from sync.central.tables import drops, people
from tests.sync.conftest import authorisation
from tests.sync.reconcile.shop import MONDAY, Shop
from tests.sync.test_case_pages import sits

KEY = SigningKey("linden-1", bytes(32))
EVERYTHING = Sees(kiosks=True, cases=True, shops=True)
NUMBER = numbers.drop_number("K1", 123)


@pytest.fixture
def shop(centre):
    made = Shop(centre.database)
    made.dropped("TB0000000017S", "RMA-1A2B", drop_number=NUMBER, order_number="LR-100-2000")
    made.dropped("TB0000000025M", "RMA-OTHER", drop_number="K1-000124-X", merchant_id="voltaro")
    made.told(Kind.CONTAINED, bag_id="TB0000000017S", container_id="TC01", source="shop:main")
    later = MONDAY + timedelta(hours=1)
    made.told(Kind.HANDED_OVER, container_id="TC01", manifest_id="MAN-1", count=1, at=later)
    return made


@pytest.fixture
def look(centre, shop):
    def asked(text, sees=EVERYTHING, tenant="acme"):
        return finding.find(centre.database, tenant, finding.read(text), sees)

    return asked


def found_numbers(found):
    return [row["drop_number"] for row in found.drops]


def claims(**changes):
    at = datetime(2020, 1, 1, tzinfo=UTC)
    given = {
        "issuer": "linden",
        "audience": "somebody-else",
        "issued_at": at,
        "expires_at": at + timedelta(days=1),
        "code_id": "C1",
        "return_id": "RMA-1A2B",
    }
    return ReturnClaims(**{**given, **changes})


def test_a_drop_is_found_by_every_name_it_has(look):
    for text in (NUMBER, "RMA-1A2B", "LR-100-2000", "TB0000000017S"):
        assert found_numbers(look(text)) == [NUMBER], text


WAYS = (
    NUMBER.lower(),
    f"  {NUMBER} ",
    "K1-123",
    "k1 000123",
    "123",
    "000123",
    "rma-1a2b",
    "RMA 1A2B",
    "tb 0000000017 s",
    "lr-100-2000",
    sealed.issue(claims(), KEY),  # expired long ago, and of another network
    receipts.issue(ReceiptClaims("D", "drop-1", NUMBER, "RMA-1A2B", "", MONDAY, "ab" * 32), KEY),
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_as_typed_or_scanned(look):
    assert {text for text in WAYS if found_numbers(look(text)) != [NUMBER]} == set()


@pytest.mark.parametrize("count", [1, 99, 123456])
def test_a_number_without_its_check_is_the_kiosks_own(count):
    assert drop_number("K12", count) == numbers.drop_number("K12", count)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_not_there_is_not_found(look):
    for text in ("", "   ", "\0", "%", "_", "RMA-1A2", "nothing at all", "\ud800", "9" * 5000):
        assert look(text).nothing, text


def test_another_tenants_rows_are_never_found(centre, look):
    policy.put_tenant(centre.database, "rival", "Rival", "rival-kiosks")
    for text in (NUMBER, "RMA-1A2B", "TC01", "K1", "MAN-1"):
        assert look(text, tenant="rival").nothing, text
        way = finding.way_of(centre.database, "rival", Thing.CONTAINER, text)
        assert way is None


def test_a_merchants_person_finds_that_merchants_alone(look):
    theirs = Sees(merchant="linden")
    assert found_numbers(look(NUMBER, theirs)) == [NUMBER]
    for text in ("K1-000124-X", "RMA-OTHER", "TB0000000025M", "TC01", "K1", "124"):
        assert look(text, theirs).nothing, text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_return_that_nobody_brought(centre, look):
    policy.put_authorisations(centre.database, "acme", [authorisation("RMA-LATER")])
    [row] = look("rma-later").returns
    assert (row["return_id"], row["state"]) == ("RMA-LATER", "authorised")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_kiosks_sites_and_goods(look):
    assert [row["kiosk_code"] for row in look("k1").kiosks] == ["K1"]
    assert look("main").sites == ("Main Street",)
    assert [(row["what"], row["facts"]) for row in look("tc01").goods] == [("container", 2)]
    assert [row["what"] for row in look("MAN-1").goods] == ["manifest"]


def test_the_way_of_a_container_and_of_its_list(centre, shop):
    for thing, name in ((Thing.CONTAINER, "TC01"), (Thing.MANIFEST, "MAN-1")):
        way = finding.way_of(centre.database, "acme", thing, name)
        assert [row["drop_number"] for row in way.inside] == [NUMBER], thing
    kinds = [
        row["kind"] for row in finding.way_of(centre.database, "acme", Thing.CONTAINER, "TC01").told
    ]
    assert kinds == ["contained", "handed_over"]
    assert finding.way_of(centre.database, "acme", Thing.CONTAINER, "TC99") is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_merchants_person_sees_the_way_of_their_bags_alone(centre, shop):
    def sees(thing, name):
        return finding.way_of(centre.database, "acme", thing, name, "linden") is not None

    assert sees(Thing.BAG, "TB0000000017S")
    assert sees(Thing.RETURN, "RMA-1A2B")
    assert not sees(Thing.BAG, "TB0000000025M")
    assert not sees(Thing.CONTAINER, "TC01")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_on_the_pages(centre, shop):
    desk = sits(centre, "ada")
    jump = desk.browser.get(desk.url + f"/search?q={NUMBER}", timeout=20, allow_redirects=False)
    with centre.database.reading() as c:
        drop_id = c.execute(
            sa.select(drops.c.drop_id).where(drops.c.drop_number == NUMBER)
        ).scalar_one()
    assert (jump.status_code, jump.headers["location"]) == (303, f"/drops/{drop_id}")
    assert "TC01" in desk.get("/search?q=tc01")  # straight to its page
    to_kiosk = desk.browser.get(desk.url + "/search?q=k1", timeout=20, allow_redirects=False)
    assert to_kiosk.headers["location"] == "/kiosks/K1"
    nothing = desk.get("/search?q=%3Cb%3Enone")
    assert "Nothing is called “<b>none”" in nothing
    assert "<b>none" not in desk.browser.get(desk.url + "/search?q=%3Cb%3Enone", timeout=20).text
    assert "/goods/container/TC01" in desk.get("/goods/manifest/MAN-1")
    assert desk.browser.get(desk.url + "/goods/box/TC01", timeout=20).status_code == 404
    desk.browser.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_pages_of_a_merchants_person(centre, shop):
    desk = sits(centre, "lina")
    bind = people.update().where(people.c.name == "lina").values(merchant_id="linden")
    centre.database.write(lambda c: c.execute(bind))
    assert "orders and bags of your shop" in desk.get("/search?q=TC01")
    bag = html.unescape(desk.get("/goods/bag/TB0000000017S"))
    assert "TC01" in bag
    assert "/goods/container/TC01" not in bag
    desk.browser.close()


def by_part(centre, text, **asked):
    return finding.by_part(centre.database, "acme", finding.read(text), size=10, **asked)


def test_a_drop_is_found_by_the_end_of_a_label(centre, shop):
    """As people read it out."""
    for text in ("017S", "017s", "0123", "2000", "A-1A2B"):
        assert found_numbers(Found(drops=by_part(centre, text).rows)) == [NUMBER], text
    assert by_part(centre, "%").rows == by_part(centre, "_").rows == ()
    assert by_part(centre, "RMA", merchant="voltaro").rows[0]["return_id"] == "RMA-OTHER"
    pages = [by_part(centre, "TB00", page=page).rows for page in (1, 2)]
    assert [len(rows) for rows in pages] == [2, 0]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_parts_are_looked_for_among_the_newest_and_whole_names_among_all(centre, shop):
    later = MONDAY + timedelta(hours=3)
    shop.dropped("TB0000000033N", "RMA-NEW", drop_number="K1-000125-A", at=later)
    assert by_part(centre, "RMA", reach=3).since is None  # all of them
    found = by_part(centre, "RMA", reach=1)
    assert [row["return_id"] for row in found.rows] == ["RMA-NEW"]
    assert found.since is not None
    whole = by_part(centre, "rma-1a2b", reach=1)
    assert [row["return_id"] for row in whole.rows] == ["RMA-1A2B"]


def test_a_return_is_found_by_the_code_that_a_shopper_types(centre, look):
    coded = replace(authorisation("RMA-1A2B"), short_code="dab5-ep7a")
    waits = replace(authorisation("RMA-WAITS"), short_code="V9JX58TN")
    policy.put_authorisations(centre.database, "acme", [coded, waits])
    assert found_numbers(look("DAB5EP7A")) == found_numbers(look("dab5 ep7a")) == [NUMBER]
    assert [row["return_id"] for row in look("v9jx-58tn").returns] == ["RMA-WAITS"]
    theirs = Sees(merchant="voltaro")
    assert look("DAB5EP7A", theirs).nothing
    assert look("V9JX58TN", theirs).nothing
    policy.put_authorisations(centre.database, "acme", [replace(waits, short_code="")])
    assert look("V9JX58TN").nothing
