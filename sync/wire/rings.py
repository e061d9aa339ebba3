"""Key rings: who may sign bundles, said by somebody who was allowed to already.

Each ring is whole and numbered. A kiosk that was away for several goes through them one by one;
a ring whose signer it trusts may be taken without those between, and never one that is older.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from kiosk.seal import envelope
from kiosk.seal.keys import PUBLIC_BYTES, SigningKey
from sync.wire import codec
from sync.wire.messages import BundleKey, KeyRing, KeyRings, TimeTold

PAYLOAD_TYPE = "application/vnd.takeback.bundle-keys.v1+json"
TIME_TYPE = "application/vnd.takeback.time.v1+json"
MAX_ANSWER = 1 << 20
MAX_RING = 64 << 10
MAX_RINGS = 64
MAX_KEYS = 16
TOLERANCE = timedelta(hours=1)
"""How far a kiosk's clock may lie behind the centre's when a key becomes valid."""


def seal(ring: KeyRing, signers: tuple[SigningKey, ...]) -> bytes:
    return envelope.seal_by(codec.encode(ring), PAYLOAD_TYPE, signers)


def answer(envelopes: Iterable[bytes]) -> KeyRings:
    return KeyRings(rings=tuple(base64.b64encode(one).decode() for one in envelopes))


def envelopes(told: KeyRings) -> list[bytes]:
    """What came, as far as it is anything of the kind."""
    found = []
    for text in told.rings[:MAX_RINGS]:
        try:
            data = base64.b64decode(text, validate=True)
        except ValueError:
            continue
        if len(data) <= MAX_RING:
            found.append(data)
    return found


def open_ring(data: bytes, keys: Mapping[str, bytes]) -> KeyRing | None:
    """The ring, if one of `keys` signed it and it is one."""
    payload = envelope.open(data, PAYLOAD_TYPE, keys)
    ring = codec.decode(payload, KeyRing) if isinstance(payload, bytes) else None
    return ring if ring is not None and _sound(ring) else None


def _sound(ring: KeyRing) -> bool:
    names = [key.kid for key in ring.keys]
    return (
        ring.version > 0
        and 0 < len(names) <= MAX_KEYS
        and len(set(names)) == len(names)
        and all(public(key) is not None for key in ring.keys)
        and all(_aware(key.not_before) and _aware(key.not_after) for key in ring.keys)
    )


def _aware(time: datetime | None) -> bool:
    return time is None or time.tzinfo is not None


def public(key: BundleKey) -> bytes | None:
    """The raw key, None where the text is none."""
    try:
        raw = bytes.fromhex(key.public)
    except ValueError:
        return None
    return raw if len(raw) == PUBLIC_BYTES else None


def valid(key: BundleKey, now: datetime) -> bool:
    """Whether it may sign at `now`."""
    begun = key.not_before is None or key.not_before <= now + TOLERANCE
    return begun and (key.not_after is None or now < key.not_after)


def tell_time(told: TimeTold, key: SigningKey) -> bytes:
    return envelope.seal(codec.encode(told), TIME_TYPE, key)


def open_time(data: bytes, keys: Mapping[str, bytes]) -> TimeTold | None:
    payload = envelope.open(data, TIME_TYPE, keys)
    told = codec.decode(payload, TimeTold) if isinstance(payload, bytes) else None
    return told if told is not None and told.time.tzinfo is not None else None
