"""What the policy's pages say: where a version stands, what it changed, what a check found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kiosk.domain.policy.file import Level, Mistake
from kiosk.domain.policy.file.diffing import Change
from kiosk.domain.returns import AuthorisationState as State
from kiosk.words import Words
from sync.central.policy import bundling
from sync.central.policy.listing import Standing
from sync.central.policy.rollouts import Share
from sync.central.policy.versions import Changes

_KINDS: Final = {Level.ERROR: "bad", Level.WARNING: "care", Level.NOTE: "plain"}


class PolicyWords:
    """Handed to the templates of the policy as `told`."""

    def __init__(self, words: Words, shops: Mapping[str, str] | None = None) -> None:
        """`shops` are merchants' names by id; one that is not among them is told by its id."""
        self._words, self._shops = words, shops or {}
        self._t = words.t

    def standing(self, code: Standing) -> str:
        t = self._t
        known = {
            Standing.IN_FORCE: t("In force"),
            Standing.ROLLING_OUT: t("Going out"),
            Standing.STOPPED: t("Taken back"),
            Standing.EARLIER: t("Earlier"),
        }
        return known[code]

    def changed(self, told: Changes) -> Iterator[str]:
        """In short, for the list; nothing where nothing that people wrote is another."""
        t, n = self._t, self._words.n
        if told.restored:
            yield t("Back to version {number}", number=told.restored)
        for name in told.added:
            yield t("New shop: {name}", name=self._shop(name))
        for name in told.removed:
            yield t("Shop gone: {name}", name=self._shop(name))
        for name, rules in told.rules.items():
            count = len(rules.added) + len(rules.removed) + len(rules.changed)
            yield n("{shop}: {n} rule", "{shop}: {n} rules", count, shop=self._shop(name))
        for name in dict.fromkeys((*told.details, *told.looks)):
            if name not in told.rules:
                yield t("{shop}: name, contact or look", shop=self._shop(name))
        if told.forms:
            yield t("Codes of other services")

    def _shop(self, merchant_id: str) -> str:
        return self._shops.get(merchant_id, merchant_id)

    def rule(self, change: Change) -> str:
        t = self._t
        known = {
            Change.ADDED: t("New"),
            Change.REMOVED: t("Gone"),
            Change.CHANGED: t("Changed"),
        }
        return known[change]

    def level(self, one: Mistake) -> str:
        t = self._t
        known = {
            Level.ERROR: t("Mistake"),
            Level.WARNING: t("Look again"),
            Level.NOTE: t("Note"),
        }
        return known[one.level]

    def colour(self, one: Mistake) -> str:
        return _KINDS[one.level]

    def problem(self, told: str) -> str:
        """Why something was not published; what nobody here has words for stays as it is."""
        t = self._t
        known = {
            "whom": t("Choose who is to have it: nobody new would."),
            bundling.NOBODY: t("No kiosk would have it. Take more, or a site with a kiosk."),
            bundling.NO_FIRST: t("Nothing is published yet: the first version is for all."),
            bundling.SAME: t("These are the rules that everybody has already."),
        }
        return known.get(told, told)

    def share(self, share: Share) -> str:
        """25 % of the kiosks, North, South."""
        t = self._t
        if share.everybody:
            return t("every kiosk")
        percent = [t("{percent} % of the kiosks", percent=share.percent)] if share.percent else []
        return ", ".join([*percent, *sorted(share.sites)])


class ReturnWords:
    """Handed to the templates of returns as `told`."""

    def __init__(self, words: Words) -> None:
        self._t = words.t

    def state(self, code: State) -> str:
        t = self._t
        known = {
            State.REQUESTED: t("Asked for"),
            State.IN_REVIEW: t("In review"),
            State.AUTHORISED: t("May be brought"),
            State.REJECTED: t("Rejected"),
            State.EXPIRED: t("Expired"),
            State.CANCELLED: t("Cancelled"),
            State.CLOSED: t("Closed"),
        }
        return known[code]
