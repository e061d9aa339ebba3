"""People: inviting, giving roles, disabling, resetting; each change stands in the audit."""

from __future__ import annotations

import re
import threading

import pytest

from kiosk.world import SystemIds
from sync.central import audit
from sync.central.audit import Actor
from sync.central.people import managing
from sync.central.people.links import NotDone
from sync.central.policy import put_merchant, put_tenant
from sync.central.roles import Role
from sync.central.tables import invitations, people
from tests.sync.conftest import MERCHANT
from tests.sync.people.conftest import PASSWORD

IDS = SystemIds()


@pytest.fixture
def whats(centre):
    """What the audit says was done, the oldest first."""

    def read():
        with centre.database.reading() as c:
            rows = audit.search(c, "acme", "", 0, 99)
        assert isinstance(_verified(centre), audit.Sound)
        return [(row["what"], row["subject"]) for row in reversed(rows)]

    return read


def _verified(centre):
    with centre.database.reading() as c:
        return audit.verify(c, "acme")


def link_of(page):
    return re.search(r"http://[^/]+(/welcome/\w+)", page).group(1)


def row(centre, name):
    return centre.rows(people, name=name)[0]


def test_an_invited_person_chooses_a_password_and_comes_in(ada, browser, whats, centre):
    ada.look("/people").send("/people/invite", name="bob", role=["viewer", "agent"])
    link = link_of(ada.page)
    assert row(centre, "bob")["state"] == "invited"
    bob = browser().look(link)
    assert "You sign in as bob." in bob.page
    assert bob.send(link, password="too short").status == 422
    assert bob.send(link, password=PASSWORD).at == "/login"
    assert bob.sign_in("bob").is_in
    assert row(centre, "bob")["roles"] == "viewer agent"
    assert whats()[1:] == [
        ("people.invited", "bob"),
        ("account.password_set", "bob"),
        ("session.begun", "bob"),
    ]


def test_a_link_works_once_for_three_days_and_is_kept_hashed(ada, browser, clock, centre):
    ada.look("/people").send("/people/invite", name="bob", role="viewer")
    link = link_of(ada.page)
    assert link.rpartition("/")[2] not in str(centre.rows(invitations))
    browser().look(link).send(link, password=PASSWORD)
    assert browser().look(link).status == 404
    assert browser().look("/login").send(link, password=PASSWORD + "!").status == 404
    ada.look("/people").send("/people/link", name="bob")
    link = link_of(ada.page)
    clock.advance(days=3, seconds=1)
    assert browser().look(link).status == 404


def test_another_link_ends_the_one_before(ada, browser):
    ada.look("/people").send("/people/invite", name="bob", role="viewer")
    first = link_of(ada.page)
    ada.look("/people").send("/people/link", name="bob")
    assert browser().look(first).status == 404
    assert browser().look(link_of(ada.page)).status == 200


def test_a_new_password_by_link_ends_the_sessions_of_before(ada, person, browser):
    bob = browser().sign_in(person("bob"))
    ada.look("/people").send("/people/link", name="bob")
    link = link_of(ada.page)
    assert bob.look("/").is_in
    browser().look(link).send(link, password="eight kettles under snow")
    assert not bob.look("/").is_in
    assert bob.sign_in("bob").status == 403
    assert bob.sign_in("bob", "eight kettles under snow").is_in


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"name": "ada", "role": "viewer"}, "Somebody has this name already."),
        ({"name": " ", "role": "viewer"}, "A name has 1 to 100 characters."),
        ({"name": "b\0b", "role": "viewer"}, "A name has 1 to 100 characters."),
        ({"name": "bob"}, "Choose at least one role."),
        ({"name": "bob", "role": "emperor"}, "Choose at least one role."),
        ({"name": "bob", "role": "viewer", "merchant": "nowhere"}, "There is no such shop."),
        ({"name": "bob", "role": "admin", "merchant": "linden"}, "cannot manage people"),
    ],
)
def test_what_is_no_invitation_says_why(ada, form, says):
    ada.look("/people").send("/people/invite", **form)
    assert (ada.status, says in ada.page) == (422, True)


def test_roles_are_given_and_taken_at_the_next_click(ada, person, browser, whats):
    bob = browser().sign_in(person("bob", roles=[Role.VIEWER]))
    assert bob.look("/people").status == 403
    ada.look("/people").send("/people/roles", name="bob", role=["viewer", "admin"])
    assert bob.look("/people").status == 200
    ada.look("/people").send("/people/roles", name="bob", role="viewer")
    assert bob.look("/people").status == 403
    assert whats()[-2:] == [("people.roles", "bob")] * 2


def test_nobody_changes_their_own_rights(ada, person, centre):
    person("bob")
    for path, form in (
        ("/people/roles", {"role": "viewer"}),
        ("/people/disable", {}),
        ("/people/second-factor", {}),
        ("/people/link", {}),
    ):
        ada.look("/people").send(path, name="ada", **form)
        assert "Nobody changes their own rights" in ada.page
    assert row(centre, "ada")["state"] == "active"


