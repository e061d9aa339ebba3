"""What pages call the kinds of cases, their states, steps and ends, and what was compared."""

from __future__ import annotations

from datetime import datetime

from kiosk.domain.counter.conflicts import ConflictKind
from kiosk.words import Words
from kiosk.words.counter.conflicts import conflict
from kiosk.words.counter.things import deed
from sync.central.cases import Compared, Evidence, Kind, Resolution, State, Step
from sync.central.cases.acting import NotDone
from sync.central.recheck import Result
from sync.central.reconcile.model import Kind as Movement

_NAMELESS = frozenset({"event", "epoch", "device"})  # only machines call them by their ids


class CaseWords:
    """Handed to the templates of cases as `told`."""

    def __init__(self, words: Words) -> None:
        self._words, self._t, self._day = words, words.t, words.day

    def kind(self, code: str) -> str:
        t = self._t
        known: dict[str, str] = {
            Kind.DUPLICATE_DROP: t("The same item was dropped twice"),
            Kind.VERDICT_DIFFERS: t("The centre judges a drop differently"),
            Kind.MISSING: t("Something is missing"),
            Kind.EXTRA: t("Something came that nobody promised"),
            Kind.COUNT_DIFFERS: t("Counts differ"),
            Kind.VALUE_DIFFERS: t("Amounts differ"),
            Kind.LATE_UPLOAD: t("Came after the books were closed"),
            Kind.UNKNOWN_PARCEL: t("Nobody knows this parcel"),
            Kind.PHOTO_LATE: t("A photo has not come"),
            Kind.PHOTO_LOST: t("A photo is lost"),
            Kind.QUARANTINED_EVENT: t("A record could not be used"),
            Kind.CLASH: t("One number, two contents"),
            Kind.SEQUENCE_GAP: t("Records are missing between others"),
            Kind.FORK: t("A kiosk began its records again"),
            Kind.STORE_MENDED: t("A kiosk may have lost records"),
            Kind.COUNTER_CONFLICT: t("Two counters do not agree"),
            Kind.PARCEL_MISSING: t("A parcel is missing"),
            Kind.LEFT_BEHIND: t("Something was left in a container"),
            Kind.WEBHOOK_DEAD: t("A shop’s system is not reached"),
        }
        return known.get(code, code)

    def about(self, subject_kind: str, subject: str, evidence: Evidence) -> str:
        """What people call it: its receipt, bag or return, or the day of the books."""
        named = evidence.receipts or evidence.bags or evidence.returns or evidence.parcels
        if named:
            return named[-1]
        if day := evidence.numbers.get("day"):
            return self._day(str(day))
        return "–" if subject_kind in _NAMELESS else subject

    def happened(self, kind: str, evidence: Evidence) -> str:
        """What happened, and what somebody should look at."""
        t, numbers = self._t, evidence.numbers
        known: dict[str, str] = {
            Kind.DUPLICATE_DROP: t(
                "More of an item was brought than its return allows. The first drop keeps the "
                "refund. Compare the two bags."
            ),
            Kind.VERDICT_DIFFERS: t(
                "The centre judged this drop again by the rules of bundle {bundle}, which the "
                "kiosk used, and comes to something else. The shopper was promised what the kiosk "
                "said.",
                bundle=numbers.get("bundle", "–"),
            ),
            Kind.MISSING: self._missing(str(numbers.get("stage", ""))),
            Kind.EXTRA: t("It was seen on its way, and no drop or list names it."),
            Kind.COUNT_DIFFERS: t("Two places counted the same goods and do not agree."),
            Kind.VALUE_DIFFERS: t("Two records tell different amounts for the same goods."),
            Kind.LATE_UPLOAD: t(
                "It belongs to a day whose books are closed. It counts on the next open day."
            ),
            Kind.UNKNOWN_PARCEL: t("A parcel was handled that nobody had announced."),
            Kind.PHOTO_LATE: t("The kiosk took it and has not sent it for more than a day."),
            Kind.PHOTO_LOST: t(
                "The kiosk took it and cannot read it any more. The drop counts all the same. Look "
                "at the goods themselves."
            ),
            Kind.QUARANTINED_EVENT: t(
                "The kiosk told something that the centre cannot read or may not believe. It is "
                "kept, and has no effect."
            ),
            Kind.CLASH: t(
                "Two records bear one number and tell different things. The first one counts."
            ),
            Kind.SEQUENCE_GAP: t("The kiosk’s records have a hole: some never came."),
            Kind.FORK: t(
                "The kiosk was restored, copied or repaired, and numbers its records anew. Find "
                "out whether there are two of it."
            ),
            Kind.STORE_MENDED: t(
                "The kiosk repaired its records and may have lost some. Compare bags and drops."
            ),
            Kind.COUNTER_CONFLICT: self._conflict(str(numbers.get("conflict", ""))),
            Kind.PARCEL_MISSING: self._not_there(str(numbers.get("shelf", ""))),
            Kind.LEFT_BEHIND: t(
                "It was put into container {container}, which left. Nobody signed for it. Ask the "
                "carrier.",
                container=numbers.get("container", "–"),
            ),
            Kind.WEBHOOK_DEAD: t(
                "Its webhook was tried again and again, and is given up: {count} messages have not "
                "got through. Tell {shop}, and send them once more (Keys, Webhooks).",
                count=numbers.get("count", "–"),
                shop=numbers.get("shop", "–"),
            ),
        }
        return known.get(kind, "")

    def _conflict(self, code: str) -> str:
        """What two counters did that cannot both be so."""
        known = code in set(ConflictKind)
        return conflict(self._words, ConflictKind(code if known else ConflictKind.OUT_OF_STEP))

    def _not_there(self, shelf: str) -> str:
        """A parcel that is not where it should lie, "" for the desk."""
        if not shelf:
            return self._t(
                "It is not where it should be. Look for it, and scan it when you find it."
            )
        return self._t(
            "It should be on shelf {shelf}, and is not. Look for it, and scan it when you find it.",
            shelf=shelf,
        )

    def _missing(self, stage: str) -> str:
        """Where it should have been seen by now."""
        t = self._t
        known: dict[str, str] = {
            Movement.CONTAINED: t("It was dropped, and is in no container that anybody told of."),
            Movement.HANDED_OVER: t("It was filled, and nobody handed it over in time."),
            Movement.ACKNOWLEDGED: t("It was handed over, and the carrier has not confirmed it."),
            Movement.RECEIVED: t("The carrier has it, and the hub has not received it in time."),
            Movement.REFUNDED: t("It was dropped, and the shop has told of no refund in time."),
        }
        otherwise = t("It was promised or sent on, and has not been seen where it should be.")
        return known.get(stage, otherwise)

    def check(self, code: str) -> str:
        """What came of judging a drop again (sync.central.recheck)."""
        t = self._t
        known: dict[str, str] = {
            "": t("Not yet"),
            Result.SAME: t("The centre says the same"),
            Result.DIFFERS: t("The centre judges a drop differently"),
            Result.UNTOLD: t("Not possible: a rule looks at what nobody recorded"),
            Result.NO_RULES: t("Not possible: the rules of its bundle were not kept"),
            Result.OTHER_VERSION: t("Not possible: the kiosk has another version"),
        }
        return known.get(code, code)

    def state(self, code: str) -> str:
        t = self._t
        known: dict[str, str] = {
            State.OPEN: t("Open"),
            State.ASSIGNED: t("Somebody is at it"),
            State.SETTLED: t("Settled"),
            State.REOPENED: t("Open again"),
        }
        return known.get(code, code)

    def step(self, code: str, who: str) -> str:
        """A line of the case's story."""
        t = self._t
        person = who or t("The centre")
        known: dict[str, str] = {
            Step.OPENED: t("The case was opened."),
            Step.FOUND: t("More was found."),
            Step.TAKEN: t("{person} took the case.", person=person),
            Step.LEFT: t("{person} gave the case back.", person=person),
            Step.COMMENTED: t("{person} wrote:", person=person),
            Step.SETTLED: t("{person} settled the case.", person=person),
            Step.REOPENED: t("{person} opened the case again.", person=person),
        }
        return known.get(code, code)

    def resolution(self, code: str) -> str:
        t = self._t
        known: dict[str, str] = {
            Resolution.FIRST_ONLY: t("Only the first drop is refunded"),
            Resolution.BOTH_RIGHT: t("Both are right and are refunded"),
            Resolution.KIOSK_STANDS: t("The kiosk’s promise is kept"),
            Resolution.CENTRE_STANDS: t("The centre’s verdict is carried out"),
            Resolution.TOLD_MERCHANT: t("The shop decides and was told"),
            Resolution.FOUND: t("It was found"),
            Resolution.CLAIMED: t("Whoever lost it was asked to pay"),
            Resolution.WRITTEN_OFF: t("Written off"),
            Resolution.BOOKED: t("Booked by hand"),
            Resolution.SENT_ON: t("Sent on to whom it belongs"),
            Resolution.NO_EFFECT: t("Looked at: nothing follows"),
            Resolution.KIOSK_MENDED: t("The kiosk was put right"),
            Resolution.KIOSK_REVOKED: t("The kiosk was revoked"),
            Resolution.CAUSE_GONE: t("Explained by what came later"),
        }
        return known.get(code, code)

    def side(self, code: str) -> str:
        t = self._t
        known = {
            "kiosk": t("Kiosk"),
            "centre": t("Centre"),
            "authorised": t("Authorised"),
            "dropped": t("Dropped"),
            "contained": t("In the container"),
            "handed_over": t("Handed over"),
            "carrier": t("Carrier"),
            "hub": t("Hub"),
            "refunded": t("Refunded"),
            "believed": t("It counts"),
            "conflicting": t("Does not fit"),
        }
        return known.get(code, code)

    def what(self, code: str) -> str:
        t = self._t
        known = {
            "outcome": t("Verdict"),
            "reason": t("Why"),
            "refund": t("Refund"),
            "fee": t("Fee"),
            "withheld": t("Held back"),
            "bonus": t("Bonus"),
            "method": t("Way of refund"),
            "disposal": t("What becomes of it"),
            "destination": t("Where it goes"),
            "provisional": t("To be confirmed"),
            "rule_ids": t("Rules"),
            "units": t("Units"),
            "count": t("Count"),
            "drops": t("Drops"),
            "bags": t("Bag"),
            "containers": t("Container"),
            "manifests": t("Hand-over list"),
            "amount": t("Amount"),
            "fact": t("What was told"),
            "staff": t("Who"),
            "counter": t("Counter"),
            "at": t("When"),
        }
        return known.get(code, code)

    def deed(self, type_: str) -> str:
        """What a fact of a counter tells."""
        return deed(self._words, type_) if type_ else "–"

    def instant(self, text: str) -> datetime | None:
        """When something happened, as evidence keeps it."""
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return None

    def is_amount(self, part: Compared) -> bool:
        return bool(part.currency) and isinstance(part.first, int) and isinstance(part.second, int)

    def not_done(self, why: NotDone) -> str:
        t = self._t
        known = {
            NotDone.UNKNOWN: t("There is nothing here"),
            NotDone.OVERTAKEN: t(
                "The case has changed since you opened this page. Look at it again; what you "
                "wrote is still below."
            ),
            NotDone.NOT_NOW: t("This cannot be done now."),
            NotDone.NO_RESOLUTION: t("Choose how it is settled."),
            NotDone.NO_COMMENT: t("Write a few words: why?"),
        }
        return known[why]
