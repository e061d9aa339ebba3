"""A counter without a kiosk: the flow's verbs over the real domain, a clock that a test moves, and
PINs that are "checked" by comparing them.

Nothing of what is decided is mocked: `act` asks `kiosk.domain.staff` who may, has
`kiosk.domain.counter.deciding` decide, and applies the facts to a real shop. Only the disk, the
paper and the readers of codes are missing: a scan means what a test says that it means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from kiosk.domain.counter.book import Carrier
from kiosk.domain.counter.commands import Command, RecordNotice, Role, TakeDrop, Who
from kiosk.domain.counter.deciding import decide
from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.log import Recorded, Stamp
from kiosk.domain.counter.manifests import Manifest
from kiosk.domain.counter.meaning import DriverScanned, Meaning, NotKnown
from kiosk.domain.counter.outbound_facts import ShelfSet
from kiosk.domain.counter.planning import Plan, plan
from kiosk.domain.counter.rules import Rules
from kiosk.domain.counter.saying import Refused as CounterRefused
from kiosk.domain.counter.shop import Shop
from kiosk.domain.hlc import advance
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.staff import sessions
from kiosk.domain.staff.facts import Overridden, StaffFact
from kiosk.domain.staff.overrides import Approval, Wanted, may_override
from kiosk.domain.staff.people import ChosenPin, Member, Roster
from kiosk.domain.staff.permits import Allowed, DeskAct, Limits, Needs
from kiosk.domain.staff.pins import PinRule, weak
from kiosk.domain.staff.saying import Refused as StaffRefused
from kiosk.domain.staff.signing_in import Shown, SignedIn, SignInRule, sign_in, to_check
from kiosk.domain.staff.tries import Trying, unlocked
from kiosk.flows.counter.model import Acted, Bar, House, Printable, Session, Tone
from kiosk.flows.counter.states.outbound import Stroke
from kiosk.flows.model import Do as VisitDo
from kiosk.flows.model import Timing as VisitTiming
from kiosk.ports import Scanned
from tests.domain.counter.desk import MORNING, RULES, SHELVES, recorded

NOBODYS = "pin:nobody's"


def _member(staff_id: str, name: str, role: Role, badge: str, pin: str, **how: bool) -> Member:
    """Somebody who has chosen a PIN of their own, unless told otherwise."""
    new = how.get("new", False)
    return Member(staff_id, name, frozenset({role}), badge, f"pin:{pin}", new)


ANNA = _member("anna", "Anna Berg", Role.ASSOCIATE, "badge-anna", "481620")
ADA = _member("ada", "Ada Kowalski", Role.ASSOCIATE, "badge-ada", "618402")
BEN = _member("ben", "Ben Okafor", Role.SUPERVISOR, "badge-ben", "730915")
CARA = _member("cara", "Cara Silva", Role.SUPERVISOR, "badge-cara", "264801")
EVE = _member("eve", "Eve Lindt", Role.ENGINEER, "badge-eve", "905172")
NILS = _member("nils", "Nils Horn", Role.ASSOCIATE, "badge-nils", "315204", new=True)
TEAM = Roster(7, (ANNA, ADA, BEN, CARA, EVE, NILS))


class FakeDesk:
    """`Do` of kiosk.flows.counter.model. `told` are all facts of staff, `facts` all of the
    counter, `cues` and `printed` what was heard and printed, `tries` how often a PIN was checked.
    """

    def __init__(self, roster: Roster = TEAM, rules: Rules = RULES, device: str = "desk-1") -> None:
        self.clock: datetime = MORNING
        self.device, self._rules, self._house = device, rules, House(roster)
        self._shop, self._practice = Shop(), Shop()
        self._trained = False
        self._hlc = ""
        self._ids = 0
        self.trying = Trying()
        self.chosen: list[ChosenPin] = []
        self.meanings: dict[str, Meaning] = {}
        self.told: list[StaffFact] = []
        self.facts: list[Fact] = []
        self.cues: list[Tone] = []
        self.printed: list[Printable] = []
        self.signatures: list[tuple[Stroke, ...]] = []
        self.visits: tuple[VisitDo, VisitTiming] | None = None
        self.the_bar = Bar()
        self.tries = 0
        self.disk_full = False
        for record in recorded("centre", SHELVES):
            self._shop.apply(record)

    # what a test does

    def wait(self, **span: float) -> None:
        self.clock += timedelta(**span)

    def means(self, text: str, meaning: Meaning) -> None:
        self.meanings[text] = meaning

    def tell(self, *facts: Fact) -> None:
        """Facts that came about elsewhere: announced, codes issued, set up by the centre."""
        self._apply(self._shop, facts)

    def done(self, command: Command, who: Who) -> tuple[Fact, ...]:
        """A command done before the test begins."""
        facts = decide(self._shop, self._rules, command, who, self.clock)
        assert not isinstance(facts, CounterRefused), facts
        self._apply(self._shop, facts)
        return facts

    def notify(self, number: str, notice: str) -> None:
        self.done(RecordNotice(number, notice), Who("", Role.HOUSE))

    def shelf(self, shelf_id: str, room: int = 20, **how: bool) -> None:
        self.tell(ShelfSet(shelf_id, "back", room, returns=how.get("returns", False)))

    def staff(self, roster: Roster) -> None:
        """Another list of people came."""
        self._house = replace(self._house, roster=roster)

    def rule(
        self,
        sign_in: SignInRule | None = None,
        limits: Limits | None = None,
        pins: PinRule | None = None,
        times: sessions.Times | None = None,
    ) -> None:
        house = self._house
        self._house = House(
            house.roster,
            limits or house.limits,
            sign_in or house.sign_in,
            pins or house.pins,
            times or house.times,
        )

    # what the flow calls

    def now(self) -> float:
        return (self.clock - MORNING).total_seconds()

    def at(self) -> int:
        return int(self.clock.timestamp())

    def shop(self) -> Shop:
        return self._practice if self._trained else self._shop

    def rules(self) -> Rules:
        return self._rules

    def house(self) -> House:
        return replace(self._house, roster=self._house.roster.with_pins(self.chosen))

    def carriers(self) -> tuple[Carrier, ...]:
        names = {*self._rules.holds, *self._rules.proofs}
        return tuple(Carrier(name, name.upper(), 5) for name in sorted(names))

    def identify(self, scan: Scanned | str) -> Meaning:
        text = scan if isinstance(scan, str) else scan.text
        return self.meanings.get(text, NotKnown(Reason(Why.CODE_FOREIGN)))

    def act(
        self,
        staff: sessions.Screen,
        command: Command,
        wanted: Wanted | None = None,
        second: Approval | None = None,
    ) -> Acted | CounterRefused | StaffRefused | Needs:
        house, at, override = self.house(), self.at(), None
        if wanted is None:
            may = sessions.may_act(
                staff, type(command), house.times, house.roster, house.limits, at
            )
            if not isinstance(may, Allowed):
                return may
        else:
            answer = may_override(
                staff, wanted, house.times, house.roster, house.limits, at, second
            )
            if not isinstance(answer, Overridden):
                return answer
            override = answer
        assert staff.session is not None
        member = house.roster.member(staff.session.staff_id)
        assert member is not None
        facts = decide(self.shop(), self._rules, command, sessions.as_who(member), self.clock)
        if isinstance(facts, CounterRefused):
            return facts
        if override is not None and not self._trained:
            self.told.append(override)
        self._apply(self.shop(), facts)
        return Acted(facts)

    def plan(self, code: str) -> Plan | CounterRefused:
        return plan(self.shop(), self._rules, code)

    def sign_in(self, shown: Shown, pin: str) -> SignedIn | StaffRefused:
        house = self.house()
        check = to_check(house.roster, shown, NOBODYS)
        self.tries += 1
        matched = check.verifier == f"pin:{pin}"
        result = sign_in(check, matched, self.trying, house.sign_in, self.at())
        self.trying = result.trying
        if result.fact is not None:
            self.told.append(result.fact)
        return result.answer

    def choose_pin(self, staff_id: str, pin: str) -> StaffRefused | None:
        house = self.house()
        refused = weak(pin, house.pins, staff_id)
        member = house.roster.member(staff_id)
        assert member is not None
        if refused is None:
            self.chosen.append(ChosenPin(staff_id, f"pin:{pin}", member.pin_round))
        return refused

    def unlock(self, staff: sessions.Screen, staff_id: str) -> StaffRefused | None:
        house = self.house()
        may = sessions.may_act(
            staff, DeskAct.UNLOCK, house.times, house.roster, house.limits, self.at()
        )
        if isinstance(may, StaffRefused):
            return may
        self.trying = unlocked(self.trying, staff_id)
        return None

    def record(self, facts: Sequence[StaffFact]) -> None:
        self.told += facts

    def train(self, on: bool) -> None:
        self._trained, self._practice = on, Shop()
        if on:
            for record in recorded("training", SHELVES):
                self._practice.apply(record)

    def keep_signature(self, strokes: tuple[Stroke, ...]) -> str:
        if self.disk_full:
            return ""
        self.signatures.append(strokes)
        return f"{len(self.signatures):064x}"

    def take_drop(
        self, staff: sessions.Screen, number: str, carrier: str
    ) -> tuple[Acted, str] | CounterRefused | StaffRefused | Needs:
        drop = f"D-{self.new_id()}"
        answer = self.act(staff, TakeDrop(number, drop, carrier))
        return (answer, drop) if isinstance(answer, Acted) else answer

    def drop_qr(self, number: str, carrier: str, drop_number: str) -> str:
        return f"DROP {drop_number} {carrier} {number}"

    def device_id(self) -> str:
        return self.device

    def new_id(self) -> str:
        self._ids += 1
        return f"id-{self._ids}"

    def handed_over_qr(self, manifest: Manifest) -> str:
        return f"HANDED OVER {manifest.manifest_id}"

    def received_qr(self, round: DriverScanned | None, taken: int, refused: int) -> str:
        return f"RECEIVED {round.round_id if round else ''} {taken} {refused}"

    def print(self, what: Printable) -> int:
        self.printed.append(what)
        return len(self.printed)

    def bar(self) -> Bar:
        return self.the_bar

    def cue(self, tone: Tone) -> None:
        self.cues.append(tone)

    def visit(self) -> tuple[VisitDo, VisitTiming]:
        assert self.visits is not None, "this test has no shopper"
        return self.visits

    def _apply(self, shop: Shop, facts: Sequence[Fact]) -> None:
        """Each fact has a tick of the clock of its own, moved past what is known."""
        for fact in facts:
            wall = int(self.clock.timestamp() * 1000)
            self._hlc = advance(max(self._hlc, shop.latest), wall)
            assert shop.apply(Recorded(Stamp(self._hlc, self.device), fact))
            if shop is self._shop:
                self.facts.append(fact)


def secrets_of(session: Session) -> str:
    """The session as a log or a trace would show it."""
    return repr(session)
