"""Amounts keep their currency's digits, dates their zone, languages their direction."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime

import pytest

from kiosk.domain.money import Money
from kiosk.words import words
from kiosk.words.book import own_name
from kiosk.words.voice import Voice


def voice(language: str) -> Voice:
    import gettext

    return Voice(language, gettext.NullTranslations())


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (1250, "EUR", "€12.50"),
        (1250, "JPY", "¥1,250"),
        (1250, "BHD", "BHD\u00a01.250"),
        (5, "USD", "$0.05"),
        (0, "GBP", "£0.00"),
        (123456789012345678, "EUR", "€1,234,567,890,123,456.78"),
    ],
)
def test_an_amount_has_its_currencys_digits_and_is_never_rounded(minor, currency, shown):
    assert voice("en").money(Money(minor, currency)) == shown


def test_an_amount_is_written_the_languages_way():
    assert voice("de").money(Money(123450, "EUR")) == "1.234,50\u00a0€"
    assert voice("fr").money(Money(123450, "EUR")) == "1\u202f234,50\u00a0€"
    assert "1,234.50" in voice("ar").money(Money(123450, "EUR"))


def test_a_day_is_written_with_its_month_in_words():
    assert voice("en").day("2026-05-03") == "May 3, 2026"
    assert voice("en-GB").day(date(2026, 5, 3)) == "3 May 2026"
    assert voice("es").day("2026-05-03T10:00:00+00:00") == "3 de mayo de 2026"
    assert voice("en").day("soon") == "soon"


def test_a_moment_is_local_and_names_its_offset():
    moment = datetime(2026, 5, 3, 22, 30, tzinfo=UTC)
    assert voice("de").moment(moment, "Europe/Berlin") == "4. Mai 2026, 00:30 (UTC+02:00)"
    assert voice("de").moment(moment, "America/New_York") == "3. Mai 2026, 18:30 (UTC-04:00)"
    assert voice("de").moment(moment, "Asia/Kolkata") == "4. Mai 2026, 04:00 (UTC+05:30)"


def test_arabic_reads_from_right_to_left():
    assert voice("ar").right_to_left
    assert voice("he-IL").right_to_left
    assert not voice("en").right_to_left


def test_languages_are_named_by_themselves():
    names = [own_name(tag) for tag in ("en", "de", "es", "fr", "ar", "it", "pt-BR")]
    assert names == [
        "English",
        "Deutsch",
        "Español",
        "Français",
        "العربية",
        "Italiano",
        "Português (Brasil)",
    ]


def test_the_table_of_own_names_says_what_babel_says():
    from babel import Locale

    for tag in ("ar", "de", "en", "es", "fr"):
        name = Locale.parse(tag).get_display_name()
        assert own_name(tag) == name[:1].upper() + name[1:]


def test_a_count_takes_its_form():
    one = words("en").n("{n} item of {name}", "{n} items of {name}", 1, name="X")
    two = words("en").n("{n} item of {name}", "{n} items of {name}", 2, name="X")
    assert (one, two) == ("1 item of X", "2 items of X")


def test_braces_in_a_value_are_only_text():
    assert words("en").t("Order {number}", number="{0}{x}") == "Order {0}{x}"


def test_importing_the_words_costs_no_babel():
    code = (
        "import sys; from kiosk.words import words; words('en').t('x'); "
        "sys.exit('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
