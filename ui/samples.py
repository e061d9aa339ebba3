"""Sample sessions: every screen and its variants, built from the same values the core uses.

Used by `ui.shots` and the tests; nothing here runs in a kiosk.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from kiosk.domain.money import Money
from kiosk.domain.policy.model import (
    AnswerKind,
    Ask,
    Disposal,
    Instead,
    Outcome,
    Question,
    RefundMethod,
    Share,
    Verdict,
)
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.returns import Authorisation, AuthorisationState, Merchant, ReturnLine
from kiosk.domain.visit import CommittedDrop, IdentifiedBy, Item, Offer, OpenDrop
from kiosk.flows.model import (
    Asking,
    Attract,
    Bagging,
    Comfort,
    Deadline,
    Done,
    Field,
    Items,
    NoCode,
    OutOfService,
    Photographing,
    Receipt,
    Refused,
    Session,
    StaffCalled,
    Starting,
    TypeBag,
    TypeOrder,
    TypeSerial,
    TypeShortCode,
)
from kiosk.ports import (
    DeviceFault,
    HintKind,
    NotPrinted,
    Printed,
    Service,
    Trouble,
    Unconfirmed,
)
from ui.sample_photo import photo
from ui.sample_shops import CROWDED, DRESSED, MERCHANT, REACHED, THEMED

NOW: Final = 1000.0
_PROOF: Final = "RP1:6BFOXN*TS0BI$ZD4N9:9S6RCVN5+O30K3/XIV0W23NTDEMWK4MI6UOS03CR83KLBKAVN74.CO"

ANSWERS: Final = Question("condition", ("unused", "opened", "used", "damaged"))


def _line(number: int, name: str, category: str, price: int, quantity: int = 1) -> ReturnLine:
    return ReturnLine(
        f"L{number}", f"SKU-{number}", name, category, quantity, Money(price, "EUR"), image=""
    )


def _verdict(outcome: Outcome, price: int, reason: Reason, fee: int = 0) -> Verdict:
    pays = outcome in (Outcome.ACCEPT, Outcome.ACCEPT_WITH_FEE, Outcome.RETURNLESS)
    refund = price - fee if pays else 0
    disposal = Disposal.KEEP if outcome is Outcome.RETURNLESS else Disposal.NONE
    return Verdict(
        outcome,
        reason,
        Money(refund, "EUR"),
        Money(fee, "EUR"),
        Money(price - refund - fee, "EUR"),
        disposal,
        provisional=False,
        policy_number=41,
        rule_ids=("window",),
    )


def _item(line: ReturnLine, outcome: Outcome, reason: Reason, fee: int = 0) -> Item:
    brought = line.quantity
    return Item(line, brought, _verdict(outcome, line.price.minor * brought, reason, fee))


_FINE: Final = Reason(Why.WITHIN_POLICY)
_SHIRT = _item(_line(1, "Merino T-shirt, dark green", "clothing", 3995), Outcome.ACCEPT, _FINE)
_SHOE = _item(
    _line(2, "Trail running shoes", "shoes", 12900),
    Outcome.ACCEPT_WITH_FEE,
    Reason(Why.FEE_APPLIES, {"fee": 495, "currency": "EUR"}),
    495,
)
_BOTTLE = _item(
    _line(3, "Face cream, opened", "beauty", 2450),
    Outcome.REFUSE,
    Reason(Why.WINDOW_CLOSED, {"days": 30, "closed_on": "2026-04-12"}),
)
_PHONES = _item(
    _line(4, "Wireless headphones", "electronics", 24900), Outcome.REVIEW, Reason(Why.CHECKED_LATER)
)
_LAMP = _item(
    _line(5, "Desk lamp with a bent arm", "home", 1999), Outcome.RETURNLESS, Reason(Why.KEEP_IT)
)
_BATTERY = _item(
    _line(6, "Power bank, swollen", "battery", 4999),
    Outcome.STAFF,
    Reason(Why.HAZARDOUS, {"hazard": "lithium"}),
)
_SOCKS = _item(_line(7, "Wool socks", "clothing", 1290, 3), Outcome.ACCEPT, _FINE)
_LONG = _item(
    _line(
        8,
        "Children's waterproof all-weather jacket with removable fleece lining, size 128, sky blue",
        "clothing",
        8999,
    ),
    Outcome.ACCEPT,
    _FINE,
)
_GONE = Item(_line(9, "Hiking guide: the long way round", "book", 2200), 0, _LONG.decision)
_TAKEN = replace(_GONE, already_dropped=1)
_ASKED = Item(_line(10, "Rain jacket", "clothing", 9900), 1, Ask(ANSWERS, "condition"))


def _paid(item: Item, *fees: tuple[str, int], bonus: int = 0, method: str = "original") -> Item:
    """The item with what is kept of it, by kind, and what comes on top."""
    verdict = item.decision
    assert isinstance(verdict, Verdict)
    price, kept = item.line.price.minor * item.brought, sum(minor for _, minor in fees)
    told = replace(
        verdict,
        outcome=Outcome.ACCEPT_WITH_FEE if fees else Outcome.ACCEPT,
        refund=Money(price - kept, "EUR"),
        fee=Money(kept, "EUR"),
        fees=tuple(Share(kind, minor, "fees") for kind, minor in fees),
        method=RefundMethod(method),
        bonus=Money(bonus, "EUR") if bonus else None,
    )
    return replace(item, decision=told)


def _instead(item: Item, outcome: Outcome, why: Why, *ways: Instead) -> Item:
    verdict = _verdict(outcome, item.line.price.minor, Reason(why))
    return replace(item, decision=replace(verdict, instead=ways))


_BILLED = _paid(_SHOE, ("restock", 1290), ("label", 495))
_CREDITED = _paid(_SHIRT, bonus=400, method="store_credit")
_CREDITED_FEE = _paid(_SHOE, ("restock", 1290), bonus=1161, method="store_credit")
_SWAPPED = _paid(_SOCKS, method="exchange")
_BENCH = _instead(_LAMP, Outcome.STAFF, Why.TOO_LARGE, Instead.COUNTER, Instead.STAFF)
_TOO_MANY = _instead(_LONG, Outcome.REFUSE, Why.TOO_MANY_RETURNS, Instead.MERCHANT)
_WHOLE = _instead(_SOCKS, Outcome.REFUSE, Why.ONLY_WHOLE, Instead.ALL, Instead.MERCHANT)
_POSTED = _instead(_SHOE, Outcome.REFUSE, Why.METHOD_NOT_OFFERED, Instead.POST)

REFUND: Final = Question("refund_method", ("original", "store_credit", "exchange"))
_EITHER: Final = Question("refund_method", ("original", "store_credit"))
SERIAL: Final = Question("evidence_serial", ("none",), AnswerKind.SERIAL)
PHOTO: Final = Question("evidence_photo", ("none",), AnswerKind.PHOTO)
TWO_PHOTOS: Final = replace(PHOTO, count=2)
_OFFERS: Final = (
    Offer("original", Money(16895, "EUR"), Money(0, "EUR")),
    Offer("store_credit", Money(18585, "EUR"), Money(1690, "EUR")),
    Offer("exchange", Money(16895, "EUR"), Money(0, "EUR")),
)
_HOW = (replace(_SHIRT, decision=Ask(REFUND, "how")), replace(_SHOE, decision=Ask(REFUND, "how")))
_DRILL = Item(_line(11, "Cordless drill, 18 V", "tools", 14900, 2), 2, Ask(SERIAL, "serial"))

_MIXED: Final = (_SHIRT, _SHOE, _BOTTLE, _PHONES, _LAMP)
_MANY: Final = (*_MIXED, _BATTERY, _SOCKS, _LONG, _GONE)


def drop(*items: Item, merchant: Merchant = MERCHANT) -> OpenDrop:
    """An open drop of these items."""
    authorisation = Authorisation(
        "R-20931",
        merchant.merchant_id,
        "FF-204817",
        "0150",
        "7GK2M9QX",
        AuthorisationState.AUTHORISED,
        date(2026, 4, 20),
        date(2026, 4, 24),
        None,
        tuple(item.line for item in items),
        "NO",
    )
    return OpenDrop(
        "d1", "v1", authorisation, merchant, items, IdentifiedBy.SIGNED, "c1", 41, False
    )


def committed(*items: Item, provisional: bool = False) -> CommittedDrop:
    """The same, promised."""
    refund = sum(
        (i.decision.refund.minor for i in items if isinstance(i.decision, Verdict)), start=0
    )
    return CommittedDrop(
        "d1",
        "KIOSK7-000417-X",
        "v1",
        "R-20931",
        "FF-204817",
        MERCHANT,
        items,
        "BAG-00231",
        datetime(2026, 5, 3, 12, 5, tzinfo=UTC),
        Money(refund, "EUR"),
        provisional,
        _PROOF,
    )


def _visit(screen: object, **more: object) -> Session:
    return Session(screen, visit_id="v1", now=NOW, **more)  # type: ignore[arg-type] # samples only


def _service(*troubles: Trouble) -> Service:
    return Service(frozenset(troubles), queued=3, policy_number=41)


# Good codes at the wrong place.
_ELSEWHERE: Final = {
    "carrier": Reason(Why.CODE_CARRIER, {"carrier": "Australia Post"}),
    "carrier-counter": Reason(Why.CODE_CARRIER, {"carrier": "UPS", "step": "counter"}),
    "carrier-unsure": Reason(Why.CODE_CARRIER),
    "carrier-wrong": Reason(Why.CODE_MAYBE_CARRIER),
    "product": Reason(Why.CODE_PRODUCT),
    "pick-up": Reason(Why.CODE_PICK_UP),
    "staff-code": Reason(Why.CODE_FOR_STAFF),
    "receipt": Reason(Why.CODE_RECEIPT, {"dropped_on": "2026-05-02", "drop_number": "K1-000398"}),
    "bag-first": Reason(Why.CODE_BAG_FIRST),
    "two-networks": Reason(Why.CODE_AMBIGUOUS, {"forms": "northbox, parcel-loop"}),
    "other-network": Reason(Why.RETURN_NOT_HERE, {"network": "northbox"}),
}


def _before() -> Iterator[tuple[str, Session]]:
    forged = Reason(Why.CODE_FORGED)
    yield "starting", Session(Starting())
    yield "attract", Session(Attract(), now=NOW)
    yield "attract-problem", Session(Attract(Reason(Why.CODE_FOREIGN)), now=NOW)
    dropped = Reason(
        Why.RETURN_ALREADY_DROPPED, {"dropped_on": "2026-05-02", "drop_number": "K1-000398"}
    )
    yield "attract-already", Session(Attract(dropped), now=NOW)
    for name, reason in _ELSEWHERE.items():
        yield f"attract-{name}", Session(Attract(reason), now=NOW)
    yield "attract-hint", Session(Attract(hint=HintKind.CLOSER), now=NOW)
    yield "attract-typing", Session(Attract(hint=HintKind.TYPE_INSTEAD), now=NOW)
    yield "attract-offline", Session(Attract(), service=_service(Trouble.OFFLINE), now=NOW)
    two = _service(Trouble.OFFLINE, Trouble.PAPER_OUT)
    yield "attract-offline-paper", Session(Attract(), service=two, now=NOW)
    blind = _service(Trouble.SCANNER_ABSENT)
    yield "attract-blind", Session(Attract(), service=blind, now=NOW)
    yield "attract-forged", Session(Attract(forged), service=two, now=NOW)
    yield "no-code", _visit(NoCode())
    yield "short-empty", _visit(TypeShortCode())
    yield "short-part", _visit(TypeShortCode("7GK2M"))
    wrong = Reason(Why.CODE_WRONG_CHECK)
    yield "short-problem", _visit(TypeShortCode("7GK2M9QY", wrong))
    yield "order-number", _visit(TypeOrder("FF2048"))
    unknown = Reason(Why.RETURN_UNKNOWN)
    yield "order-postal", _visit(TypeOrder("FF204817", "015", Field.POSTAL_CODE))
    yield "order-problem", _visit(TypeOrder("FF204817", "0150", Field.POSTAL_CODE, unknown))


def _goods() -> Iterator[tuple[str, Session]]:
    yield "items-one", _visit(Items(drop(_SHIRT)))
    yield "items-two", _visit(Items(drop(_SHIRT, _SHOE)))
    yield "items-mixed", _visit(Items(drop(*_MIXED)))
    yield "items-many", _visit(Items(drop(*_MANY)))
    yield "items-asked", _visit(Items(drop(_ASKED, _SOCKS, _TAKEN)))
    nothing = tuple(replace(item, brought=0) for item in (_SHIRT, _SHOE))
    yield "items-none", _visit(Items(drop(*nothing), Reason(Why.NOTHING_BROUGHT)))
    yield "items-long", _visit(Items(drop(_LONG, _BATTERY)))
    yield "items-merchant", _visit(Items(drop(_SHIRT, _SOCKS, _LAMP, merchant=THEMED)))
    yield "asking-four", _visit(Asking(drop(_ASKED), _ASKED, ANSWERS))
    strap = Question("strap", ("whole", "torn"))
    yield "asking-own", _visit(Asking(drop(_ASKED, merchant=DRESSED), _ASKED, strap))
    two = Question("complete", ("yes", "no"))
    yield "asking-two", _visit(Asking(drop(_ASKED), _ASKED, two))
    yield "asking-refund", _visit(Asking(drop(*_HOW), _HOW[0], REFUND, _OFFERS))
    yield "asking-refund-one", _visit(Asking(drop(_HOW[1]), _HOW[1], _EITHER, _OFFERS[:2]))
    yield "serial-empty", _visit(TypeSerial(drop(_DRILL), _DRILL, SERIAL))
    slip = Reason(Why.CODE_WRONG_CHECK)
    again = TypeSerial(drop(_DRILL), _DRILL, SERIAL, ("SN40417718",), "SN4041", slip)
    yield "serial-again", _visit(again)
    yield "photo-live", _visit(Photographing(drop(_SHIRT), _SHIRT, PHOTO, 30))
    yield "photo-taken", _visit(Photographing(drop(_LONG), _LONG, PHOTO, 30, photo=photo()))
    blurred = Reason(Why.PHOTO_FAILED)
    second = Photographing(drop(_PHONES), _PHONES, TWO_PHOTOS, 30, ("a" * 64,), problem=blurred)
    yield "photo-again", _visit(second)
    yield "items-fees", _visit(Items(drop(_BILLED, _SHIRT)))
    yield "items-credit", _visit(Items(drop(_CREDITED, _CREDITED_FEE)))
    yield "items-ways", _visit(Items(drop(_SWAPPED, _BENCH, _TOO_MANY)))
    yield "bagging-one", _visit(Bagging(drop(_SHIRT)))
    yield "bagging-many", _visit(Bagging(drop(_SHIRT, _SHOE, _PHONES, _LAMP)))
    yield "bagging-problem", _visit(Bagging(drop(_SHIRT, _SHOE), Reason(Why.BAG_IN_USE)))
    label = Reason(Why.CODE_CARRIER, {"carrier": "Australia Post", "step": "bag"})
    yield "bagging-label", _visit(Bagging(drop(_SHIRT, _SHOE), label))
    yield "bagging-hint", _visit(Bagging(drop(_SHIRT), hint=HintKind.HOLD_STILL))
    yield "bagging-typing", _visit(Bagging(drop(_SHIRT), hint=HintKind.TYPE_INSTEAD))
    blind, covered = _service(Trouble.SCANNER_ABSENT), _service(Trouble.SCANNER_COVERED)
    yield "bagging-blind", _visit(Bagging(drop(_SHIRT, _LAMP)), service=blind)
    yield "bagging-covered", _visit(Bagging(drop(_SHIRT)), service=covered)
    yield "bag-empty", _visit(TypeBag(drop(_SHIRT)))
    yield "bag-check", _visit(TypeBag(drop(_SHIRT), "0000004271"))
    mistyped = Reason(Why.CODE_WRONG_CHECK)
    yield "bag-problem", _visit(TypeBag(drop(_SHIRT), "0000004271K", mistyped))
    yield "refused-one", _visit(Refused(drop(_BOTTLE)))
    yield "refused-ways", _visit(Refused(drop(_WHOLE, _POSTED, _TOO_MANY)))
    yield "refused-support", _visit(Refused(drop(_BOTTLE, merchant=REACHED)))
    yield (
        "refused-support-many",
        _visit(Refused(drop(*(_BOTTLE, _WHOLE, _TOO_MANY, _POSTED), merchant=CROWDED))),
    )
    yield "refused-many", _visit(Refused(drop(_BOTTLE, replace(_BOTTLE, line=_LONG.line))))
    yield "staff-plain", _visit(StaffCalled(Reason(Why.NO_RULES)))
    hazard = Reason(Why.HAZARDOUS, {"hazard": "lithium"})
    wanted = Reason(Why.HELP_WANTED)
    yield "staff-wanted", _visit(StaffCalled(wanted, resume=Items(drop(_SHIRT))))
    yield "staff-items", _visit(StaffCalled(hazard, drop(_BATTERY, _SHIRT)))


def _after() -> Iterator[tuple[str, Session]]:
    done = committed(_SHIRT, _SHOE)
    yield "receipt-waiting", _visit(Receipt(done, NOW - 4))
    yield "receipt-printed", _visit(Receipt(done, NOW - 6, Printed()))
    yield "receipt-unsure", _visit(Receipt(done, NOW - 6, Unconfirmed()))
    unprinted = NotPrinted(DeviceFault.PAPER_OUT)
    offline = committed(_SHIRT, _SHOE, provisional=True)
    yield "receipt-failed", _visit(Receipt(offline, NOW - 6, unprinted))
    credited = committed(_CREDITED, _CREDITED_FEE)
    yield "receipt-credit", _visit(Receipt(credited, NOW - 6, Printed()))
    yield "done", _visit(Done(), deadline=Deadline(NOW + 7, NOW), drops=(done,))
    running_out = Deadline(NOW + 14, NOW - 6)
    yield "countdown-items", _visit(Items(drop(*_MIXED)), deadline=running_out)
    yield "countdown-short", _visit(TypeShortCode("7GK"), deadline=running_out)
    yield "closed-store", Session(OutOfService(Trouble.STORE_FAILED), now=NOW)
    yield "closed-policy", Session(OutOfService(Trouble.POLICY_MISSING), now=NOW)


def sessions() -> dict[str, Session]:
    """Every sample by name."""
    return dict((*_before(), *_goods(), *_after()))


def comforted(session: Session, comfort: Comfort) -> Session:
    """The same sample for somebody who wants to see it differently."""
    return replace(session, comfort=comfort)
