"""A merchant says whom to tell of a return: kept sealed, never answered, told once goods are in."""

from __future__ import annotations

import pytest

from sync.central.tables import api_answers, notice_contacts, office_audit
from tests.sync.rest.conftest import a_return
from tests.sync.rest.test_merchants_returns import problem

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADA = {"language": "de-AT", "name": "Ada", "email": "ada@example.org", "sms": "+49 170 1234567"}


def test_a_contact_is_kept_and_never_told_again(shops, linden):
    made = linden.put("/v1/returns/RMA-1", a_return(contact=ADA), idempotency_key="one")
    assert made.status_code == 201
    assert "ada@" not in made.text + linden.get("/v1/returns/RMA-1").text
    [row] = shops.rows(notice_contacts)
    its = (row["thing"], row["about"], row["merchant_id"], row["language"])
    assert its == ("return", "RMA-1", "linden", "de")
    for table in (api_answers, office_audit):
        assert "ada@" not in str(shops.rows(table))


def test_left_out_it_stays_and_without_an_address_it_goes(shops, linden):
    linden.put("/v1/returns/RMA-1", a_return(contact=ADA))
    linden.put("/v1/returns/RMA-1", a_return())
    assert len(shops.rows(notice_contacts)) == 1
    linden.put("/v1/returns/RMA-1", a_return(contact={}))
    assert shops.rows(notice_contacts) == []


@pytest.mark.parametrize(
    "slip",
    [{"email": "ada"}, {"email": "a@b.example\r\nBcc: eve@x.example"}, {"sms": "0170 1234567"}],
)
def test_what_is_no_address_is_refused_whole(shops, linden, slip):
    [way] = slip
    told = problem(linden.put("/v1/returns/RMA-1", a_return(contact=slip)), 422, "unfit")
    assert f"contact.{way}" in told["detail"]
    assert shops.rows(notice_contacts) == []
