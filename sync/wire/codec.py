"""Between bytes, wire messages, chain links and facts. No I/O; refusals are values.

Compression: gzip (RFC 1952), always unpacked against a limit that is checked while unpacking.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

import msgspec

from kiosk.domain import canonical, chain, events
from sync.wire.messages import MAX_BODY, Envelope, EventAsTold, EventRecord, Push, PushAsTold

T = TypeVar("T")


class Inexact:
    """A number of a pushed event that is not whole. Its text differs between machines, so no
    chain can cover it: an event that holds one has no canonical form."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


def _plainly(value: object) -> object:
    if isinstance(value, Inexact):
        return float(value.text)
    raise TypeError(f"{type(value).__name__} does not travel")


_ENCODER = msgspec.json.Encoder(order="sorted", enc_hook=_plainly)
_SEALER = msgspec.json.Encoder(order="sorted")
_FACTS: dict[str, Any] = {
    type_: msgspec.json.Decoder(kind) for type_, kind in events.EVENTS.items()
}
_READERS: dict[type[Any], Any] = {}
_DATA = msgspec.json.Decoder(dict[str, Any], float_hook=Inexact)
_ENVELOPE = Envelope.__struct_fields__
SOURCE = "takeback/device/"
MAX_UNPACKED = 8 << 20  # an event body packs about 8:1; more is somebody's bomb
MAX_DEPTH = 12


class _Sealed(msgspec.Struct, kw_only=True):
    """`chain.body`, with what is told in it as its JSON. The fields stand in their sorted order."""

    data: msgspec.Raw
    hlc: str
    monotonic_ms: int
    offset_ms: int | msgspec.UnsetType = msgspec.UNSET
    policyversion: int
    subject: str
    time: str
    type: str


