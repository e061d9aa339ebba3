"""Hand-outs and drops over the real desk: real codes, a real ledger, a power cut."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kiosk.domain import codes
from kiosk.domain.counter import commands as ask
from kiosk.domain.counter.bags import BagState
from kiosk.domain.counter.parcel_facts import ParcelAnnounced, ParcelCollected, PickUpCodeIssued
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.pick_up import digest
from kiosk.domain.counter.proving import Proof, ProofRule
from kiosk.domain.counter.rules import Rules
from kiosk.domain.counter.saying import Because, Refused
from kiosk.domain.counter.signature import decode
from kiosk.flows.counter.doing import Doing
from kiosk.flows.counter.model import (
    Bar,
    CounterEvent,
    Drawn,
    Key,
    Pressed,
    Printable,
    PrintDropReceipt,
    Ready,
    Timing,
    Typed,
)
from kiosk.flows.counter.states.desk import Home
from kiosk.flows.counter.states.outbound import CodeBarred, DropTaken, HandedOut, HandingOut
from kiosk.flows.counter.step import initial, step
from tests.app.counter.counting import ANNA, PEPPERS, Counter, book, scan
from tests.app.counter.test_counter_codes import code
from tests.domain.counter.desk import OPENING
from tests.domain.counter.test_counter_licence import USA, card

TIMING = Timing()
RULES = Rules(
    OPENING,
    proofs={
        "dhl": ProofRule(frozenset({Proof.CODE})),
        "wine": ProofRule(frozenset({Proof.CODE, Proof.DOCUMENT, Proof.AGE, Proof.SIGNATURE})),
    },
)


@dataclass
class Paper:
    """kiosk.flows.counter.printing.Papers, as far as the flow asks."""

    printed: list[Printable] = field(default_factory=list)

    def print(self, what: Printable) -> int:
        self.printed.append(what)
        return len(self.printed)


class Stood:
    """Somebody who stands at a counter, signed in by number and PIN."""

    def __init__(self, counter: Counter) -> None:
        self.counter, self.paper = counter, Paper()
        self.starts()

    def starts(self) -> None:
        self.do = Doing(self.counter.desk, self.paper, lambda _: None, Bar, lambda: None)
        self.session = initial(TIMING)
        self.on(Ready(), Pressed(Key.TYPE_ID))
        self.type("anna")
        self.type(ANNA.verifier.removeprefix("pin:"))
        assert isinstance(self.session.screen, Home)

    def on(self, *events: CounterEvent) -> None:
        for event in events:
            self.session = step(self.session, event, self.do, TIMING)

    def type(self, text: str) -> None:
        self.on(*map(Typed, text), Pressed(Key.SUBMIT))

    def scan(self, *texts: str) -> None:
        for text in texts:
            self.on(scan(text))

    def state(self, number: str) -> ParcelState:
        return self.counter.desk.shop().parcels[number].state

    def refused(self) -> Because:
        assert self.session.flash is not None
        assert isinstance(self.session.flash.said, Refused)
        return self.session.flash.said.because


@pytest.fixture
def stood(tmp_path: Path) -> Iterator[Stood]:
    counter = Counter(tmp_path / "data", the_book=book(rules=RULES))
    yield Stood(counter)
    counter.close()


def lies(stood: Stood, number: str, carrier: str, value: int) -> None:
    counter, stamp = stood.counter, f"0195000000{value % 256:02x}-0000"
    issued = PickUpCodeIssued((number,), digest(code(value), PEPPERS[0][1]))
    announced = ParcelAnnounced(number, carrier)
    counter.hear((stamp, "centre", announced), (stamp, "centre-2", issued))
    counter.do(ask.Receive(number, carrier))
    counter.do(ask.Shelve(number, "A1"))


def test_two_scans_hand_a_parcel_out_and_a_power_cut_before_the_last_hands_out_nothing(
    stood: Stood,
) -> None:
    lies(stood, "P1", "dhl", 7)
    stood.scan(codes.pick_up_code(7))
    assert isinstance(stood.session.screen, HandingOut)
    stood.counter.again()
    stood.starts()
    assert stood.state("P1") is ParcelState.SHELVED
    stood.on(Pressed(Key.TYPE_CODE))
    stood.type(codes.typed_pick_up_code(7).lower())
    stood.scan("P1")
    assert isinstance(stood.session.screen, HandedOut)
    stood.counter.again()
    assert stood.state("P1") is ParcelState.COLLECTED
    stood.starts()
    stood.scan(codes.pick_up_code(7))
    assert stood.refused() is Because.CODE_NOT_GOOD


def test_wrong_codes_are_waited_for_also_after_a_restart(stood: Stood) -> None:
    lies(stood, "P1", "dhl", 7)
    for value in range(100, 106):
        stood.scan(codes.pick_up_code(value))
    assert isinstance(stood.session.screen, CodeBarred)
    stood.counter.again()
    stood.starts()
    stood.scan(codes.pick_up_code(7))
    assert stood.refused() is Because.TOO_MANY_TRIES
    assert isinstance(stood.session.screen, CodeBarred)


def test_a_card_is_read_and_nothing_of_it_is_anywhere(
    stood: Stood, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    lies(stood, "P1", "wine", 7)
    stood.scan(codes.pick_up_code(7), "P1", card(USA, "1990-06-30", "2031-01-15"))
    stood.on(Drawn(((100, 500), (900, 500))), Pressed(Key.DONE))
    assert stood.state("P1") is ParcelState.COLLECTED
    batch = stood.counter.store.outbox.next_batch(100, 1 << 30)
    assert batch is not None
    told = [one for one in batch.events if one.type == ParcelCollected.type]
    everything = "".join((repr(told), repr(stood.session), caplog.text))
    for secret in ("19900630", "1990-06-30", "06301990", "SAMPLE", "D1234567"):
        assert secret not in everything
    files = [one for one in stood.counter.directory.rglob("*") if one.is_file()]
    assert not any(b"SAMPLE" in one.read_bytes() for one in files)


def test_the_signature_is_kept_apart_under_its_name(stood: Stood) -> None:
    lies(stood, "P1", "wine", 7)
    stood.scan(codes.pick_up_code(7), "P1", card(USA, "1990-06-30", "2031-01-15"))
    line = ((100, 500), (900, 500))
    stood.on(Drawn(line), Pressed(Key.DONE))
    facts = [one.fact for one in stood.counter.desk.shop().parcels.story("P1")]
    (gone,) = [one for one in facts if isinstance(one, ParcelCollected)]
    assert gone.proof.of_age
    assert len(gone.proof.signature) == 64
    (kept,) = [
        one for one in stood.counter.directory.rglob("*") if gone.proof.signature in one.name
    ]
    assert decode(json.loads(kept.read_bytes())) == (line,)


def test_a_customer_s_label_is_taken_and_given_to_the_driver_s_parcels(stood: Stood) -> None:
    stood.scan("1Z999AA10123456784")
    taken = stood.session.screen
    assert isinstance(taken, DropTaken)
    assert taken.qr.startswith("RP1:")
    receipt = PrintDropReceipt(taken.number, taken.carrier, taken.drop_number)
    assert stood.paper.printed == [receipt]
    stood.on(Pressed(Key.FROM_DRIVER))
    shop = stood.counter.desk.shop()
    assert shop.bags[taken.number].state is BagState.VOIDED
    assert shop.parcels[taken.number].state is ParcelState.RECEIVED
