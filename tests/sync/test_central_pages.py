"""The back office: who may look, what is there, and that nothing a kiosk says becomes markup."""

from __future__ import annotations

import dataclasses
import re

import pytest
import requests

from kiosk.domain.events import (
    LookRefused,
    PolicyActivated,
    ReceiptSettled,
    ShareFact,
    StaffNeeded,
)
from kiosk.words import words
from kiosk.world import SystemIds
from sync.central.people import create_admin, hash_password, password_fits
from sync.central.policy import put_merchant
from sync.central.tables import people, sessions
from tests.sync.boxes import publish
from tests.sync.conftest import MERCHANT as LINDEN

IDS = SystemIds()
PASSWORD = "correct horse battery"
SCRIPT = '<script>alert("x")</script>'


@pytest.fixture
def office(centre):
    """A signed-in browser."""
    create_admin(centre.database, IDS, "acme", "ada", PASSWORD)
    with requests.Session() as browser:
        browser.trust_env = False
        answer = browser.post(
            centre.url + "/login", data={"name": "ada", "password": PASSWORD}, timeout=10
        )
        assert answer.status_code == 200
        yield lambda path, language="en", accept="*/*": browser.get(
            centre.url + path, headers={"Accept-Language": language, "Accept": accept}, timeout=10
        )


def test_without_a_session_every_page_leads_to_the_door(centre):
    for path in ("/", "/drops", "/drops/x", "/kiosks", "/cases"):
        answer = requests.get(centre.url + path, timeout=10, allow_redirects=False)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/login")


def test_a_wrong_password_and_an_unknown_name_read_the_same(centre, real_passwords):
    create_admin(centre.database, IDS, "acme", "ada", PASSWORD)
    told = [
        requests.post(centre.url + "/login", data={"name": n, "password": "wrong"}, timeout=10)
        for n in ("ada", "bob")
    ]
    assert [t.status_code for t in told] == [403, 403]
    kept = [t.text.replace(f'value="{n}"', "") for n, t in zip(("ada", "bob"), told, strict=True)]
    assert kept[0] == kept[1] != told[0].text  # the name that was typed, and nothing else
    assert not told[0].cookies


def test_guessing_passwords_ends_even_for_the_right_one(centre):
    create_admin(centre.database, IDS, "acme", "ada", PASSWORD)
    for word in [*["wrong"] * 10, PASSWORD]:
        answer = requests.post(
            centre.url + "/login", data={"name": "ada", "password": word}, timeout=30
        )
        assert answer.status_code == 403


def test_a_form_from_another_site_signs_nobody_in(centre):
    create_admin(centre.database, IDS, "acme", "ada", PASSWORD)
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    ):
        answer = requests.post(
            centre.url + "/login",
            data={"name": "ada", "password": PASSWORD},
            headers=headers,
            timeout=10,
        )
        assert answer.status_code == 403


