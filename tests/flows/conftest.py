"""A shopper at a kiosk without a kiosk: the flow on a fake Do and a fake clock."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest

from kiosk.domain import codes
from kiosk.domain.codes.model import BagCode
from kiosk.domain.money import Money
from kiosk.domain.policy.model import AnswerKind, Ask, Disposal, Outcome, Question, Verdict
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.returns import Authorisation, AuthorisationState, Merchant, ReturnLine
from kiosk.domain.visit import (
    CommittedDrop,
    IdentifiedBy,
    Item,
    Offer,
    OpenDrop,
    Rejected,
    TypedOrder,
)
from kiosk.flows.model import (
    Cue,
    FlowEvent,
    Press,
    Pressed,
    Ready,
    ScanFor,
    ServiceChanged,
    Session,
    Tick,
    Timing,
    Typed,
)
from kiosk.flows.shopper import initial, step
from kiosk.ports import Photo, Scanned, Service, Symbology

TIMING = Timing(languages=("en", "de", "ar"))
_WHY = {
    Outcome.ACCEPT: Why.WITHIN_POLICY,
    Outcome.ACCEPT_WITH_FEE: Why.FEE_APPLIES,
    Outcome.RETURNLESS: Why.KEEP_IT,
    Outcome.REVIEW: Why.CHECKED_LATER,
    Outcome.STAFF: Why.HAZARDOUS,
    Outcome.REFUSE: Why.WINDOW_CLOSED,
}
CONDITION = Question("condition", ("unused", "used", "damaged"))
SOLD = ("SN-1001", "SN-1002")
QUESTIONS = {
    "serial": Question("evidence_serial", ("none",), AnswerKind.SERIAL),
    "any serial": Question("evidence_serial", ("none",), AnswerKind.SERIAL),
    "refund": Question("refund_method", ("original", "store_credit")),
    "photo": Question("evidence_photo", ("none",), AnswerKind.PHOTO),
    "two photos": Question("evidence_photo", ("none",), AnswerKind.PHOTO, count=2),
}
_EVIDENCE = {Outcome.ACCEPT: Why.WITHIN_POLICY, Outcome.STAFF: Why.EVIDENCE_NEEDED}


def verdict(outcome: Outcome, price: int = 2000, why: Why | None = None) -> Verdict:
    fee = 300 if outcome is Outcome.ACCEPT_WITH_FEE else 0
    paid = outcome in (Outcome.ACCEPT, Outcome.ACCEPT_WITH_FEE, Outcome.RETURNLESS)
    return Verdict(
        outcome=outcome,
        reason=Reason(why or _WHY[outcome]),
        refund=Money(price - fee if paid else 0, "EUR"),
        fee=Money(fee, "EUR"),
        withheld=Money(0 if paid else price, "EUR"),
        disposal=Disposal.KEEP if outcome is Outcome.RETURNLESS else Disposal.NONE,
        provisional=False,
        policy_number=7,
        rule_ids=("a-rule",),
    )


def scanned(text: str) -> Scanned:
    return Scanned(text, text.encode(), Symbology.QR, "]Q1", "camera", 0.0)


@dataclass
class FakeDo:
    """The verbs over a small world: a line's category names its verdict, `ask` asks first."""

    time: float = 100.0
    lines: dict[str, tuple[str, ...]] = field(default_factory=dict)
    used_bags: set[str] = field(default_factory=set)
    broken_store: bool = False
    blind: bool = False  # the camera sees nothing
    full: bool = False  # the disk takes no photograph
    still: bool = False  # the camera shows the same picture again
    calls: list[tuple[object, ...]] = field(default_factory=list)
    fate: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def named(self, verb: str) -> list[tuple[object, ...]]:
        return [call[1:] for call in self.calls if call[0] == verb]

    def now(self) -> float:
        return self.time

    def begin_visit(self) -> str:
        self.count += 1
        return f"visit-{self.count}"

    def check(self, visit_id: str, presented: Scanned | str | TypedOrder) -> OpenDrop | Rejected:
        assert visit_id
        self.calls.append(("check", presented))
        match presented:
            case Scanned(text=text) | str(text):
                key = text
            case TypedOrder(order_number=number, postal_code=postal):
                key = f"{number}/{postal}"
        if key not in self.lines:
            why = Why.CODE_NOT_A_RETURN if key.startswith("BAG") else Why.RETURN_UNKNOWN
            return Rejected(Reason(why))
        if key in self.dropped():
            return Rejected(Reason(Why.RETURN_ALREADY_DROPPED))
        return self._opened(key, visit_id)

    def dropped(self) -> set[str]:
        return {str(call[1]) for call in self.calls if call[0] == "committed"}

    def _opened(self, key: str, visit_id: str) -> OpenDrop:
        self.count += 1
        items = tuple(self._item(i, what) for i, what in enumerate(self.lines[key]))
        day = date(2026, 5, 1)
        return OpenDrop(
            drop_id=f"drop-{self.count}",
            visit_id=visit_id,
            authorisation=Authorisation(
                return_id=key,
                merchant_id="m",
                order_number="4711",
                postal_code="10115",
                short_code="",
                state=AuthorisationState.AUTHORISED,
                ordered_on=day,
                delivered_on=day,
                expires_at=None,
                lines=tuple(item.line for item in items),
            ),
            merchant=Merchant("m", "Shop", "help@shop.example", "UTC"),
            items=items,
            identified_by=IdentifiedBy.SIGNED,
            code_id="",
            policy_number=7,
            offline=False,
        )

    def _item(self, index: int, what: str) -> Item:
        what, _, count = what.partition(" x ")
        units = int(count or 1)
        line = ReturnLine(
            f"line-{index}",
            "sku",
            f"Item {index}",
            what,
            units,
            Money(2000, "EUR"),
            serials=SOLD if what == "serial" else (),
        )
        return self._judged(Item(line, units, Ask(CONDITION, "ask")))

    def _judged(self, item: Item) -> Item:
        what = item.line.category
        if what in QUESTIONS:
            question = QUESTIONS[what]
            answer = item.answers.get(question.question_id)
            if answer is None and question.kind is AnswerKind.PHOTO and (self.blind or self.full):
                return replace(item, decision=verdict(Outcome.STAFF, why=Why.EVIDENCE_NEEDED))
            if answer is None:
                return replace(item, decision=Ask(question, what))
            outcome = Outcome.STAFF if answer == "none" else Outcome.ACCEPT
            return replace(item, decision=verdict(outcome, why=_EVIDENCE[outcome]))
        if what != "ask":
            return replace(item, decision=verdict(Outcome(what)))
        match item.answers.get("condition"):
            case None:
                return replace(item, decision=Ask(CONDITION, "ask"))
            case "unused":
                return replace(item, decision=verdict(Outcome.ACCEPT))
            case "used":
                return replace(item, decision=verdict(Outcome.ACCEPT_WITH_FEE))
            case _:
                return replace(item, decision=verdict(Outcome.REFUSE, why=Why.CONDITION_NOT_MET))

    def reconsider(self, drop: OpenDrop, item: Item) -> OpenDrop:
        judged = self._judged(item)
        items = tuple(judged if i.line == item.line else i for i in drop.items)
        return replace(drop, items=items)

    def get_ready(self, drop: OpenDrop) -> None:
        self.calls.append(("get_ready", drop))

    def offers(self, drop: OpenDrop, item: Item, question: Question) -> tuple[Offer, ...]:
        assert question in QUESTIONS.values()
        amounts = {"original": 2000, "store_credit": 2200}
        return tuple(
            Offer(answer, Money(amounts[answer], "EUR"), Money(amounts[answer] - 2000, "EUR"))
            for answer in question.answers
        )

    def take_photo(self) -> Photo | None:
        if self.blind:
            return None
        self.count += 0 if self.still else 1
        jpeg = f"picture {0 if self.still else self.count}".encode()
        return Photo(jpeg, 720, 720, jpeg)

    def keep_photo(self, photo: Photo) -> str:
        if self.full:
            return ""
        self.calls.append(("kept", photo.jpeg))
        return hashlib.sha256(photo.jpeg).hexdigest()

    def commit(self, drop: OpenDrop, bag: Scanned | str | None) -> CommittedDrop | Rejected:
        if self.broken_store:
            return Rejected(Reason(Why.STORE_FAILED))
        bag_id = bag.text if isinstance(bag, Scanned) else bag or ""
        if isinstance(bag, str) and not isinstance(codes.parse(bag, b"", ""), BagCode):
            return Rejected(Reason(Why.CODE_WRONG_CHECK))
        if isinstance(bag, Scanned) and not bag_id.startswith("BAG"):
            return Rejected(Reason(Why.CODE_NOT_A_BAG))
        if bag_id and bag_id in self.used_bags:
            return Rejected(Reason(Why.BAG_IN_USE))
        assert (bag is not None) == drop.needs_bag
        assert drop.asking() is None
        self._settle(drop.drop_id, "committed")
        self.calls.append(("committed", drop.authorisation.return_id))
        self.used_bags.add(bag_id)
        return CommittedDrop(
            drop_id=drop.drop_id,
            drop_number=f"K1-{self.count}",
            visit_id=drop.visit_id,
            return_id=drop.authorisation.return_id,
            order_number="4711",
            merchant=drop.merchant,
            items=drop.items,
            bag_id=bag_id,
            committed_at=datetime(2026, 5, 3, 12, 0, tzinfo=UTC),
            refund=Money(2000, "EUR"),
            provisional=False,
            proof="RP1:X",
        )

    def _settle(self, drop_id: str, fate: str) -> None:
        assert drop_id not in self.fate, f"{drop_id} was {self.fate[drop_id]}, now {fate}"
        self.fate[drop_id] = fate

    def refuse(self, drop: OpenDrop) -> None:
        self._settle(drop.drop_id, "refused")

    def abandon(self, drop: OpenDrop, cause: object) -> None:
        self._settle(drop.drop_id, "abandoned")
        self.calls.append(("abandon", drop.drop_id, cause))

    def call_staff(self, visit_id: str, reason: Reason, drop: OpenDrop | None) -> None:
        assert visit_id
        self.calls.append(("call_staff", reason.why, drop.drop_id if drop else ""))

    def print_receipt(self, drop: CommittedDrop, language: str) -> None:
        self.calls.append(("print", drop.drop_id, language))

    def expect(self, scan_for: ScanFor) -> None:
        self.calls.append(("expect", scan_for))

    def cue(self, cue: Cue) -> None:
        self.calls.append(("cue", cue))


