"""The line between one kiosk and the centre, and all that it does to what travels on it.

It stands where `requests` hands bytes to the network, so that everything above it is the real
client. Each request meets at most one fault.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPResponse
from urllib3.exceptions import ProtocolError

from sync.wire import codec
from sync.wire.messages import Push

if TYPE_CHECKING:
    from tests.sim.kiosk import SimKiosk
    from tests.sim.world import World

TIMEOUT_S = 10.0
JSON = "application/json"


class Fault(StrEnum):
    """What may become of one request."""

    NONE = "none"
    LOST = "lost"  # nobody there: no name, no route
    HALF_OPEN = "half-open"  # taken, and never answered
    LOST_REPLY = "lost-reply"  # done at the centre, the answer lost
    DROPPED = "dropped"  # the kept connection was closed under it
    DROPPED_AFTER = "dropped-after"  # the same, after the centre had done it
    TWICE = "twice"  # the network repeats it; the second answer comes back
    LATE = "late"  # given up, and delivered minutes later
    CUT_ASK = "cut-ask"
    BENT_ASK = "bent-ask"
    CUT_REPLY = "cut-reply"
    BENT_REPLY = "bent-reply"
    OTHER_NUMBER = "other-number"  # one digit of the answer changed
    OLD_REPLY = "old-reply"  # somebody kept an earlier answer
    DRIP = "drip"
    PORTAL = "portal"  # 200, and a page to sign in
    OTHER_JSON = "other-json"  # 200, and somebody else's JSON
    REDIRECT = "redirect"
    BUSY = "busy"  # 503 without Retry-After
    BUSY_TOLD = "busy-told"
    BUSY_ABSURD = "busy-absurd"
    TOO_MANY = "too-many"  # 429
    BROKEN = "broken"  # 500
    NOT_THIS = "not-this"  # 400 from something on the way, for whatever is sent
    SHUT = "shut"  # 403 from something on the way


ANY = tuple(fault for fault in Fault if fault is not Fault.NONE)
_UNHEARD = frozenset({Fault.CUT_REPLY, Fault.DRIP, Fault.OLD_REPLY})
_ABSURD = ("-5", "1e99", "99999999999999999999", "soon", "Fri, 31 Dec 9999 23:59:59 GMT")
Said = tuple[int, Mapping[str, str], bytes]


class Line(BaseAdapter):
    """One kiosk's adapter. `weather` is what the next requests may meet and how likely;
    `kept` the last good answer for each path, as a cache on the way might keep it."""

    def __init__(self, world: World, kiosk: SimKiosk) -> None:
        super().__init__()
        self.world = world
        self.kiosk = kiosk
        self.weather: tuple[Fault, ...] = ()
        self.likely = 0.0
        self.meets = Fault.NONE
        self.overloaded = False
        self.kept: dict[str, Said] = {}

    def close(self) -> None:
        """Nothing is open."""

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        world, chance = self.world, self.world.chance
        world.requests += 1
        self.kiosk.burn()
        world.time.at += 0.02 + chance.random() * 0.3
        fault = Fault.NONE
        if self.weather and chance.random() < self.likely:
            fault = chance.choice(self.weather)
        self.meets = fault
        path = urlsplit(request.url or "").path
        body = request.body if isinstance(request.body, bytes) else b""
        if fault is not Fault.NONE:
            world.tell(f"{self.kiosk.name} {path.rpartition('/')[2]}: {fault}")
        self.overloaded = False
        said = self._meet(fault, request, path, body)
        if self.overloaded and fault not in _UNHEARD:
            world.told_to_wait(self.kiosk)
        world.time.at += 0.02 + chance.random() * 0.3
        self.kiosk.burn()
        status, headers, content = said
        if status == 200 and fault is Fault.NONE:
            self.kept[path] = said
        return self._response(request, status, headers, content, fault)

    # --- there ---

    def _meet(
        self, fault: Fault, request: requests.PreparedRequest, path: str, body: bytes
    ) -> Said:
        chance = self.world.chance
        match fault:
            case Fault.LOST:
                raise requests.ConnectionError("no route")
            case Fault.DROPPED:
                raise requests.ConnectionError(ProtocolError("closed"))
            case Fault.DROPPED_AFTER:
                self._deliver(request, path, body)
                raise requests.ConnectionError(ProtocolError("closed"))
            case Fault.HALF_OPEN:
                self._wait()
            case Fault.LOST_REPLY:
                self._deliver(request, path, body)
                self._wait()
            case Fault.LATE:
                headers = dict(request.headers)
                delay = chance.choice((30.0, 120.0, 280.0, 900.0))
                self.world.later(
                    delay, lambda: self._reach(str(request.method), path, headers, body)
                )
                self._wait()
            case Fault.TWICE:
                self._deliver(request, path, body)
            case Fault.CUT_ASK:
                body = body[: chance.randrange(len(body))] if body else body
            case Fault.BENT_ASK:
                body = bent(body, chance.randrange(max(1, 8 * len(body))))
            case Fault.PORTAL:
                return 200, {"Content-Type": "text/html"}, b"<html>Welcome</html>"
            case Fault.OTHER_JSON:
                return 200, {"Content-Type": JSON}, b'{"hello": 1}'
            case Fault.REDIRECT:
                return 302, {"Location": "/login"}, b""
            case Fault.BUSY:
                return 503, {}, b""
            case Fault.BUSY_TOLD:
                return 503, {"Retry-After": str(chance.randrange(600))}, b""
            case Fault.BUSY_ABSURD:
                return 503, {"Retry-After": chance.choice(_ABSURD)}, b""
            case Fault.TOO_MANY:
                return 429, {"Retry-After": "20"}, b""
            case Fault.BROKEN:
                return 500, {"Content-Type": "text/plain"}, b"oops"
            case Fault.NOT_THIS:
                return 400, {"Content-Type": "text/html"}, b"no"
            case Fault.SHUT:
                return 403, {"Content-Type": "text/html"}, b"no"
            case Fault.OLD_REPLY if path in self.kept:
                return self.kept[path]
            case _:
                pass
        return self._deliver(request, path, body)

    def _wait(self) -> None:
        self.world.time.at += TIMEOUT_S
        self.kiosk.burn()
        raise requests.ReadTimeout("nothing came")

    def _deliver(self, request: requests.PreparedRequest, path: str, body: bytes) -> Said:
        said = self._reach(str(request.method), path, dict(request.headers), body)
        self.kiosk.meanwhile()
        if said is None:
            raise requests.ConnectionError("nobody answered")
        return said

    def _reach(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Said | None:
        world = self.world
        wait = world.overloaded_until - world.time.at
        if wait > 0:
            self.overloaded = True
            return 503, {"Retry-After": str(int(wait) + 1)}, b'{"kind":"busy"}'
        if world.centre.down:
            return None
        if path.endswith("/events") and self._poisonous(body):
            return world.poison_status, {"Content-Type": "text/plain"}, b"blocked"
        said = world.centre.ask(method, path, headers, body)
        if said is None:
            world.tell("the centre died")
        return said

    def _poisonous(self, body: bytes) -> bool:
        """Whether something on the way takes offence at an event's content."""
        if not self.world.poisoned:
            return False
        unpacked = codec.unpack(body, codec.MAX_UNPACKED)
        push = None if unpacked is None else codec.decode(unpacked, Push)
        if push is None:
            return False
        return any(event.data and event.id in self.world.poisoned for event in push.events)

    # --- and back ---

    def _response(
        self,
        request: requests.PreparedRequest,
        status: int,
        headers: Mapping[str, str],
        content: bytes,
        fault: Fault,
    ) -> requests.Response:
        chance, stream = self.world.chance, io.BytesIO(content)
        match fault:
            case Fault.CUT_REPLY:
                stream = _Cut(content[: len(content) // 2])
            case Fault.BENT_REPLY if content:
                stream = io.BytesIO(bent(content, chance.randrange(8 * len(content))))
            case Fault.OTHER_NUMBER:
                digits = [i for i, byte in enumerate(content) if 48 <= byte <= 57]
                told = content.find(b'"cursor":') + len(b'"cursor":')
                if told in digits and chance.random() < 0.5:
                    digits = [told]  # where it would do most harm
                if digits:
                    at = chance.choice(digits)
                    digit = str(chance.randrange(10)).encode()
                    stream = io.BytesIO(content[:at] + digit + content[at + 1 :])
            case Fault.DRIP:
                stream = _Drip(content, self.world)
            case _:
                pass
        response = requests.Response()
        response.status_code = status
        response.headers = CaseInsensitiveDict(headers)
        response.url = str(request.url)
        response.request = request
        response.raw = HTTPResponse(stream, headers=dict(headers), preload_content=False)
        return response


def bent(content: bytes, bit: int) -> bytes:
    """`content` with one bit the other way."""
    if not content:
        return content
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


class _Cut(io.BytesIO):
    """Ends in the middle, as a connection does that is reset."""

    def read(self, size: int | None = -1, /) -> bytes:
        part = super().read(size)
        if not part:
            raise ProtocolError("the line broke")
        return part


class _Drip(io.BytesIO):
    """A byte now and then."""

    def __init__(self, content: bytes, world: World) -> None:
        super().__init__(content)
        self._world = world

    def read(self, size: int | None = -1, /) -> bytes:
        self._world.time.at += TIMEOUT_S + 1
        return super().read(size)
