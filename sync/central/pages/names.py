"""What pages call roles, states of accounts, changes, and why something was not done."""

from __future__ import annotations

from kiosk.words import Words
from sync.central.people.links import NotDone
from sync.central.people.passwords import (
    LEAST_ALONE,
    LEAST_PASSWORD,
    LONGEST_PASSWORD,
    Weak,
)
from sync.central.roles import Role


class Names:
    """Handed to every template as `names`."""

    def __init__(self, words: Words) -> None:
        self._t = words.t

    def role(self, role: Role) -> str:
        t = self._t
        known = {
            Role.VIEWER: t("Looks on"),
            Role.AGENT: t("Settles cases"),
            Role.POLICY: t("Writes policy"),
            Role.FLEET: t("Looks after kiosks"),
            Role.ADMIN: t("Manages people"),
            Role.AUDITOR: t("Audits"),
        }
        return known[role]

    def role_says(self, role: Role) -> str:
        t = self._t
        known = {
            Role.VIEWER: t("Sees drops, cases, books, kiosks and policy, and changes nothing."),
            Role.AGENT: t("Takes and settles cases, closes the books, exports."),
            Role.POLICY: t("Drafts and publishes the rules of returns."),
            Role.FLEET: t("Enrols and revokes kiosks, and sends them settings and commands."),
            Role.ADMIN: t("Invites people, gives roles, makes keys for machines."),
            Role.AUDITOR: t("Reads the audit of changes, and exports."),
        }
        return known[role]

    def roles(self, kept: str) -> list[str]:
        known = set(Role)
        return [self.role(Role(one)) if one in known else one for one in kept.split()]

    def state(self, code: str) -> str:
        t = self._t
        known = {"active": t("Active"), "invited": t("Invited"), "disabled": t("Disabled")}
        return known.get(code, code)

    def weak(self, why: Weak) -> str:
        t = self._t
        known = {
            Weak.TOO_SHORT: t(
                "The password is too short: {least} characters at least, {alone} without a second "
                "factor.",
                least=LEAST_PASSWORD,
                alone=LEAST_ALONE,
            ),
            Weak.TOO_LONG: t(
                "The password is too long: {most} characters at most.", most=LONGEST_PASSWORD
            ),
            Weak.COMMON: t("This password is among the first that are guessed."),
            Weak.PATTERN: t("This password is a row of keys, or the same again and again."),
            Weak.NAMED: t("This password is little more than a name."),
        }
        return known[why]

    def not_done(self, why: NotDone) -> str:
        t = self._t
        known = {
            NotDone.TAKEN: t("Somebody has this name already."),
            NotDone.BAD_NAME: t("A name has 1 to 100 characters."),
            NotDone.NO_MERCHANT: t("There is no such shop."),
            NotDone.NO_ROLE: t("Choose at least one role."),
            NotDone.UNKNOWN: t("This cannot be done for this person."),
            NotDone.OWN: t(
                "Nobody changes their own rights. Ask somebody else who manages people."
            ),
            NotDone.LAST_ADMIN: t("Somebody must be left who manages people."),
            NotDone.BY_ISSUER: t("This person signs in through another service, which says so."),
            NotDone.HOUSE_ONLY: t("A shop’s person cannot manage people."),
        }
        return known[why]

    def change(self, what: str) -> str:
        """A change that has no words here, as of a newer version, is shown as it is kept."""
        t = self._t
        known = {
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
            "policy.draft_saved": t("Draft of the rules saved"),
            "policy.draft_discarded": t("Draft of the rules thrown away"),
            "books.closed": t("Day closed by hand"),
            "keeping.set": t("Time of keeping changed"),
            "keeping.deleted": t("Deleted after its time"),
            "export.taken": t("File taken away"),
            "movements.imported": t("File of a carrier or hub taken"),
            "policy.published": t("Rules published"),
            "policy.widened": t("Rules given to more kiosks"),
            "policy.stopped": t("Rules taken back"),
            "policy.rolled_back": t("Gone back to earlier rules"),
            "returns.cancelled": t("Return cancelled"),
            "returns.extended": t("Return extended"),
            "kiosk.code_made": t("One-time code for a kiosk made"),
            "kiosk.code_cancelled": t("One-time code for a kiosk cancelled"),
            "kiosk.enrolled": t("Kiosk enrolled"),
            "kiosk.revoked": t("Kiosk revoked"),
            "kiosk.commanded": t("Command given to a kiosk"),
            "kiosk.settings": t("Settings given to a kiosk"),
            "keys.made": t("Key for a machine made"),
            "keys.revoked": t("Key for a machine revoked"),
            "webhook.made": t("Webhook made"),
            "webhook.paused": t("Webhook paused"),
            "webhook.resumed": t("Webhook goes on"),
            "webhook.replayed": t("Webhook sent once more"),
            "webhook.ended": t("Webhook ended"),
        }
        return known.get(what, what)
