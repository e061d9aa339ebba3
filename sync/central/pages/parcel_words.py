"""What pages say of parcels, containers and hand-over lists."""

from __future__ import annotations

from typing import Any

from kiosk.domain.counter import outbound_facts as out
from kiosk.domain.counter import parcel_facts as par
from kiosk.domain.counter.facts import Kind
from kiosk.domain.counter.pulling import ARRIVED
from kiosk.domain.counter.settled_facts import ConflictSettled
from kiosk.words import Words
from kiosk.words.counter import things
from sync.central.counter.reading import HERE, ODD, Row

_BAD = {"missing", "lost", "damaged", "disputed"}
_CARE = {"expired", "refused_out", "refused_in", "rts_staged"}
_GOOD = {"shelved", "collected", "reconciled", "acknowledged", "signed"}


class ParcelWords:
    """Handed to the templates as `told`."""

    def __init__(self, words: Words) -> None:
        self._words, self._t, self.day = words, words.t, words.day

    def state(self, kind: str, code: str) -> str:
        """Of a thing, or of the filter."""
        if code == HERE:
            return self._t("Here now")
        if code == ODD:
            return self._t("Something does not fit")
        return things.state(self._words, kind, code)

    def level(self, code: str) -> str:
        """The colour of a state's chip."""
        if code in _BAD:
            return "bad"
        return "care" if code in _CARE else "good" if code in _GOOD else "plain"

    def deed(self, type_: str) -> str:
        return things.deed(self._words, type_)

    def kind(self, code: str) -> str:
        t = self._t
        known: dict[str, str] = {
            Kind.PARCEL: t("Parcel"),
            Kind.BAG: t("Bag"),
            Kind.CONTAINER: t("Container"),
            Kind.MANIFEST: t("Hand-over list"),
        }
        return known.get(code, code)

    def place(self, row: Row) -> str:
        """Where it lies; "" where it is not in the shop."""
        if not row["here"]:
            return ""
        return row["container"] or row["shelf"] or self._t("At the desk")

    def detail(self, fact: Any) -> str:
        """What a line of the story adds to the deed: a shelf, a day, a count. No proof is told but
        its kind."""
        t, day = self._t, self.day
        match fact:
            case par.ParcelShelved(shelf_id=shelf) | par.ParcelStaged(shelf_id=shelf):
                return t("Shelf {shelf}", shelf=shelf)
            case par.ParcelMissing(shelf_id=shelf) if shelf:
                return t("Shelf {shelf}", shelf=shelf)
            case par.ParcelReceived(until=until) | par.ParcelExtended(until=until) if until:
                return t("Waits until {day}", day=day(until))
            case par.ParcelContained(container_id=box) | out.BagContained(container_id=box):
                return t("Container {container}", container=box)
            case out.ContainerClosed(seal_id=seal):
                return t("Seal {seal}", seal=seal)
            case par.ParcelCollected(proxy=True):
                return t("To somebody whom the recipient sent")
            case par.ParcelNotified(notice=notice):
                return self._notice(notice)
            case out.ManifestAcknowledged(containers=boxes, parcels=loose):
                return t("{boxes} containers, {loose} parcels", boxes=boxes, loose=loose)
            case ConflictSettled(open=again):
                return t("Open again") if again else t("Settled")
            case _:
                return ""

    def _notice(self, notice: str) -> str:
        return self._t("That it is here") if notice == ARRIVED else self._t("That it still waits")
