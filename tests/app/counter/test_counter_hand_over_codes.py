"""What a driver takes along from the real desk: signed with its key, the same on every print."""

from __future__ import annotations

from kiosk.domain.codes import container_code, seal_code
from kiosk.domain.counter import commands as ask
from kiosk.domain.counter import listed
from kiosk.domain.counter.manifests import Manifest
from kiosk.domain.counter.meaning import DriverScanned
from kiosk.domain.reasons import Reason
from kiosk.seal import hand_overs
from kiosk.seal.hand_overs import DeliveryClaims, HandOverClaims
from tests.app.counter.counting import Counter


def signed(counter: Counter) -> Manifest:
    for command in (
        ask.ProvideContainer("c1", container_code(42), "dhl", 40),
        ask.OpenContainer("c1"),
        ask.ContainBag("TB0000000042M", "c1"),
        ask.CloseContainer("c1", seal_code(42)),
        ask.DraftManifest("m1", "dhl"),
        ask.ReadyManifest("m1"),
        ask.SignManifest("m1", ("c1",), (), "a" * 64, "b" * 64),
    ):
        counter.do(command)
    return counter.desk.shop().manifests["m1"]


def test_the_code_proves_the_list_and_does_not_change(counter: Counter) -> None:
    manifest = signed(counter)
    code = counter.desk.handed_over_qr(manifest)
    claims = hand_overs.verify_hand_over(code, counter.me.key.public)
    assert isinstance(claims, HandOverClaims)
    assert claims.digest == listed.digest(manifest)
    assert (claims.device_id, claims.carrier, claims.counts.bags) == ("counter-1", "dhl", 1)
    counter.wait(days=3)
    counter.again()
    again = counter.desk.handed_over_qr(counter.desk.shop().manifests["m1"])
    assert again == code  # printed again, it is the same code


def test_both_counts_of_a_delivery(counter: Counter) -> None:
    code = counter.desk.received_qr(DriverScanned("dhl", "R7", 38), 37, 1)
    claims = hand_overs.verify_delivery(code, counter.me.key.public)
    assert isinstance(claims, DeliveryClaims)
    assert (claims.carrier, claims.round_id, claims.taken, claims.refused) == ("dhl", "R7", 37, 1)


def test_practice_proves_nothing(counter: Counter) -> None:
    manifest = signed(counter)
    counter.desk.train(True)
    for code in (
        counter.desk.handed_over_qr(manifest),
        counter.desk.received_qr(None, 1, 0),
    ):
        assert isinstance(hand_overs.verify_hand_over(code, counter.me.key.public), Reason)
        assert isinstance(hand_overs.verify_delivery(code, counter.me.key.public), Reason)


def test_a_plate_is_never_given_twice(counter: Counter) -> None:
    first = list(counter.desk.plates("bag", 3))
    counter.again()
    assert not set(first) & set(counter.desk.plates("bag", 3))
