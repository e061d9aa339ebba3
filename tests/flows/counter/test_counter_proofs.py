"""What a recipient shows: name, document, age, signature, a supervisor; and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kiosk.domain.counter.meaning import PickUpScanned, ShelfScanned
from kiosk.domain.counter.parcel_facts import ParcelCollected, ProofFact
from kiosk.domain.counter.proving import Document, Proof, ProofRule
from kiosk.domain.counter.rules import Rules
from kiosk.domain.counter.saying import Refused
from kiosk.domain.staff.people import Roster
from kiosk.domain.staff.saying import Because as StaffBecause
from kiosk.domain.staff.saying import Refused as StaffRefused
from kiosk.flows.counter.model import Did, Drawn, Heard, Key, Note, Tone
from kiosk.flows.counter.states.outbound import (
    Approving,
    HandedOut,
    HandingOut,
    SigningFor,
    Stays,
)
from tests.domain.counter.desk import CODE, OPENING
from tests.domain.counter.test_counter_licence import CANADA, USA, card
from tests.flows.counter.conftest import Shift
from tests.flows.counter.fake_desk import ADA, ANNA, BEN, FakeDesk
from tests.flows.counter.test_counter_hand_out import label, lay

P = Proof
RULES = Rules(
    OPENING,
    proofs={
        "dhl": ProofRule(frozenset({P.CODE}), proxies=True),
        "own": ProofRule(frozenset({P.CODE})),
        "name": ProofRule(frozenset({P.CODE, P.NAME})),
        "id": ProofRule(frozenset({P.CODE, P.NAME, P.DOCUMENT}), frozenset({Document.PASSPORT})),
        "any": ProofRule(frozenset({P.DOCUMENT}), proxies=True),
        "wine": ProofRule(frozenset({P.CODE, P.AGE}), age=18),
        "all": ProofRule(frozenset(P), age=21),
        "sign": ProofRule(frozenset({P.CODE, P.SIGNATURE})),
        "boss": ProofRule(frozenset({P.SUPERVISOR})),
    },
)
LINE = ((100, 500), (900, 500))


@pytest.fixture
def fake_desk() -> FakeDesk:
    return FakeDesk(rules=RULES)


@pytest.fixture
def fetched(anna: Shift) -> Callable[..., Shift]:
    """Parcels P0, P1 ... of these carriers, with one code, scanned to the last."""

    def scan(*carriers: str) -> Shift:
        for at, carrier in enumerate(carriers):
            lay(anna.desk, f"P{at}", "A1" if at < 2 else "A2", CODE, carrier)
        anna.scan(PickUpScanned(CODE))
        for at, carrier in enumerate(carriers):
            anna.scan(label(f"P{at}", carrier))
        return anna

    return scan


def asked(shift: Shift) -> Proof | None:
    assert isinstance(shift.screen, HandingOut), shift.screen
    return shift.screen.ask


def proof(shift: Shift, number: str = "P0") -> ProofFact | None:
    facts = [one for one in shift.desk.facts if isinstance(one, ParcelCollected)]
    return next((one.proof for one in facts if one.number == number), None)


def test_a_name_is_one_touch(fetched: Callable[..., Shift]) -> None:
    anna = fetched("name")
    assert asked(anna) is P.NAME
    anna.press(Key.SHOWN)
    assert proof(anna) == ProofFact(code=True, name=True)


def test_a_document_is_one_touch_also_where_the_name_is_asked(
    fetched: Callable[..., Shift],
) -> None:
    anna = fetched("id")
    assert asked(anna) is P.DOCUMENT
    anna.choose("id_card")
    assert proof(anna) is None
    anna.choose("passport")
    assert proof(anna) == ProofFact(code=True, name=True, document="passport", matched=True)


def test_a_proof_may_be_shown_before_the_parcel_is_fetched(anna: Shift) -> None:
    lay(anna.desk, "P0", carrier="id")
    anna.scan(PickUpScanned(CODE))
    anna.choose("passport")
    assert asked(anna) is None
    anna.scan(label("P0", "id"))
    assert proof(anna) is not None


def test_age_is_a_birthday_that_nobody_has_to_reckon(fetched: Callable[..., Shift]) -> None:
    anna = fetched("wine")
    assert asked(anna) is P.AGE
    assert isinstance(anna.screen, HandingOut)
    assert anna.screen.born_by == "2007-03-10"
    anna.press(Key.SHOWN)
    assert proof(anna) == ProofFact(code=True, of_age=True)


def test_all_proofs_come_one_at_a_time_and_in_order(fetched: Callable[..., Shift]) -> None:
    anna = fetched("all")
    assert asked(anna) is P.DOCUMENT
    anna.choose("id_card")
    assert asked(anna) is P.AGE
    anna.press(Key.SHOWN)
    assert isinstance(anna.screen, SigningFor)
    anna.happens(Drawn(LINE))
    anna.press(Key.DONE)
    assert isinstance(anna.screen, Approving)
    anna.badge(BEN)
    anna.type("730915")
    anna.press(Key.SUBMIT)
    shown = proof(anna)
    assert shown == ProofFact(True, True, "id_card", True, True, f"{1:064x}", "ben")


def test_without_the_proof_its_parcels_stay_and_the_others_go(
    fetched: Callable[..., Shift],
) -> None:
    anna = fetched("dhl", "wine")
    anna.press(Key.NOT_SHOWN)
    assert (proof(anna, "P0"), proof(anna, "P1")) == (ProofFact(code=True), None)
    assert isinstance(anna.screen, HandedOut)
    stay = [(one.parcel.number, one.why, one.fetched) for one in anna.screen.stay]
    assert stay == [("P1", Stays.NO_PROOF, True)]
    assert (anna.screen.count, anna.screen.left) == (1, 0)


@pytest.mark.parametrize("carrier", ["name", "id", "wine", "sign", "boss", "any"])
def test_whatever_is_not_shown_nothing_goes(fetched: Callable[..., Shift], carrier: str) -> None:
    anna = fetched(carrier)
    anna.press(Key.NOT_SHOWN)
    assert isinstance(anna.screen, HandedOut)
    assert (anna.screen.count, proof(anna), anna.did) == (0, None, Did.NOT_SHOWN)
    assert anna.flash.tone is Tone.WRONG


def test_two_carriers_that_take_no_same_document_are_asked_for_one_by_one(anna: Shift) -> None:
    """No document will do for both: what asks for the other stays, and is fetched again."""
    rules = Rules(
        OPENING,
        proofs={
            "a": ProofRule(frozenset({P.DOCUMENT}), frozenset({Document.PASSPORT})),
            "b": ProofRule(frozenset({P.DOCUMENT}), frozenset({Document.ID_CARD})),
        },
    )
    anna.desk._rules = rules
    lay(anna.desk, "P0", carrier="a")
    lay(anna.desk, "P1", carrier="b")
    anna.scan(PickUpScanned(CODE))
    anna.scan(label("P0", "a"))
    anna.press(Key.DONE)
    assert isinstance(anna.screen, HandingOut)
    assert anna.screen.plan.documents == ("passport",)
    anna.choose("passport")
    assert proof(anna) is not None


# --- a signature -------------------------------------------------------------------------------


def test_a_signature_is_drawn_cleared_and_kept_by_its_hash(fetched: Callable[..., Shift]) -> None:
    anna = fetched("sign")
    assert isinstance(anna.screen, SigningFor)
    anna.happens(Drawn(((5, 5),)))
    anna.press(Key.DONE)
    assert anna.did is Did.NOT_SIGNED
    anna.press(Key.CLEAR)
    anna.happens(Drawn(LINE))
    assert isinstance(anna.screen, SigningFor)
    assert anna.screen.strokes == (LINE,)
    anna.press(Key.DONE)
    assert proof(anna) == ProofFact(code=True, signature=f"{1:064x}")
    assert anna.desk.signatures == [(LINE,)]
    assert "900, 500" not in repr(anna.session)


def test_a_signature_that_cannot_be_kept_hands_out_nothing(fetched: Callable[..., Shift]) -> None:
    anna = fetched("sign")
    anna.desk.disk_full = True
    anna.happens(Drawn(LINE))
    anna.press(Key.DONE)
    assert (anna.flash.tone, anna.did) == (Tone.WRONG, Did.SIGNATURE_NOT_KEPT)
    assert proof(anna) is None
    anna.desk.disk_full = False
    anna.press(Key.DONE)
    assert proof(anna) is not None


def test_a_sleeve_on_the_panel_does_not_grow_the_drawing(fetched: Callable[..., Shift]) -> None:
    anna = fetched("sign")
    for _ in range(250):
        anna.happens(Drawn(LINE))
    assert isinstance(anna.screen, SigningFor)
    assert len(anna.screen.strokes) == 200


def test_a_signature_half_drawn_is_not_laid_aside(fetched: Callable[..., Shift]) -> None:
    anna = fetched("sign")
    anna.happens(Drawn(LINE))
    anna.sign_in(ADA)
    assert "(900, 500)" not in repr(anna.session.kept)
    anna.sign_in()
    anna.press(Key.SHOWN)
    assert isinstance(anna.screen, SigningFor)
    assert anna.screen.strokes == ()


def test_back_from_the_signature_to_the_parcels_and_again(fetched: Callable[..., Shift]) -> None:
    anna = fetched("sign")
    anna.press(Key.BACK)
    assert asked(anna) is P.SIGNATURE
    anna.press(Key.SHOWN)
    assert isinstance(anna.screen, SigningFor)


@pytest.mark.parametrize("carrier", ["sign", "boss"])
def test_a_wrong_parcel_is_stopped_at_the_last_question_too(
    fetched: Callable[..., Shift], carrier: str
) -> None:
    anna = fetched(carrier)
    screen = anna.screen
    anna.scan(label("P0", carrier))
    assert (anna.flash.tone, anna.screen) == (Tone.CARE, screen)
    anna.happens(Heard())
    assert anna.screen is screen
    lay(anna.desk, "X", "A2", "")
    anna.scan(label("X"))
    assert isinstance(anna.said, Refused)
    assert isinstance(anna.screen, HandingOut)
    assert anna.screen.stopped is not None


# --- a supervisor ------------------------------------------------------------------------------


def test_a_supervisor_approves_with_badge_and_pin(fetched: Callable[..., Shift]) -> None:
    anna = fetched("boss")
    anna.badge(BEN)
    anna.type("7309155")
    anna.press(Key.ERASE, Key.SUBMIT)
    assert proof(anna) == ProofFact(code=True, approved_by="ben")
    assert anna.session.staff.session is not None
    assert anna.session.staff.session.staff_id == "anna"


def test_nobody_approves_what_they_hand_out_and_no_associate_does(
    fetched: Callable[..., Shift],
) -> None:
    anna = fetched("boss")
    anna.badge(ANNA)
    assert isinstance(anna.said, StaffRefused)
    assert anna.said.because is StaffBecause.SECOND_IS_THE_SAME
    anna.badge(ADA)
    anna.type("618402")
    anna.press(Key.SUBMIT)
    assert isinstance(anna.said, StaffRefused)
    assert anna.said.because is StaffBecause.SECOND_NOT_ALLOWED
    assert proof(anna) is None


def test_a_wrong_pin_is_a_try_and_too_many_are_waited_for(fetched: Callable[..., Shift]) -> None:
    anna = fetched("boss")
    before = anna.desk.tries
    for _ in range(40):
        if isinstance(anna.screen, Approving) and not anna.screen.badge and not anna.screen.wait:
            anna.badge(BEN)
        anna.type("000000")
        anna.press(Key.SUBMIT)
    assert isinstance(anna.screen, Approving)
    assert anna.screen.wait > 0
    assert anna.desk.tries - before < 40
    wait = anna.screen.wait
    anna.wait(1)
    assert isinstance(anna.screen, Approving)
    assert anna.screen.wait == wait - 1
    assert "000000" not in repr(anna.session)


def test_a_badge_left_at_the_prompt_is_forgotten(fetched: Callable[..., Shift]) -> None:
    anna = fetched("boss")
    anna.badge(BEN)
    anna.type("7309")
    anna.wait(30)
    assert isinstance(anna.screen, Approving)
    assert (anna.screen.badge, anna.screen.pin) == ("", "")
    anna.press(Key.BACK)
    assert asked(anna) is P.SUPERVISOR
    anna.press(Key.SHOWN)
    assert isinstance(anna.screen, Approving)


def test_a_supervisor_who_hands_out_asks_nobody(shift: Shift) -> None:
    shift.sign_in(BEN)
    lay(shift.desk, "P0", carrier="boss")
    shift.scan(PickUpScanned(CODE))
    shift.scan(label("P0", "boss"))
    assert proof(shift) == ProofFact(code=True, approved_by="ben")


# --- somebody else collects --------------------------------------------------------------------


def test_somebody_else_collects_where_the_carrier_allows_it(anna: Shift) -> None:
    lay(anna.desk, "P0", carrier="dhl")
    anna.scan(PickUpScanned(CODE))
    anna.press(Key.PROXY)
    anna.scan(label("P0"))
    (fact,) = [one for one in anna.desk.facts if isinstance(one, ParcelCollected)]
    assert fact.proxy


def test_elsewhere_a_supervisor_allows_it_by_name(anna: Shift) -> None:
    lay(anna.desk, "P0", carrier="own")
    anna.scan(PickUpScanned(CODE))
    anna.press(Key.PROXY)
    assert asked(anna) is P.SUPERVISOR
    anna.press(Key.PROXY)
    assert asked(anna) is None
    anna.press(Key.PROXY)
    anna.scan(label("P0", "own"))
    assert isinstance(anna.screen, Approving)
    anna.badge(BEN)
    anna.type("730915")
    anna.press(Key.SUBMIT)
    assert proof(anna) == ProofFact(code=True, approved_by="ben")


def test_a_supervisor_allows_it_by_the_key_itself(shift: Shift) -> None:
    shift.sign_in(BEN)
    lay(shift.desk, "P0", carrier="own")
    shift.scan(PickUpScanned(CODE))
    shift.press(Key.PROXY)
    shift.scan(label("P0", "own"))
    assert proof(shift) == ProofFact(code=True, approved_by="ben")


# --- a card that tells its days ----------------------------------------------------------------


@pytest.mark.parametrize("heading", [USA, CANADA])
def test_a_scanned_card_answers_document_and_age_and_is_forgotten(
    fetched: Callable[..., Shift], heading: str
) -> None:
    anna = fetched("all")
    text = card(heading, born="1990-06-30", expires="2030-01-15")
    anna.scan_text(text)
    assert isinstance(anna.screen, SigningFor)
    shown = anna.screen.job.shown
    assert (shown.document, shown.matched, shown.of_age) == ("driving_licence", True, True)
    for secret in ("1990", "2030", "SAMPLE", "D1234567"):
        assert secret not in repr(anna.session)
        assert secret not in repr(anna.desk.facts)


def test_a_card_that_is_over_proves_nothing(fetched: Callable[..., Shift]) -> None:
    anna = fetched("any")
    anna.scan_text(card(USA, born="1990-06-30", expires="2025-03-09"))
    assert (anna.flash.tone, anna.said) == (
        Tone.WRONG,
        Note(Did.LICENCE_OVER, {"on": "2025-03-09"}),
    )
    assert asked(anna) is P.DOCUMENT
    anna.scan_text(card(USA, born="1990-06-30", expires="2025-03-10"))
    assert proof(anna) is not None


def test_a_card_of_somebody_too_young_stops_what_asks_for_the_age(
    fetched: Callable[..., Shift],
) -> None:
    anna = fetched("wine")
    anna.scan_text(card(USA, born="2007-03-11", expires="2030-01-15"))
    assert (anna.flash.tone, anna.did) == (Tone.WRONG, Did.TOO_YOUNG)
    assert asked(anna) is P.AGE
    anna.press(Key.NOT_SHOWN)
    assert proof(anna) is None


def test_on_the_birthday_it_is_enough(fetched: Callable[..., Shift]) -> None:
    anna = fetched("wine")
    anna.scan_text(card(USA, born="2007-03-10", expires="2030-01-15"))
    assert proof(anna) == ProofFact(code=True, of_age=True)


def test_a_kind_that_the_carrier_does_not_take_answers_nothing(
    fetched: Callable[..., Shift],
) -> None:
    anna = fetched("id")
    anna.scan_text(card(USA, born="1990-06-30", expires="2030-01-15"))
    assert asked(anna) is P.DOCUMENT


def test_where_no_proof_is_asked_a_card_is_no_parcel(anna: Shift) -> None:
    lay(anna.desk, "P0")
    anna.scan(PickUpScanned(CODE))
    anna.scan_text(card(USA, born="1990-06-30", expires="2030-01-15"))
    assert anna.did is Did.PARCEL_EXPECTED
    anna.scan(ShelfScanned("A1"))
    assert anna.did is Did.PARCEL_EXPECTED


def test_a_retired_supervisor_approves_nothing(fetched: Callable[..., Shift]) -> None:
    """By the roster of now: badge and PIN are as they were."""
    anna = fetched("boss")
    anna.badge(BEN)
    anna.desk.staff(Roster(8, (ANNA,)))
    anna.type("730915")
    anna.press(Key.SUBMIT)
    assert proof(anna) is None


@pytest.mark.parametrize("carrier", ["sign", "boss"])
def test_nobody_signs_before_all_parcels_are_here(anna: Shift, carrier: str) -> None:
    lay(anna.desk, "P0", carrier=carrier)
    anna.scan(PickUpScanned(CODE))
    before = anna.screen
    anna.press(Key.SHOWN)
    assert anna.screen is before
