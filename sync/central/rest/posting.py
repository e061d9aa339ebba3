"""One POST to an address that somebody else wrote: bounded in time and size, no redirect followed,
connected to the very address that was looked at."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import h11

from sync.central.rest.targets import Targets

DEADLINE_S = 10.0
LARGEST_HEAD = 16 << 10
_PART = 8 << 10
_DEFAULT_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer's status, and the seconds that Retry-After asks for, 0 for none. Its body is not
    read: nobody here has a use for it."""

    status: int
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    """No answer; `fault` is for the delivery log: refused, timed_out, unknown_host, ..."""

    fault: str


async def post(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    targets: Targets,
    deadline_s: float = DEADLINE_S,
) -> Answered | Failed:
    """All of it within the deadline: the name, the connection, TLS, and the answer's head."""
    if targets.problem(url):
        return Failed("not_allowed")
    try:
        async with asyncio.timeout(deadline_s):
            return await _post(url, headers, body, targets)
    except TimeoutError:
        return Failed("timed_out")
    except socket.gaierror:
        return Failed("unknown_host")
    except ssl.SSLError:
        return Failed("tls")
    except h11.RemoteProtocolError:
        return Failed("no_http")
    except (OSError, UnicodeError):  # UnicodeError: a host name that IDNA cannot encode
        return Failed("no_connection")


async def _post(
    url: str, headers: Mapping[str, str], body: bytes, targets: Targets
) -> Answered | Failed:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme]
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(one[4][0]).partition("%")[0] for one in found))
    # All must fit: a name that points inside as well is no accident.
    if not addresses or not all(targets.fits(ip_address(one)) for one in addresses):
        return Failed("not_allowed")
    tls = ssl.create_default_context() if parts.scheme == "https" else None
    reader, writer = await asyncio.open_connection(
        addresses[0], port, ssl=tls, server_hostname=host if tls else None, limit=LARGEST_HEAD
    )
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        told = {"host": parts.netloc, "connection": "close", "content-length": str(len(body))}
        request = h11.Request(method="POST", target=target, headers=[*{**headers, **told}.items()])
        machine = h11.Connection(h11.CLIENT, max_incomplete_event_size=LARGEST_HEAD)
        for event in (request, h11.Data(data=body), h11.EndOfMessage()):
            writer.write(machine.send(event) or b"")
        await writer.drain()
        return await _head(machine, reader)
    finally:
        writer.transport.abort()


async def _head(machine: h11.Connection, reader: asyncio.StreamReader) -> Answered | Failed:
    while True:
        event = machine.next_event()
        if event is h11.NEED_DATA:
            machine.receive_data(await reader.read(_PART))
        elif isinstance(event, h11.Response):
            return Answered(event.status_code, _retry_after(event))
        elif not isinstance(event, h11.InformationalResponse):
            return Failed("no_http")


def _retry_after(answer: h11.Response) -> int:
    """In seconds; a date is passed over, our own back-off then counts."""
    told = next((value for name, value in answer.headers if name == b"retry-after"), b"")
    return int(told) if told.isdigit() and len(told) < 7 else 0
