"""What drivers and customers take along from our screen, signed with this device's key."""

from __future__ import annotations

from datetime import datetime

from kiosk.app.committing import Promisor
from kiosk.domain.counter import listed
from kiosk.domain.counter.manifests import Manifest
from kiosk.domain.counter.meaning import DriverScanned
from kiosk.seal import hand_overs, receipts
from kiosk.seal.hand_overs import DeliveryClaims, HandOverClaims
from kiosk.seal.receipts import ReceiptClaims


def handed_over(me: Promisor, manifest: Manifest, at: datetime) -> str:
    claims = HandOverClaims(
        me.device_id,
        manifest.manifest_id,
        manifest.carrier,
        listed.digest(manifest),
        listed.counts(manifest),
        at,
    )
    return hand_overs.issue_hand_over(claims, me.key)


def received(
    me: Promisor, round: DriverScanned | None, taken: int, refused: int, at: datetime
) -> str:
    carrier, name = ("", "") if round is None else (round.carrier, round.round_id)
    claims = DeliveryClaims(me.device_id, carrier, name, taken, refused, at)
    return hand_overs.issue_delivery(claims, me.key)


def labelled_drop(me: Promisor, number: str, drop_number: str, at: datetime) -> str:
    """As the receipt of a return, of no return: the goods are known by their label's number."""
    claims = ReceiptClaims(me.device_id, drop_number, drop_number, "", number, at)
    return receipts.issue(claims, me.key)