class Stored(Protocol):
    """What the outbox keeps of one event (kiosk.store.outbox.StoredEvent)."""

    @property
    def epoch(self) -> str: ...
    @property
    def sequence(self) -> int: ...
    @property
    def id(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def time(self) -> datetime: ...
    @property
    def subject(self) -> str: ...
    @property
    def hlc(self) -> str: ...
    @property
    def monotonic_ms(self) -> int: ...
    @property
    def policyversion(self) -> int: ...
    @property
    def data(self) -> dict[str, Any]: ...
    @property
    def chain(self) -> str: ...
    @property
    def offset_ms(self) -> int | None: ...


def encode(value: object) -> bytes:
    """A message as JSON with sorted keys."""
    return _ENCODER.encode(value)


def decode(data: bytes, type_: type[T]) -> T | None:
    """The message, or None where the bytes are not one: not JSON, wrong shape, too deep."""
    try:
        read: T = _reader(type_).decode(data)
        return read
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _reader(type_: type[Any]) -> Any:
    found = _READERS.get(type_)
    if found is None:
        hook = Inexact if type_ is Push else None
        found = _READERS[type_] = msgspec.json.Decoder(type_, float_hook=hook)
    return found


def pack(data: bytes) -> bytes:
    """Gzip without a time stamp, so that the same content has the same hash."""
    return gzip.compress(data, compresslevel=6, mtime=0)


def unpack(data: bytes, limit: int) -> bytes | None:
    """The unpacked bytes, or None: not gzip, cut, trailing junk, or more than `limit` bytes."""
    machine = zlib.decompressobj(wbits=31)
    try:
        out = machine.decompress(data, limit + 1)
    except zlib.error:
        return None
    if len(out) > limit or not machine.eof or machine.unused_data:
        return None
    return out


def record(stored: Stored, device_id: str, withheld: str = "") -> EventRecord:
    """An outbox row as it travels; with `withheld` the body stays at home."""
    return EventRecord(
        source=SOURCE + device_id,
        id=stored.id,
        type=stored.type,
        time=stored.time,
        subject=stored.subject,
        epoch=stored.epoch,
        sequence=stored.sequence,
        chain=stored.chain,
        hlc=stored.hlc,
        monotonic_ms=stored.monotonic_ms,
        policyversion=stored.policyversion,
        offset_ms=stored.offset_ms,
        data={} if withheld else stored.data,
        withheld=withheld,
    )


def body(event: EventRecord) -> dict[str, object]:
    """The part of an event that its hash covers."""
    return dict(
        chain.body(
            event.type,
            event.time,
            event.subject,
            event.hlc,
            event.monotonic_ms,
            event.policyversion,
            event.data,
            event.offset_ms,
        )
    )


def sealed(event: EventRecord) -> bytes | None:
    """The canonical form of what its hash covers; None where it has none (a number that is not
    whole, a lone surrogate), so no kiosk of ours can have written it."""
    try:
        return canonical.encode(body(event))
    except (TypeError, ValueError, RecursionError):
        return None


def sealed_as_told(event: EventRecord) -> bytes | None:
    """As `sealed`, of an event that `decode` has read as part of a Push: of that, msgspec's sorted
    form is `canonical`'s, byte by byte, in a small part of the time. What it refuses is put to
    `canonical` itself."""
    try:
        return _SEALER.encode(body(event))
    except (TypeError, ValueError, RecursionError):
        return sealed(event)


def read_quickly(event: EventAsTold) -> tuple[bytes, events.Event] | None:
    """What `sealed_as_told` and `fact` give, of an event that is of a known type and whose `data`
    came in its canonical form, with every field that this version knows: as kiosks of this version
    send it. None for any other, which says nothing against it.

    That the form is canonical is proven by making it anew out of what was read."""
    reader = _FACTS.get(event.type)
    if reader is None:
        return None
    try:
        known = reader.decode(event.data)
        if _SEALER.encode(known) != bytes(event.data):
            return None
        return _SEALER.encode(_sealed(event)), known
    except (msgspec.MsgspecError, TypeError, ValueError, OverflowError, RecursionError):
        return None


def _sealed(event: EventAsTold) -> _Sealed:
    return _Sealed(
        data=event.data,
        hlc=event.hlc,
        monotonic_ms=event.monotonic_ms,
        offset_ms=msgspec.UNSET if event.offset_ms is None else event.offset_ms,
        policyversion=event.policyversion,
        subject=event.subject,
        time=chain.moment(event.time),
        type=event.type,
    )


def as_told(push: Push) -> PushAsTold:
    """As the centre reads it."""
    return msgspec.json.decode(encode(push), type=PushAsTold)


def read(event: EventAsTold) -> EventRecord | None:
    """The whole event; None where its `data` is no JSON object."""
    try:
        data = _DATA.decode(event.data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    told = {name: getattr(event, name) for name in _ENVELOPE}
    return EventRecord(**told, data=data)


def link(previous: str, event: EventRecord, form: bytes | None = None) -> str | None:
    """The hash this event must carry after `previous`; None where its body has no canonical
    form. `form` is what `sealed` gave, where that is at hand."""
    known = sealed(event) if form is None else form
    return None if known is None else _link_over(previous, event, known)


def link_as_told(previous: str, event: Envelope, form: bytes) -> str | None:
    """As `link`, of an event and a form that `sealed_as_told` knows."""
    try:
        place = _SEALER.encode((previous, event.epoch, event.sequence, event.id))
    except (TypeError, ValueError):
        return _link_over(previous, event, form)
    return chain.link_at(place, form)


def _link_over(previous: str, event: Envelope, form: bytes) -> str | None:
    try:
        return chain.link_over(previous, event.epoch, event.sequence, event.id, form)
    except (TypeError, ValueError, RecursionError):
        return None


def fact(type_: str, data: Mapping[str, object]) -> events.Event | str | None:
    """The known fact, None for a type this version does not know, or what is wrong with it."""
    known = events.EVENTS.get(type_)
    if known is None:
        return None
    try:
        return msgspec.convert(data, type=known)
    except msgspec.ValidationError as error:
        return str(error)[:200]


def nests(data: bytes) -> bool:
    """Whether JSON could not be read for its nesting alone."""
    try:
        msgspec.json.decode(data)
    except RecursionError:
        return True
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False
    return False


def depth(value: object, limit: int = MAX_DEPTH) -> bool:
    """Whether a decoded JSON value nests no deeper than `limit`."""
    if limit < 0:
        return False
    match value:
        case dict():
            return all(depth(v, limit - 1) for v in value.values())
        case list():
            return all(depth(v, limit - 1) for v in value)
        case _:
            return True


__all__ = [
    "MAX_BODY",
    "MAX_UNPACKED",
    "as_told",
    "body",
    "decode",
    "depth",
    "encode",
    "fact",
    "link",
    "link_as_told",
    "nests",
    "pack",
    "read",
    "read_quickly",
    "record",
    "sealed",
    "sealed_as_told",
    "unpack",
]
