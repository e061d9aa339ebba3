"""What may be written into a notice, what is said of a slip, and what the shipped words are."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from kiosk.words import languages
from sync.central.audit import at_console
from sync.central.notices import checking, letters, wording
from sync.central.notices.checking import Fault, Wrong
from sync.central.notices.model import Kind
from sync.central.notices.segments import segments
from sync.central.notices.wording import Words
from tests.sync.conftest import TENANT

AT = datetime(2026, 5, 4, tzinfo=UTC)
GOOD = Words("At {{ shop }}", "Come with\n\n{{ code }}", "{{ shop }}: {{ code }}")
EVERY = [(kind, tag) for kind in Kind for tag in languages()]


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_the_shipped_words_are_whole_in_every_language(kind, language):
    said = wording.shipped(kind, language)
    assert checking.problems(kind, said) == ()
    assert language == "en" or said != wording.shipped(kind, "en")
    made = checking.preview(kind, said, language, AT)
    assert not re.search(r"[{}]|\s{2}| ,", made.subject + made.short)
    assert segments(made.short) <= (2 if language == "ar" else 1)
    nothing = dict.fromkeys(wording.PLACEHOLDERS[kind], "") | {"code": "ABC-DEF-GHJ"}
    assert wording.filled(said.body, nothing)  # what nobody knows is left out


@pytest.mark.parametrize(
    ("text", "fault", "what"),
    [
        ("", Fault.EMPTY, ""),
        ("{{ code }}" + "x" * 5000, Fault.LONG, "5000"),
        ("{{ code }} {{ address }}", Fault.UNKNOWN, "address"),
        ("{{ code }} {{ merchant }}", Fault.UNKNOWN, "merchant"),  # a return has one
        ("no code", Fault.MISSING, "code"),
        ("{% if name %}{{ code }}{% endif %}", Fault.MISSING, "code"),  # and for nobody without
        ("{{ code", Fault.UNREADABLE, ""),
        ("{{ code }}{% for a in shop %}{{ a }}{% endfor %}", Fault.UNREADABLE, ""),
        ("{{ code.__class__ }}", Fault.UNREADABLE, ""),
        ("{{ code * 999999999 }}", Fault.UNREADABLE, ""),
        ("{{ code|upper }}", Fault.UNREADABLE, ""),
        ("{{ code }}{% include 'x' %}", Fault.UNREADABLE, ""),
        ("{{ code }}{% set name = shop %}", Fault.UNREADABLE, ""),
        ("{{ code }}" + "{% if name %}" * 300, Fault.UNREADABLE, ""),
        ("{{ code }}" + "{% if name %}" * 150 + "{% endif %}" * 150, Fault.UNREADABLE, ""),
    ],
)
def test_what_is_said_of_a_text(text, fault, what):
    said = Words(GOOD.subject, text, GOOD.short)
    assert checking.problems(Kind.ARRIVED, said) == (Wrong("body", fault, what),)


def test_a_few_conditions_within_each_other_are_fine():
    text = "{{ code }}" + "{% if name %}" * 5 + "x" + "{% else %}y{% endif %}" * 5
    assert checking.problems(Kind.ARRIVED, Words(GOOD.subject, text, GOOD.short)) == ()


def test_a_short_form_of_many_parts_is_refused():
    said = Words(GOOD.subject, GOOD.body, "{{ code }} " + "many words " * 60)
    assert checking.problems(Kind.ARRIVED, said) == (Wrong("short", Fault.PARTS, "4"),)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ä" * 160, 1),
        ("ا" * 70, 1),
        ("ا" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_how_many_parts_a_short_message_has(text, count):
    assert segments(text) == count


def test_a_shops_words_go_before_the_houses_and_these_before_the_shipped(desk):
    write, by, now = desk.centre.database.write, at_console(TENANT), desk.clock.now()

    def save(shop, said):
        write(lambda c: checking.save(c, by, now, shop, Kind.ARRIVED, "de", said))

    def whose(shop):
        return write(lambda c: wording.in_force(c, TENANT, shop, Kind.ARRIVED, "de"))[1]

    assert whose("linden") == "shipped"
    save("", GOOD)
    assert (whose("linden"), whose("")) == ("tenant", "tenant")
    save("linden", GOOD)
    assert (whose("linden"), whose("")) == ("merchant", "tenant")
    save("linden", None)
    save("", None)
    assert (whose("linden"), whose("")) == ("shipped", "shipped")


def test_words_that_became_unfit_stop_the_notice_and_not_the_others(desk, office):
    desk.mail(office.port)
    by, now = at_console(TENANT), desk.clock.now()
    bad = Words("x", "{{ code }} {{ gone }}", "{{ code }}")
    desk.centre.database.write(lambda c: checking.save(c, by, now, "", Kind.ARRIVED, "en", bad))
    first, other = desk.put("P1"), desk.put("P2", language="de")
    desk.send()
    assert (desk.row(first).state, desk.row(first).why) == ("failed", "words")
    assert desk.row(other).state == "sent"


def test_a_code_is_read_in_threes():
    assert letters.typed("TP1:ABCDEFGHJ") == "ABC-DEF-GHJ"
