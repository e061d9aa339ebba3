"""A counter for tests: a shop with three shelves for parcels and one for what goes back, its rules,
a clock that a test moves, and commands that are decided, stamped and applied."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kiosk.domain.counter.commands import Command, RecordNotice, Role, Who
from kiosk.domain.counter.deciding import decide
from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.holding import Hold, Opening
from kiosk.domain.counter.log import Recorded, Stamp
from kiosk.domain.counter.outbound_facts import ShelfSet
from kiosk.domain.counter.parcel_facts import ParcelAnnounced, ProofFact
from kiosk.domain.counter.proving import Proof, ProofRule
from kiosk.domain.counter.rules import Rules
from kiosk.domain.counter.saying import Refused
from kiosk.domain.counter.shop import Shop
from kiosk.domain.hlc import advance

ANNA = Who("anna", Role.ASSOCIATE)
BEN = Who("ben", Role.SUPERVISOR)
HOUSE = Who("", Role.HOUSE)
CODE, OTHER_CODE = "c0de" * 16, "0dd0" * 16
SHOWN = ProofFact()
MORNING = datetime(2025, 3, 10, 9, tzinfo=UTC)  # a Monday
OPENING = Opening(ZoneInfo("Europe/Berlin"), {day: time(18) for day in range(6)})
RULES = Rules(
    OPENING,
    holds={"dhl": Hold(days=7, extend_by=3, extensions=1)},
    proofs={
        "dhl": ProofRule(frozenset({Proof.CODE}), proxies=True),
        "gls": ProofRule(frozenset({Proof.NAME, Proof.SIGNATURE})),
        "free": ProofRule(frozenset()),
    },
)
SHELVES = (
    ShelfSet("A1", "front", 2),
    ShelfSet("A2", "front", 2),
    ShelfSet("B1", "back", 3, sizes=("large",)),
    ShelfSet("R1", "returns", 9, returns=True),
)


def recorded(device: str, facts: Iterable[Fact], at: int = 0) -> list[Recorded]:
    """Facts of one device, a moment apart, from Unix millisecond `at` on."""
    hlc, records = "", []
    for fact in facts:
        hlc = advance(hlc, at)
        records.append(Recorded(Stamp(hlc, device), fact))
    return records


class Desk:
    """One counter of the shop. `untold` are the facts that the others have
    not heard."""

    def __init__(self, device: str = "counter-1", rules: Rules = RULES) -> None:
        self.device, self.rules, self.now, self.shop = device, rules, MORNING, Shop()
        self.untold: list[Recorded] = []
        self.told: list[Recorded] = []
        self._hlc = ""
        for record in recorded("centre", SHELVES):
            self.shop.apply(record)

    def wait(self, **span: int) -> None:
        self.now += timedelta(**span)

    def ask(self, command: Command, who: Who = ANNA) -> tuple[Fact, ...] | Refused:
        return decide(self.shop, self.rules, command, who, self.now)

    def do(self, command: Command, who: Who = ANNA) -> tuple[Fact, ...]:
        """Decides, and takes the facts in."""
        facts = self.ask(command, who)
        assert not isinstance(facts, Refused), facts
        self.record(*facts)
        return facts

    def refused(self, command: Command, who: Who = ANNA) -> Refused:
        answer = self.ask(command, who)
        assert isinstance(answer, Refused), answer
        return answer

    def record(self, *facts: Fact) -> None:
        """Facts of one decision, however it came about."""
        self._hlc = advance(max(self._hlc, self.shop.latest), int(self.now.timestamp() * 1000))
        for part, fact in enumerate(facts):
            record = Recorded(Stamp(self._hlc, self.device, part), fact)
            assert self.shop.apply(record)
            self.untold.append(record)

    def announce(self, number: str, carrier: str = "dhl", **more: str) -> None:
        self.record(ParcelAnnounced(number, carrier, **more))

    def notify(self, number: str, notice: str) -> None:
        self.do(RecordNotice(number, notice), HOUSE)

    def hear(self, *others: Desk) -> None:
        """Everything that the others did."""
        for other in others:
            for record in other.untold:
                self.shop.apply(record)
