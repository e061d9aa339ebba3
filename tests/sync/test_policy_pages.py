"""The rules in the back office: drafted, checked, published to some kiosks or all, gone back to."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests

from sync.central import policy
from sync.central.database import Database
from sync.central.people import create_admin
from sync.central.policy import contents, rollouts
from sync.central.policy.contents import Shop
from sync.central.roles import Role
from sync.central.serve import CentralServer
from sync.central.tables import devices, office_audit, policy_drafts
from tests.sync.conftest import BUNDLE_KEY, IDS, MERCHANT, TENANT, TestClock

# What the pages do does not differ between databases; publishing is tried on both elsewhere.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PASSWORD = "correct horse battery"
FILE = """[[merchant]]
id = "linden"
name = "Linden & Row"
timezone = "Europe/Berlin"

[[merchant.rules]]
rule = "window"
id = "days"
days = "14 days"
"""
SCRIPT = '<script>alert("x")</script>'


@dataclass
class Desk:
    """Somebody signed in, at a centre whose clock stands still."""

    url: str
    browser: requests.Session
    database: Database
    clock: TestClock

    def get(self, path: str, status: int = 200) -> str:
        answer = self.browser.get(self.url + path, timeout=20)
        assert answer.status_code == status, answer.text
        return html.unescape(answer.text)

    def send(self, page: str, action: str, **fields: object) -> requests.Response:
        """The form that leads to `action`, as it stands on a page, with more filled in."""
        text = self.get(page)
        form = next(
            one for one in re.findall(r"<form.*?</form>", text, re.S) if f'action="{action}"' in one
        )
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        return self.post(action, **{**hidden, **fields})

    def post(self, action: str, **fields: object) -> requests.Response:
        return self.browser.post(self.url + action, data=fields, timeout=20)

    def drafts(self, text: str = FILE, **more: object) -> str:
        answer = self.send("/policy/draft", "/policy/draft", body=text, merchant="", **more)
        return html.unescape(answer.text)

    def days(self) -> int:
        with self.database.reading() as c:
            return int(contents.shops(c, TENANT)[0].specs[0]["days"])

    def audit(self) -> list[str]:
        with self.database.reading() as c:
            rows = c.execute(office_audit.select().order_by(office_audit.c.number))
            return [row.what for row in rows if row.what.startswith("policy.")]


@pytest.fixture
def office(database_url, clock) -> Iterator[Desk]:
    """Rules of 30 days are in force; three kiosks have them, and the key is here."""
    database = Database(database_url)
    shop = Shop(MERCHANT, [{"rule": "window", "id": "days", "days": 30}])
    policy.publish_these(database, clock, IDS, TENANT, BUNDLE_KEY, [shop])
    for name, site in (("K1", "North"), ("K2", "South"), ("K3", "South")):
        row = {"device_id": name, "tenant": TENANT, "site": site, "kiosk_code": name}
        row |= {"public_key": "", "enrolled_at": clock.now(), "policy_number": 1}
        database.write(lambda c, row=row: c.execute(devices.insert(), row))
    keys = {TENANT: BUNDLE_KEY}
    server = CentralServer(database.engine.url.render_as_string(), clock, IDS, bundle_keys=keys)
    server.start()
    yield sits(server.url, database, clock, "ada")
    server.stop()
    database.close()


def sits(url: str, database: Database, clock: TestClock, name: str, *roles: Role) -> Desk:
    create_admin(database, IDS, TENANT, name, PASSWORD, roles=roles or tuple(Role))
    browser = requests.Session()
    browser.trust_env = False
    browser.post(url + "/login", data={"name": name, "password": PASSWORD}, timeout=20)
    return Desk(url, browser, database, clock)


def test_the_list_tells_who_what_for_and_how_many_have_it(office):
    page = office.get("/policy")
    assert "3 of 3 kiosks have it" in page
    assert "New shop: Linden & Row" in page
    office.drafts()
    office.send("/policy/publish", "/policy/publish", to="100", note="Shorter, for <all>")
    page = office.get("/policy")
    assert "0 of 3 kiosks have it" in page
    assert "Shorter, for <all>" in page
    assert "Linden & Row: 1 rule" in page
    one = office.get("/policy/versions/2")
    assert "days: 30 days -> 14 days" in one
    assert "support: help@linden-row.example -> –" in one
    assert office.get("/policy/versions/7", 404)
    assert office.get("/policy/versions/x", 404)


def test_a_version_as_a_file_is_a_draft_that_changes_nothing(office):
    text = office.browser.get(office.url + "/policy/versions/1/file", timeout=20).text
    assert 'name = "Linden & Row"' in text
    page = office.drafts(text)
    assert "1 rule, and no mistake." in page
    assert "The rules say the same." in page
    assert "Publish it" not in page


def test_a_mistake_is_told_with_its_line_and_cannot_go_out(office):
    page = office.drafts(FILE.replace("14 days", "14 dayz"))
    assert "This cannot be published" in page
    assert re.search(r'data-label="Line">9<', page)
    assert "write days as 30 days" in page
    assert office.browser.get(office.url + "/policy/publish", timeout=20).url.endswith("/draft")
    digest = re.search(r'name="seen" value="(\w{64})"', page)[1]
    csrf = re.search(r'name="csrf" value="(\w+)"', page)[1]
    office.post("/policy/publish", csrf=csrf, digest=digest, to="100")
    assert office.days() == 30
    assert "policy.published" not in office.audit()


def test_what_is_written_stays_what_is_written(office):
    page = office.drafts(FILE.replace("Linden & Row", SCRIPT.replace('"', "'")))
    raw = office.browser.get(office.url + "/policy/draft", timeout=20).text
    assert SCRIPT.split("(")[0] in page  # unescaped here, by the test itself
    assert "<script" not in raw


def test_a_file_may_be_sent_in_place_of_typing(office):
    csrf = re.search(r'name="csrf" value="(\w+)"', office.get("/policy/draft"))[1]
    answer = office.browser.post(
        office.url + "/policy/draft",
        data={"csrf": csrf, "seen": "", "body": "", "merchant": ""},
        files={"file": ("shop.toml", FILE.replace("\n", "\r\n").encode())},
        timeout=20,
    )
    assert "1 rule, and no mistake." in html.unescape(answer.text)


def test_a_draft_is_for_others_too_and_nobody_writes_over_theirs_unseen(office):
    office.drafts()
    bob = sits(office.url, office.database, office.clock, "bob")
    stale = re.search(r'name="seen" value="(\w{64})"', office.get("/policy/draft"))[1]
    bob.drafts(FILE.replace("14", "21"))
    assert "By bob" in office.get("/policy/draft")
    csrf = re.search(r'name="csrf" value="(\w+)"', office.get("/policy/draft"))[1]
    mine = FILE.replace("14", "28")
    answer = office.post("/policy/draft", csrf=csrf, seen=stale, body=mine, merchant="")
    assert answer.status_code == 409
    assert "28 days" in answer.text
    answer = office.post("/policy/publish", csrf=csrf, digest=stale, to="100")
    assert office.days() == 30
    office.send("/policy/draft", "/policy/draft/discard")
    with office.database.reading() as c:
        assert c.execute(policy_drafts.select()).all() == []
    assert office.audit() == ["policy.draft_saved"] * 2 + ["policy.draft_discarded"]


def test_a_site_first_then_all(office):
    office.drafts()
    answer = office.send("/policy/publish", "/policy/publish", to="sites", site=["North"])
    page = html.unescape(answer.text)
    assert "Version 3 is going out" in page
    assert "It is for North so far. 1 of 3 kiosks are to have it." in page
    assert office.days() == 30
    office.drafts(FILE.replace("14", "7"))
    assert "still going out" in office.get("/policy/publish")
    assert "still going out" in office.get("/policy/versions/1/back")
    nobody = office.send("/policy/rollout", "/policy/rollout/widen", to="sites")
    assert nobody.status_code == 422
    assert "Choose who is to have it" in html.unescape(nobody.text)
    office.send("/policy/rollout", "/policy/rollout/widen", to="sites", site="South")
    with office.database.reading() as c:
        assert rollouts.running(c, TENANT).share.sites == {"North", "South"}
    office.send("/policy/rollout", "/policy/rollout/widen", to="100")
    assert office.days() == 14
    assert office.audit()[1:] == [
        "policy.published",
        "policy.draft_saved",
        "policy.widened",
        "policy.widened",
    ]


def test_taken_back_and_gone_back(office):
    office.drafts()
    office.send("/policy/publish", "/policy/publish", to="sites", site="South")
    office.send("/policy/rollout", "/policy/rollout/stop")
    page = office.get("/policy")
    assert "Taken back" in page
    assert "going out" not in page
    assert "days: 30 days -> 14 days" in office.get("/policy/versions/3/back")
    office.send("/policy/versions/3/back", "/policy/versions/3/back", note="After all")
    assert office.days() == 14
    assert "Back to version 3" in office.get("/policy")
    assert office.audit()[1:] == ["policy.published", "policy.stopped", "policy.rolled_back"]


def test_publishing_asks_for_a_fresh_proof(office):
    office.drafts()
    office.clock.advance(minutes=11)
    asked = office.browser.get(office.url + "/policy/publish", timeout=20, allow_redirects=False)
    assert asked.headers["location"].startswith("/again")


def test_without_the_key_the_page_names_the_command(office):
    server = CentralServer(office.database.engine.url.render_as_string(), office.clock, IDS)
    server.start()
    desk = sits(server.url, office.database, office.clock, "eve")
    desk.drafts()
    page = desk.get("/policy/publish")
    server.stop()
    assert "takeback central policy publish --from draft.toml" in page
    assert 'action="/policy/publish"' not in page


def test_whoever_looks_on_sees_the_draft_and_changes_nothing(office):
    office.drafts()
    viewer = sits(office.url, office.database, office.clock, "vic", Role.VIEWER)
    page = viewer.get("/policy/draft")
    assert "14 days" in page
    assert "<textarea" not in page
    assert "Publish it" not in page
    viewer.get("/policy/publish", 403)