def test_somebody_is_left_who_manages_people(centre, clock, person):
    """Two administrators take each other's role away at the same moment: one of them keeps it."""
    person("ada", roles=[Role.ADMIN])
    person("bob", roles=[Role.ADMIN])
    told = []

    def take(who, whose):
        actor = Actor("acme", who)
        viewer = frozenset({Role.VIEWER})
        told.append(managing.set_roles(centre.database, clock, actor, whose, viewer, ""))

    threads = [
        threading.Thread(target=take, args=pair) for pair in (("ada", "bob"), ("bob", "ada"))
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert set(told) == {None, NotDone.LAST_ADMIN}
    assert sum("admin" in one["roles"] for one in centre.rows(people)) == 1


def test_disabling_signs_out_everywhere_and_enabling_lets_in_again(ada, person, browser, whats):
    bob = browser().sign_in(person("bob"))
    ada.look("/people").send("/people/disable", name="bob")
    assert not bob.look("/").is_in
    assert bob.sign_in("bob").status == 403
    ada.look("/people").send("/people/enable", name="bob")
    assert bob.sign_in("bob").is_in
    done = [what for what, subject in whats() if subject == "bob"]
    assert done == ["session.begun", "people.disabled", "people.enabled", "session.begun"]


def test_a_lost_telephone_is_reset(ada, person, browser, telephone):
    bob = browser().sign_in(person("bob"))
    telephone.scan(bob.look("/account/second-factor").page)
    bob.send("/account/second-factor", code=telephone.code())
    ada.look("/people").send("/people/second-factor", name="bob")
    assert not bob.look("/").is_in
    assert bob.sign_in("bob").is_in


def test_people_of_another_tenant_are_not_there(ada, person, centre):
    put_tenant(centre.database, "other", "Other", "other")
    person("eve", tenant="other")
    assert "eve" not in ada.look("/people").page
    assert ada.look("/people/person?name=eve").status == 404
    for path in ("/people/roles", "/people/disable", "/people/second-factor", "/people/link"):
        ada.look("/people").send(path, name="eve", role="viewer")
        assert ada.status in (404, 422), path
    assert row(centre, "eve")["state"] == "active"
    assert ada.look("/people").send("/people/invite", name="eve", role="viewer").status == 422


def test_a_person_of_one_shop_is_named_with_it(ada, centre):
    put_merchant(centre.database, "acme", MERCHANT, [])
    ada.look("/people").send("/people/invite", name="lin", role="viewer", merchant="linden")
    assert row(centre, "lin")["merchant_id"] == "linden"
    assert "Linden & Row" in ada.look("/people").page


def test_names_are_never_markup(ada):
    name = "<b>\"bob'&"
    ada.look("/people").send("/people/invite", name=name, role="viewer")
    answer = ada.session.get(ada.centre.url + "/people", timeout=30).text
    assert "<b>" not in answer
    assert "&lt;b&gt;" in answer
    links = re.findall(r'href="(/people/person\?name=[^"]+)"', answer)
    assert [ada.look(link).status for link in links] == [200, 200]


class TestMyAccount:
    def test_a_new_password_ends_every_session(self, ada, browser, whats):
        other = browser(agent="Safari").sign_in()
        ada.look("/account/password").send("/account/password", password="x" * 20)
        assert ada.status == 422
        ada.send("/account/password", password="eight kettles under snow")
        assert ada.at == "/login"
        assert not other.look("/").is_in
        assert ada.sign_in().status == 403
        assert ada.sign_in(password="eight kettles under snow").is_in
        assert ("account.password_set", "ada") in whats()

    def test_sessions_are_listed_and_ended_one_by_one(self, ada, browser):
        other = browser(agent="Safari on the old laptop").sign_in()
        page = ada.look("/account").page
        assert "Safari on the old laptop" in page
        named = re.search(r'name="session" value="([^"]+)"', page).group(1)
        ada.send("/account/sessions/end", session=named)
        assert "Safari on the old laptop" not in ada.page
        assert not other.look("/").is_in
        assert ada.look("/").is_in

    def test_nobody_ends_anothers(self, ada, person, browser):
        bob = browser().sign_in(person("bob"))
        ada2 = browser(agent="Edge").sign_in()
        page = ada2.look("/account").page
        named = re.search(r'name="session" value="([^"]+)"', page).group(1)
        bob.look("/account").send("/account/sessions/end", session=named)
        assert ada.look("/").is_in


def test_the_audit_is_on_a_page_with_a_search(ada, person):
    person("bob")
    ada.look("/people").send("/people/disable", name="bob")
    page = ada.look("/audit").page
    assert "Person disabled" in page
    assert "Signed in" in page
    found = ada.look("/audit?q=disabled").page
    assert "Person disabled" in found
    assert "Signed in</td>" not in found
    assert "Nothing found" in ada.look("/audit?q=%25").page
