"""Hand-outs, drops and bags, as they are really walked."""

from __future__ import annotations

from kiosk.domain.codes import bag_code
from kiosk.domain.counter import commands as ask
from kiosk.domain.counter.commands import Role, Who
from kiosk.domain.counter.meaning import BagScanned, ContainerScanned, PickUpScanned
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.proving import Proof, ProofRule
from kiosk.domain.counter.rules import Rules
from kiosk.flows.counter.model import Drawn, Key
from kiosk.flows.counter.states.outbound import DropTaken
from tests.domain.counter.desk import CODE, OPENING
from tests.domain.counter.test_counter_licence import USA, card
from tests.flows.counter.taps import Counting, Row
from tests.flows.counter.test_counter_hand_out import label, lay

ANNA = Who("anna", Role.ASSOCIATE)
BAG = bag_code(1)
RULES = Rules(
    OPENING,
    proofs={
        "dhl": ProofRule(frozenset({Proof.CODE})),
        "id": ProofRule(frozenset({Proof.CODE, Proof.NAME, Proof.DOCUMENT})),
        "wine": ProofRule(frozenset({Proof.CODE, Proof.AGE})),
        "sign": ProofRule(frozenset({Proof.CODE, Proof.SIGNATURE})),
    },
)


def _lie(shift: Counting, *carriers: str) -> list[str]:
    """Parcels of one recipient on their shelves, and the code is shown."""
    shift.desk._rules = RULES
    numbers = [f"P{at}" for at in range(len(carriers))]
    for at, (number, carrier) in enumerate(zip(numbers, carriers, strict=True)):
        lay(shift.desk, number, "A1" if at < 2 else "A2", CODE, carrier)
    shift.begins()
    shift.scan(PickUpScanned(CODE))
    return numbers


def _gone(shift: Counting, numbers: list[str]) -> None:
    states = {shift.desk.shop().parcels[number].state for number in numbers}
    assert states == {ParcelState.COLLECTED}


def hand_out(shift: Counting) -> None:
    numbers = _lie(shift, "dhl")
    shift.scan(label("P0"))
    _gone(shift, numbers)


def hand_out_three(shift: Counting) -> None:
    numbers = _lie(shift, "dhl", "dhl", "dhl")
    for number in numbers:
        shift.scan(label(number))
    _gone(shift, numbers)


def hand_out_with_document(shift: Counting) -> None:
    numbers = _lie(shift, "id")
    shift.scan(label("P0", "id"))
    shift.choose("passport")
    _gone(shift, numbers)


def hand_out_with_age(shift: Counting) -> None:
    numbers = _lie(shift, "wine")
    shift.scan(label("P0", "wine"))
    shift.press(Key.SHOWN)
    _gone(shift, numbers)


def hand_out_with_card(shift: Counting) -> None:
    """A card that tells its own days is one scan in the place of a touch."""
    numbers = _lie(shift, "wine")
    shift.scan(label("P0", "wine"))
    shift.scan_text(card(USA, born="1990-06-30", expires="2030-01-15"))
    _gone(shift, numbers)


def hand_out_signed(shift: Counting) -> None:
    """The recipient draws one line, and is done."""
    numbers = _lie(shift, "sign")
    shift.scan(label("P0", "sign"))
    shift.happens(Drawn(((100, 500), (900, 500))))
    shift.press(Key.DONE)
    _gone(shift, numbers)


def one_is_missing(shift: Counting) -> None:
    _lie(shift, "dhl", "dhl")
    shift.scan(label("P0"))
    shift.press(Key.MISSING)
    _gone(shift, ["P0"])


def declined(shift: Counting) -> None:
    _lie(shift, "dhl")
    shift.press(Key.REFUSED)
    shift.scan(label("P0"))
    assert shift.desk.shop().parcels["P0"].state is ParcelState.REFUSED_OUT


def labelled_drop(shift: Counting) -> None:
    shift.begins()
    shift.scan(label("00340434161094042557"))
    assert isinstance(shift.screen, DropTaken)


def bag(shift: Counting) -> None:
    shift.desk.done(ask.ProvideContainer("K1", "TC-K1", "", 9), ANNA)
    shift.desk.done(ask.OpenContainer("K1"), ANNA)
    shift.begins()
    shift.scan(BagScanned(BAG))
    shift.scan(ContainerScanned("TC-K1"))
    assert shift.desk.shop().bags_in("K1") == {BAG}


ROWS = (
    Row("hand out a parcel for its code", hand_out, 0),
    Row("hand out three parcels for one code", hand_out_three, 0, 3),
    Row("hand out where a document is asked", hand_out_with_document, 1),
    Row("hand out where an age is asked", hand_out_with_age, 1),
    Row("the same with a card that is scanned", hand_out_with_card, 0),
    Row("hand out for a signature", hand_out_signed, 2),
    Row("hand out what is there, one is missing", one_is_missing, 1, 2),
    Row("take note that it is not wanted", declined, 1),
    Row("take a customer's labelled parcel", labelled_drop, 0),
    Row("put a bag into a container", bag, 0),
)
