"""One signed request to the centre, and what came of it as a value.

Every answer is read within a size and a time limit; only what is plainly the centre's counts as
an answer, so that a hotel's sign-in page (200, HTML) is a network trouble like any other.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import requests
from urllib3.exceptions import ProtocolError

from kiosk.ports import Clock, Ids
from kiosk.seal import tokens
from kiosk.seal.keys import SigningKey
from sync.wire import codec
from sync.wire.messages import Problem

_LOG = logging.getLogger(__name__)

MAX_ANSWER = 1 << 20
DEVICE_HEADER = "Takeback-Device"
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
    """No answer that can be believed; `detail` is for the log."""

    detail: str


Answer = Ok | Refused | Busy | Away
DROPPED = Away("the connection was dropped")


@dataclass(slots=True)
class Client:
    """Not for two threads at once. `offset` is what to add to our clock to meet the centre's; it
    is learned only when the centre refuses a token for its time."""

    url: str
    device_id: str
    key: SigningKey
    clock: Clock
    ids: Ids
    version: str
    timeout_s: float
    offset: timedelta = timedelta()
    _session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.url = self.url.rstrip("/")
        # No .netrc: it would put its own Authorization in place of ours.
        self._session.trust_env = False

    def close(self) -> None:
        self._session.close()

    def post(self, path: str, message: object) -> Answer:
        """Send a message, gzipped."""
        body = codec.pack(codec.encode(message))
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        return self._call("POST", path, body, headers, MAX_ANSWER)

    def get(self, path: str, etag: str = "", limit: int = MAX_ANSWER) -> Answer:
        headers = {"If-None-Match": f'"{etag}"'} if etag else {}
        return self._call("GET", path, b"", headers, limit)

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
        return answer

    def _learn(self, problem: Problem) -> bool:
        """The centre's clock, where ours was the trouble. A liar gains nothing by it: the offset
        only dates our tokens."""
        there = problem.server_time
        if problem.detail not in _CLOCK_FAULTS or there is None or there.tzinfo is None:
            return False
        self.offset = there - self.clock.now()
        _LOG.warning("our clock and the centre's are %s apart", self.offset)
        return True

    def _once(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], limit: int
    ) -> Answer:
        now = self.clock.now() + self.offset
        nonce = f"{self.ids.token(128):032x}"
        token = tokens.issue(self.device_id, method, path, body, now, nonce, self.key)
        sent = {
            "Authorization": f"Takeback {token}",
            DEVICE_HEADER: self.device_id,
            "User-Agent": f"takeback/{self.version}",
            "Accept-Encoding": "identity",
            **headers,
        }
        return exchange(
            self._session, method, self.url + path, body, sent, self.clock, self.timeout_s, limit
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
                    return Away("an answer that drips")
            return _sort(response, b"".join(parts))
    except requests.ConnectionError as error:
        dropped = bool(error.args) and isinstance(error.args[0], ProtocolError)
        return DROPPED if dropped else Away(type(error).__name__)
    except (requests.RequestException, OSError, ValueError) as error:
        return Away(type(error).__name__)


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
