"""A real mail server: what it gets, what it may answer, and what becomes of the notice."""

from __future__ import annotations

import pytest

from sync.central.notices.model import Address, Hidden, Kind, Way
from tests.sync.notices.conftest import ADA, CODE

BOB = Address(Way.EMAIL, "bob@example.org")


def test_a_letter_says_it_in_text_and_html_with_the_codes_picture(desk, office):
    desk.mail(office.port)
    notice = desk.put()
    assert desk.send().sent == 1
    [letter] = office.letters
    assert letter["To"] == "ada@example.org"
    assert letter["From"] == "Kiosk Sonne <post@shop.example>"
    assert letter["Subject"] == "Your parcel is at Kiosk Sonne"
    assert letter["Message-ID"] == f"<{notice}@shop.example>"
    assert (letter["Auto-Submitted"], letter["Content-Language"]) == ("auto-generated", "en")
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    plain = text.get_content()
    assert "Hello Ada," in plain
    assert "until Monday, May 11, 2026." in plain
    [shown] = [line for line in plain.splitlines() if line.count("-") == 2]
    assert shown.replace("-", "") == CODE.removeprefix("TP1:")
    assert shown in html.get_content()
    [picture] = [part for part in letter.walk() if part.get_content_type() == "image/png"]
    assert f'src="cid:{str(picture["Content-ID"])[1:-1]}"' in html.get_content()
    assert picture.get_content().startswith(b"\x89PNG")


def test_what_was_secret_goes_as_soon_as_it_is_sent(desk, office):
    desk.mail(office.port)
    notice = desk.put()
    assert "ada" not in desk.row(notice).hidden  # and it was sealed before
    desk.send()
    row = desk.row(notice)
    assert (row.state, row.hidden) == ("sent", "")
    assert "ada@" not in row.answer
    assert "queued as 4711" in row.answer


def test_the_same_notice_is_queued_once_whatever_became_of_it(desk, office):
    desk.mail(office.port)
    assert desk.put()
    assert desk.put() == ""
    desk.send()
    assert desk.put() == ""
    assert desk.put(occasion="2026-06-01")
    desk.send()
    assert len(office.taken) == 2


def test_many_letters_go_over_one_connection(desk, office):
    desk.mail(office.port)
    for n in range(5):
        desk.put(f"P{n}")
    assert desk.send().sent == 5
    assert len(set(office.ids)) == 5


@pytest.mark.parametrize(("verb", "state"), [("MAIL", 0), ("RCPT", 1), ("DATA", 1)])
def test_not_now_is_tried_again_later(desk, office, clock, verb, state):
    """At MAIL it is the channel that is not wanted: nothing is held against the notice."""
    desk.mail(office.port)
    notice = desk.put()
    office.says[verb] = "451 try again, ada@example.org"
    assert desk.send().later == 1
    row = desk.row(notice)
    assert (row.state, row.attempts, row.answer) == ("queued", state, "451 try again, …")
    office.says.clear()
    assert desk.send().sent == 0  # not at once
    clock.advance(hours=1)
    assert desk.send().sent == 1
    assert len(office.taken) == 1


def test_an_address_that_is_refused_for_good_gives_way_to_the_next(desk, office):
    desk.mail(office.port)
    office.says["ada@example.org"] = "550 no such user ada@example.org"
    notice = desk.put(hidden=Hidden((ADA, BOB), CODE))
    desk.send()
    assert desk.row(notice).state == "sent"
    assert [letter["To"] for letter in office.letters] == ["bob@example.org"]


def test_with_no_address_left_it_waits_for_a_person_until_its_time_is_over(desk, office, clock):
    desk.mail(office.port)
    office.says["RCPT"] = "550 no"
    notice = desk.put()
    assert desk.send().failed == 1
    row = desk.row(notice)
    assert (row.state, row.why, row.answer) == ("failed", "refused", "550 no")
    assert row.hidden
    clock.advance(days=3)
    desk.send()
    row = desk.row(notice)
    assert (row.state, row.why, row.hidden) == ("dropped", "refused", "")


def test_what_is_not_true_any_more_by_then_is_not_sent(desk, office, clock):
    desk.mail(office.port)
    notice = desk.put(kind=Kind.LAST_DAY)
    clock.advance(days=4)
    desk.send()
    assert (desk.row(notice).why, office.taken) == ("too_late", [])


def test_a_server_that_is_away_is_left_alone_for_a_while(desk, office, clock):
    desk.mail(1)
    first, other = desk.put("P1"), desk.put("P2")
    assert desk.send().later == 1  # one try tells as much as a hundred
    assert [desk.row(one).attempts for one in (first, other)] == [0, 0]
    clock.advance(hours=1)
    desk.mail(office.port)
    assert desk.send().sent == 2


def test_with_tls_and_a_password(desk, guarded_office, monkeypatch):
    office, certificate = guarded_office
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    told = {"security": "starttls", "user": "post", "password": "geheim"}
    desk.mail(office.port, **told)
    desk.put()
    assert desk.send().sent == 1
    desk.mail(office.port, **{**told, "password": "wrong"})
    notice = desk.put("P2")
    assert desk.send().later == 1
    assert "geheim" not in desk.row(notice).answer
    assert "535" in desk.row(notice).answer


def test_a_certificate_that_nobody_signed_gets_neither_password_nor_letter(desk, guarded_office):
    office, _ = guarded_office
    desk.mail(office.port, security="starttls", user="post", password="geheim")
    notice = desk.put()
    assert desk.send().later == 1
    assert desk.row(notice).answer.startswith("certificate")
    assert office.calls == []


def test_a_server_without_tls_is_told_nothing(desk, office):
    desk.mail(office.port, security="starttls", user="post", password="geheim")
    desk.put()
    assert desk.send().later == 1
    assert office.calls == []


def test_nothing_is_sent_to_networks_that_nobody_named(desk, office):
    from sync.central.rest.targets import Targets

    desk.mail(office.port)
    desk.targets = Targets()
    notice = desk.put()
    assert desk.send().later == 1
    assert "not sent to" in desk.row(notice).answer
    assert office.calls == []


def test_what_a_shop_or_a_person_is_called_makes_no_header_and_no_tag(desk, office):
    desk.mail(office.port, name="Shop\r\nBcc: eve@example.org")
    nasty = "<script>alert(1)</script>\r\n.\r\nBcc: eve@example.org\r\n{{ code }}"
    told = {"shop": nasty, "shop_address": nasty, "hours": nasty, "last_day": nasty, "count": nasty}
    desk.put(told=told, hidden=Hidden((ADA,), CODE, nasty))
    assert desk.send().sent == 1
    [letter] = office.letters
    assert letter["Bcc"] is None
    assert letter["To"] == "ada@example.org"
    html = letter.get_body(("html",))
    assert html is not None
    shown = html.get_content()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "{{ code }}" in shown  # a value is no template
    text = letter.get_body(("plain",))
    assert text is not None
    assert "\n.\n" not in text.get_content()


def test_a_line_that_begins_with_a_dot_arrives_as_it_is(desk, office):
    desk.mail(office.port)
    desk.put(told={"shop": ".dot", "shop_address": ".", "last_day": "2026-05-11"})
    desk.send()
    text = office.letters[0].get_body(("plain",))
    assert text is not None
    assert ".dot, .." in text.get_content()


def test_arabic_is_read_from_the_right(desk, office):
    desk.mail(office.port)
    desk.put(language="ar")
    desk.send()
    html = office.letters[0].get_body(("html",))
    assert html is not None
    assert '<html lang="ar" dir="rtl">' in html.get_content()
