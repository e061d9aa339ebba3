"""The counter book, read: from plain data to what the counter decides by.

What is unknown or wrong fails closed, part by part, and is named in `doubts`:

    a member             is left out: whoever cannot be read cannot sign in
    a sign-in rule       badge and PIN, from everybody
    a limit              is not set: a second person is needed
    a carrier's proof    a supervisor (kiosk.domain.counter.proving)
    a hold period, hours keep parcels; they never send them back
    a shelf              is not there
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from kiosk.domain.counter import book_parts as parts
from kiosk.domain.counter.log import Recorded, Stamp
from kiosk.domain.counter.outbound_facts import ShelfSet
from kiosk.domain.counter.proving import Proof, ProofRule, read_rule
from kiosk.domain.counter.rules import Rules
from kiosk.domain.hlc import advance
from kiosk.domain.staff.people import Roster
from kiosk.domain.staff.permits import Limits
from kiosk.domain.staff.pins import PinRule
from kiosk.domain.staff.sessions import Times
from kiosk.domain.staff.signing_in import SignInRule

CENTRE = "centre"
"""The device that the centre's facts are stamped with."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """`room` is how much one container takes."""

    carrier: str
    name: str
    room: int


@dataclass(frozen=True, slots=True)
class Book:
    """`issued` is aware; `doubts` name the parts that could not be read (house.shelves.3)."""

    number: int
    issued: datetime
    roster: Roster
    rules: Rules
    sign_in: SignInRule = field(default_factory=SignInRule)
    pins: PinRule = field(default_factory=PinRule)
    times: Times = field(default_factory=Times)
    limits: Limits = field(default_factory=Limits)
    carriers: Mapping[str, Carrier] = field(default_factory=dict)
    shelves: tuple[ShelfSet, ...] = ()
    peppers: tuple[str, ...] = ()
    language: str = "en"
    doubts: tuple[str, ...] = ()

    def shelf_facts(self, known: Iterable[str] = ()) -> tuple[Recorded, ...]:
        """The shelves as facts of the centre, of the book's own time: the same at every counter,
        so that a shop takes them at each start and no store keeps them. `known` are the shelves
        that the shop has: those that the book does not name any more have no room."""
        gone = sorted(set(known) - {one.shelf_id for one in self.shelves})
        facts = (*self.shelves, *(ShelfSet(one, "", 0) for one in gone))
        stamp = advance("", int(self.issued.timestamp() * 1000))
        return tuple(Recorded(Stamp(stamp, CENTRE, part), fact) for part, fact in enumerate(facts))


def read_book(number: int, issued: datetime, data: Mapping[str, object]) -> Book:
    """A book from the payload of its envelope, whose head was checked. Never raises."""
    told = parts.Told(data)
    house = told.part("house")
    roster = Roster(number, parts.members(told))
    holds = {}
    proofs: dict[str, ProofRule] = {}
    carriers: dict[str, Carrier] = {}
    hold = parts.hold(house.part("hold"))
    for one in house.parts("carriers"):
        name = one.text("carrier")
        if not name:
            one.doubt()
            continue
        proofs[name] = rule = read_rule(one.value("proof"))
        asked = one.part("proof").texts("ask") or ()
        if Proof.SUPERVISOR in rule.asks and Proof.SUPERVISOR not in asked:
            one.doubt("proof")
        carriers[name] = Carrier(name, one.text("name") or name, one.whole("room", 60, 1, 10_000))
        if one.value("hold") is not None:
            holds[name] = parts.hold(one.part("hold"))
    rules = Rules(parts.opening(house.part("opening")), holds, hold, proofs)
    return Book(
        number,
        issued.astimezone(UTC),
        roster,
        rules,
        parts.sign_in(house.part("sign_in")),
        parts.pins(house.part("pins")),
        parts.times(house.part("times")),
        parts.limits(house),
        carriers,
        parts.shelves(house),
        tuple(one.text("pepper_id") for one in told.parts("peppers")),
        house.text("language") or "en",
        tuple(sorted(told.doubts)),
    )


def forgiven(before: Roster, after: Roster) -> frozenset[str]:
    """Whose wrong tries are forgiven by a new list: those for whom the centre made a new round
    (kiosk.domain.staff.tries, `unlocked`)."""
    rounds = {one.staff_id: one.pin_round for one in before.members}
    risen = (one for one in after.members if one.pin_round > rounds.get(one.staff_id, 0))
    return frozenset(one.staff_id for one in risen)
