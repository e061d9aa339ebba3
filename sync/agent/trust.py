"""Whose signature on a bundle counts: the keys pinned at enrolment, and what they let in since.

Kept in the ledger's database. It only ever moves forward: a newer ring replaces an older one, a
revoked key is never trusted again, and nothing here depends on an answer that is not signed.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kiosk.seal import envelope
from sync.wire import bundle, codec, rings
from sync.wire.faults import BundleFault
from sync.wire.messages import BundleKey, KeyRing, Manifest

if TYPE_CHECKING:
    from kiosk.store.store import Store

_LOG = logging.getLogger(__name__)
_RING = "policy.keys"


@dataclass(slots=True)
class Trust:
    """`pinned` is what enrolment brought: raw public keys by name, the ring before the first."""

    store: Store
    tenant: str
    pinned: Mapping[str, bytes]
    ring: KeyRing = field(init=False)

    def __post_init__(self) -> None:
        kept = codec.decode((self.store.meta.get(_RING) or "").encode(), KeyRing)
        self.ring = kept or KeyRing(
            tenant=self.tenant,
            version=0,
            issued=self.store.now(),
            keys=tuple(BundleKey(kid=kid, public=raw.hex()) for kid, raw in self.pinned.items()),
        )

    def keys(self) -> dict[str, bytes]:
        """Those whose signature counts at this moment, by name."""
        now = self.store.now()
        valid = {key.kid for key in self.ring.keys if rings.valid(key, now)}
        return {kid: raw for kid, raw in self.unrevoked().items() if kid in valid}

    def unrevoked(self) -> dict[str, bytes]:
        """As `keys`, whatever the time."""
        return {
            key.kid: raw
            for key in self.ring.keys
            if key.kid not in self.ring.revoked and (raw := rings.public(key)) is not None
        }

    def open(self, data: bytes) -> Manifest | BundleFault:
        """The manifest, or why not, as exactly as can be said."""
        found = bundle.open_manifest(data, self.keys())
        if found is not BundleFault.UNKNOWN_KEY:
            return found
        names = envelope.signers(data)
        if any(name in self.ring.revoked for name in names):
            return BundleFault.REVOKED_KEY
        if any(key.kid in names for key in self.ring.keys):
            return BundleFault.KEY_NOT_VALID
        return BundleFault.UNKNOWN_KEY

    def learn(self, envelopes: list[bytes]) -> bool:
        """Go as far as signatures lead; whether anything is new. Raises StoreFailed."""
        before = self.ring.version
        left = list(envelopes)
        while True:
            taken = [ring for data in left if (ring := self._next(data)) is not None]
            if not taken:
                break
            self._take(min(taken, key=lambda ring: ring.version))
        return self.ring.version > before

    def _next(self, data: bytes) -> KeyRing | None:
        """A key that is out of time may still announce its successors: a kiosk that was off for
        longer than the overlap could not come back otherwise. A revoked one may not."""
        ring = rings.open_ring(data, self.unrevoked())
        if ring is None or ring.tenant != self.tenant or ring.version <= self.ring.version:
            return None
        return ring

    def _take(self, ring: KeyRing) -> None:
        revoked = tuple(sorted({*ring.revoked, *self.ring.revoked}))
        kept = KeyRing(
            tenant=ring.tenant,
            version=ring.version,
            issued=ring.issued,
            keys=ring.keys,
            revoked=revoked,
        )
        self.store.meta.set(_RING, codec.encode(kept).decode())
        self.ring = kept
        _LOG.info("bundle keys, version %d: %s", ring.version, [key.kid for key in ring.keys])
