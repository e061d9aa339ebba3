"""What an authorisation takes in its row, and how long it takes to write and to read: the form in
use (kiosk.store.policy_rows) beside those that were tried."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from typing import Any

import msgspec

from kiosk.domain.returns import Authorisation
from kiosk.store import policy_rows
from tests.bench import policy_shop

SAMPLE = 2_000
ROUNDS = 7

Form = tuple[Callable[[Any], bytes], Callable[[Any], Authorisation]]


def _deflated() -> Form:
    """JSON text, each row by itself, without a dictionary."""
    write = msgspec.json.Encoder().encode
    read = msgspec.json.Decoder(Authorisation).decode
    return lambda one: zlib.compress(write(one), 1), lambda body: read(zlib.decompress(body))


FORMS: dict[str, Form] = {
    "JSON text": (msgspec.json.Encoder().encode, msgspec.json.Decoder(Authorisation).decode),
    "MessagePack": (
        msgspec.msgpack.Encoder().encode,
        msgspec.msgpack.Decoder(Authorisation).decode,
    ),
    "JSON, deflated": _deflated(),
    "in use": (policy_rows.encode, policy_rows.decode),
}


def run() -> list[str]:
    rows = [policy_shop.authorisation(number) for number in range(SAMPLE)]
    lines = [f"policy_rows: {SAMPLE:,} authorisations      bytes a row   write us    read us"]
    for name, (write, read) in FORMS.items():
        bodies = [write(one) for one in rows]
        assert [read(body) for body in bodies] == rows
        size = sum(map(len, bodies)) / SAMPLE
        writing, reading = _best(write, rows), _best(read, bodies)
        lines.append(f"  {name:36} {size:10.0f} {writing:10.1f} {reading:10.1f}")
    return lines


def _best(work: Callable[[Any], object], given: list[Any]) -> float:
    """Microseconds for one, of the quickest round."""
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for one in given:
            work(one)
        best = min(best, time.perf_counter() - begun)
    return best / len(given) * 1e6