def test_a_browser_that_hides_where_it_comes_from_may_still_sign_in(centre):
    """Chromium says "Origin: null" of a form on a page that asked for no referrer."""
    create_admin(centre.database, IDS, "acme", "ada", PASSWORD)
    answer = requests.post(
        centre.url + "/login",
        data={"name": "ada", "password": PASSWORD},
        headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        timeout=10,
        allow_redirects=False,
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_passwords_and_sessions_are_kept_hashed_and_the_cookie_is_shut(centre, office):
    assert PASSWORD not in str(centre.rows(people))
    answer = requests.post(
        centre.url + "/login",
        data={"name": "ada", "password": PASSWORD},
        timeout=10,
        allow_redirects=False,
    )
    cookie = answer.headers["Set-Cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert answer.cookies["takeback_session"] not in str(centre.rows(sessions))


def test_a_password_costs_a_guesser_and_verifies_only_itself(real_passwords):
    kept = hash_password(PASSWORD, IDS)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert password_fits(PASSWORD, kept)
    assert not password_fits(PASSWORD + " ", kept)
    with pytest.raises(ValueError, match="12 characters"):
        create_admin(None, IDS, "acme", "ada", "short")


def test_a_session_ends_when_idle_and_when_signed_out(centre, office, clock):
    page = office("/").text
    browser_token = re.search(r'name="csrf" value="(\w+)"', page).group(1)
    cookie = office("/").request.headers["Cookie"]

    def leave(csrf):
        return requests.post(
            centre.url + "/logout",
            data={"csrf": csrf},
            headers={"Cookie": cookie},
            timeout=10,
            allow_redirects=False,
        ).status_code

    assert leave("forged") == 403
    assert "Today at a glance" in office("/").text
    assert leave(browser_token) == 303
    assert "Sign in" in office("/").text


def test_an_idle_session_ends(office, clock):
    assert "Today at a glance" in office("/").text
    clock.advance(minutes=31)
    assert "Sign in" in office("/").text


def test_every_answer_carries_the_security_headers(centre, office):
    for answer in (office("/"), office("/nowhere"), requests.get(centre.url + "/v1/x", timeout=10)):
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "server" not in answer.headers


def test_a_drop_is_on_the_pages_with_its_story(centre, kiosk, office, drop_of, authorised):
    authorised("R1")
    fact = drop_of("R1", bag_id="TB0000000017")
    kiosk.push(
        kiosk.record(fact),
        kiosk.record(ReceiptSettled(fact.drop_id, "printed", ""), subject=fact.drop_id),
    )
    today = office("/").text
    assert fact.drop_number in today
    assert "€79.90" in today
    story = office(f"/drops/{fact.drop_id}").text
    for told in (
        "ORDER-R1",
        "TB0000000017",
        "Linen dress",
        "This item can be returned.",
        "Accepted",
        "Printed",
        "window-30",
    ):
        assert told in story


@pytest.mark.parametrize("part", ["TB77", "tb77", "ORDER-R7", "R7"])
def test_a_drop_is_found_by_number_bag_order_and_return(kiosk, office, drop_of, authorised, part):
    authorised("R7")
    fact = drop_of("R7", bag_id="TB77")
    kiosk.push(kiosk.record(fact), kiosk.record(drop_of("R8", bag_id="TB88")))
    found = office(f"/drops?q={part}").text
    assert fact.drop_number in found
    assert "TB88" not in found
    assert "Nothing found" in office("/drops?q=100%25").text


def test_pages_of_drops_can_be_turned(kiosk, office, drop_of):
    kiosk.push(*(kiosk.record(drop_of(f"R{n}")) for n in range(51)))
    assert 'rel="next"' in office("/drops").text
    assert 'rel="prev"' in office("/drops?page=2").text
    assert office("/drops?page=-1").status_code == office("/drops?page=x").status_code == 200


def test_kiosks_tell_how_they_are(centre, kiosk, office, clock):
    kiosk.push(kiosk.record())
    assert "All kiosks are well." in office("/kiosks").text
    clock.advance(minutes=10)
    assert "Last heard of 10 minutes ago." in office("/kiosks").text


def test_a_conflict_is_a_case_with_both_bags(kiosk, office, drop_of, enrolled):
    kiosk.push(kiosk.record(drop_of("R1", bag_id="BAG-1")))
    other = enrolled("K2")
    other.push(other.record(drop_of("R1", bag_id="BAG-2")))
    page = office("/cases").text
    assert "The same item was dropped twice" in page
    assert "BAG-1" in page
    assert "BAG-2" in page


def test_a_drops_page_says_what_fees_are_for_and_how_it_is_paid_back(
    centre, kiosk, office, drop_of, authorised
):
    authorised("R1")
    fact = drop_of("R1")
    line = dataclasses.replace(
        fact.lines[0],
        outcome="accept_with_fee",
        reason="fee_applies",
        reason_values={"fee": 999, "currency": "EUR"},
        refund=6991,
        fee=999,
        fees=(
            ShareFact("restock", 500, "restocking", False, 7990),
            ShareFact("gift-wrap", 499, "wrap", True, 7990),
        ),
        method="store_credit",
        bonus=699,
        destination="Hall 3",
        inputs={"line.category": "clothing"},
    )
    fact = dataclasses.replace(fact, lines=(line,))
    kiosk.push(kiosk.record(fact))
    story = office(f"/drops/{fact.drop_id}").text
    for told in (
        "The shop keeps a return fee of €9.99.",
        "Restocking fee: €5.00",
        "Fee: €4.99",
        "As store credit",
        "Bonus: €6.99",
        "Goes to Hall 3",
    ):
        assert told in story


def test_nothing_a_kiosk_or_a_merchant_says_becomes_markup(centre, kiosk, office, drop_of):
    from kiosk.domain.returns import Merchant

    put_merchant(centre.database, "acme", Merchant("linden", SCRIPT, "", "UTC"), [])
    fact = drop_of(SCRIPT, bag_id=SCRIPT, drop_number=SCRIPT)
    line = dataclasses.replace(
        fact.lines[0],
        sku=SCRIPT,
        reason=SCRIPT,
        outcome=SCRIPT,
        answers={SCRIPT: SCRIPT},
        rule_ids=(SCRIPT,),
        fees=(ShareFact(SCRIPT, 1, SCRIPT, False, 1),),
        method=SCRIPT,
        destination=SCRIPT,
        state="accepted",
    )
    fact = dataclasses.replace(fact, lines=(line,), visit_id="visit")
    kiosk.push(
        kiosk.record(fact),
        kiosk.record(StaffNeeded("visit", SCRIPT, SCRIPT, {}), subject="visit"),
        kiosk.record(drop_of(SCRIPT, bag_id=SCRIPT)),
    )
    paths = ("/", "/drops", f"/drops/{fact.drop_id}", "/kiosks", "/cases", f"/drops?q={SCRIPT}")
    for path in paths:
        page = office(path)
        assert page.status_code == 200
        assert "<script" not in page.text
        assert "&lt;script&gt;" in page.text or path == "/kiosks"


def test_another_tenants_drops_are_not_there(centre, kiosk, drop_of):
    from sync.central.policy import put_tenant

    fact = drop_of("R1")
    kiosk.push(kiosk.record(fact))
    put_tenant(centre.database, "other", "Other", "other")
    create_admin(centre.database, IDS, "other", "eve", PASSWORD)
    with requests.Session() as browser:
        browser.post(centre.url + "/login", data={"name": "eve", "password": PASSWORD}, timeout=10)
        assert browser.get(f"{centre.url}/drops/{fact.drop_id}", timeout=10).status_code == 404
        assert fact.drop_number not in browser.get(centre.url + "/drops", timeout=10).text


@pytest.mark.parametrize("path", ["/", "/drops", "/kiosks", "/cases", "/login"])
def test_pages_have_the_landmarks_that_assistive_technology_looks_for(office, path):
    page = office(path).text
    assert page.startswith("<!doctype html>")
    for landmark in ('<html lang="en" dir="ltr">', "<main id=", "<h1>", "<title>", 'class="skip"'):
        assert page.count(landmark) == 1


def dressed(centre, colour):
    """Publish one shop in a look; the bundle's number."""
    look = {"theme": {"light": {"accent": colour}}}
    put_merchant(centre.database, "acme", LINDEN, [{"rule": "allow", "id": "all"}], look)
    return publish(centre).number


FAINT = "theme.light.accent: has a contrast of 3.9 with <card>; 4.5 is the least"


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "Parts of how Linden &amp; Row looks are not used since bundle 1 of"),
        ("de", "Teile des Erscheinungsbilds von Linden &amp; Row werden seit Regelpaket 1 vom"),
    ],
)
def test_a_look_that_a_kiosk_does_not_use_is_told_in_words(centre, kiosk, office, language, says):
    number = dressed(centre, "#4B2A86")
    kiosk.push(
        kiosk.record(PolicyActivated(number, 0), subject="policy"),
        kiosk.record(
            LookRefused(number, "linden", (FAINT, "receipt.header.en[0]: is longer than 60")),
            subject="policy",
        ),
    )
    page = office(f"/kiosks/{kiosk.device_id}", language)
    assert says in page.text
    voice = words(language)
    assert voice.t("Colours and logo") in page.text
    assert voice.t("Lines on the receipt") in page.text
    assert "has a contrast of 3.9 with &lt;card&gt;" in page.text
    assert "look_refused" not in page.text


