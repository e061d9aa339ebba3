"""A person of one merchant sees that merchant's rows on every page there is for them."""

from __future__ import annotations

import hashlib

import pytest

from kiosk.domain.events import PhotoFact, ReceiptSettled, StaffNeeded
from kiosk.domain.returns import Merchant
from sync.central import photos
from sync.central.policy import put_merchant
from sync.central.tables import people
from tests.sync.conftest import MERCHANT as LINDEN

OTHER = Merchant("kiefer", "Kiefer", "help@kiefer.example", "Europe/Berlin")
PICTURE = b"\xff\xd8\xff\xe0 a picture \xff\xd9"
SHA = hashlib.sha256(PICTURE).hexdigest()


@pytest.fixture
def lin(centre, browser, person):
    """Somebody with every role who is bound to Linden & Row."""
    put_merchant(centre.database, "acme", LINDEN, [])
    put_merchant(centre.database, "acme", OTHER, [])
    person("lin")
    bind = people.update().values(merchant_id="linden")
    centre.database.write(lambda c: c.execute(bind))
    return browser().sign_in("lin")


@pytest.fixture
def both(kiosk, drop_of):
    """One drop of each shop in one visit, and a word of staff about the visit."""
    mine = drop_of("R1", bag_id="MINE-1")
    theirs = drop_of(
        "R2",
        bag_id="THEIRS-1",
        merchant_id="kiefer",
        visit_id=mine.visit_id,
        photos=(PhotoFact("L1", SHA, len(PICTURE)),),
    )
    kiosk.push(
        kiosk.record(mine),
        kiosk.record(theirs),
        kiosk.record(ReceiptSettled(mine.drop_id, "printed", ""), subject=mine.drop_id),
        kiosk.record(StaffNeeded(mine.visit_id, "", "needs_staff", {}), subject=mine.visit_id),
    )
    return mine, theirs


def test_lists_and_today_hold_their_own_alone(lin, both):
    mine, theirs = both
    for path in ("/", "/drops", "/drops?q=K1"):
        page = lin.look(path).page
        assert mine.drop_number in page, path
        for told in (theirs.drop_number, "THEIRS-1", "Kiefer"):
            assert told not in page, path
    assert "Nothing found" in lin.look("/drops?q=THEIRS").page
    assert "€79.90" in lin.look("/").page
    assert "€159.80" not in lin.page


def test_the_houses_figures_are_not_theirs(lin, both):
    page = lin.look("/").page
    for told in (
        "Needs somebody",
        "Bags waiting",
        "Turned away",
        'href="/cases"',
        'href="/kiosks"',
    ):
        assert told not in page


def test_a_story_is_theirs_or_not_there(lin, both):
    mine, theirs = both
    assert lin.look(f"/drops/{mine.drop_id}").status == 200
    assert "Printed" in lin.page
    assert "Staff were called" not in lin.page
    assert lin.look(f"/drops/{theirs.drop_id}").status == 404


def test_photographs_of_others_are_not_there(lin, both, centre, clock, browser, person):
    taken = photos.take(centre.database, clock, "acme", SHA, 0, PICTURE)
    assert taken is not None
    assert lin.look(f"/photos/{SHA}").status == 404
    person("ada")
    assert browser().sign_in("ada").look(f"/photos/{SHA}").status == 200


def test_every_other_page_is_refused(lin):
    for path in ("/kiosks", "/cases", "/people", "/audit"):
        assert lin.look(path).status == 403
    assert lin.look("/account").status == 200
