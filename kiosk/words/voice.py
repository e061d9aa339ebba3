"""One language's sentences, amounts and dates; what every sentence is made with."""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from kiosk.domain.sentences import Sentence

if TYPE_CHECKING:
    from babel import Locale

    from kiosk.domain.money import Money

# Primary subtags written from right to left; asking Babel would cost its import at every start.
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})

# Unicode Standard Annex 9: an isolate is laid out by itself and moves nothing around it.
_FIRST_STRONG, _LEFT_TO_RIGHT, _END = "\u2068", "\u2066", "\u2069"


class Voice:
    """Sentences of one language.

    `language` is BCP 47 and names what is really spoken: a language without a catalogue speaks
    English and says so. Formatted amounts and times carry U+00A0 and U+202F. What is filled into
    a sentence written from right to left keeps an order of its own: without, `+44 20 7946` is
    read from its end, and `US$` shows as `$US`.
    """

    def __init__(self, language: str, translations: gettext.NullTranslations) -> None:
        self.language = language
        self.right_to_left = language.partition("-")[0] in _RIGHT_TO_LEFT
        self._translations = translations

    def t(self, message: str, **values: str | int) -> str:
        """The sentence with its `{placeholders}` filled; `message` is a literal in the source."""
        return self._translations.gettext(message).format(**self._kept_in_order(values))

    def n(self, singular: str, plural: str, n: int, **values: str | int) -> str:
        """The sentence for a count, with `{n}` and the other placeholders filled."""
        message = self._translations.ngettext(singular, plural, n)
        return message.format(**self._kept_in_order({"n": n, **values}))

    def sentence(self, text: str) -> str:
        """What a check found, in this language: a `Sentence` with all that it is made of. Any other
        text was said by somebody else, and stays as it is."""
        if not isinstance(text, Sentence):
            return text
        told = {
            name: self.sentence(one) if isinstance(one, str) else one
            for name, one in text.fields.items()
        }
        return self.t(text.template, **told)

    def money(self, amount: Money) -> str:
        """An amount with its currency's own number of digits: €12.50, ¥1,250."""
        from decimal import Decimal

        from babel.numbers import format_currency, get_currency_precision

        digits = get_currency_precision(amount.currency)
        value = Decimal(amount.minor).scaleb(-digits)
        written = format_currency(value, amount.currency, locale=self._locale())
        # CLDR sets a space between a currency's letters and its digits; Babel leaves it out.
        written = re.sub(r"(?<=[^\W\d_])(?=\d)", "\u00a0", written)
        if not self.right_to_left:
            return written
        # Letters and sign of a currency like US$, and a minus and its digits, belong together.
        return re.sub(r"[A-Z]+[^\w\s]+|-[\d.,]*\d", _left_to_right, written)

    def day(self, day: date | str) -> str:
        """A calendar day with the month in words; takes ISO 8601 text as well. A text that is
        no date is given back as it stands: a sentence must never fail for it."""
        from babel.dates import format_date

        try:
            value = date.fromisoformat(day[:10]) if isinstance(day, str) else day
        except ValueError:
            return str(day)
        written = format_date(value, format="long", locale=self._locale())
        # A year alone on a line of Arabic stands at another height: the date stays together.
        return written.replace(" ", "\u00a0") if self.right_to_left else written

    def moment(self, moment: datetime, timezone: str) -> str:
        """An aware instant as local date, time and offset: 3 May 2026, 14:05 (UTC+02:00)."""
        from babel.dates import format_time, get_datetime_format, get_timezone

        locale = self._locale()
        local = moment.astimezone(get_timezone(timezone))
        time = format_time(local, format="short", tzinfo=local.tzinfo, locale=locale)
        pattern = str(get_datetime_format("long", locale=locale))
        written = pattern.replace("{1}", self.day(local.date())).replace("{0}", time)
        offset = local.strftime("%z")
        return f"{written} (UTC{offset[:3]}:{offset[3:5]})"

    def apart(self, line: str) -> str:
        """A line that somebody else wrote, as `+44 20 7946`, in its own order."""
        return str(_apart(line)) if self.right_to_left else line

    def _kept_in_order(self, values: Mapping[str, str | int]) -> Mapping[str, str | int]:
        """The values of a sentence, each apart from the letters around it where that matters."""
        return {k: _apart(v) for k, v in values.items()} if self.right_to_left else values

    def _locale(self) -> Locale:
        from babel import Locale

        return Locale.parse(self.language, sep="-")


def _apart(value: str | int) -> str | int:
    """Digits alone are in order anywhere; a minus or any other sign is not."""
    text = str(value)
    return f"{_FIRST_STRONG}{text}{_END}" if text and not text.isdecimal() else value


def _left_to_right(found: re.Match[str]) -> str:
    return f"{_LEFT_TO_RIGHT}{found[0]}{_END}"
