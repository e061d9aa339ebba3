"""What the pages say: codes of the database as sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, format_time, get_timezone
from babel.numbers import format_decimal

from kiosk.domain import events as facts
from kiosk.domain.money import Money
from kiosk.domain.policy.model import RefundMethod
from kiosk.domain.reasons import Reason, Why
from kiosk.ports import DeviceFault, Trouble
from kiosk.words import Words, paying
from sync.central.views import Told


class Speech:
    """Handed to every template as `say`."""

    def __init__(self, words: Words, zone: ZoneInfo) -> None:
        self.words = words
        self._zone = zone.key

    def moment(self, at: datetime | None) -> str:
        return self.words.moment(at, self._zone) if at else self.words.t("never")

    def short(self, at: datetime) -> str:
        """Day and time without year or offset, for tables: Nov 21, 10:07 PM."""
        locale = Locale.parse(self.words.language, sep="-")
        local = at.astimezone(get_timezone(self._zone))
        day = format_skeleton("MMMd", local, locale=locale)
        return f"{day}, {format_time(local, 'short', tzinfo=local.tzinfo, locale=locale)}"

    def amount(self, minor: int, currency: str) -> str:
        return self.words.money(Money(minor, currency)) if currency else "–"

    def money(self, amount: Money) -> str:
        return self.words.money(amount)

    def tenth(self, number: float) -> str:
        """A mean, to one place."""
        locale = Locale.parse(self.words.language, sep="-")
        return format_decimal(round(number, 1), locale=locale)

    def reason(self, code: str, values: Mapping[str, str | int]) -> str:
        """The sentence; a code that is newer than this centre is shown as it stands."""
        try:
            return self.words.reason(Reason(Why(code), dict(values)))
        except (KeyError, ValueError):
            return code

    def paying(self, told: Mapping[str, Any], currency: str) -> list[str]:
        """What fees of a line are for, and how it is paid back where that is not the usual way.
        `told` is a kiosk.domain.events.LineFact as the event brought it; {} says nothing."""
        t, said = self.words.t, []
        for share in told.get("fees", ()):
            kind, amount = paying.kind(self.words, str(share["kind"])), int(share["minor"])
            if amount:
                said.append(f"{kind}: {self.amount(amount, currency)}")
        method = str(told.get("method", ""))
        if method in set(RefundMethod) and method != RefundMethod.ORIGINAL:
            said.append(self.words.method(RefundMethod(method)))
        if bonus := int(told.get("bonus", 0)):
            said.append(t("Bonus") + f": {self.amount(bonus, currency)}")
        if place := str(told.get("destination", "")):
            said.append(t("Goes to {place}", place=place))
        return said

    def outcome(self, code: str, disposal: str = "") -> str:
        t = self.words.t
        known = {
            "accept": t("Accepted"),
            "accept_with_fee": t("Accepted with a fee"),
            "returnless": t("Need not come back"),
            "review": t("To be checked"),
            "staff": t("For staff"),
            "refuse": t("Refused"),
        }
        disposals = {"keep": t("Kept"), "donate": t("Given away"), "recycle": t("Recycled")}
        return disposals.get(disposal) or known.get(code, code)

    def state(self, code: str) -> str:
        t = self.words.t
        known = {
            "accepted": t("In the bag"),
            "refused": t("Not taken"),
            "returnless": t("Stays with the shopper"),
            "not_presented": t("Not brought"),
            "staff": t("Left to staff"),
        }
        return known.get(code, code)

    def receipt(self, outcome: str) -> str:
        t = self.words.t
        known = {
            "": t("Not reported yet"),
            "printed": t("Printed"),
            "unconfirmed": t("Sent, not confirmed by the printer"),
            "failed": t("Not printed"),
        }
        return known.get(outcome, outcome)

    def fault(self, code: str) -> str:
        try:
            return self.words.fault(DeviceFault(code))
        except ValueError:
            return code

    def identified(self, code: str) -> str:
        t = self.words.t
        known = {
            "signed": t("Scanned return code"),
            "short": t("Typed short code"),
            "order": t("Order number and postal code"),
            "third_party": t("Return code of another service"),
        }
        return known.get(code, code)

    def troubles(self, joined: str) -> list[str]:
        return [self._trouble(code) for code in joined.split()]

    def _trouble(self, code: str) -> str:
        try:
            trouble = Trouble(code)
        except ValueError:
            return code
        return f"{self.words.trouble(trouble)} {self.words.trouble_mend(trouble)}".rstrip()

    def left_out(self, problems: Sequence[str]) -> list[tuple[str, str]]:
        """Parts of a merchant's look that a kiosk does not use, and why, as it told: English, as
        `takeback policy check` says it to whoever mends it."""
        return [(self._part(one.partition(":")[0]), one) for one in problems]

    def _part(self, path: str) -> str:
        t = self.words.t
        known = {
            "receipt": t("Lines on the receipt"),
            "theme": t("Colours and logo"),  # one bad colour and none of them is used
            "questions": t("Questions in its own words"),
        }
        return known.get(path.partition(".")[0], t("The whole look"))

    def contact(self, code: str) -> str:
        t = self.words.t
        known = {
            "here": t("In touch"),
            "quiet": t("Silent"),
            "never": t("Not heard of yet"),
            "revoked": t("Revoked"),
        }
        return known.get(code, code)

    def told(self, event: Told) -> str:
        """One line of a drop's story."""
        t, data = self.words.t, event.data
        match event.type:
            case facts.DropCommitted.type:
                return t("The drop was promised: the goods are in the kiosk.")
            case facts.DropAbandoned.type:
                return t("The drop was given up before it was promised.")
            case facts.DropRefused.type:
                return t("Nothing of the return could be taken.")
            case facts.StaffNeeded.type:
                why = self.reason(str(data.get("reason", "")), _values(data))
                return t("Staff were called: {why}", why=why)
            case facts.ReceiptSettled.type:
                return t("Receipt: {outcome}", outcome=self.receipt(str(data.get("outcome", ""))))
            case _:
                return event.type


def _values(data: Mapping[str, Any]) -> dict[str, str | int]:
    given = data.get("reason_values")
    return given if isinstance(given, dict) else {}
