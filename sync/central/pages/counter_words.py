"""What the pages of counters call things, and what is wrong with a form."""

from __future__ import annotations

from collections.abc import Mapping

from babel import Locale
from babel.dates import get_day_names

from kiosk.domain.counter.commands import Role
from kiosk.domain.counter.proving import Document, Proof
from kiosk.words import Words
from sync.central.counter_book.checking import Found, Problem
from sync.central.counter_book.comparing import Change, Changed
from sync.central.counter_book.people import LONGEST_NAME, NotDone
from sync.central.counter_book.publishing import Why
from sync.central.counter_book.reading import Fault, Faults, Wrong
from sync.wire.counter_book import MAX_MEMBERS

_SHOWN = 12


class CounterWords:
    """Handed to the templates as `told`."""

    def __init__(self, words: Words) -> None:
        self._words, self._t = words, words.t

    def role(self, role: str) -> str:
        t = self._t
        known = {
            Role.ASSOCIATE: t("Associate"),
            Role.SUPERVISOR: t("Supervisor"),
            Role.ENGINEER: t("Engineer"),
        }
        return known.get(Role(role), role)

    def role_says(self, role: str) -> str:
        t = self._t
        known = {
            Role.ASSOCIATE: t("Receives, shelves and hands out."),
            Role.SUPERVISOR: t("Also approves what a rule forbids, and unlocks others."),
            Role.ENGINEER: t("Looks after the machine, and serves nobody."),
        }
        return known.get(Role(role), "")

    def state(self, state: str) -> str:
        t = self._t
        known = {
            "active": t("Active"),
            "no_card": t("Needs a new card"),
            "revoked": t("Revoked"),
            "ended": t("Ended"),
            "later": t("Not yet"),
        }
        return known[state]

    def day(self, weekday: int) -> str:
        return str(get_day_names("wide", "stand-alone", self._words.language)[weekday])

    def proof(self, proof: str) -> str:
        t = self._t
        known = {
            Proof.CODE: t("Pick-up code"),
            Proof.NAME: t("Name"),
            Proof.DOCUMENT: t("Identity document"),
            Proof.SIGNATURE: t("Signature"),
            Proof.AGE: t("Age"),
            Proof.SUPERVISOR: t("A supervisor"),
        }
        return known[Proof(proof)]

    def document(self, document: str) -> str:
        t = self._t
        known = {
            Document.PASSPORT: t("Passport"),
            Document.ID_CARD: t("Identity card"),
            Document.DRIVING_LICENCE: t("Driving licence"),
            Document.RESIDENCE_PERMIT: t("Residence permit"),
        }
        return known[Document(document)]

    def size(self, size: str) -> str:
        t = self._t
        return {"small": t("Small"), "medium": t("Medium"), "large": t("Large")}.get(size, size)

    def language(self, code: str) -> str:
        return Locale(code).get_display_name(self._words.language) or code

    def audited(self) -> dict[str, str]:
        """What the audit calls changes of counters."""
        t = self._t
        return {
            "counter.begun": t("Counter set up"),
            "counter.drafted": t("Draft of a counter changed"),
            "counter.draft_discarded": t("Draft of a counter discarded"),
            "counter.published": t("Counter’s rules published"),
            "counter.person_added": t("Person added to counters"),
            "counter.person_changed": t("Person of a counter changed"),
            "counter.person_rights": t("Rights at counters changed"),
            "counter.person_revoked": t("Person of a counter revoked"),
            "counter.person_restored": t("Person of a counter let in again"),
            "counter.card_issued": t("New badge or start PIN made"),
            "counter.secret_changed": t("Secret of a counter’s codes changed"),
            "counter.secret_given_up": t("Old secret of a counter’s codes given up"),
        }

    # --- what is wrong ---

    def faults(self, faults: Faults) -> Mapping[str, str]:
        return {field: self.fault(one) for field, one in faults.items()}

    def fault(self, fault: Fault) -> str:
        t = self._t
        match fault.wrong:
            case Wrong.SHELVES:
                return t(
                    "“{text}” names no shelves. Write one name, or a row like {example}.",
                    text=fault.about,
                    example="A1..A20",
                )
            case Wrong.TOO_MANY_SHELVES:
                return t("These are too many shelves: {most} at most.", most=fault.most)
            case Wrong.NAME:
                return t("Write a name of {most} characters at most.", most=fault.most)
            case Wrong.NUMBER:
                return t(
                    "Write a whole number from {least} to {most}.",
                    least=fault.least,
                    most=fault.most,
                )
            case Wrong.ZONE:
                return t(
                    "This time zone is not known. Write one like {example}.",
                    example="Europe/Berlin",
                )
            case Wrong.TIME:
                return t("Write a time like 18:30.")
            case Wrong.DAYS:
                return t(
                    "“{text}” is no day. Write 2026-12-24, or 12-24 for every year.",
                    text=fault.about,
                )
            case Wrong.AMOUNT:
                return t("Write an amount like 50.00.")
            case Wrong.CURRENCY:
                return t("Write a currency of three letters, like {example}.", example="EUR")
            case Wrong.NOTHING:
                return t("Choose what it is to be.")

    def not_done(self, why: NotDone) -> str:
        t = self._t
        known = {
            NotDone.NO_NAME: t("Write a name."),
            NotDone.LONG_NAME: t("Write a name of {most} characters at most.", most=LONGEST_NAME),
            NotDone.NO_ROLE: t("Choose at least one role."),
            NotDone.NO_SITE: t("Choose at least one site."),
            NotDone.NOBODY: t("There is nobody of this number."),
            NotDone.REVOKED: t("This person was revoked. Let them in again first."),
            NotDone.BAD_DAY: t("Choose a day, or leave it empty."),
            NotDone.FULL: t("A site can have {most} people at most.", most=MAX_MEMBERS),
        }
        return known[why]

    def why(self, why: Why) -> str:
        t = self._t
        known = {
            Why.NO_COUNTER: t("This site has no counter."),
            Why.KEY: t(
                "No kiosk would believe the key that this centre signs with: it was revoked, or is "
                "not good any more."
            ),
            Why.OVERTAKEN: t("Somebody changed this meanwhile. Look at it again."),
            Why.UNFIT: t("Something is missing without which a counter cannot be worked with."),
            Why.TOO_LARGE: t("This is more than a counter can take."),
        }
        return known[why]

    def problem(self, problem: Problem) -> str:
        t, names = self._t, ", ".join(problem.names)
        match problem.found:
            case Found.NO_SHELVES:
                return t("There are no shelves: parcels cannot be put anywhere.")
            case Found.NO_CARRIERS:
                return t("There are no carriers: a supervisor would be asked for every parcel.")
            case Found.NEVER_OPEN:
                return t("There are no opening hours: no parcel would ever expire.")
            case Found.NOBODY:
                return t("Nobody works here yet.")
            case Found.NO_SUPERVISOR:
                return t("No supervisor works here: nothing could be approved.")
            case Found.TOO_MANY:
                return t("This is more than a counter can take.")
            case Found.STRANGE_CARRIER:
                return t("Shelves are for carriers that are not listed: {names}.", names=names)
            case Found.NO_WAY_BACK:
                return t("No shelf is for parcels that go back.")
            case Found.NO_ROOM:
                return t("Shelves without room: {names}.", names=names)
            case Found.NO_SIGN_IN:
                return t("Cannot sign in yet, and need a new card: {names}.", names=names)
            case Found.UNREAD:
                return t("A counter would not understand this: {names}.", names=names)

    # --- what changed ---

    def change(self, change: Change) -> str:
        t, many = self._t, len(change.names)
        names = ", ".join(change.names[:_SHOWN]) + (" …" if many > _SHOWN else "")
        match change.what:
            case Changed.PEOPLE_ADDED:
                return t("Came: {names}", names=names)
            case Changed.PEOPLE_REVOKED:
                return t("Revoked: {names}", names=names)
            case Changed.PEOPLE_GONE:
                return t("Works elsewhere now: {names}", names=names)
            case Changed.PEOPLE_CHANGED:
                return t("Has other rights, or a new card: {names}", names=names)
            case Changed.SHELVES_ADDED:
                return t("New shelves ({count}): {names}", count=many, names=names)
            case Changed.SHELVES_REMOVED:
                return t("Shelves given up ({count}): {names}", count=many, names=names)
            case Changed.SHELVES_CHANGED:
                return t("Shelves changed ({count}): {names}", count=many, names=names)
            case Changed.CARRIERS_ADDED:
                return t("New carriers: {names}", names=names)
            case Changed.CARRIERS_REMOVED:
                return t("Carriers given up: {names}", names=names)
            case Changed.CARRIERS_CHANGED:
                return t("Carriers’ rules changed: {names}", names=names)
            case Changed.HOURS:
                return t("Opening hours changed.")
            case Changed.RULES:
                return t("Rules for staff changed.")
