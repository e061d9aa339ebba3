"""Channels, words and the queue by the back office's forms, against a real mail server."""

from __future__ import annotations

import re

import pytest
import requests

from sync.central.notices import channels, queue
from sync.central.notices.model import Way
from sync.central.people import create_admin
from sync.central.serve import CentralServer
from sync.central.tables import notice_channels, notice_refusals, notice_templates, office_audit
from tests.sync.conftest import IDS, TENANT, Centre
from tests.sync.notices.conftest import SECRETS

PASSWORD = "correct horse battery"


class Office:
    """Somebody's browser, signed in."""

    def __init__(self, url: str, name: str) -> None:
        self.url, self.browser = url, requests.Session()
        self.browser.trust_env = False
        told = {"name": name, "password": PASSWORD}
        answer = self.browser.post(url + "/login", data=told, timeout=30)
        found = re.search(r'name="csrf" value="(\w+)"', answer.text)
        assert found
        self.csrf = found[1]

    def get(self, path: str) -> str:
        return self.browser.get(self.url + path, timeout=30).text

    def post(self, path: str, **form: object) -> requests.Response:
        told = {"csrf": self.csrf, **form}
        return self.browser.post(self.url + path, data=told, timeout=30)


@pytest.fixture
def served(desk, on_sqlite, clock):
    server = CentralServer(
        on_sqlite, clock, IDS, webhook_networks=("127.0.0.0/8",), secrets=SECRETS
    )
    server.start()
    yield Centre(server, desk.centre.database, clock)
    server.stop()


@pytest.fixture
def ada(served):
    create_admin(served.database, IDS, TENANT, "ada", PASSWORD, served.clock)
    return Office(served.url, "ada")


def mail(office, **changes):
    told = {"host": "127.0.0.1", "port": office.port, "security": "none"}
    return {**told, "sender": "post@shop.example", "name": "Shop", "password": "geheim", **changes}


def test_a_mail_server_is_set_up_tried_paused_and_ended(served, ada, office):
    assert "No channel is set up" in ada.get("/notices")
    shown = ada.post("/notices/channels/email", **mail(office)).text
    assert "post@shop.example" in shown
    assert "geheim" not in shown
    [row] = served.rows(notice_channels)
    assert row["hidden"].startswith("s1:k1:")
    told = ada.post("/notices/channels/test", way="email", to="me@shop.example").text
    assert "The test message was taken." in told
    assert [one["To"] for one in office.letters] == ["me@shop.example"]
    office.says["RCPT"] = "550 no"
    told = ada.post("/notices/channels/test", way="email", to="me@shop.example").text
    assert "The test message was not taken." in told
    ada.post("/notices/channels/step", way="email", step="pause")
    assert served.rows(notice_channels)[0]["state"] == "paused"
    ada.post("/notices/channels/step", way="email", step="end")
    assert served.rows(notice_channels) == []
    noted = [row["what"] for row in served.rows(office_audit)]
    for one in ("notice.channel_set", "notice.tried", "notice.channel_end"):
        assert one in noted
    assert "geheim" not in str(served.rows(office_audit))


@pytest.mark.parametrize(
    ("slip", "field"),
    [
        ({"host": "evil host"}, "host"),
        ({"host": "mail.shop.example"}, "security"),  # no TLS
        ({"host": "mail.shop.example", "security": "tls", "port": "22"}, "port"),
        ({"sender": "post@shop.example\r\nBcc: eve@x.example"}, "sender"),
        ({"a_day": "many"}, "a_day"),
    ],
)
def test_a_slip_is_said_beside_its_field(ada, served, office, slip, field):
    answer = ada.post("/notices/channels/email", **mail(office, **slip))
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text
    assert served.rows(notice_channels) == []


def test_a_provider_is_set_up_and_its_secret_is_never_shown(ada, served):
    url = f"twilio://AC{'a' * 32}:{'b' * 32}@15551230000/{{to}}"
    answer = ada.post("/notices/channels/provider", way="sms", url="file:///{to}")
    assert 'id="url-wrong"' in answer.text
    shown = ada.post("/notices/channels/provider", way="sms", url=url, p_a_day="9").text
    assert "b" * 32 not in shown
    with served.database.reading() as c:
        assert channels.opened(c, TENANT, Way.SMS).url == url
    assert served.rows(notice_channels)[0]["a_day"] == 9


def test_words_are_looked_at_before_they_are_saved(ada, served):
    path = "/notices/words/arrived/de"
    said = {"subject": "Da: {{ shop }}", "body": "Komm\n\n{{ code }}", "short": "{{ code }} da"}
    assert "Da: Corner shop" in ada.post(path, step="look", **said).text
    assert served.rows(notice_templates) == []
    wrong = ada.post(path, step="save", **{**said, "body": "<b>{{ eval }}</b>"})
    assert wrong.status_code == 422
    assert "&lt;b&gt;" in wrong.text  # what was typed is kept
    assert "There is no {{ eval }} here." in wrong.text
    ada.post(path, step="save", **said)
    assert "The house’s own" in ada.get("/notices/words")
    ada.post(path, step="back", **said)
    assert [row["version"] for row in served.rows(notice_templates)] == [1, 2]
    assert "The house’s own" not in ada.get("/notices/words")


def test_what_failed_is_tried_again_or_dropped_and_nobody_sees_an_address(
    ada, served, desk, office
):
    desk.mail(office.port)
    office.says["RCPT"] = "550 no ada@example.org"
    notice, other = desk.put("P1"), desk.put("P2")
    desk.send()
    shown = ada.get("/notices?state=failed")
    assert "a…@e….org" in shown
    assert "ada@" not in shown
    ada.post(f"/notices/{other}", step="drop")
    assert (desk.row(other).why, desk.row(other).hidden) == ("by_hand", "")
    office.says.clear()
    ada.post(f"/notices/{notice}", step="again")
    assert desk.send().sent == 1
    ada.post(f"/notices/{notice}", step="again")
    assert desk.send().sent == 0


def test_who_wants_to_hear_nothing_is_kept_as_a_digest_alone(ada, served, desk, office):
    desk.mail(office.port)
    assert ada.post("/notices/unwanted", address="nobody").status_code == 422
    ada.post("/notices/unwanted", address="Ada@Example.org")
    assert "example" not in str(served.rows(notice_refusals)).lower()
    desk.put()
    desk.send()
    assert office.taken == []


def test_quiet_hours_are_set(ada, served, desk):
    assert ada.post("/notices/channels/quiet", begins="9pm", ends="08:00").status_code == 422
    ada.post("/notices/channels/quiet", begins="22:30", ends="07:15")
    assert 'value="22:30"' in ada.get("/notices/channels")


def test_a_person_of_another_tenant_changes_nothing(ada, served, desk, office):
    desk.mail(office.port)
    notice = desk.put()
    with served.database.writing() as c:
        assert not queue.drop_one(c, "bravo", notice, queue.Why.BY_HAND, served.clock.now())
        assert not channels.end(c, "bravo", "email")
