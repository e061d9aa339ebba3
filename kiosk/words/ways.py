"""What a shopper can do where the kiosk does not take the goods: the one next step."""

from __future__ import annotations

from datetime import date
from typing import assert_never

from kiosk.domain.policy.model import Instead, Verdict
from kiosk.words.voice import Voice


def sentence(w: Voice, verdict: Verdict) -> str:
    """The best way there is, as an instruction; "" where the verdict names none."""
    return way(w, verdict.instead[0], verdict.until) if verdict.instead else ""


def way(w: Voice, instead: Instead, until: date | None = None) -> str:
    """One way. `until` is the last day on which the item may come, None where nothing says."""
    match instead:
        case Instead.STAFF:
            return w.t("Please take the item to a member of staff.")
        case Instead.COUNTER:
            return w.t("Hand the item in at the counter here.")
        case Instead.POST:
            return w.t("Send the item by post. The shop tells you how.")
        case Instead.STORE:
            return w.t("Take the item to one of the shop's own stores.")
        case Instead.MERCHANT | Instead.KEEP:
            return w.t("Keep the item and ask the shop about it.")
        case Instead.LATER if until is not None:
            return w.t("Come again by {day}.", day=w.day(until))
        case Instead.LATER:
            return w.t("Please come again another day.")
        case Instead.FEWER:
            return w.t("Bring fewer items at once.")
        case Instead.ALL:
            return w.t("Bring all items together.")
        case _:
            assert_never(instead)