class Walk:
    """A visit, told in the shopper's verbs."""

    def __init__(self, timing: Timing = TIMING) -> None:
        self.do = FakeDo()
        self.timing = timing
        self.session: Session = initial(timing)

    @property
    def screen(self) -> object:
        return self.session.screen

    def on(self, event: FlowEvent) -> Walk:
        self.session = step(self.session, event, self.do, self.timing)
        return self

    def ready(self) -> Walk:
        return self.on(Ready())

    def knows(self, code: str, *lines: str) -> Walk:
        self.do.lines[code] = lines
        return self

    def scan(self, text: str) -> Walk:
        return self.on(scanned(text))

    def press(self, *keys: Press) -> Walk:
        for key in keys:
            self.on(Pressed(key))
        return self

    def types(self, text: str) -> Walk:
        for char in text:
            self.on(Typed(char))
        return self

    def wait(self, seconds: float) -> Walk:
        """Lets time pass in quarters of a second, as the runner's ticks do."""
        for _ in range(round(seconds * 4)):
            self.do.time += 0.25
            self.on(Tick())
        return self

    def service(self, *troubles: object) -> Walk:
        return self.on(ServiceChanged(Service(troubles=frozenset(troubles))))


@pytest.fixture
def walk() -> Walk:
    """A kiosk that is ready and knows R1: one accepted item."""
    return Walk().ready().knows("R1", "accept")


@pytest.fixture(scope="session")
def new_walk() -> Callable[[], Walk]:
    """For tests that need many kiosks."""
    return Walk


@pytest.fixture(scope="session")
def a_scan() -> Callable[[str], Scanned]:
    return scanned
