"""Shoppers hold up what they have in their hands. Each thing gets a sentence that says what it is
and where it belongs, the visit stays where it is, and nothing of it is kept."""

from __future__ import annotations

from drivers.virtual import held
from kiosk.domain import codes
from kiosk.domain.reasons import Reason, Why
from kiosk.flows.model import Attract, Bagging, Items, Press, Receipt, TypeBag
from kiosk.ports import HintKind, ScanHint, Scanned, Symbology, Trouble
from kiosk.words import words

UPS = "1Z999AA10123456784"
PICK_UP = codes.pick_up_code(123456)
BADGE = codes.badge_code(987654321)


def by_hand(text: str, aim: str = "") -> Scanned:
    return Scanned(text, text.encode(), Symbology.UNKNOWN, aim, "hand", 0.0)


def is_told(kiosk, why: Why) -> Reason:
    """In every language: what it is, and one thing to do."""
    reason = Reason(why, kiosk.hears(why))
    for language in words("en").languages():
        assert words(language).reason(reason)
        assert words(language).next_step(reason)
    return reason


def test_a_parcel_label_before_the_camera(kiosk, street) -> None:
    kiosk.camera.present(held.bag(UPS, UPS, Symbology.CODE_128))
    assert is_told(kiosk, Why.CODE_CARRIER).values == {"carrier": "UPS"}
    assert isinstance(kiosk.session.screen, Attract)
    assert kiosk.session.visit_id == ""
    kiosk.hold_nothing()
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.all_sent()
    assert street.told("code.rejected") == []


def test_where_a_counter_takes_parcels_it_is_named(install) -> None:
    kiosk = install()
    kiosk.settings = replace_settings(kiosk.settings, counter=True)
    kiosk.ready()
    kiosk.post(by_hand(UPS))
    assert is_told(kiosk, Why.CODE_CARRIER).values["step"] == "counter"


CARRIED = (
    ("1Z999AA10123456785", Why.CODE_MAYBE_CARRIER),
    ("4006381333931", Why.CODE_PRODUCT),
    ("00106141412345678908", Why.CODE_CARRIER),
    (PICK_UP, Why.CODE_PICK_UP),
    (BADGE, Why.CODE_NOT_A_RETURN),
    (codes.shelf_code("A-12"), Why.CODE_FOR_STAFF),
    (codes.bag_code(12), Why.CODE_BAG_FIRST),
    (codes.container_code(12), Why.CODE_FOR_STAFF),
    ("RP1:6BFOXN", Why.CODE_RECEIPT),
    (codes.enrolment_code("https://centre.example", "ABCDE-FGHJK"), Why.CODE_FOR_STAFF),
)


def test_everything_else_people_carry(kiosk, street) -> None:
    for text, why in CARRIED:
        kiosk.post(by_hand(text))
        is_told(kiosk, why)
    assert kiosk.drops == []
    kiosk.all_sent()
    assert street.told("code.rejected") == []
    everything = str(kiosk.ledger("SELECT data FROM events"))
    assert not [text for text, _ in CARRIED if text in everything]
    kiosk.hold_return("simple")
    kiosk.sees(Items)


def test_the_same_things_held_up_for_a_bag_lose_nothing(kiosk, street) -> None:
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.press(Press.ALL_HERE)
    kiosk.sees(Bagging)
    for text, why in ((UPS, Why.CODE_CARRIER), (PICK_UP, Why.CODE_PICK_UP)):
        kiosk.post(by_hand(text))
        assert is_told(kiosk, why).values["step"] == "bag"
        assert isinstance(kiosk.session.screen, Bagging)
    kiosk.hold_bag()
    kiosk.sees(Receipt)
    kiosk.is_whole()


