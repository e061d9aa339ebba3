"""Shoppers hold up what they have in their hands. Each thing is told apart and sent where it
belongs; nothing of it is kept that would tell about the shopper."""

from __future__ import annotations

import hashlib

import pytest

from kiosk.app import answering, finding
from kiosk.app.answering import Place, Wanted
from kiosk.domain import codes
from kiosk.domain.codes.model import (
    BadgeCode,
    BagCode,
    CarrierLabel,
    ContainerCode,
    EnrolmentCode,
    Gs1,
    OrderLookup,
    PickUpCode,
    RoundCode,
    SealCode,
    ShelfCode,
    ShortCode,
    SignedReturn,
    ThirdPartyReturn,
    Tracking,
    Unreadable,
)
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.visit import CommittedDrop, OpenDrop, Rejected
from kiosk.ports import Scanned, Symbology
from kiosk.words import words

SHOP = Place(counter=True, public=bytes(32), day=lambda at: at.date().isoformat())
ALONE = Place(counter=False, public=bytes(32), day=lambda at: at.date().isoformat())
UPS = Tracking("UPS", "Ground", "1Z999AA10123456784")
USPS = Tracking("USPS", "", "9400111899223100000000")
FEDEX = Tracking("FedEx", "", "940011189922")
EVERY = (
    SignedReturn(b"x"),
    ShortCode("ABCDEFGH"),
    OrderLookup("1", "2"),
    BagCode("TB00000000010"),
    ShelfCode("A-1"),
    ContainerCode("TC1"),
    SealCode("TZ1"),
    BadgeCode("secret-of-a-badge"),
    PickUpCode("secret-of-a-parcel"),
    RoundCode("DHL", "R1"),
    EnrolmentCode("https://centre.example", "secret-of-a-kiosk"),
    Gs1((("01", "04006381333931"),)),
    CarrierLabel((UPS,)),
    ThirdPartyReturn("northbox", b"secret-of-a-network"),
)


def at(code, wanted=Wanted.RETURN, place=SHOP):
    return answering.elsewhere(code, wanted, place)


def spoken(reason: Reason) -> str:
    say = words("en")
    return f"{say.reason(reason)} {say.next_step(reason)}".replace("\u00a0", " ")


# --- what it is, and where it belongs ------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            CarrierLabel((UPS,)),
            "This is a parcel label from UPS. Hand the parcel to the staff at the counter.",
        ),
        (
            Gs1((("00", "106141412345678908"),)),
            "This is a parcel label. Hand the parcel to the staff at the counter.",
        ),
        (
            Gs1((("01", "04006381333931"), ("10", "LOT7"))),
            "This is the barcode of a product. Hold up the code from your return message.",
        ),
        (PickUpCode("x"), "This is a code to pick up a parcel. Show it at the counter."),
        (
            ShelfCode("A-1"),
            "This code is for the staff. Hold up the code from your return message.",
        ),
        (
            BagCode("TB00000000010"),
            "This is the code of a bag. First hold up the code from your return message.",
        ),
    ],
)
def test_at_a_site_with_a_counter(code, said):
    assert spoken(at(code)) == said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (CarrierLabel((UPS,)), "Take the parcel to a drop-off point of UPS."),
        (CarrierLabel((USPS, FEDEX)), "Take the parcel to a drop-off point of its carrier."),
        (PickUpCode("x"), "Show it where your parcel waits for you."),
    ],
)
def test_where_no_counter_is_nobody_is_sent_to_one(code, said):
    assert spoken(at(code, place=ALONE)).endswith(said)
    assert "counter" not in spoken(at(code, place=ALONE))


def test_two_carriers_that_fit_are_none_that_is_named():
    assert at(CarrierLabel((USPS, FEDEX))) == Reason(Why.CODE_CARRIER, {"step": "counter"})
    twice = (UPS, Tracking("UPS", "Air", UPS.number))
    assert at(CarrierLabel(twice)).values["carrier"] == "UPS"


def test_a_form_is_no_carrier():
    postal = CarrierLabel((Tracking("UPU S10", "", "RR473124829XX"),))
    assert spoken(at(postal)).startswith("This is a parcel label. ")


