"""Oaths on the chain: ours goes with every batch, the centre's comes with every answer.

An oath of the centre that does not hold is as bad as a chain that is not ours: nothing of the
answer is believed. An oath by a key that we do not know proves nothing either way, as the key may
be newer than our ring; then the answer is judged by its chain alone and nothing is kept.
"""

from __future__ import annotations

import logging
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.seal import sworn
from kiosk.seal.sworn import Kind, Sworn
from kiosk.store.anchors import Kept
from sync.agent.client import Client
from sync.agent.trust import Trust
from sync.wire.messages import Pushed

if TYPE_CHECKING:
    from kiosk.store.values import Batch

_LOG = logging.getLogger(__name__)


class Fault(StrEnum):
    """Why the centre's oath makes the whole answer false."""

    FORGED = "forged"
    ELSEWHERE = "elsewhere"  # sworn, but about something else than the answer tells


def head(client: Client, batch: Batch) -> Sworn:
    """Our oath on the last link of the batch."""
    last = batch.events[-1]
    return sworn.swear(
        Kind.HEAD,
        client.key,
        client.device_id,
        batch.epoch,
        last.sequence,
        last.chain,
        client.clock.now(),
    )


def anchor(told: Pushed, device_id: str, trust: Trust) -> Kept | Fault | None:
    """The centre's oath, with the key that proves it; None where there is nothing to keep."""
    return oath(told.anchor, (device_id, told.epoch, told.cursor, told.chain_head), trust)


def oath(said: Sworn | None, about: tuple[str, str, int, str], trust: Trust) -> Kept | Fault | None:
    """As `anchor`, where it must be about this device, epoch, sequence and link."""
    if said is None:
        return None
    known = trust.unrevoked()
    match sworn.fault(Kind.ANCHOR, said, known):
        case sworn.Fault.BAD_SIGNATURE:
            return Fault.FORGED
        case sworn.Fault.UNKNOWN_KEY:
            _LOG.info("an oath by the key %r, which is not known here", said.kid)
            return None
        case None:
            if about != (said.device, said.epoch, said.sequence, said.chain):
                return Fault.ELSEWHERE
            return Kept(said, known[said.kid])