def test_the_receipt_of_the_last_visit(kiosk) -> None:
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.hold_bag()
    kiosk.sees(Receipt)
    kiosk.eventually(lambda: kiosk.paper.documents, "a receipt")
    kiosk.hold_nothing()
    kiosk.go_home()
    kiosk.post(by_hand(kiosk.paper.proof))
    values = is_told(kiosk, Why.CODE_RECEIPT).values
    assert values["drop_number"] == kiosk.events("drop.committed")[0]["drop_number"]


def test_another_networks_code_goes_the_whole_way(kiosk, street) -> None:
    told = street.sample.find("network")
    kiosk.hold(told.network_code)
    assert kiosk.sees(Items).drop.authorisation.return_id == told.return_id
    kiosk.hold_bag()
    kiosk.sees(Receipt)
    kiosk.all_sent()
    (row,) = street.drops
    assert (row["return_id"], row["identified_by"]) == (told.return_id, "third_party")
    assert told.network_code not in str(kiosk.ledger("SELECT data FROM events"))


def test_another_networks_code_that_belongs_elsewhere(kiosk, street) -> None:
    kiosk.hold("NBX-0000000000000000")
    is_told(kiosk, Why.RETURN_NOT_HERE)
    kiosk.all_sent()
    (fact,) = street.told("code.rejected")
    assert (fact["reason"], fact["kind"]) == ("return_not_here", "third_party")


# --- no camera at the bag ------------------------------------------------------------------------


def test_the_camera_dies_at_the_bag_and_its_number_is_typed(kiosk, street) -> None:
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.press(Press.ALL_HERE)
    kiosk.sees(Bagging)
    kiosk.camera.unplug()
    kiosk.knows(Trouble.SCANNER_ABSENT)
    kiosk.press(Press.TYPE_BAG)
    kiosk.sees(TypeBag)
    bag = street.sample.bags[0]
    kiosk.type(bag.removeprefix("TB"))
    kiosk.press(Press.SUBMIT)
    assert kiosk.sees(Receipt).drop.bag_id == bag
    kiosk.hold_nothing()
    kiosk.camera.plug()
    kiosk.is_over(Trouble.SCANNER_ABSENT)
    kiosk.go_home()
    kiosk.hold_return("fee")
    kiosk.sees(Items)
    kiosk.all_sent()
    assert [row["bag_id"] for row in street.drops] == [bag]
    kiosk.is_whole()


def test_a_code_that_cannot_be_read_offers_the_keys(kiosk) -> None:
    """What the camera says after three seconds reaches the screen, there and at the bag."""
    hint = ScanHint(HintKind.TYPE_INSTEAD, "camera", 0.0)
    kiosk.post(hint)
    kiosk.until(lambda s: getattr(s.screen, "hint", None) is hint.kind, "the offer")
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.press(Press.ALL_HERE)
    kiosk.post(hint)
    kiosk.until(lambda s: isinstance(s.screen, Bagging) and s.screen.hint is hint.kind, "the offer")


# --- two scanners --------------------------------------------------------------------------------


def test_camera_and_hand_on_one_code_are_one_visit(kiosk, street) -> None:
    signed = street.sample.find("simple").signed_code
    kiosk.hold(signed)
    kiosk.post(by_hand(signed + "\r"))
    kiosk.sees(Items)
    kiosk.post(by_hand(signed))
    kiosk.hold_bag()
    kiosk.post(by_hand(street.sample.bags[0]))
    kiosk.sees(Receipt)
    kiosk.all_sent()
    assert len(kiosk.drops) == len(street.drops) == 1


def test_a_trigger_held_down_does_not_flood_the_ledger(kiosk, street, clock) -> None:
    unknown = codes.short_code(1)
    for _ in range(6):
        for _ in range(100):
            kiosk.post(by_hand(unknown))
        kiosk.hears(Why.RETURN_UNKNOWN)
        clock.later(9)
    kiosk.post(by_hand(street.sample.find("simple").short_code))
    kiosk.sees(Items)  # and one code is one try
    assert len(kiosk.events("code.rejected")) == 1


def replace_settings(settings, **changes):
    import msgspec

    return msgspec.structs.replace(settings, **changes)