def test_a_badge_is_answered_like_any_stranger():
    stranger = Reason(Why.CODE_NOT_A_RETURN)
    assert at(BadgeCode("secret")) == stranger
    assert at(BadgeCode("secret"), Wanted.BAG) == Reason(Why.CODE_NOT_A_BAG)


@pytest.mark.parametrize("code", EVERY, ids=lambda code: type(code).__name__)
@pytest.mark.parametrize("wanted", list(Wanted))
@pytest.mark.parametrize("place", [SHOP, ALONE], ids=["counter", "alone"])
def test_every_code_is_wanted_or_answered_and_no_secret_said(code, wanted, place):
    answer = answering.elsewhere(code, wanted, place)
    names_a_return = finding.way_of(code) is not None
    is_a_bag = isinstance(code, BagCode)
    wants = names_a_return if wanted is Wanted.RETURN else is_a_bag
    assert (answer is None) == wants
    if answer is not None:
        told = f"{answer} " + " ".join(
            words(language).reason(answer) + words(language).next_step(answer)
            for language in ("en", "de", "fr", "es", "ar")
        )
        assert "secret" not in told


@pytest.mark.parametrize("code", EVERY, ids=lambda code: type(code).__name__)
def test_where_a_bag_is_wanted_the_step_is_the_bag(code):
    answer = at(code, Wanted.BAG)
    if answer is not None:
        assert spoken(answer).endswith("Hold up the code that is printed on the bag.")


@pytest.mark.parametrize(
    ("kind", "why", "wanted", "answer"),
    [
        ("carrier", Why.CODE_WRONG_CHECK, Wanted.RETURN, Why.CODE_MAYBE_CARRIER),
        ("carrier", Why.CODE_WRONG_CHECK, Wanted.BAG, Why.CODE_MAYBE_CARRIER),
        ("carrier", Why.CODE_FOREIGN, Wanted.RETURN, Why.CODE_FOREIGN),
        ("ean", Why.CODE_WRONG_CHECK, Wanted.RETURN, Why.CODE_PRODUCT),
        ("bag", Why.CODE_WRONG_CHECK, Wanted.BAG, Why.CODE_WRONG_CHECK),
        ("bag", Why.CODE_WRONG_CHECK, Wanted.RETURN, Why.CODE_NOT_A_RETURN),
        ("badge", Why.CODE_WRONG_CHECK, Wanted.RETURN, Why.CODE_NOT_A_RETURN),
        ("shelf", Why.CODE_WRONG_CHECK, Wanted.BAG, Why.CODE_NOT_A_BAG),
        ("signed", Why.CODE_UNREADABLE, Wanted.RETURN, Why.CODE_UNREADABLE),
        ("web", Why.CODE_FOREIGN, Wanted.RETURN, Why.CODE_FOREIGN),
        ("web", Why.CODE_FOREIGN, Wanted.BAG, Why.CODE_NOT_A_BAG),
        ("control", Why.CODE_UNREADABLE, Wanted.BAG, Why.CODE_UNREADABLE),
        ("long", Why.CODE_TOO_LONG, Wanted.BAG, Why.CODE_NOT_A_BAG),
    ],
)
def test_what_is_no_code_of_ours(kind, why, wanted, answer):
    found = Unreadable(Reason(why), kind)
    assert answering.unreadable(found, wanted, SHOP, "").why is answer


# --- with the store -------------------------------------------------------------------------------


def held(text: str, aim: str = "") -> Scanned:
    return Scanned(text, text.encode(), Symbology.UNKNOWN, aim, "camera", 0.0)


@pytest.mark.parametrize(
    "text",
    [
        "1Z999AA10123456784",
        "4006381333931",
        codes.bag_code(1),
        codes.shelf_code("A-1"),
        codes.badge_code(123456789),
        codes.container_code(3),
        codes.seal_code(4),
        codes.pick_up_code(12345),
        codes.enrolment_code("https://centre.example", "ABCDE-FGHJK"),
        "RP1:6BFOXN",
        "https://example.org",
    ],
)
def test_nothing_of_it_is_recorded_counted_or_opens_a_drop(ready, text):
    before = len(ready.events())
    for _ in range(30):
        answer = ready.drop_off.check("visit-1", held(text))
        assert isinstance(answer, Rejected)
    assert len(ready.events()) == before
    assert isinstance(ready.drop_off.check("visit-1", codes.short_code(1)), OpenDrop)


