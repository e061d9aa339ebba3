"""What a kiosk tells the world, written down the moment it does, for who looks after a power cut.

Each telling is one line of JSON with a `kind`. From the moment of the telling the world may rely
on it, so no later cut may take it back:

- `promised`: the receipt's screen is shown; number, return and bag.
- `sent`: an event is about to leave for the centre; epoch, sequence and hash.
- `paper`: the state of a receipt's job, before the first byte goes to the printer and after.
- `policy`: a bundle is in force; its number and what it says.
- `time`: the highest time was put down.
- `returns`: not a promise; which returns there are to ask for.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import pytest

from kiosk.app.printing import Receipts
from kiosk.domain.visit import CommittedDrop
from kiosk.store import Store
from kiosk.store.outbox import Outbox
from kiosk.store.policy_cache import PolicyCache
from kiosk.store.policy_file import ActivePolicy

T = TypeVar("T")


def fingerprint(policy: ActivePolicy, returns: Sequence[str]) -> str:
    """A digest of all that the bundle in force says about these returns and their merchants."""
    said = hashlib.sha256(repr((policy.info, policy.content)).encode())
    for return_id in sorted(returns):
        said.update(repr(policy.find_return(return_id)).encode())
    return said.hexdigest()


class Telling:
    """Writes to the file `told`, which the recorder watches."""

    def __init__(self, told: Path, returns: Sequence[str]) -> None:
        self._file = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._returns = returns
        self._lock = threading.Lock()
        self._lines: set[str] = set()
        if returns:
            self.tell("returns", ids=list(returns))

    def tell(self, kind: str, **facts: object) -> None:
        """Once: what was told already is known."""
        line = json.dumps({"kind": kind, **facts})
        with self._lock:
            if line not in self._lines:
                os.write(self._file, line.encode() + b"\n")
                self._lines.add(line)

    def promised(self, drop: CommittedDrop) -> None:
        self.tell("promised", number=drop.drop_number, drop=drop.drop_id, bag=drop.bag_id)

    def listen(self, patch: pytest.MonkeyPatch) -> None:
        """To every kiosk of this process."""
        for owner, name, hear in (
            (Outbox, "next_batch", self._sent),
            (PolicyCache, "install", self._policy),
            (PolicyCache, "apply", self._policy),
            (PolicyCache, "merge", self._policy),
            (Receipts, "begin", self._begun),
            (Receipts, "settle", self._settled),
            (Store, "keep_time", self._time),
        ):
            patch.setattr(owner, name, after(getattr(owner, name), hear))

    def _sent(self, batch: Any, outbox: Outbox, *_: object, **__: object) -> None:
        for event in () if batch is None else batch.events[-1:]:
            self.tell("sent", epoch=event.epoch, sequence=event.sequence, chain=event.chain)

    def _policy(self, _: object, cache: PolicyCache, *__: object, **___: object) -> None:
        policy = cache.current()
        assert policy is not None
        said = fingerprint(policy, self._returns)
        self.tell("policy", number=policy.number, said=said)

    def _begun(self, _: object, receipts: Receipts, drop_id: str) -> None:
        self.tell("paper", drop=drop_id, state="printing")

    def _settled(self, _: object, receipts: Receipts, drop_id: str, __: object) -> None:
        with receipts._store.look() as work:
            job = work.drops.print_job(drop_id)
        assert job is not None
        self.tell("paper", drop=drop_id, state=job.state)

    def _time(self, _: object, store: Store) -> None:
        self.tell("time", ms=store._kept_ms)


def after(method: Callable[..., T], hear: Callable[..., None]) -> Callable[..., T]:
    """`hear(result, self, ...)` when the method has come back."""

    @wraps(method)
    def heard(*args: Any, **kwargs: Any) -> T:
        result = method(*args, **kwargs)
        hear(result, *args, **kwargs)
        return result

    return heard
