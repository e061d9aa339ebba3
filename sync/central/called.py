"""A kiosk's request between the web and the work: who signed it, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from litestar import Request
from litestar.datastructures import State

from sync.central import callers
from sync.central.callers import Once
from sync.central.centre import Centre
from sync.central.devices import Device, Refused
from sync.central.watch import logs
from sync.wire import codec
from sync.wire.messages import Problem

T = TypeVar("T")
M = TypeVar("M")
Web = Request[None, None, State]


@dataclass(frozen=True, slots=True)
class Called:
    """A request as it came, to be answered on a thread of the pool."""

    centre: Centre
    device_id: str
    authorization: str
    method: str
    path: str
    encoding: str
    body: bytes

    def work(self, work: Callable[[Device, Once], T]) -> T | Refused:
        """For the kiosk that signed it, if it has not been answered before."""
        found = callers.signed(
            self.centre.database,
            self.centre.clock,
            self.device_id,
            self.authorization,
            self.method,
            self.path,
            self.body,
        )
        if isinstance(found, Refused):
            return found
        logs.note(tenant=found.device.tenant, device=self.device_id)
        try:
            return work(found.device, Once(self.centre.database, found))
        except callers.Spent:
            return callers.REPLAYED

    def told(self, type_: type[M], work: Callable[[Device, M, Once], T | Refused]) -> T | Refused:
        """As `work`, with the body as a message."""

        def read(device: Device, once: Once) -> T | Refused:
            ask = message(self.encoding, self.body, type_)
            return ask if isinstance(ask, Refused) else work(device, ask, once)

        return self.work(read)


async def called_by(request: Web, centre: Centre, device_id: str = "") -> Called:
    """`device_id` is that of the path; where it names none, a header does."""
    return Called(
        centre,
        device_id or request.headers.get(callers.DEVICE_HEADER, ""),
        request.headers.get("authorization", ""),
        str(request.method),
        request.scope["path"],
        request.headers.get("content-encoding", ""),
        await request.body(),
    )


def message(encoding: str, body: bytes, type_: type[T]) -> T | Refused:
    """The body as a message, unpacked within bounds."""
    match encoding:
        case "gzip":
            unpacked = codec.unpack(body, codec.MAX_UNPACKED)
        case "" | "identity":
            unpacked = body
        case _:
            return Refused(415, Problem(kind="bad_request", detail="content-encoding"))
    if unpacked is None:
        return Refused(413, Problem(kind="too_large", detail="cut, or unpacks beyond the limit"))
    read = codec.decode(unpacked, type_)
    if read is None:
        return Refused(400, Problem(kind="bad_request", detail="not this message"))
    return read
