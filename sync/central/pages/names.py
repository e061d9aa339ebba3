"""What pages call roles, states of accounts, and why something was not done."""

from __future__ import annotations

from kiosk.words import Words
from sync.central.audit import CONSOLE
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
            Role.FLEET: t(
                "Enrols and revokes kiosks, sends them settings and commands, and runs the "
                "counters."
            ),
            Role.ADMIN: t(
                "Invites people, gives roles, makes keys for machines, and runs the counters."
            ),
            Role.AUDITOR: t("Reads the audit of changes, and exports."),
        }
        return known[role]

    def roles(self, kept: str) -> list[str]:
        known = set(Role)
        return [self.role(Role(one)) if one in known else one for one in kept.split()]

    def who(self, name: str) -> str:
        """Whoever changed something, by name."""
        return self._t("Command at the centre") if name == CONSOLE else name

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
