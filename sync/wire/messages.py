"""Bodies of the device API, version 1. Events bear the names of CloudEvents 1.0.

New fields are optional and unknown ones are passed over, so that a newer peer can say more; a
breaking change is a new type or a new path. Times are RFC 3339, UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from kiosk.seal.sworn import Sworn

MAX_EVENTS = 500
MAX_BODY = 1 << 20


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What of an event is told beside its `data`. `chain` is this event's hash in hex
    (kiosk.domain.chain), computed over every other field but `specversion` and `source`."""

    specversion: str = "1.0"
    source: str = ""  # "takeback/device/<id>"
    id: str
    type: str
    time: datetime
    subject: str  # drop, return or device the fact is about
    epoch: str
    sequence: int
    chain: str
    hlc: str = ""
    monotonic_ms: int = 0
    policyversion: int = 0
    offset_ms: int | None = None
    """What to add to the kiosk's clock to meet the centre's, as the kiosk knew it then. In the hash
    where it is told; a kiosk tells it to a centre that says it knows it (HeartbeatReply)."""
    withheld: str = ""
    """Why the body stayed at the kiosk: something on the way refused it for good. `data` is then
    empty, `chain` is taken as told, and the centre opens a case."""


class EventRecord(Envelope, frozen=True, kw_only=True):
    """One event as it travels. `data` holds the fact's fields."""

    data: dict[str, Any]


class EventAsTold(Envelope, frozen=True, kw_only=True):
    """An event of which only the envelope has been read; `data` is JSON as it came."""

    data: msgspec.Raw


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What is told beside its `events`. `prev_chain` is the hash before the first, hex."""

    epoch: str
    prev_chain: str
    sent_at: datetime | None = None  # the kiosk's clock on sending, to tell its offset
    head: Sworn | None = None
    """The last of these links, sworn to by the device: it can never show another one there."""


class Push(Batch, frozen=True, kw_only=True):
    """POST /v1/devices/{id}/events."""

    events: tuple[EventRecord, ...]


class PushAsTold(Batch, frozen=True, kw_only=True):
    """A Push as the centre reads it: what each event says is read with its hash."""

    events: tuple[EventAsTold, ...]


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What the centre found about one event; informs, never refuses."""

    sequence: int
    kind: str  # quarantined | conflict | head
    reason: str = ""


class Pushed(msgspec.Struct, frozen=True, kw_only=True):
    """200: everything up to `cursor` is durable; believed only if `chain_head` is ours there."""

    epoch: str
    cursor: int
    chain_head: str
    server_time: datetime
    notices: tuple[Notice, ...] = ()
    anchor: Sworn | None = None
    """`chain_head` at `cursor`, sworn to by the centre; None from one that holds no key."""
    counter: int = 0
    """As HeartbeatReply's, where the batch told of a counter."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Any other answer (RFC 9457 names). `cursor` with kind "gap" or "fork"; `server_time` where
    a token was refused for its time, so that a kiosk with a wrong clock can still get through."""

    kind: str
    detail: str = ""
    cursor: int = -1
    chain_head: str = ""
    server_time: datetime | None = None


class Heartbeat(msgspec.Struct, frozen=True, kw_only=True):
    """POST /v1/devices/{id}/heartbeat."""

    time: datetime
    version: str
    epoch: str
    cursor: int
    chain_head: str
    queued: int
    oldest_queued_s: int = 0
    policy_number: int = 0
    troubles: tuple[str, ...] = ()
    disk_free_mb: int = -1
    inodes_free: int = -1
    clock_offset_ms: int | None = None
    """What to add to the kiosk's clock to meet the centre's; right to `clock_error_ms`."""
    clock_error_ms: int | None = None
    boot_id: str = ""
    checked_s: int | None = None  # since the ledger was last looked over and found whole
    circuit: str = ""  # sync.agent.circuit.Circuit
    missed: int = 0  # calls in vain since the last heartbeat that arrived
    settings_version: int = 0  # of the centre's settings that are in force


class HeartbeatReply(msgspec.Struct, frozen=True, kw_only=True):
    server_time: datetime
    policy_number: int = 0
    settings_version: int = 0
    revoked: bool = False
    cursor: int = -1
    """Where the centre stands in the epoch that the heartbeat named; -1 from a centre that does
    not say. Behind the kiosk's own: rewind, even with nothing new to send."""
    fork: bool = False
    keys_version: int = 0  # of the newest key ring; a hint only, the ring itself is signed
    knows_offsets: bool = False  # whether events may carry `offset_ms`
    commands: int = 0  # the newest command that waits; a hint as `settings_version` is
    anchor: Sworn | None = None
    """What the centre holds at `cursor`, sworn to; None from one that holds no key."""
    photos: tuple[str, ...] = ()
    """Photographs that this kiosk's drops name and that are not here, some of them: to be sent,
    though they were acknowledged once."""
    book: int = 0
    """The number of the newest counter book of the kiosk's site, 0 for none; a hint only."""
    counter: int = 0
    """Above the last place of CounterFacts where others told something since; a hint, as `commands`
    is."""


MAX_PHOTO = 1 << 20
"""Bytes of one photograph; kiosks make them much smaller."""


MAX_SCREEN = 256 << 10
"""Bytes of one picture of a kiosk's screen; they travel as photographs do."""


