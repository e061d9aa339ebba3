"""One signed request to the centre, and what came of it as a value.

Every answer is read within a size and a time limit; only what is plainly the centre's counts as
an answer, so that a hotel's sign-in page (200, HTML) is a network trouble like any other.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import BinaryIO

import msgspec
import requests
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from kiosk.ports import Clock, Ids
from kiosk.seal import tokens
from kiosk.seal.keys import SigningKey
from kiosk.store.errors import failed
from sync.agent import bounded
from sync.agent.device_keys import DeviceKeys
from sync.agent.offsets import Offsets
from sync.wire import codec
from sync.wire.messages import Problem

_LOG = logging.getLogger(__name__)

MAX_ANSWER = 1 << 20
_SIP = 8 << 10  # what may be lost of a download where the line breaks
DEVICE_HEADER = "Takeback-Device"
_LONGEST_DETAIL = 300
_CLOCK_FAULTS = (tokens.Fault.EXPIRED.value, tokens.Fault.NOT_YET_VALID.value)


@dataclass(frozen=True, slots=True)
class Ok:
    """2xx or 304, wholly read."""

    status: int
    body: bytes
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The centre, or something on the way, said no for good."""

    status: int
    problem: Problem


@dataclass(frozen=True, slots=True)
class Busy:
    """Not now. `retry_after` is the header as it came; 503 is the place, 429 is us."""

    retry_after: str
    status: int = 503


