"""The lines of an exported ledger: JSON, UTF-8, one a line, no spaces.

    takeback-audit  what follows
    key             a public key that something below is signed with
    anchor          of epochs that the ledger has nothing of any more
    chain           one epoch, the oldest first; then its
      anchor          at or before the place where it begins
      event           in order, each followed by the
      anchor          of its own place
    seal            the SHA-256 of all lines before, signed by the device

Format 1 had no keys, anchors and seal. It is still read.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from kiosk.domain import canonical, chain
from kiosk.seal import envelope
from kiosk.seal.sworn import Sworn

FORMAT = 2
FIRST_FORMAT = 1
SEAL_TYPE = "application/vnd.takeback.audit.v2+json"

Role = Literal["device", "centre"]


class Head(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="takeback-audit"):
    """`device_id` is "" for a kiosk that was never enrolled."""

    format: int
    device_id: str
    exported_at: datetime
    chains: int


class Key(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="key"):
    """`public` is a raw Ed25519 key in lower-case hex."""

    role: Role
    kid: str
    public: str


class Chain(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="chain"):
    """`base_*` is the link before the first event held, `chain` the newest one."""

    epoch: str
    number: int
    base_sequence: int
    base_chain: str
    sequence: int
    chain: str


class Event(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="event", omit_defaults=True
):
    """The fields of the wire's event (sync.wire.messages), without CloudEvents' constants.
    `offset_ms` is not in the line where it was not known."""

    epoch: str
    sequence: int
    id: str
    type: str
    time: str
    subject: str
    hlc: str
    monotonic_ms: int
    policyversion: int
    data: dict[str, Any]
    chain: str
    offset_ms: int | None = None

    def link(self, previous: str) -> str:
        """The hash that follows after `previous`. TypeError, ValueError for a body without one."""
        body = chain.body(
            self.type,
            self.time,
            self.subject,
            self.hlc,
            self.monotonic_ms,
            self.policyversion,
            self.data,
            self.offset_ms,
        )
        return chain.link(previous, self.epoch, self.sequence, self.id, body)


class Anchor(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="anchor"):
    """What the centre swore to (kiosk.seal.sworn)."""

    device: str
    epoch: str
    sequence: int
    chain: str
    time: str
    kid: str
    signature: str

    def sworn(self) -> Sworn:
        return Sworn(**msgspec.structs.asdict(self))


class Seal(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="seal"):
    """`digest` is the SHA-256, in hex, of all `lines` before this one, each with its newline.
    `kid` and `signature` are "" for a kiosk that was never enrolled."""

    lines: int
    digest: str
    kid: str
    signature: str


Line = Head | Key | Chain | Event | Anchor | Seal


def sealed(device_id: str, lines: int, digest: str) -> bytes:
    """What the seal's signature covers."""
    said = {"device": device_id, "lines": lines, "digest": digest}
    return envelope.pae(SEAL_TYPE, canonical.encode(said))
