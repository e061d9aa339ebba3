"""A visit at a kiosk: judged, taken or turned away, recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from kiosk.app import judging
from kiosk.demo.weeks.boxes import Box
from kiosk.demo.weeks.dice import Dice
from kiosk.demo.weeks.faults import Fault, Faults
from kiosk.demo.weeks.shopping import Market, Visit, judged, visits
from kiosk.demo.weeks.way import Taken
from kiosk.domain.events import DropCommitted, PhotoFact, ReceiptSettled
from kiosk.domain.policy.model import Policy
from kiosk.domain.returns import Merchant
from kiosk.domain.visit import OpenDrop
from kiosk.ports import Ids

_OFFLINE_PERCENT: Final = 4


@dataclass(frozen=True, slots=True)
class Rules:
    """One bundle: rules and merchants by shop."""

    number: int
    policies: Mapping[str, Policy]
    merchants: Mapping[str, Merchant]


class Street:
    """All visits of the story."""

    def __init__(self, dice: Dice, faults: Faults, market: Market, ids: Ids) -> None:
        self._dice = dice
        self._faults = faults
        self._market = market
        self._ids = ids

    def day(self, boxes: list[Box], midnight: datetime) -> list[tuple[Visit, Box]]:
        """Who comes to which kiosk, in order."""
        coming = [
            (visit, box)
            for box in boxes
            for visit in visits(self._dice, self._market, midnight, box.place.usual)
        ]
        return sorted(coming, key=lambda one: one[0].at)

    def serve(
        self, box: Box, visit: Visit, rules: Rules, *, cut_off: bool, paper: bool = True
    ) -> Taken | None:
        """None where nothing was taken."""
        offline = self._dice.chance(_OFFLINE_PERCENT) or cut_off
        drop = self._judged(box, visit, rules, offline)
        at = visit.at + timedelta(seconds=self._dice.between(14, 55))
        if not judging.settled(drop):
            box.refused(self._ids, drop, at)
            return None
        if self._faults.happens(Fault.NUMBER_SKIPPED):
            box.drops += 1
        fact = self._told(box.fact_of(drop, self._photos(drop)))
        box.record(self._ids, fact, fact.drop_id, at)
        receipt = ReceiptSettled(
            fact.drop_id, *(("printed", "") if paper else ("failed", "paper_out"))
        )
        box.record(self._ids, receipt, fact.drop_id, at + timedelta(seconds=4))
        if self._faults.happens(Fault.UNREADABLE):
            broken = {"drop_id": fact.drop_id, "outcome": 7, "fault": ""}
            kind = ReceiptSettled.type
            box.record_raw(self._ids, kind, broken, fact.drop_id, at + timedelta(seconds=6))
        return Taken(fact, at)

    def again(self, box: Box, first: Visit, rules: Rules) -> Taken | None:
        """The same goods once more at another kiosk, which is offline and cannot know."""
        later = replace(first, at=first.at + timedelta(minutes=25))
        return self.serve(box, later, rules, cut_off=True)

    def _judged(self, box: Box, visit: Visit, rules: Rules, offline: bool) -> OpenDrop:
        shop = visit.authorisation.merchant_id
        return judged(
            self._dice,
            visit,
            rules.policies[shop],
            rules.merchants[shop],
            box.place.site,
            (self._ids.uuid(), self._ids.uuid()),
            offline,
        )

    def _photos(self, drop: OpenDrop) -> tuple[PhotoFact, ...]:
        if not self._faults.happens(Fault.NO_PHOTO):
            return ()
        name = hashlib.sha256(drop.drop_id.encode()).hexdigest()
        return (PhotoFact(drop.items[0].line.line_id, name, 48_213),)

    def _told(self, fact: DropCommitted) -> DropCommitted:
        """What the kiosk tells; a broken one leaves out the fee."""
        charged = [line for line in fact.lines if line.fee and line.state == "accepted"]
        if not charged or not self._faults.happens(Fault.WRONG_VERDICT):
            return fact
        lines = tuple(
            replace(line, refund=line.refund + line.fee, fee=0, fees=())
            if line is charged[0]
            else line
            for line in fact.lines
        )
        return replace(fact, lines=lines)