@dataclass(frozen=True, slots=True)
class Away:
    """No answer that can be believed; `detail` is for the log. `cut` where a line was there and
    broke, or took too long: less at a time may get through."""

    detail: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Weight:
    """Of the last message that was sent: bytes before and after compression, and the seconds from
    its sending to its answer, or to the end of our patience."""

    plain: int = 0
    packed: int = 0
    took_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a file came and stands on the disk."""


Answer = Ok | Refused | Busy | Away
Download = Part | Refused | Busy | Away
DROPPED = Away("the connection was dropped", cut=True)


class _Timed(msgspec.Struct, frozen=True):
    """What many answers of the centre have in common."""

    server_time: datetime | None = None


@dataclass(slots=True)
class Client:
    """Not for two threads at once; the estimate of the centre's clock may be asked by any."""

    url: str
    device_id: str
    key: SigningKey
    clock: Clock
    ids: Ids
    version: str
    timeout_s: float
    session: requests.Session = field(default_factory=bounded.Session)
    """The port to the network; its adapter decides how bytes travel."""
    keys: DeviceKeys | None = None
    """What else to try when the centre does not know our key: another process has changed it, or
    we died while it was changed."""
    offsets: Offsets = field(init=False)
    weight: Weight = Weight()
    _asked: float = 0.0

    def __post_init__(self) -> None:
        self.offsets = Offsets(self.clock)
        self.url = self.url.rstrip("/")
        # No .netrc: it would put its own Authorization in place of ours.
        self.session.trust_env = False

    def close(self) -> None:
        self.session.close()

    @property
    def offset(self) -> timedelta:
        """What to add to our clock to meet the centre's; zero before the centre was ever heard."""
        found = self.offsets.estimate()
        return timedelta() if found is None else found.offset

    def post(self, path: str, message: object) -> Answer:
        """Send a message, gzipped."""
        plain = codec.encode(message)
        body = codec.pack(plain)
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        answer = self._call("POST", path, body, headers, MAX_ANSWER)
        self.weight = Weight(len(plain), len(body), self.clock.monotonic() - self._asked)
        return answer

    def put(self, path: str, body: bytes) -> Answer:
        """Bytes as they are."""
        headers = {"Content-Type": "application/octet-stream"}
        return self._call("PUT", path, body, headers, MAX_ANSWER)

    def get(self, path: str, etag: str = "", limit: int = MAX_ANSWER) -> Answer:
        headers = {"If-None-Match": f'"{etag}"'} if etag else {}
        return self._call("GET", path, b"", headers, limit)

    def download(
        self, path: str, etag: str, have: int, most: int, size: int, sink: BinaryIO
    ) -> Download:
        """Up to `most` bytes more of a file of `size` bytes that is named by its hash, after the
        `have` that `sink` holds already. What came is kept even where the line breaks. A server
        that knows no ranges sends the whole; a lost beginning is then begun again. Raises
        StoreFailed where the sink fails."""
        headers = {
            "Range": f"bytes={have}-{have + most - 1}",
            "If-Range": f'"{etag}"',
        }
        answer = self._fetch(path, headers, have, size, sink)
        if answer == DROPPED:
            answer = self._fetch(path, headers, have, size, sink)
        if isinstance(answer, Refused) and answer.status == 401 and self._learn(answer.problem):
            answer = self._fetch(path, headers, have, size, sink)
        return answer

    def _fetch(
        self, path: str, headers: Mapping[str, str], have: int, size: int, sink: BinaryIO
    ) -> Download:
        sent = {**self._signed("GET", path, b""), **headers}
        self._asked = self.clock.monotonic()
        return into(
            self.session, self.url + path, sent, self.clock, self.timeout_s, have, size, sink
        )

    def _call(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], limit: int
    ) -> Answer:
        answer = self._once(method, path, body, headers, limit)
        if answer == DROPPED:
            # A kept connection that was closed at the very moment we used it again: no sign that
            # the centre is away. Everything we send may come twice.
            answer = self._once(method, path, body, headers, limit)
        if isinstance(answer, Refused) and answer.status == 401 and self._learn(answer.problem):
            answer = self._once(method, path, body, headers, limit)
        if _unknown_key(answer) and self.keys is not None:
            answer = self._by_another_key(answer, method, path, body, headers, limit)
        return answer

    def _by_another_key(
        self,
        answer: Answer,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
        limit: int,
    ) -> Answer:
        before = self.key
        for key in self.keys.there() if self.keys is not None else ():
            if key.public == before.public:
                continue
            self.key = key
            again = self._once(method, path, body, headers, limit)
            if isinstance(again, Refused) and again.status == 401 and self._learn(again.problem):
                again = self._once(method, path, body, headers, limit)
            if isinstance(again, Ok) and self.keys is not None:
                _LOG.warning("the centre knows us by another of our keys")
                try:
                    self.keys.taken(key.public)
                except OSError:
                    _LOG.exception("the key that counts could not take its place; next time")
                return again
        self.key = before
        return answer

    def _learn(self, problem: Problem) -> bool:
        """The centre's clock, where ours was the trouble. A liar gains nothing by it: the offset
        only dates our tokens."""
        there = problem.server_time
        if problem.detail not in _CLOCK_FAULTS or there is None or there.tzinfo is None:
            return False
        now = self.clock.monotonic()
        self.offsets.refused(there, min(self._asked, now), now)
        _LOG.warning("our clock and the centre's are %s apart", self.offset)
        return True

    def _once(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], limit: int
    ) -> Answer:
        sent = {**self._signed(method, path, body), **headers}
        self._asked = self.clock.monotonic()
        answer = exchange(
            self.session, method, self.url + path, body, sent, self.clock, self.timeout_s, limit
        )
        if isinstance(answer, Ok) and method == "POST":
            told = codec.decode(answer.body, _Timed)
            if told is not None and told.server_time is not None:
                self.offsets.told(told.server_time, self._asked, self.clock.monotonic())
        return answer

    def _signed(self, method: str, path: str, body: bytes) -> dict[str, str]:
        now = self.clock.now() + self.offset
        nonce = f"{self.ids.token(128):032x}"
        token = tokens.issue(self.device_id, method, path, body, now, nonce, self.key)
        return {
            "Authorization": f"Takeback {token}",
            DEVICE_HEADER: self.device_id,
            "User-Agent": f"takeback/{self.version}",
            "Accept-Encoding": "identity",
        }


def _unknown_key(answer: Answer) -> bool:
    return (
        isinstance(answer, Refused)
        and answer.status == 401
        and answer.problem.detail == tokens.Fault.BAD_SIGNATURE.value
    )


