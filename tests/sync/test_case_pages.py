"""Cases on the pages: looked for, taken, commented, settled with a reason, opened again."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
import requests

from kiosk.words import languages, words
from kiosk.world import SystemIds
from sync.central.cases import (
    RESOLUTIONS,
    Compared,
    Evidence,
    Found,
    Kind,
    Resolution,
    State,
    Step,
    open_many,
)
from sync.central.cases.acting import NotDone
from sync.central.pages.case_words import CaseWords
from sync.central.people import create_admin
from sync.central.roles import Role
from sync.central.tables import case_events, cases, office_audit

IDS = SystemIds()
PASSWORD = "correct horse battery"
SCRIPT = '<script>alert("x")</script>'


@dataclass
class Desk:
    """Somebody at the back office, signed in."""

    url: str
    browser: requests.Session

    def get(self, path: str, language: str = "en") -> str:
        answer = self.browser.get(
            self.url + path, headers={"Accept-Language": language}, timeout=20
        )
        assert answer.status_code == 200, answer.text
        return html.unescape(answer.text)

    def does(self, path: str, step: str, page: str = "", **fields: str) -> requests.Response:
        """Send the form of a step, as it stands on the case's page (or on an older one)."""
        page = page or self.get(path)
        form = next(
            one for one in re.findall(r"<form.*?</form>", page, re.S) if f'value="{step}"' in one
        )
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w*)"', form))
        return self.browser.post(self.url + path, data={**hidden, **fields}, timeout=20)


def sits(centre, name: str, *roles: Role) -> Desk:
    create_admin(centre.database, IDS, "acme", name, PASSWORD, roles=roles or tuple(Role))
    browser = requests.Session()
    browser.trust_env = False
    told = browser.post(
        centre.url + "/login", data={"name": name, "password": PASSWORD}, timeout=20
    )
    assert told.status_code == 200
    return Desk(centre.url, browser)


@pytest.fixture
def desk(centre):
    made = sits(centre, "ada")
    yield made
    made.browser.close()


@pytest.fixture
def given(centre, clock):
    """Opens a case and gives the path of its page."""

    def make(kind=Kind.MISSING, subject="BAG-1", **changes):
        values = {"evidence": Evidence(bags=(subject,)), "site": "Street 1", **changes}
        found = Found(kind, "bag", subject, clock.now(), **values)
        centre.database.write(lambda c: open_many(c, "acme", [found]))
        [row] = centre.rows(cases, key=found.key)
        return f"/cases/{row['case_id']}"

    return make


def test_a_case_is_taken_and_settled_with_a_reason(centre, desk, given):
    path = given()
    assert desk.does(path, "taken").status_code == 200
    page = desk.get(path)
    assert "Somebody is at it" in page
    done = desk.does(path, "settled", resolution="found", comment="Behind the shelf.")
    assert done.status_code == 200
    page = desk.get(path)
    assert "It was found" in page
    assert "Behind the shelf." in page
    assert "ada settled the case." in page
    [case] = centre.rows(cases)
    assert (case["state"], case["owner"], case["settled_by"]) == ("settled", "ada", "ada")
    assert [row["step"] for row in centre.rows(case_events)] == ["opened", "taken", "settled"]
    told = [row["what"] for row in centre.rows(office_audit) if row["what"].startswith("case.")]
    assert told == ["case.taken", "case.settled"]


def test_a_settled_case_is_opened_again_and_keeps_its_story(desk, given):
    path = given()
    desk.does(path, "settled", resolution="written_off", comment="Gone.")
    assert "Take it" not in desk.get(path)
    desk.does(path, "reopened", comment="It turned up.")
    page = desk.get(path)
    assert "Open again" in page
    assert page.index("Gone.") < page.index("It turned up.")
    desk.does(path, "taken")
    desk.does(path, "left")
    assert "Nobody yet" in desk.get(path)


