"""Publishing, rolling back and importing at the centre, on every database that can be had."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from kiosk.domain.codes.third_party import ThirdPartyForm
from sync.central import import_rows, importing, policy
from sync.central.database import Database
from sync.central.policy import contents, versions
from sync.central.policy.contents import Shop
from tests.sync.conftest import BUNDLE_KEY, IDS, MERCHANT, TENANT, TestClock

OAK = replace(MERCHANT, merchant_id="oak", name="Oak & Ash")
LOOK = {"receipt": {"header": {"en": ["Since 1962"], "ar": ["منذ 1962"]}}}
FORM = ThirdPartyForm("eastbox", "EBX-[0-9A-Z]{16}", ("]Q",))
ROW = {
    "return_id": "R-1",
    "merchant_id": "linden",
    "order_number": "A-1",
    "ordered_on": "2026-04-20",
    "lines": [
        {
            "line_id": "L1",
            "sku": "S",
            "name": "Strap",
            "category": "bags",
            "quantity": 1,
            "price": "9.50 EUR",
        }
    ],
}


@pytest.fixture
def database(database_url):
    made = Database(database_url)
    yield made
    made.close()


@pytest.fixture
def publish(database):
    """Puts shops and forms, and publishes them; the bundle's number."""

    def made(*shops, forms=()):
        told = policy.publish_these(
            database, TestClock(), IDS, TENANT, BUNDLE_KEY, shops, list(forms)
        )
        assert not isinstance(told, policy.NotPublished), told
        return told.number

    return made


def rules(days):
    return [{"rule": "window", "id": "days", "days": days}]


def shops(database):
    with database.reading() as c:
        return {one.merchant.merchant_id: one for one in contents.shops(c, TENANT)}


def changes(database):
    return policy.latest(database, TENANT)[0]["changes"]


def test_what_goes_in_goes_out_and_comes_back(database, publish):
    publish(Shop(MERCHANT, rules(30), LOOK), forms=[FORM])
    first = shops(database)
    publish(Shop(MERCHANT, rules(14)), Shop(OAK, rules(7), LOOK))
    told = changes(database)
    assert (told.added, told.looks) == (("oak",), ("linden",))
    assert told.rules == {"linden": versions.Rules(changed=("days",))}
    made = policy.roll_back(database, TestClock(), TENANT, BUNDLE_KEY, 1)
    assert made.number == 3
    assert shops(database) == first
    assert changes(database).restored == 1
    with database.reading() as c:
        assert versions.load(c, TENANT, 3) == versions.load(c, TENANT, 1)
        assert versions.load(c, TENANT, 9) is None


def test_what_is_not_fit_to_go_out_is_not_kept(database, publish):
    publish(Shop(MERCHANT, rules(30), LOOK))
    before = shops(database)
    bad = [Shop(OAK, rules(7)), Shop(MERCHANT, [{"rule": "wndow", "id": "w"}])]
    told = policy.publish_these(database, TestClock(), IDS, TENANT, BUNDLE_KEY, bad)
    assert isinstance(told, policy.NotPublished)
    assert shops(database) == before


def test_an_import_is_whole_or_nothing(database, publish, tmp_path):
    publish(Shop(MERCHANT, rules(30)))
    file = tmp_path / "returns.jsonl"
    rows = [{**ROW, "return_id": f"R-{number}"} for number in range(2_100)]
    text = b"\n".join(msgspec.json.encode(row) for row in rows)
    file.write_bytes(text + b"\n{}\n")
    done = importing.import_returns(database, TENANT, lambda: import_rows.json_lines(file))
    assert [one.line for one in done] == [2_101]
    publish()
    assert changes(database).returns == 0
    file.write_bytes(text)
    done = importing.import_returns(database, TENANT, lambda: import_rows.json_lines(file))
    assert done == importing.Imported(2_100, 2_100)
    publish()
    assert changes(database).returns == 2_100


def test_forms_replace_themselves(database, publish, tmp_path):
    publish(Shop(MERCHANT, rules(30)), forms=[FORM])
    file = tmp_path / "forms.jsonl"
    file.write_bytes(msgspec.json.encode(replace(FORM, identifiers=())))
    assert importing.import_forms(database, IDS, TENANT, lambda: import_rows.json_lines(file)) == 1
    publish()
    assert changes(database).forms == ("eastbox",)