def test_it_is_told_until_the_look_is_another_one(centre, kiosk, office):
    number = dressed(centre, "#4B2A86")
    kiosk.push(
        kiosk.record(PolicyActivated(number, 0), subject="policy"),
        kiosk.record(LookRefused(number, "linden", (FAINT,)), subject="policy"),
    )
    later = dressed(centre, "#4B2A86")  # the same look under another number is told of no more
    kiosk.push(kiosk.record(PolicyActivated(later, number), subject="policy"))
    assert "since bundle 1 of" in office(f"/kiosks/{kiosk.device_id}").text
    mended = dressed(centre, "#3A1F6B")
    kiosk.push(kiosk.record(PolicyActivated(mended, later), subject="policy"))
    assert "since bundle" not in office(f"/kiosks/{kiosk.device_id}").text
    faulty = dressed(centre, "#4B2A86")
    kiosk.push(
        kiosk.record(PolicyActivated(faulty, mended), subject="policy"),
        kiosk.record(LookRefused(faulty, "linden", ("look: nests too deep",)), subject="policy"),
    )
    page = office(f"/kiosks/{kiosk.device_id}").text
    assert page.count("since bundle") == 1
    assert f"since bundle {faulty} of" in page
    assert "The whole look" in page


def test_a_look_of_a_bundle_that_nobody_knows_is_told_while_it_serves(centre, kiosk, office):
    kiosk.push(
        kiosk.record(PolicyActivated(900, 0), subject="policy"),
        kiosk.record(LookRefused(900, SCRIPT, (SCRIPT,)), subject="policy"),
    )
    page = office(f"/kiosks/{kiosk.device_id}").text
    assert "<script" not in page
    assert "since bundle 900" in page
    kiosk.push(kiosk.record(PolicyActivated(901, 900), subject="policy"))
    assert "since bundle" not in office(f"/kiosks/{kiosk.device_id}").text


