"""A kiosk joins by a one-time code that is shown once, and leaves by being revoked."""

from __future__ import annotations

import html
import re
import shutil

import pytest

from kiosk.domain import codes
from kiosk.domain.codes.model import EnrolmentCode
from kiosk.seal.keys import SigningKey
from sync.central.audit import Actor
from sync.central.devices import Refused, enrol, revoke
from sync.central.fleet import joining
from sync.central.fleet.joining import Made, NotMade
from sync.central.policy import put_tenant
from sync.central.tables import devices, office_audit
from sync.wire.messages import Enrol, Enrolled
from tests.sync.fleet.conftest import IDS

ADA = Actor("acme", "ada", "192.0.2.9", "enrol_kiosks")


@pytest.fixture
def database_url(prepared_file, tmp_path):
    shutil.copy(prepared_file, tmp_path / "pages.db")
    return f"sqlite:///{tmp_path}/pages.db"


@pytest.fixture
def make(fleet):
    def made(code="K1", site="Street 1", same=False, actor=ADA):
        return joining.make(fleet.database, fleet.clock, IDS, actor, site, code, same)

    return made


@pytest.fixture
def join(fleet):
    def joined(secret):
        key = SigningKey("", IDS.token(256).to_bytes(32))
        proof = key.sign(secret.encode()).hex()
        ask = Enrol(code=secret, public_key=key.public.hex(), proof=proof, version="1.0")
        return enrol(fleet.database, fleet.clock, IDS, ask, "192.0.2.1")

    return joined


@pytest.fixture
def audited(fleet):
    def told():
        with fleet.database.reading() as c:
            rows = c.execute(office_audit.select().order_by(office_audit.c.number)).all()
        return [(row.what, row.subject, row.person) for row in rows]

    return told


def waiting(fleet):
    rows = joining.waiting(fleet.database, "acme", fleet.clock.now())
    return [row["kiosk_code"] for row in rows]


def test_a_code_lets_one_kiosk_in_and_the_audit_knows_whose_it_was(fleet, make, join, audited):
    made = make()
    assert isinstance(made, Made)
    assert waiting(fleet) == ["K1"]
    assert isinstance(join(made.code), Enrolled)
    assert isinstance(join(made.code), Refused)
    assert waiting(fleet) == []
    assert audited() == [("kiosk.code_made", "K1", "ada"), ("kiosk.enrolled", "K1", "ada")]


def test_a_cancelled_code_lets_nobody_in(fleet, make, join, audited):
    made = make()
    [row] = joining.waiting(fleet.database, "acme", fleet.clock.now())
    assert "code_hash" not in row
    other = Actor("other", "eve")
    assert not joining.cancel(fleet.database, fleet.clock, other, row["ref"])
    assert joining.cancel(fleet.database, fleet.clock, ADA, row["ref"])
    assert not joining.cancel(fleet.database, fleet.clock, ADA, row["ref"])
    assert isinstance(join(made.code), Refused)
    assert audited()[-1] == ("kiosk.code_cancelled", "K1", "ada")


def test_a_second_code_for_the_same_kiosk_voids_the_first(fleet, make, join):
    first, second = make(), make()
    assert waiting(fleet) == ["K1"]
    assert isinstance(join(first.code), Refused)
    assert isinstance(join(second.code), Enrolled)


def test_a_code_is_void_after_ten_minutes(fleet, make, join):
    made = make()
    fleet.clock.advance(minutes=10)
    assert waiting(fleet) == []
    assert isinstance(join(made.code), Refused)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"site": ""}, NotMade.BAD_SITE),
        ({"site": "x" * 101}, NotMade.BAD_SITE),
        ({"site": "a\nb"}, NotMade.BAD_SITE),
        ({"code": "k1"}, NotMade.BAD_CODE),
        ({"code": "K123456789"}, NotMade.BAD_CODE),
        ({"code": "K 1"}, NotMade.BAD_CODE),
    ],
)
def test_what_is_no_site_and_no_code_makes_none(make, given, why):
    assert make(**given) is why


def test_drop_numbers_never_come_again(fleet, make):
    """They begin with a kiosk's code: it is free again for the very machine alone."""
    box = fleet.join("K1")
    assert make("K1", same=True) is NotMade.TAKEN
    assert revoke(fleet.database, fleet.clock, ADA, box, "stolen")
    assert make("K1") is NotMade.USED
    assert isinstance(make("K1", same=True), Made)
    fleet.join("K17")
    assert joining.suggestion(fleet.database, "acme") == ("K18", ("Street 1",))


def test_a_kiosk_is_revoked_once_with_a_reason(fleet, audited):
    box = fleet.join()
    put_tenant(fleet.database, "other", "Other", "other")
    assert not revoke(fleet.database, fleet.clock, Actor("other", "eve"), box, "mine")
    assert revoke(fleet.database, fleet.clock, ADA, box, "stolen")
    assert not revoke(fleet.database, fleet.clock, ADA, box, "again")
    with fleet.database.reading() as c:
        row = c.execute(devices.select()).one()
    assert (row.state, row.revoked_why, row.revoked_at) == ("revoked", "stolen", fleet.clock.now())
    assert audited()[-1] == ("kiosk.revoked", "K1", "ada")


# --- on the pages ---


def test_the_page_shows_a_code_once_as_text_and_picture(centre, desk):
    page = desk.send("/kiosks/enrol", site="Market 3", code="k7")
    shown = html.unescape(page.text)
    [secret] = set(re.findall(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", shown))
    assert "<svg" in shown
    [whole] = re.findall(r"TE1:[^<']+", shown)
    assert codes.parse(whole, b"", "]Q1") == EnrolmentCode(desk.url, secret)
    assert f"takeback enrol {desk.url} {secret}" in shown
    listing = desk.get("/kiosks/enrol")
    assert secret not in listing
    assert "Market 3" in listing
    ref = re.search(r'name="ref" value="([^"]+)"', listing)[1]
    assert "Market 3" not in desk.send("/kiosks/enrol/cancel", ref=ref).text


def test_a_form_that_is_not_right_says_so_beside_the_field_and_keeps_the_words(desk, kiosk):
    taken = desk.send("/kiosks/enrol", site="Market 3", code="K1")
    assert taken.status_code == 422
    assert "A kiosk has this code." in taken.text
    assert 'value="Market 3"' in taken.text
    unsaid = desk.send("/kiosks/enrol", site=" ", code="K9")
    assert "Say where it stands" in unsaid.text


def test_revoking_on_the_page_asks_why_and_tells_what_follows(centre, kiosk, desk):
    path = f"/kiosks/{kiosk.device_id}"
    assert "It cannot be undone" in desk.get(f"{path}/revoke")
    assert desk.send(f"{path}/revoke", why="  ").status_code == 422
    shown = desk.send(f"{path}/revoke", why="Stolen <b>on Sunday</b>")
    assert shown.url.endswith(path)
    assert "This kiosk was revoked." in shown.text
    assert "Stolen &lt;b&gt;on Sunday" in shown.text
    assert "Stolen" in desk.get("/kiosks?state=revoked")
    assert kiosk.device_id not in desk.get("/kiosks")
    assert kiosk.push(kiosk.record()).notices[0].reason == "revoked"
