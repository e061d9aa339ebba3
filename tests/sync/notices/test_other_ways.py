"""SMS and messengers through Apprise, to a gateway on loopback; several ways to one person."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sync.central.notices import addresses, gateway
from sync.central.notices.channels import Paces
from sync.central.notices.gateway import Gateway
from sync.central.notices.model import Address, Hidden, Way
from sync.central.rest.targets import Targets
from sync.central.tables import notice_refusals
from tests.sync.conftest import IDS, TENANT
from tests.sync.notices.conftest import ADA, CODE, LOOPBACK

PHONE = Address(Way.SMS, "+491701234567")
TWILIO = f"twilio://AC{'a' * 32}:{'b' * 32}@15551230000/{{to}}"


@dataclass
class Provider:
    """An HTTP gateway that answers as it is told; `cut` hangs up with no answer."""

    port: int = 0
    status: int = 200
    cut: bool = False
    heard: list[tuple[dict, dict]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.port}/send?:to={{to}}"


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.heard.append((json.loads(body), dict(self.headers)))
            if made.cut:
                self.connection.close()
                return
            self.send_response(made.status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """It hung up: as it was told."""

    server = Quiet(("127.0.0.1", 0), Answers)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield made
    server.shutdown()
    thread.join(30)
    server.server_close()


def test_a_short_message_goes_with_the_code_and_a_key_that_stays(desk, provider, caplog):
    desk.channel(Way.SMS, Gateway(provider.url))
    notice = desk.put(hidden=Hidden((PHONE,), CODE))
    assert desk.send().sent == 1
    [(told, headers)] = provider.heard
    assert told["to"] == "491701234567"
    assert told["message"].startswith("Your parcel waits at Kiosk Sonne until 5/11/26. Code ")
    assert headers["Idempotency-Key"] == notice
    assert headers["User-Agent"] == "Takeback"
    assert "1701234567" not in caplog.text
    assert desk.row(notice).hidden == ""


@pytest.mark.parametrize(
    ("status", "state", "why", "tried"),
    [
        (503, "queued", "", 1),
        (429, "queued", "", 1),
        (401, "queued", "", 0),  # the channel's trouble, not this notice's
        (400, "failed", "refused", 1),
        (302, "failed", "refused", 1),  # nobody follows it
    ],
)
def test_what_a_provider_says_no_with(desk, provider, status, state, why, tried):
    desk.channel(Way.SMS, Gateway(provider.url))
    provider.status = status
    notice = desk.put(hidden=Hidden((PHONE,)))
    desk.send()
    row = desk.row(notice)
    assert (row.state, row.why, row.attempts, row.answer) == (state, why, tried, f"status {status}")


def test_no_answer_at_all_is_not_tried_again(desk, provider, clock):
    desk.channel(Way.SMS, Gateway(provider.url))
    provider.cut = True
    notice = desk.put(hidden=Hidden((PHONE,)))
    desk.send()
    clock.advance(hours=2)
    desk.send()
    assert len(provider.heard) == 1
    assert (desk.row(notice).state, desk.row(notice).why) == ("dropped", "unsure")


def test_where_nobody_listens_nothing_was_handed_over(desk, provider, clock):
    desk.channel(Way.SMS, Gateway("json://127.0.0.1:1/?:to={to}"))
    notice = desk.put(hidden=Hidden((PHONE,)))
    desk.send()
    assert (desk.row(notice).state, desk.row(notice).attempts) == ("queued", 0)
    desk.channel(Way.SMS, Gateway(provider.url))
    assert desk.send().sent == 1


def test_a_refused_address_gives_way_to_the_next_way(desk, provider, office):
    desk.mail(office.port)
    desk.channel(Way.SMS, Gateway(provider.url))
    office.says["RCPT"] = "550 no such user"
    notice = desk.put(hidden=Hidden((ADA, PHONE), CODE))
    desk.send()
    assert (desk.row(notice).state, desk.row(notice).channel) == ("sent", "sms")


def test_a_way_that_nobody_set_up_is_passed_over(desk, provider):
    desk.channel(Way.SMS, Gateway(provider.url))
    reached = desk.put("P1", hidden=Hidden((ADA, PHONE), CODE))
    other = desk.put("P2", hidden=Hidden((ADA,), CODE))
    desk.send()
    assert desk.row(reached).state == "sent"
    assert (desk.row(other).state, desk.row(other).why) == ("failed", "no_way")


def test_who_asked_not_to_be_told_is_not_told_by_any_way(desk, provider, office):
    desk.mail(office.port)
    desk.channel(Way.SMS, Gateway(provider.url))

    def refuse(c) -> None:
        key = addresses.pepper(c, IDS, TENANT)
        row = {"tenant": TENANT, "digest": addresses.digest(key, PHONE)}
        c.execute(notice_refusals.insert(), {**row, "at": desk.clock.now()})

    desk.centre.database.write(refuse)
    quiet = desk.put("P1", hidden=Hidden((PHONE,)))
    told = desk.put("P2", hidden=Hidden((PHONE, ADA)))
    desk.send()
    row = desk.row(quiet)
    assert (row.state, row.why, row.hidden) == ("dropped", "unwanted", "")
    assert (desk.row(told).channel, provider.heard) == ("email", [])


def test_no_more_a_minute_and_a_day_than_was_said(desk, provider, clock):
    desk.channel(Way.SMS, Gateway(provider.url), Paces(a_minute=2, a_day=3))
    for n in range(5):
        desk.put(f"P{n}", hidden=Hidden((PHONE,)), not_after=clock.now() + timedelta(days=9))
    assert desk.send().sent == 2
    assert {row.attempts for row in desk.rows() if row.state == "queued"} == {0}
    clock.advance(minutes=1)
    assert desk.send().sent == 1
    clock.advance(minutes=10)
    assert desk.send().sent == 0
    clock.advance(days=1)
    assert desk.send().sent == 2


@pytest.mark.parametrize(
    ("way", "url", "why"),
    [
        (Way.SMS, TWILIO, ""),
        (Way.WHATSAPP, TWILIO.replace("{to}", "w:{to}"), ""),
        (Way.WHATSAPP, f"whatsapp://{'t' * 40}@123456789012345/{{to}}", ""),
        (Way.SMS, "json://127.0.0.1:88/?:to={to}", ""),
        (Way.SMS, "json://127.0.0.1:88/", "place"),
        (Way.SMS, "json://10.0.0.1/?:to={to}", "host"),
        (Way.SMS, "file:///etc/{to}", "scheme"),
        (Way.SMS, "mailto://a:b@example.org/{to}", "scheme"),
        (Way.TELEGRAM, TWILIO, "scheme"),
        (Way.SMS, "twilio://{to}", "form"),
        (Way.SMS, TWILIO + "?verify=no", "form"),
        (Way.SMS, TWILIO + "/{to}", "form"),
        (Way.SMS, TWILIO + "\r\n", "form"),
    ],
)
def test_what_a_channel_may_be(way, url, why):
    assert gateway.problem(way, url, LOOPBACK) == why


def test_ones_own_gateway_inside_is_for_whoever_runs_the_centre_to_allow():
    assert gateway.problem(Way.SMS, "json://127.0.0.1:88/?:to={to}", Targets()) == "host"


def test_what_is_shown_of_a_channel_holds_no_secret():
    assert gateway.shown(TWILIO) == "twilio"
    assert gateway.shown("json://user:secret@127.0.0.1:88/p/{to}") == "json://127.0.0.1:88"


@pytest.mark.parametrize(
    ("way", "typed", "kept"),
    [
        ("email", " Ada.B@Example.org ", "Ada.B@Example.org"),
        ("email", "ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("email", "ada@example", None),
        ("email", "ada@example.org,eve@example.org", None),
        ("email", "ada@example.org\nBcc: eve@example.org", None),
        ("email", '"a b"@example.org', None),
        ("sms", "+49 (170) 123-4567", "+491701234567"),
        ("sms", "0170 1234567", None),
        ("sms", "+491701234567/+491701234568", None),
        ("pigeon", "+491701234567", None),
    ],
)
def test_what_an_address_is(way, typed, kept):
    made = addresses.read(way, typed)
    assert (made.to if made else None) == kept


def test_an_address_is_masked_and_taken_out_of_what_providers_say():
    assert addresses.masked(ADA) == "a…@e….org"
    assert addresses.masked(PHONE) == "…67"
    assert addresses.without(PHONE, "no +491701234567 or 491701234567\r\nX: y") == "no … or … X: y"
    assert addresses.without(ADA, "<ADA@example.org>: unknown") == "<…>: unknown"