def test_the_receipt_of_this_kiosk_says_when(ready, scan):
    drop = ready.drop_off.check("visit-1", ready.code(1))
    done = ready.drop_off.commit(drop, scan(codes.bag_code(7)))
    assert isinstance(done, CommittedDrop)
    answer = ready.drop_off.check("visit-2", held(done.proof))
    assert answer == Rejected(
        Reason(Why.CODE_RECEIPT, {"dropped_on": "2025-03-10", "drop_number": done.drop_number})
    )
    assert spoken(answer.reason) == (
        "This is your receipt from March 10, 2025. Your return is with us. Keep the receipt."
    )
    altered = done.proof[:-1] + ("0" if done.proof[-1] != "0" else "1")
    assert ready.drop_off.check("visit-2", held(altered)) == Rejected(Reason(Why.CODE_RECEIPT))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1Z999AA10123456784", Reason(Why.CODE_CARRIER, {"carrier": "UPS", "step": "bag"})),
        ("4006381333931", Reason(Why.CODE_PRODUCT, {"step": "bag"})),
        (codes.short_code(5), Reason(Why.CODE_NOT_A_BAG, {"held": "return"})),
        (codes.pick_up_code(12345), Reason(Why.CODE_PICK_UP, {"step": "bag"})),
        ("https://example.org", Reason(Why.CODE_NOT_A_BAG)),
        (codes.bag_code(1)[:-1] + "U", Reason(Why.CODE_NOT_A_BAG)),
    ],
)
def test_the_wrong_thing_held_up_for_a_bag(ready, text, reason):
    drop = ready.drop_off.check("visit-1", ready.code(1))
    assert ready.drop_off.commit(drop, held(text)) == Rejected(reason)


def test_the_number_of_a_bag_by_hand(ready):
    drop = ready.drop_off.check("visit-1", ready.code(1))
    bag = codes.bag_code(4271)
    for slip in (bag[:-1], bag[:-1] + ("0" if bag[-1] != "0" else "1"), "", "1Z999AA10123456784"):
        assert ready.drop_off.commit(drop, slip) == Rejected(Reason(Why.CODE_WRONG_CHECK))
    assert ready.drop_off.commit(drop, bag).bag_id == bag


# --- what the ledger tells of it -----------------------------------------------------------------


def test_a_short_code_cannot_be_found_out_from_its_digest(ready):
    """35 bits are tried through in minutes where the digest is a plain hash."""
    unknown = codes.short_code(77)
    ready.drop_off.check("visit-1", unknown)
    (fact,) = ready.events("code.rejected")
    plain = [unknown.encode(), b"short\0" + unknown.encode()]
    assert fact["digest"] not in [hashlib.sha256(p).hexdigest()[:16] for p in plain]
    assert (fact["kind"], len(fact["digest"])) == ("short", 16)


def test_the_digest_is_the_kiosks_own_and_the_same_again():
    mine, other = b"\1" * 32, b"\2" * 32
    for code in EVERY:
        digest = finding.digest(code, mine)
        assert digest == finding.digest(code, mine)
        if isinstance(code, SignedReturn):
            assert digest == finding.digest(code, other)  # all kiosks name a forgery alike
        elif finding.way_of(code) is not None:
            assert digest != finding.digest(code, other)
        else:
            assert digest == ""


def test_every_way_to_a_return_has_a_stable_word():
    ways = {type(code).__name__: finding.way_of(code) for code in EVERY}
    assert {name: way.value for name, way in ways.items() if way is not None} == {
        "SignedReturn": "signed",
        "ShortCode": "short",
        "OrderLookup": "order",
        "ThirdPartyReturn": "third_party",
    }
