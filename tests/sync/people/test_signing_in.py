"""Signing in: who is let in, who is slowed down, and that nobody learns why."""

from __future__ import annotations

import base64
import hashlib

import pytest

from kiosk.world import SystemIds
from sync.central import audit
from sync.central.people import passwords, sign_in
from sync.central.people.passwords import Cost
from sync.central.people.sessions import Browser
from sync.central.tables import people
from tests.sync.people.conftest import PASSWORD

IDS = SystemIds()


@pytest.fixture
def enter(centre, clock):
    """Straight to the function: `enter("ada", "password")`."""
    return lambda name="ada", password=PASSWORD, source="192.0.2.1": sign_in(
        centre.database, clock, IDS, name, password, Browser(source)
    )


def old_hash(password):
    """As an earlier version kept it."""
    salt = bytes(range(16))
    made = hashlib.scrypt(password.encode(), salt=salt, n=2**9, r=8, p=1, dklen=32)
    return "scrypt$512$8$1$" + "$".join(base64.b64encode(one).decode() for one in (salt, made))


def test_the_right_password_opens_and_is_written_down(ada, centre):
    assert ada.is_in
    with centre.database.reading() as c:
        row = audit.search(c, "acme", "", 0, 1)[0]
    assert (row["what"], row["person"], row["source"]) == ("session.begun", "ada", "127.0.0.1")


def test_a_hash_of_an_earlier_version_opens_and_is_replaced(centre, person, enter):
    person()
    old = people.update().values(password=old_hash(PASSWORD))
    centre.database.write(lambda c: c.execute(old))
    assert enter(password="wrong") is None
    assert centre.rows(people)[0]["password"].startswith("scrypt$")
    assert enter()
    assert centre.rows(people)[0]["password"].startswith("$argon2id$")
    assert enter()


def test_a_hash_that_cost_less_is_replaced(centre, person, enter, monkeypatch):
    person()
    monkeypatch.setattr(passwords, "COST", Cost(2, 16))
    assert enter()
    assert "m=16,t=2" in centre.rows(people)[0]["password"]


def test_the_same_password_in_another_form_of_unicode_is_the_same(centre, person, enter):
    person()
    hashed = passwords.hash_password("cafe\u0301 au lait bien chaud", IDS)
    centre.database.write(lambda c: c.execute(people.update().values(password=hashed)))
    assert enter(password="caf\u00e9 au lait bien chaud")


def test_unknown_wrong_and_disabled_cost_one_hash_each(centre, person, enter, monkeypatch):
    """The time is that of the hash; so each way has one, and none has two."""
    person("ada")
    person("bob")
    gone = people.update().where(people.c.name == "bob").values(state="disabled")
    centre.database.write(lambda c: c.execute(gone))
    enter("warm", "up")  # the hash that stands for nobody is made once
    asked = []
    real = passwords.PasswordHasher.verify

    def counting(self, kept, password):
        asked.append(kept.split("$")[3])
        return real(self, kept, password)

    monkeypatch.setattr(passwords.PasswordHasher, "verify", counting)
    for name, password in (("ada", "wrong"), ("nobody", "wrong"), ("bob", PASSWORD)):
        assert enter(name, password) is None
    assert asked == ["m=8,t=1,p=1"] * 3


def test_whoever_guesses_is_slowed_down_by_name_from_anywhere(person, enter, clock):
    person()
    for number in range(6):
        assert enter(password="wrong", source=f"192.0.2.{number}") is None
    assert enter(source="192.0.2.9") is None  # right, and too early
    clock.advance(seconds=2)
    assert enter(source="192.0.2.9")


def test_whoever_guesses_names_is_slowed_down_by_address(person, enter, clock):
    person()
    for number in range(31):
        assert enter(f"name {number}", "wrong") is None
    assert enter() is None
    assert enter(source="192.0.2.2")
    clock.advance(seconds=2)
    assert enter()


def test_a_name_that_is_none_is_no_error(enter):
    for name in ("", "\0", "x" * 5000, "\ud800"):
        assert enter(name, "p\0\ud800") is None


def test_a_disabled_person_is_signed_out_at_once(ada, centre):
    gone = people.update().values(state="disabled")
    centre.database.write(lambda c: c.execute(gone))
    assert not ada.look("/").is_in
    assert ada.sign_in().status == 403


def test_a_session_lasts_ten_hours_whatever_is_done_in_it(ada, clock):
    for _ in range(24):
        clock.advance(minutes=24)
        assert ada.look("/").is_in
    clock.advance(minutes=25)
    assert not ada.look("/").is_in


def test_proving_oneself_again_changes_the_token_and_makes_the_day_no_longer(ada, clock):
    for _ in range(24):
        clock.advance(minutes=24)
        ada.look("/account/password")
        assert ada.at == "/again?next=/account/password"
        before = dict(ada.session.cookies)
        ada.send("/again", password=PASSWORD, next="/account/password")
        assert ada.at == "/account/password"
        assert dict(ada.session.cookies) != before
    clock.advance(minutes=25)
    assert not ada.look("/").is_in


def test_a_wrong_proof_opens_nothing(ada, clock):
    clock.advance(minutes=11)
    ada.look("/people").send("/again", password="wrong", next="/people")
    assert ada.status == 403
    assert "That does not fit" in ada.page
    assert ada.look("/people").at == "/again?next=/people"


@pytest.mark.parametrize(
    "asked", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "", "/é"]
)
def test_after_the_proof_nobody_is_sent_away(ada, asked):
    ada.look("/again").send("/again", password=PASSWORD, next=asked)
    assert ada.at == "/"


def test_over_tls_the_cookie_is_bound_to_this_host(centre, person):
    import requests

    from sync.central.serve import CentralServer

    person()
    url = centre.database.engine.url.render_as_string(hide_password=False)
    server = CentralServer(url, centre.clock, IDS, secure_cookies=True)
    server.start()
    answer = requests.post(
        server.url + "/login",
        data={"name": "ada", "password": PASSWORD},
        timeout=30,
        allow_redirects=False,
    )
    server.stop()
    assert answer.headers["Set-Cookie"].startswith("__Host-takeback_session=")
    assert "; secure" in answer.headers["Set-Cookie"].lower()
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
