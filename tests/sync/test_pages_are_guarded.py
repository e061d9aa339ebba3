"""Every page and action, for every role: a route that forgets to say what it needs fails here."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest
import requests
from litestar import Litestar, Router, get
from litestar.testing import TestClient

from kiosk.world import SystemIds
from sync.central.centre import CENTRE
from sync.central.centre import Centre as Shared
from sync.central.pages import router
from sync.central.pages.guard import Need, let_in
from sync.central.people import create_admin
from sync.central.roles import OF_A_MERCHANT, Permission, Role, permissions
from sync.central.tables import people

# What is asked before a page does not differ between databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

IDS = SystemIds()
PASSWORD = "correct horse battery"
ROUTES = [
    (method, route.path, handler.opt.get("need"))
    for route in router.routes
    for handler in route.route_handlers
    for method in sorted(handler.http_methods)
    if method != "OPTIONS"  # which the framework answers by itself
]
GUARDED = [(method, path, need) for method, path, need in ROUTES if need and need.permission]
KEPT = {"/office.css", "/icon.svg"}
AT_THE_DOOR = {
    "/login",
    "/login/code",
    "/login/second-factor",
    "/login/with/{tenant:str}",
    "/login/back",
    "/welcome/{token:str}",
    *KEPT,
}


def filled(path):
    """A path with something in each of its places."""
    return re.sub(r"\{[^}]+\}", "x", path)


def named(method, path):
    return f"{method} {path}"


def session(centre, name="ada", roles=tuple(Role), merchant=""):
    """A browser of somebody with these roles."""
    create_admin(centre.database, IDS, "acme", name, PASSWORD, roles=roles)
    if merchant:
        bind = people.update().where(people.c.name == name).values(merchant_id=merchant)
        centre.database.write(lambda c: c.execute(bind))
    browser = requests.Session()
    browser.trust_env = False
    answer = browser.post(
        centre.url + "/login", data={"name": name, "password": PASSWORD}, timeout=30
    )
    csrf = re.search(r'name="csrf" value="(\w+)"', answer.text)
    assert csrf, answer.text
    return browser, csrf.group(1)


def ask(browser, centre, method, path, **form):
    return browser.request(
        method, centre.url + filled(path), data=form, timeout=30, allow_redirects=False
    )


def refused(answer):
    return answer.status_code == 403 and "This is not among your rights" in answer.text


def test_every_route_says_what_it_needs(database_url):
    forgotten = [named(method, path) for method, path, need in ROUTES if not isinstance(need, Need)]
    assert forgotten == []


def test_only_the_door_is_open(database_url):
    assert {path for _, path, need in ROUTES if need.permission is None} == AT_THE_DOOR


def test_a_route_that_says_nothing_is_shown_to_nobody(centre):
    @get("/forgotten")
    async def forgotten() -> str:
        return "secret"

    shared = Shared(centre.database, centre.clock, IDS, ZoneInfo("UTC"))
    app = Litestar(
        [Router("/", route_handlers=[forgotten], before_request=let_in)], openapi_config=None
    )

    async def told(scope, receive, send):
        await app({**scope, CENTRE: shared}, receive, send)

    with TestClient(told) as browser:
        answer = browser.get("/forgotten")
    assert (answer.status_code, "secret" in answer.text) == (403, False)


def test_without_a_session_every_other_route_leads_to_the_door(centre):
    with requests.Session() as stranger:
        stranger.trust_env = False
        for method, path, _ in GUARDED:
            answer = ask(stranger, centre, method, path)
            told = (answer.status_code, answer.headers.get("Location"))
            assert told == (303, "/login"), named(method, path)


@pytest.mark.parametrize("role", list(Role))
def test_every_route_asks_for_its_permission(centre, role):
    """Each role at each route: what is granted passes the guard, all else is refused."""
    browser, csrf = session(centre, roles=[role])
    granted = permissions([role])
    for method, path, need in GUARDED:
        if path == "/logout":
            continue
        answer = ask(browser, centre, method, path, csrf=csrf)
        assert refused(answer) == (need.permission not in granted), named(method, path)
        assert answer.status_code < 500, named(method, path)
    browser.close()


def test_somebody_without_a_role_sees_nothing(centre):
    create_admin(centre.database, IDS, "acme", "nobody", PASSWORD, roles=[])
    with requests.Session() as browser:
        browser.trust_env = False
        form = {"name": "nobody", "password": PASSWORD}
        browser.post(centre.url + "/login", data=form, timeout=30)
        for method, path, _ in GUARDED:
            assert refused(ask(browser, centre, method, path)), named(method, path)


def test_a_merchants_person_is_refused_all_that_is_the_houses(centre):
    browser, csrf = session(centre, merchant="linden")
    for method, path, need in GUARDED:
        if path != "/logout":
            answer = ask(browser, centre, method, path, csrf=csrf)
            assert refused(answer) == (need.permission not in OF_A_MERCHANT), named(method, path)
    browser.close()


def test_no_form_is_taken_without_its_token(centre):
    browser, _ = session(centre)
    for method, path, _need in GUARDED:
        if method != "GET":
            for form in ({}, {"csrf": "forged"}):
                answer = ask(browser, centre, method, path, **form)
                assert answer.status_code == 403, named(method, path)
    assert "Today at a glance" in browser.get(centre.url + "/", timeout=30).text
    browser.close()


def test_a_form_from_another_site_is_not_taken_even_with_its_token(centre):
    browser, csrf = session(centre)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = browser.post(
            centre.url + "/logout", data={"csrf": csrf}, headers=headers, timeout=30
        )
        assert answer.status_code == 403
    browser.close()


def test_sensitive_routes_ask_for_a_proof_again(centre, clock):
    browser, csrf = session(centre)
    clock.advance(minutes=11)
    sensitive = [(method, path) for method, path, need in GUARDED if need.fresh]
    assert ("POST", "/people/invite") in sensitive
    assert ("POST", "/account/password") in sensitive
    for method, path in sensitive:
        answer = ask(browser, centre, method, path, csrf=csrf)
        assert answer.status_code == 303, named(method, path)
        assert answer.headers["Location"].startswith("/again?next=/"), named(method, path)
    browser.close()


def test_every_page_carries_the_security_headers_and_is_not_kept(centre):
    browser, csrf = session(centre)
    for method, path, _need in ROUTES:
        if path == "/logout":
            continue
        answer = ask(browser, centre, method, path, csrf=csrf)
        policy = answer.headers["Content-Security-Policy"]
        for part in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'"):
            assert part in policy, named(method, path)
        assert "script-src" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        if path not in KEPT:
            assert answer.headers["Cache-Control"] == "no-store", named(method, path)
        assert "<script" not in answer.text
        assert " style=" not in answer.text
    browser.close()


def test_a_role_that_is_taken_away_is_gone_at_the_next_click(centre):
    browser, _ = session(centre)
    assert browser.get(centre.url + "/kiosks", timeout=30).status_code == 200
    take = people.update().where(people.c.name == "ada").values(roles="")
    centre.database.write(lambda c: c.execute(take))
    assert browser.get(centre.url + "/kiosks", timeout=30).status_code == 403
    browser.close()


def test_pages_ask_for_these_permissions(database_url):
    """So that none loses its guard unseen."""
    asked = {need.permission for _, _, need in GUARDED}
    assert asked >= {
        Permission.OWN_ACCOUNT,
        Permission.SEE_DROPS,
        Permission.SEE_CASES,
        Permission.SEE_KIOSKS,
        Permission.MANAGE_PEOPLE,
        Permission.SEE_AUDIT,
    }
