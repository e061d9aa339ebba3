"""What the audit's page calls changes, who made them, and what they changed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kiosk.words import Words
from sync.central.audit import Entry
from sync.central.cases.evidence import read
from sync.central.pages.case_words import CaseWords
from sync.central.pages.counter_words import CounterWords

_CASE = "case."
Row = sa.Row[Any]


class AuditWords:
    """Handed to the audit's page as `told`. What has no words here, as of a newer version, is
    shown as it is kept."""

    def __init__(self, words: Words) -> None:
        self._t, self._cases = words.t, CaseWords(words)
        self._changes = self._of_people() | self._of_the_desk() | self._of_machines()
        self._changes |= CounterWords(words).audited()
        self._names = self._named()

    def change(self, what: str) -> str:
        return self._changes.get(what, what)

    def case(self, kind: str) -> str:
        return self._cases.kind(kind)

    def about(self, case: Row) -> str:
        return self._cases.about(case.subject_kind, case.subject, read(case.evidence))

    def values(self, entry: Entry) -> list[tuple[str, str, str]]:
        """Name, before and after of whatever differs."""
        return [
            (self.name(name), self._value(entry, name, was), self._value(entry, name, then))
            for name, was, then in entry.values
            if was != then
        ]

    def name(self, name: str) -> str:
        return self._names.get(name, name)

    def _value(self, entry: Entry, name: str, value: str) -> str:
        if value in ("True", "False"):
            return self._t("Yes") if value == "True" else self._t("No")
        if not entry.what.startswith(_CASE):
            return value
        if name == "state":
            return self._cases.state(value)
        return self._cases.resolution(value) if name == "resolution" else value

    def _of_people(self) -> dict[str, str]:
        t = self._t
        return {
            "people.created": t("Person created at the centre"),
            "people.invited": t("Person invited"),
            "people.roles": t("Roles changed"),
            "people.disabled": t("Person disabled"),
            "people.enabled": t("Person enabled"),
            "people.second_factor_reset": t("Second factor reset"),
            "people.link_made": t("New link for a password"),
            "tenant.second_factor": t("Second factor for everybody"),
            "account.password_set": t("Password set"),
            "account.second_factor_set": t("Second factor set up"),
            "account.second_factor_removed": t("Second factor removed"),
            "account.recovery_codes_made": t("Recovery codes made"),
            "session.begun": t("Signed in"),
            "session.ended": t("Session ended"),
        }

    def _of_the_desk(self) -> dict[str, str]:
        t = self._t
        return {
            "case.taken": t("Case taken"),
            "case.left": t("Case given back"),
            "case.commented": t("Comment on a case"),
            "case.settled": t("Case settled"),
            "case.reopened": t("Case opened again"),
            "books.closed": t("Day closed by hand"),
            "movements.imported": t("File of a carrier or hub taken"),
            "export.taken": t("File taken away"),
            "keeping.set": t("Time of keeping changed"),
            "keeping.deleted": t("Deleted after its time"),
            "policy.draft_saved": t("Draft of the rules saved"),
            "policy.draft_discarded": t("Draft of the rules thrown away"),
            "policy.published": t("Rules published"),
            "policy.widened": t("Rules given to more kiosks"),
            "policy.stopped": t("Rules taken back"),
            "policy.rolled_back": t("Gone back to earlier rules"),
            "policy.first_key": t("First key that signs"),
            "returns.cancelled": t("Return cancelled"),
            "returns.extended": t("Return extended"),
        }

    def _of_machines(self) -> dict[str, str]:
        t = self._t
        return {
            "kiosk.code_made": t("One-time code for a kiosk made"),
            "kiosk.code_cancelled": t("One-time code for a kiosk cancelled"),
            "kiosk.enrolled": t("Kiosk enrolled"),
            "kiosk.revoked": t("Kiosk revoked"),
            "kiosk.commanded": t("Command given to a kiosk"),
            "kiosk.settings": t("Settings given to a kiosk"),
            "keys.made": t("Key for a machine made"),
            "keys.revoked": t("Key for a machine revoked"),
            "notice.channel_set": t("Channel of notices set up"),
            "notice.channel_pause": t("Channel of notices paused"),
            "notice.channel_resume": t("Channel of notices goes on"),
            "notice.channel_end": t("Channel of notices ended"),
            "notice.tried": t("Test message sent"),
            "notice.quiet_set": t("Quiet hours of notices set"),
            "notice.words_saved": t("Words of a notice saved"),
            "notice.words_given_up": t("Own words of a notice given up"),
            "notice.again": t("Notice tried again"),
            "notice.dropped": t("Notice dropped"),
            "notice.unwanted": t("Somebody is told nothing more"),
            "webhook.made": t("Webhook made"),
            "webhook.paused": t("Webhook paused"),
            "webhook.resumed": t("Webhook goes on"),
            "webhook.replayed": t("Webhook sent once more"),
            "webhook.ended": t("Webhook ended"),
            "api.put_return": t("Return authorised by the shop’s system"),
            "api.cancel_return": t("Return cancelled by the shop’s system"),
            "api.extend_return": t("Return extended by the shop’s system"),
            "api.move_return": t("Return moved on by the shop’s system"),
            "api.put_refund": t("Refund told by the shop’s system"),
            "api.make_webhook": t("Webhook made by the shop’s system"),
            "api.end_webhook": t("Webhook ended by the shop’s system"),
            "api.replay_webhook": t("Webhook sent once more for the shop’s system"),
            "api.tell_receipts": t("Arrivals told by a hub’s system"),
            "api.tell_grades": t("Grades told by a hub’s system"),
            "api.tell_disposals": t("Disposals told by a hub’s system"),
            "api.announce_parcels": t("Parcels announced by a carrier’s system"),
            "api.tell_acknowledgements": t("Bags confirmed by a carrier’s system"),
        }

    def _named(self) -> dict[str, str]:
        t = self._t
        return {
            "by": t("Signed in with"),
            "changes": t("Changes"),
            "command": t("Command"),
            "comment": t("Comment"),
            "count": t("How many"),
            "days": t("Days"),
            "device": t("Device"),
            "digest": t("Fingerprint"),
            "kiosks": t("Kiosks"),
            "known": t("Known already"),
            "merchant_id": t("Shop"),
            "name": t("Name"),
            "new": t("New"),
            "number": t("Number"),
            "opens": t("Opens"),
            "owner": t("Who"),
            "read_only": t("Reads only"),
            "reason": t("Reason"),
            "required": t("Required"),
            "resolution": t("How it was settled"),
            "roles": t("Roles"),
            "second_factor": t("Second factor"),
            "sessions_ended": t("Sessions ended"),
            "shop": t("Shop"),
            "site": t("Site"),
            "state": t("State"),
            "until": t("Until"),
            "url": t("Address"),
            "version": t("Version"),
            "why": t("Why"),
        }