def exchange(
    session: requests.Session,
    method: str,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    clock: Clock,
    timeout_s: float,
    limit: int,
) -> Answer:
    """One request and its answer. Never raises for what a network can do."""
    ends = clock.monotonic() + timeout_s
    try:
        with session.request(
            method,
            url,
            data=body or None,
            headers=dict(headers),
            timeout=timeout_s,
            allow_redirects=False,
            stream=True,
        ) as response:
            parts: list[bytes] = []
            size = 0
            for part in response.iter_content(64 << 10):
                size += len(part)
                parts.append(part)
                if size > limit:
                    return Away("an answer beyond its limit")
                if clock.monotonic() > ends:
                    return Away("an answer that drips", cut=True)
            return _sort(response, b"".join(parts))
    except (requests.RequestException, OSError, ValueError) as error:
        return _away(error)


def into(
    session: requests.Session,
    url: str,
    headers: Mapping[str, str],
    clock: Clock,
    timeout_s: float,
    have: int,
    size: int,
    sink: BinaryIO,
) -> Download:
    """One GET of a range, written as it comes. Raises StoreFailed for the sink, nothing else."""
    ends = clock.monotonic() + timeout_s
    try:
        with session.get(
            url, headers=dict(headers), timeout=timeout_s, allow_redirects=False, stream=True
        ) as response:
            if response.status_code not in (200, 206):
                answer = _sort(response, next(response.iter_content(MAX_ANSWER), b""))
                return Away(f"HTTP {response.status_code}") if isinstance(answer, Ok) else answer
            at = _begins(response)
            if at not in (0, have):
                return Away("not the bytes that were asked for")
            return _pour(response, sink, at, size, clock, ends)
    except (requests.RequestException, OSError, ValueError) as error:
        return _away(error)


def _away(error: Exception) -> Away:
    if isinstance(error, requests.exceptions.SSLError):
        return Away(f"TLS: {error}"[:_LONGEST_DETAIL])
    dropped = isinstance(error, requests.ConnectionError) and bool(error.args)
    if dropped and isinstance(error.args[0], ProtocolError):
        return DROPPED
    broke = requests.ReadTimeout | requests.exceptions.ChunkedEncodingError
    # A time-out in the body comes wrapped, one in the head does not.
    slow = dropped and isinstance(error.args[0], ReadTimeoutError)
    cut = slow or isinstance(error, broke)
    return Away(type(error).__name__, cut)


def _begins(response: requests.Response) -> int | None:
    """Where the bytes of this answer belong; None where it is not the centre's."""
    if response.headers.get("Content-Type", "").partition(";")[0].strip() != "application/gzip":
        return None
    if response.status_code == 200:
        return 0
    unit, _, rest = response.headers.get("Content-Range", "").partition(" ")
    start = rest.partition("-")[0]
    return int(start) if unit == "bytes" and start.isascii() and start.isdigit() else None


def _pour(
    response: requests.Response, sink: BinaryIO, at: int, size: int, clock: Clock, ends: float
) -> Download:
    try:
        sink.truncate(at)
    except OSError as error:
        raise failed(error) from error
    for part in response.iter_content(_SIP):
        at += len(part)
        if at > size:
            return Away("more than the file has")
        try:
            sink.write(part)
            sink.flush()
        except OSError as error:
            raise failed(error) from error
        if clock.monotonic() > ends:
            return Away("an answer that drips")
    return Part()


def _sort(response: requests.Response, body: bytes) -> Answer:
    status = response.status_code
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
    if status in (429, 503):
        return Busy(response.headers.get("Retry-After", ""), status)
    if status == 304 or (200 <= status < 300 and kind in ("application/json", "application/gzip")):
        return Ok(status, body, response.headers.get("ETag", "").strip('"'))
    if status in (408, 425) or not 400 <= status < 500:
        return Away(f"HTTP {status} {kind}")
    problem = codec.decode(body, Problem) if kind == "application/json" else None
    return Refused(status, problem or Problem(kind="", detail=f"HTTP {status}"))
