"""What a driver takes along on a screen's QR code, proved without the shop."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kiosk.domain.codes import base45
from kiosk.domain.counter import listed
from kiosk.domain.counter.listed import Counts
from kiosk.domain.counter.manifests import Manifest, ManifestState
from kiosk.domain.counter.outbound_facts import ManifestLine
from kiosk.domain.reasons import Reason, Why
from kiosk.seal import cose, hand_overs, receipts
from kiosk.seal.hand_overs import DeliveryClaims, HandOverClaims
from kiosk.seal.keys import SigningKey

KEY = SigningKey("device-1", b"\5" * 32)
NOON = datetime(2025, 3, 10, 12, 0, 1, tzinfo=UTC)
MANIFEST = Manifest(
    "0195800c-fc00-7000-8000-000000000002",
    ManifestState.SIGNED,
    "DPD",
    containers=("c1", "c2"),
    parcels=("P9", "P8"),
    lines=(
        ManifestLine("c2", "TC0000000042D", "TZ0000000042V", ("b2", "b1"), ()),
        ManifestLine("c1", "TC0000000041F", "TZ0000000041W", ("b3",), ("P1",)),
    ),
    went=("c1", "c2"),
    went_loose=("P9", "P8"),
)
HANDED = HandOverClaims(
    "0195800c-fc00-7000-8000-000000000001",
    MANIFEST.manifest_id,
    "DPD",
    listed.digest(MANIFEST),
    listed.counts(MANIFEST),
    NOON,
)
TAKEN = DeliveryClaims(HANDED.device_id, "DPD", "R7-0412", 38, 2, NOON)
HAND_OVER = hand_overs.issue_hand_over(HANDED, KEY)
DELIVERY = hand_overs.issue_delivery(TAKEN, KEY)


def test_a_hand_over_tells_what_was_signed() -> None:
    assert hand_overs.verify_hand_over(HAND_OVER, KEY.public) == HANDED
    assert listed.counts(MANIFEST) == Counts(containers=2, bags=3, parcels=1, loose=2)
    assert listed.counts(MANIFEST).pieces == 4


def test_a_delivery_tells_both_counts() -> None:
    assert hand_overs.verify_delivery(DELIVERY, KEY.public) == TAKEN
    nameless = replace(TAKEN, carrier="", round_id="")
    assert (
        hand_overs.verify_delivery(hand_overs.issue_delivery(nameless, KEY), KEY.public) == nameless
    )


@pytest.mark.parametrize("text", [HAND_OVER, DELIVERY])
def test_it_fits_one_code_in_the_alphanumeric_mode_of_qr(text: str) -> None:
    assert set(text) <= set(base45.ALPHABET)
    assert len(text) < 420  # version 13 at level M has 483


def test_another_devices_word_is_forged() -> None:
    other = SigningKey("device-1", bytes(32)).public
    forged = Reason(Why.CODE_FORGED)
    assert hand_overs.verify_hand_over(HAND_OVER, other) == forged
    assert hand_overs.verify_delivery(DELIVERY, other) == forged
    assert hand_overs.verify_hand_over(HAND_OVER, b"") == forged


def test_neither_passes_for_the_other_nor_for_a_receipt() -> None:
    body = HAND_OVER.removeprefix("RH1:")
    assert hand_overs.verify_delivery("RD1:" + body, KEY.public) == Reason(Why.CODE_FORGED)
    assert receipts.verify("RP1:" + body, KEY.public) == Reason(Why.CODE_FORGED)
    assert hand_overs.verify_delivery(HAND_OVER, KEY.public) == Reason(Why.CODE_UNREADABLE)


def test_every_changed_character_is_noticed() -> None:
    for at in range(4, len(HAND_OVER), 3):
        other = "0" if HAND_OVER[at] != "0" else "1"
        changed = HAND_OVER[:at] + other + HAND_OVER[at + 1 :]
        assert isinstance(hand_overs.verify_hand_over(changed, KEY.public), Reason)


@pytest.mark.parametrize("text", ["", "RH1:", "RH1:0", "RH1:Ä", "RH1:" + "0" * 900, "RD1:00"])
def test_what_is_none_is_unreadable(text: str) -> None:
    assert hand_overs.verify_hand_over(text, KEY.public) == Reason(Why.CODE_UNREADABLE)


@pytest.mark.parametrize(
    "said",
    [
        {1: "d", 2: "m", 6: 1},
        {1: "d", 2: "r", 6: 1, -70011: "DPD", -70017: True, -70018: 0},
        {1: "d", 2: "r", 6: 1 << 40, -70011: "DPD", -70017: 1, -70018: 0},
        {1: "d", 2: "r", 6: 1, -70011: "DPD", -70017: -1, -70018: 0},
        {1: "d", 2: "r", 6: 1, -70011: "DPD", -70017: 1, -70018: 0, 9: 9},
        [1, 2],
    ],
)
def test_signed_nonsense_is_forged(said: object) -> None:
    """The key is good, and no software of ours said it."""
    data = cose.seal(cose.encode(said), KEY, b"takeback delivery v1")
    text = "RD1:" + base45.encode(data)
    assert hand_overs.verify_delivery(text, KEY.public) == Reason(Why.CODE_FORGED)


# --- the list it proves --------------------------------------------------------------------------


def test_the_digest_is_of_the_list_whatever_order_it_was_written_in() -> None:
    turned = replace(
        MANIFEST, lines=MANIFEST.lines[::-1], went=("c2", "c1"), went_loose=("P8", "P9")
    )
    assert listed.digest(turned) == listed.digest(MANIFEST)


def test_every_difference_is_another_digest() -> None:
    other_seal = replace(MANIFEST.lines[0], seal_id="TZ9")
    one_bag_less = replace(MANIFEST.lines[0], bags=("b1",))
    others = [
        replace(MANIFEST, carrier="GLS"),
        replace(MANIFEST, manifest_id="m2"),
        replace(MANIFEST, went_loose=("P9",)),
        replace(MANIFEST, went=("c1",)),
        replace(MANIFEST, lines=(other_seal, MANIFEST.lines[1])),
        replace(MANIFEST, lines=(one_bag_less, MANIFEST.lines[1])),
    ]
    digests = {listed.digest(one) for one in [MANIFEST, *others]}
    assert len(digests) == len(others) + 1


def test_what_stayed_is_neither_counted_nor_proved() -> None:
    partly = replace(MANIFEST, went=("c1",), went_loose=())
    assert listed.counts(partly) == Counts(containers=1, bags=1, parcels=1, loose=0)
    assert "TC0000000042D" not in str(listed.as_listed(partly))