@pytest.mark.parametrize(
    ("step", "fields", "said"),
    [
        ("settled", {"comment": "so"}, "Choose how it is settled."),
        ("settled", {"resolution": "both_right", "comment": "so"}, "Choose how it is settled."),
        ("settled", {"resolution": "cause_gone", "comment": "so"}, "Choose how it is settled."),
        ("settled", {"resolution": "found", "comment": "  "}, "Write a few words: why?"),
        ("commented", {"comment": ""}, "Write a few words: why?"),
    ],
)
def test_what_is_not_said_is_asked_for(centre, desk, given, step, fields, said):
    path = given()
    answer = desk.does(path, step, **fields)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert [row["state"] for row in centre.rows(cases)] == ["open"]


def test_whoever_is_overtaken_is_told_and_keeps_the_words(centre, desk, given):
    path = given()
    old = desk.get(path)
    desk.does(path, "commented", comment="I asked the carrier.")
    late = desk.does(path, "settled", old, resolution="written_off", comment="My long words.")
    assert late.status_code == 409
    assert "has changed since" in late.text
    assert "My long words." in late.text
    assert [row["state"] for row in centre.rows(cases)] == ["open"]


def test_a_step_that_does_not_lead_on_is_not_taken(centre, desk, given):
    path = given()
    page = desk.get(path).replace('value="commented"', 'value="reopened"')
    assert desk.does(path, "reopened", page, comment="why not").status_code == 409
    page = desk.get(path).replace('value="commented"', 'value="opened"')
    assert desk.does(path, "opened", page, comment="why not").status_code == 409
    page = desk.get(path).replace('value="commented"', 'value="deleted"')
    assert desk.does(path, "deleted", page, comment="why not").status_code == 400
    assert len(centre.rows(case_events)) == 1


def test_who_only_looks_on_sees_no_buttons_and_does_nothing(centre, given):
    path = given()
    viewer = sits(centre, "vera", Role.VIEWER)
    page = viewer.get(path)
    assert "BAG-1" in page
    assert "<textarea" not in page
    csrf = re.search(r'name="csrf" value="(\w+)"', page)
    form = {"csrf": csrf.group(1), "seen": "1", "step": "taken"}
    assert viewer.browser.post(viewer.url + path, data=form, timeout=20).status_code == 403
    viewer.browser.close()
    assert [row["state"] for row in centre.rows(cases)] == ["open"]


def test_a_form_without_our_token_does_nothing(centre, desk, given):
    path = given()
    form = {"csrf": "0" * 32, "seen": "1", "step": "taken"}
    assert desk.browser.post(desk.url + path, data=form, timeout=20).status_code == 403
    assert len(centre.rows(case_events)) == 1


def test_the_list_begins_with_the_oldest_and_can_be_narrowed(desk, given, clock):
    given(subject="BAG-A")
    clock.advance(minutes=5)
    given(subject="BAG-B", site="Harbour")
    clock.advance(minutes=5)
    done = given(Kind.EXTRA, subject="BAG-C")
    page = desk.get("/cases")
    assert page.index("BAG-A") < page.index("BAG-B") < page.index("BAG-C")
    assert "Something is missing (2)" in page
    assert "BAG-A" not in desk.get("/cases?site=Harbour")
    assert "BAG-B" not in desk.get("/cases?kind=extra")
    desk.does(done, "settled", resolution="booked", comment="Counted.")
    assert "BAG-C" not in desk.get("/cases")
    assert "BAG-C" in desk.get("/cases?state=settled")
    assert "BAG-C" in desk.get("/cases?state=all")
    assert "BAG-A" not in desk.get("/cases?owner=ada")
    assert "BAG-A" in desk.get("/cases?owner=-")
    for odd in ("kind=x", "state=x", "page=0", "page=x", "page=99999", "site=%00", "owner=x"):
        assert "<h1>Cases</h1>" in desk.get(f"/cases?{odd}")


def test_many_cases_have_pages(desk, given, clock):
    for n in range(53):
        given(subject=f"BAG-{n:02d}")
        clock.advance(seconds=1)
    first, second = desk.get("/cases"), desk.get("/cases?page=2")
    assert ("BAG-49" in first, "BAG-50" in first) == (True, False)
    assert ("BAG-49" in second, "BAG-52" in second) == (False, True)