def test_where_there_is_no_page_a_person_gets_one_and_a_machine_gets_a_word(centre):
    page = requests.get(
        centre.url + "/nowhere",
        headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": "de"},
        timeout=10,
    )
    assert page.status_code == 404
    assert words("de").t("There is nothing here") in page.text
    for path, accepts in (("/nowhere", "*/*"), ("/v1/devices/x/nowhere", "text/html")):
        told = requests.get(centre.url + path, headers={"Accept": accepts}, timeout=10)
        assert (told.status_code, told.json()) == (404, {"kind": "not_found"})


def test_a_page_that_fails_says_so_with_a_number_and_none_of_why(office, centre, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("secret innards")

    monkeypatch.setattr("sync.central.pages.drops.page_of", broken)
    page = office("/drops", accept="text/html")
    assert page.status_code == 500
    assert "<h1>This did not work</h1>" in page.text
    assert page.headers["X-Request-Id"] in page.text
    assert "secret" not in page.text


def test_a_form_beyond_what_is_taken_at_once_is_answered_by_a_page(centre):
    sent = b"x" * ((1 << 20) + 1)
    page = requests.post(
        centre.url + "/policy/draft", data=sent, headers={"Accept-Language": "de"}, timeout=30
    )
    assert page.status_code == 413
    assert words("de").t("Too large") in page.text
    assert 'href="/policy"' in page.text
    told = requests.post(centre.url + "/v1/enrol", data=sent, timeout=30)
    assert (told.status_code, told.json()) == (413, {"kind": "too_large"})
