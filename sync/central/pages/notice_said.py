"""What the pages of notices call kinds, ways, states and reasons."""

from __future__ import annotations

from kiosk.words import Words
from sync.central.notices.checking import Fault, Wrong
from sync.central.notices.model import Kind, State, Way, Why


class NoticeSaid:
    """Handed to templates as `told`. A code of a newer version is shown as it is kept."""

    def __init__(self, words: Words) -> None:
        self._t = words.t

    def kind(self, code: str) -> str:
        t = self._t
        known: dict[str, str] = {
            Kind.ARRIVED: t("Parcel is here"),
            Kind.REMINDER: t("Reminder"),
            Kind.LAST_DAY: t("Last day"),
            Kind.COLLECTED: t("Parcel was collected"),
            Kind.DROPPED_OFF: t("Return was taken in"),
            Kind.REFUNDED: t("Money was paid back"),
        }
        return known.get(code, code)

    def way(self, code: str) -> str:
        t = self._t
        known: dict[str, str] = {
            Way.EMAIL: t("E-mail"),
            Way.SMS: "SMS",
            Way.WHATSAPP: "WhatsApp",
            Way.TELEGRAM: "Telegram",
            Way.SIGNAL: "Signal",
            Way.WEBHOOK: "Webhook",
        }
        return known.get(code, code)

    def state(self, code: str) -> str:
        t = self._t
        known: dict[str, str] = {
            State.QUEUED: t("Waits"),
            State.SENDING: t("Is being sent"),
            State.HANDING: t("Is being sent"),
            State.SENT: t("Sent"),
            State.FAILED: t("Failed"),
            State.DROPPED: t("Not sent"),
        }
        return known.get(code, code)

    def why(self, code: str) -> str:
        t = self._t
        known = {
            Why.TOO_LATE: t("Its time was over before it could be sent."),
            Why.UNSURE: t("It may have been sent: the answer got lost. It is not sent again."),
            Why.REFUSED: t("Every address was refused."),
            Why.UNWANTED: t("They asked not to be told."),
            Why.GONE: t("It was not true any more."),
            Why.NO_WAY: t("No channel is set up for any of their addresses."),
            Why.WORDS: t("The words could not be filled in."),
            Why.SEALED: t("What was sealed cannot be read: a key is missing."),
            Why.TOGETHER: t("Told together with another parcel."),
            Why.BY_HAND: t("Somebody here dropped it."),
        }
        return known[Why(code)] if code in set(Why) else ""

    def wrong(self, one: Wrong) -> str:
        t = self._t
        mark = "{{ " + one.what + " }}"
        known = {
            Fault.EMPTY: t("This must not be empty."),
            Fault.LONG: t("This is too long: {most} characters at most.", most=one.what),
            Fault.UNKNOWN: t("There is no {mark} here. Use one that is listed.", mark=mark),
            Fault.MISSING: t(
                "{mark} must be in it, outside of every condition: without it nobody can do "
                "anything with the message.",
                mark=mark,
            ),
            Fault.UNREADABLE: t(
                "This cannot be read. Only placeholders and simple conditions may stand between "
                "the braces."
            ),
            Fault.PARTS: t("As a short message it has more than {most} parts.", most=one.what),
        }
        return known[one.fault]

    def address_wrong(self) -> str:
        return self._t("This is no address that can be sent to.")

    def channel_wrong(self, field: str) -> str:
        t = self._t
        known = {
            "host": t("Write the server’s name, as {example}.", example="mail.shop.example"),
            "port": t("Use port 25, 465, 587 or 2525."),
            "sender": t("Write an address that this server may send from."),
            "security": t(
                "Without {tls} only a server inside the centre’s own network is used.", tls="TLS"
            ),
            "url": t("The provider does not understand this address."),
            "url-scheme": t("This provider is not among those that can be used for it."),
            "url-place": t("Put {mark} once, where the number or name goes.", mark="{to}"),
            "url-host": t("The centre may not send to this host."),
            "pace": t("Write a number from 1 to 100000."),
            "quiet": t("Write a time, as {example}.", example="21:00"),
        }
        return known[field]