def test_a_case_shows_both_sides_and_whatever_is_said_becomes_no_markup(desk, given):
    compared = (
        Compared("refund", 7990, 0, "L1", "EUR"),
        Compared("outcome", "accept", "refuse", "L1"),
        Compared("destination", SCRIPT, "", SCRIPT),
    )
    evidence = Evidence(
        drops=(SCRIPT,),
        events=(SCRIPT,),
        returns=(SCRIPT,),
        sides=("kiosk", "centre"),
        compared=compared,
        numbers={"bundle": SCRIPT},
        detail=SCRIPT,
    )
    path = given(Kind.VERDICT_DIFFERS, subject="x", evidence=evidence)
    desk.does(path, "commented", comment=SCRIPT)
    raw = desk.browser.get(desk.url + path, timeout=20).text
    assert "<script" not in raw
    assert "€79.90" in raw
    assert "Refused" in raw
    assert "<script" not in desk.browser.get(desk.url + "/cases", timeout=20).text


def test_a_drops_page_shows_its_case_and_how_it_was_settled(centre, desk, kiosk, drop_of, enrolled):
    first, second = drop_of("R1", bag_id="BAG-1"), drop_of("R1", bag_id="BAG-2")
    kiosk.push(kiosk.record(first))
    other = enrolled("K2")
    other.push(other.record(second))
    [case] = centre.rows(cases)
    path = f"/cases/{case['case_id']}"
    assert first.drop_number in desk.get(path)
    assert second.drop_number in desk.get(path)
    desk.does(path, "settled", resolution="first_only", comment="One dress, two bags.")
    for fact in (first, second):
        page = desk.get(f"/drops/{fact.drop_id}")
        assert "Only the first drop is refunded" in page
        assert path in page


def test_another_houses_case_is_not_there(centre, desk, given, clock):
    path = given()
    row = {"tenant": "other", "name": "O", "audience": "o"}
    from sync.central.tables import tenants

    centre.database.write(lambda c: c.execute(tenants.insert(), row))
    found = Found(Kind.MISSING, "bag", "THEIRS", clock.now() + timedelta(1), Evidence())
    centre.database.write(lambda c: open_many(c, "other", [found]))
    [theirs] = centre.rows(cases, tenant="other")
    assert "THEIRS" not in desk.get("/cases?state=all")
    answer = desk.browser.get(f"{desk.url}/cases/{theirs['case_id']}", timeout=20)
    assert answer.status_code == 404
    page = desk.get(path)
    gone = desk.does(f"/cases/{theirs['case_id']}", "taken", page)
    assert gone.status_code == 404
    assert centre.rows(cases, tenant="other")[0]["state"] == "open"


@pytest.mark.parametrize("language", languages())
def test_every_kind_and_end_has_words_in_every_language(language):
    told = CaseWords(words(language))
    said = [told.kind(kind) for kind in Kind]
    said += [told.happened(kind, Evidence()) for kind in Kind]
    said += [told.resolution(way) for way in Resolution]
    said += [told.state(state) for state in State]
    said += [told.step(step, "ada") for step in Step]
    said += [told.not_done(why) for why in NotDone]
    codes = {*Kind, *Resolution, *State, *Step}
    assert all(said)
    assert codes.isdisjoint(said)
    assert all(
        len({told.resolution(way) for way in ways}) == len(ways) for ways in RESOLUTIONS.values()
    )


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ar"])
def test_the_pages_speak_five_languages(desk, given, language):
    path = given()
    for page in (desk.get("/cases", language), desk.get(path, language)):
        assert f'lang="{language}"' in page
        assert words(language).t("Something is missing") in page
        assert page.count("<h1>") == 1
        for name in re.findall(r'<(?:select|textarea)[^>]* id="(\w+)"', page):
            assert f'for="{name}"' in page