class PhotoHeld(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to PUT /v1/devices/{id}/photos/{sha256}/{start}, whose body is a part of that
    file from byte `start` on. `have` bytes of it are durable; the next part begins there. Where
    the part did not begin there it was passed over. Only files that an event names are taken:
    photographs of a drop's goods, and pictures of a kiosk's screen."""

    have: int
    done: bool
    server_time: datetime


class Recall(msgspec.Struct, frozen=True, kw_only=True):
    """POST /v1/devices/{id}/recall: a kiosk that lost records asks for the drops that were
    accepted of it. `after` is a place that an answer named, "" for the beginning."""

    after: str = ""


class Recalled(msgspec.Struct, frozen=True, kw_only=True):
    """A page of them in the order in which they came, and where to go on if there are `more`."""

    events: tuple[EventRecord, ...]
    after: str
    more: bool


class CounterFact(msgspec.Struct, frozen=True, kw_only=True):
    """A fact of a staffed counter as another one hears it (kiosk.domain.counter.facts), with its
    stamp: the hybrid clock of whoever told it, and who that was ("centre" for the centre)."""

    hlc: str
    device: str
    type: str
    data: dict[str, Any]


class CounterFacts(msgspec.Struct, frozen=True, kw_only=True):
    """GET /v1/devices/{id}/counter/facts/{after}: what other counters of the kiosk's site told, and
    the centre itself, after that place in the centre's order; 0 is the beginning. Places are in
    the path, which is signed. `after` is where to go on, at once if there are `more`; otherwise
    after `again_s` seconds, or, where that is 0, when an answer hints at more: at a number that is
    above the last place. `anew`: the centre lost the place that was asked for, and tells from the
    beginning; what is known already changes nothing."""

    facts: tuple[CounterFact, ...]
    after: int
    more: bool = False
    again_s: int = 0
    anew: bool = False


class Enrol(msgspec.Struct, frozen=True, kw_only=True):
    """POST /v1/enrol. `proof` signs `code` with the new key (hex); it shows the key is held."""

    code: str
    public_key: str
    proof: str
    version: str


class Enrolled(msgspec.Struct, frozen=True, kw_only=True):
    device_id: str
    tenant: str
    site: str
    kiosk_code: str
    bundle_keys: dict[str, str]  # kid -> Ed25519 public key, hex
    server_time: datetime


class Rotate(msgspec.Struct, frozen=True, kw_only=True):
    """POST /v1/devices/{id}/key, signed with the key in force. `public_key` is the new one, hex;
    `proof` is `proven` signed with it."""

    public_key: str
    proof: str

    @staticmethod
    def proven(device_id: str, public_key: str) -> bytes:
        """What the new key signs: nobody can bring in a key that is another's."""
        return f"takeback device key\0{device_id}\0{public_key}".encode()


class Rotated(msgspec.Struct, frozen=True, kw_only=True):
    """The key in force from now on; the one before it still lets in for a while."""

    public_key: str
    server_time: datetime


class BundleFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a bundle; fetched from /v1/policy/files/{sha256}, gzip over JSON lines.

    "full" is the whole at this bundle, "base" the whole at the earlier bundle `at`, to be followed
    by the deltas from there; "delta" turns bundle `base` into bundle `at`. A base may already hold
    a change that a later delta says again, so deltas are laid over it, newest last. Rows are in
    ascending order of their return id's code points. `unpacked` (bytes) and `rows` are limits and
    promises alike."""

    name: str  # "policy" | "authorisations"
    size: int
    sha256: str
    kind: str = "full"  # full | base | delta
    unpacked: int = 0
    rows: int = 0
    base: int = 0
    at: int = 0


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a policy bundle consists of; travels inside a signed envelope (kiosk.seal.envelope).

    `scope` is "all" or "device/<id>". `keys_version` names the newest key ring (KeyRing)."""

    tenant: str
    scope: str
    number: int
    previous: int
    issued: datetime
    warn_after: datetime
    accept_until: datetime
    min_client: str = "0"
    files: tuple[BundleFile, ...]
    keys_version: int = 0


class BundleKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that may sign bundles from `not_before` until `not_after`; None is no limit."""

    kid: str
    public: str  # Ed25519, hex
    not_before: datetime | None = None
    not_after: datetime | None = None


class KeyRing(msgspec.Struct, frozen=True, kw_only=True):
    """All keys that may sign from now on, and the names of those that never may again. Travels in
    an envelope signed by a key that the kiosk already trusts."""

    tenant: str
    version: int
    issued: datetime
    keys: tuple[BundleKey, ...]
    revoked: tuple[str, ...] = ()


class KeyRings(msgspec.Struct, frozen=True, kw_only=True):
    """GET /v1/policy/keys: the latest rings, oldest first, each a signed envelope as text."""

    rings: tuple[str, ...]


class DeviceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What one kiosk's settings are in place of its file's, by dotted name: the whole of it, so
    that what an earlier version said and this one does not is no more. Travels in an envelope
    signed like a bundle (sync.wire.orders)."""

    tenant: str
    device_id: str
    version: int
    issued: datetime
    values: dict[str, Any]


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do, once (kiosk.store.orders.CommandKind); nobody does it after `expires`.
    Travels as DeviceSettings does."""

    tenant: str
    device_id: str
    number: int
    kind: str
    issued: datetime
    expires: datetime


class Orders(msgspec.Struct, frozen=True, kw_only=True):
    """GET /v1/devices/{id}/orders: the newest settings ("" for none) and the commands that wait,
    each a signed envelope as base64."""

    settings: str = ""
    commands: tuple[str, ...] = ()


class TimeAsk(msgspec.Struct, frozen=True, kw_only=True):
    """POST /v1/devices/{id}/time. `nonce` is fresh randomness, hex; nobody else knows it."""

    nonce: str


class TimeTold(msgspec.Struct, frozen=True, kw_only=True):
    """The answer, in an envelope signed like a bundle: it cannot be older than its nonce."""

    tenant: str
    device_id: str
    nonce: str
    time: datetime
