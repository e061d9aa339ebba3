"""The policy cache with ROWS authorisations (1,000,000 unless told; 10,000,000 for the full run).

Files go to a folder below TMPDIR: about 0.5 GB a million. FILES=folder keeps them there, and uses
what an earlier run left: loading takes nearly all of the time. CHANGES=0 measures the verdicts
only and leaves the file as it is.

What is measured beside our own, in the same run and taking turns with it: one look-up by primary
key with Python's sqlite3 in the very same file, and one Ed25519 verification with `cryptography`,
its key made before. Every turn of either has a return of its own, drawn alike, so that neither
finds its row nearer at hand; both are told at the same percentiles.

A verdict is what kiosk.app does with a signed code once its bytes are read: `finding.find` checks
the signature and looks the return up, `judging.items` evaluates fifteen rules over all its lines.
Its parts are timed apart, in turns of their own. By the other keys there is no signature to
check: those verdicts are told without a ratio.

Times are told twice: as the clock on the wall has them, and as time that this thread had a
processor. On a machine with other work the late ones by the wall are those that had to wait for
a processor, whatever they did.
"""

from __future__ import annotations

import itertools
import os
import random
import resource
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.app import finding, judging
from kiosk.app.finding import Found
from kiosk.domain import codes
from kiosk.domain.codes.model import Code, SignedReturn, Unreadable
from kiosk.domain.policy.model import Context, Verdict
from kiosk.domain.returns import Authorisation
from kiosk.seal import cose
from kiosk.seal.codes import ReturnClaims
from kiosk.store import Store, open_store
from kiosk.store.policy_file import ActivePolicy
from kiosk.world import SystemClock, SystemIds
from tests.bench import policy_shop as shop
from tests.bench.crowd import size
from tests.bench.environment import percentile

TURNS = 20_000
BARE = "bare look-up + Ed25519"
SIGNED_CODE = "verdict by signed code"
PARTS = ("- signature", "- look-up", "- evaluation")
TYPED = ("verdict by short code", "verdict by order")
DELTA = 100  # one row in so many changes
TARGET = 2.0


def run() -> list[str]:
    rows, turns = size("ROWS", 1_000_000), size("TURNS", TURNS)
    with tempfile.TemporaryDirectory(prefix="policy-bench-") as made:
        folder = Path(os.environ.get("FILES", made))
        store = open_store(folder / "kiosk", SystemClock(), SystemIds())
        try:
            return list(_lines(store, folder, rows, turns))
        finally:
            store.close()


def _lines(store: Store, scratch: Path, rows: int, turns: int) -> Iterator[str]:
    found = store.policy.current()
    if found is not None:
        rows = found.below().rows
    yield f"policy_cache: {rows:,} authorisations, {turns:,} turns"
    if found is None:
        yield from _load(store, scratch, rows)
    else:
        yield f"  file        {found.whole.stat().st_size / 1e6:8.0f} MB, of an earlier run"
    bench = Bench(store, rows, turns)
    yield from bench.verdicts("file and layer" if _active(store).base else "whole file")
    if not size("CHANGES", 1):
        return
    changed = rows // DELTA
    yield from bench.while_(f"a delta of {changed:,}", lambda: _apply(store, rows, changed))
    yield from bench.verdicts("file and layer")
    yield from bench.while_("the layer is merged", store.policy.merge)


# --- loading ------------------------------------------------------------------------------------


def _load(store: Store, scratch: Path, rows: int) -> Iterator[str]:
    sample = min(rows, 50_000)
    making = _timed(lambda: [None for _ in shop.authorisations(sample)]) * rows / sample
    before = _peak_mb()
    took = _timed(
        lambda: store.policy.install(
            **_info(1), content=shop.content(1), authorisations=shop.authorisations(rows)
        )
    )
    ours = _active(store).path
    peak = _peak_mb() - before
    bare = scratch / "bare.db"
    bare_took = _timed(lambda: _bare_load(ours, bare))
    checked = _timed(lambda: _quick_check(ours))
    yield (
        f"  load        {took:8.1f} s ({making:.1f} s of it making the rows);"
        f" bare sqlite3 {bare_took:.1f} s: {(took - making) / bare_took:.1f} times;"
        f" quick_check {checked:.1f} s of it"
    )
    mine, theirs = ours.stat().st_size / 1e6, bare.stat().st_size / 1e6
    yield f"  file        {mine:8.0f} MB; bare sqlite3 {theirs:.0f} MB: {mine / theirs:.2f} times"
    yield f"  memory      {peak:8.0f} MB more at its peak while loading"
    bare.unlink()


def _bare_load(ours: Path, path: Path) -> None:
    """The same rows and columns out of our file into one that sqlite3 makes in its plainest way,
    with the same keys to look up by."""
    source = _bare_open(ours)
    target = sqlite3.connect(path, isolation_level=None)
    target.execute("PRAGMA journal_mode=OFF")
    target.execute("PRAGMA synchronous=OFF")
    target.execute("BEGIN")
    target.execute(
        "CREATE TABLE returns (return_id TEXT PRIMARY KEY, short_code TEXT, order_number TEXT,"
        " postal_code TEXT, body BLOB)"
    )
    target.execute("CREATE TABLE third_party (fingerprint TEXT, return_id TEXT)")
    target.executemany(
        "INSERT INTO returns VALUES (?, ?, ?, ?, ?)", source.execute("SELECT * FROM returns")
    )
    target.executemany(
        "INSERT INTO third_party VALUES (?, ?)", source.execute("SELECT * FROM third_party")
    )
    target.execute("CREATE INDEX by_short ON returns (short_code)")
    target.execute("CREATE INDEX by_order ON returns (order_number, postal_code)")
    target.execute("CREATE INDEX by_print ON third_party (fingerprint)")
    target.execute("COMMIT")
    target.close()
    source.close()


def _bare_open(path: Path) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, isolation_level=None)


def _quick_check(path: Path) -> None:
    connection = _bare_open(path)
    assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
    connection.close()


def _info(number: int) -> dict[str, Any]:
    return {
        "number": number,
        "previous": number - 1,
        "tenant": "bench",
        "scope": "all",
        "issued": shop.NOW,
        "warn_after": shop.NOW + timedelta(days=30),
        "accept_until": shop.NOW + timedelta(days=60),
    }


def _apply(store: Store, rows: int, changed: int) -> None:
    """Nine in ten changed or new, one in ten gone."""
    gone = changed // 10
    first = rows - (changed - gone) // 2
    base = store.policy.number
    store.policy.apply(
        **_info(base + 1),
        content=shop.content(base + 1),
        puts=map(shop.authorisation, range(first, first + changed - gone)),
        removes=map(shop.return_id, range(gone)),
        base=base,
    )


# --- verdicts -----------------------------------------------------------------------------------


class Bench:
    def __init__(self, store: Store, rows: int, turns: int) -> None:
        self.store, self.rows, self.turns = store, rows, turns
        self.dice = random.Random(4)
        self.presented: list[tuple[int, bytes]] = []

    def verdicts(self, what: str) -> Iterator[str]:
        """Ours and the bare one in turns; which of them is first changes too."""
        self.present(3 * self.turns)
        policy, base = _active(self.store), _bare_open(_active(self.store).whole)
        took: dict[str, list[Took]] = {name: [] for name in (BARE, SIGNED_CODE, *TYPED, *PARTS)}
        for turn, typed in zip(range(self.turns), itertools.cycle(TYPED), strict=False):
            if turn % 2:
                took[BARE].append(self._bare(base))
            took[SIGNED_CODE].append(self._verdict(policy, self._signed()))
            if not turn % 2:
                took[BARE].append(self._bare(base))
            took[typed].append(self._verdict(policy, self._typed(typed)))
            for name, part in zip(PARTS, self._parts(policy, self._signed()), strict=True):
                took[name].append(part)
        base.close()
        yield f"  {what}, in microseconds; behind it how often the bare one's at that percentile"
        heads = "".join(f"{head:>15}" for head in ("wall p50", "p99", "busy p50", "p99"))
        yield f"    {f'(p99: at most {TARGET})':21}{heads}"
        yield _row(BARE, took[BARE], took[BARE])
        yield _row(SIGNED_CODE, took[SIGNED_CODE], took[BARE])
        for name in PARTS:
            yield _row(name, took[name], took[BARE])
        for name in TYPED:
            yield _row(name, took[name], None)

    def while_(self, what: str, work: Callable[[], object]) -> Iterator[str]:
        """Verdicts, one after another, while `work` goes on in its own thread."""
        took: list[float] = []
        spent: list[float] = []
        self.present(self.turns)
        codes_again = itertools.cycle([SignedReturn(data) for _, data in self.presented])
        thread = threading.Thread(target=lambda: spent.append(_timed(work)))
        thread.start()
        while thread.is_alive():
            took.append(self._verdict(_active(self.store), next(codes_again)).wall)
        thread.join()
        yield (
            f"  while {what}: {spent[0]:.1f} s, {len(took):,} verdicts, p99"
            f" {percentile(took, 0.99) * 1e3:.2f} ms, slowest {max(took) * 1e3:.1f} ms"
        )

    def present(self, count: int) -> None:
        """So many codes of returns that are there (`_apply` takes the first away). Made before:
        whoever makes a code takes longer than whoever judges it."""
        gone = self.rows // DELTA // 10
        numbers = [self.dice.randrange(gone, self.rows) for _ in range(count)]
        self.presented = [(number, shop.signed(number)) for number in numbers]

    def _next(self) -> tuple[int, bytes]:
        return self.presented.pop()

    def _bare(self, base: sqlite3.Connection) -> Took:
        """Everything that need not be timed is made before."""
        number, data = self._next()
        key = shop.return_id(number)
        sign1 = cose.split(data)
        assert sign1 is not None
        message = cose.to_be_signed(sign1.protected, sign1.payload, b"")
        public = Ed25519PublicKey.from_public_bytes(shop.key_of(shop.shop_of(number)).public)
        begun = now()
        base.execute("SELECT body FROM returns WHERE return_id = ?", (key,)).fetchone()
        public.verify(sign1.signature, message)
        return now().since(begun)

    def _signed(self) -> SignedReturn:
        return SignedReturn(self._next()[1])

    def _typed(self, how: str) -> Code:
        wanted = shop.authorisation(self.dice.randrange(self.rows))
        if how == TYPED[0]:
            code: Code | Unreadable = codes.parse_short(wanted.short_code)
        else:
            code = codes.parse_order(wanted.order_number, wanted.postal_code)
        assert not isinstance(code, Unreadable)
        return code

    def _verdict(self, policy: ActivePolicy, code: Code) -> Took:
        begun = now()
        found = finding.find(code, policy, shop.NOW, _never)
        if isinstance(found, Found):
            _judge(policy, found.authorisation)
        return now().since(begun)

    def _parts(self, policy: ActivePolicy, code: SignedReturn) -> tuple[Took, Took, Took]:
        """Signature, look-up, evaluation: the same calls as in `_verdict`, one by one."""
        begun = now()
        claims = policy.pinned.verify(code.cose, policy.content.audience, shop.NOW)
        verified = now()
        assert isinstance(claims, ReturnClaims)
        found = policy.find_return(claims.return_id)
        looked = now()
        if found is not None:
            _judge(policy, found)
        ended = now()
        return verified.since(begun), looked.since(verified), ended.since(looked)


def _judge(policy: ActivePolicy, found: Authorisation) -> None:
    merchant = policy.merchants[found.merchant_id]
    rules = policy.policy_for(merchant.merchant_id)
    items = judging.items(found, merchant, rules, Context(shop.NOW), {})
    assert all(isinstance(item.decision, Verdict) for item in items)


def _never(_: Authorisation) -> bool:
    """Nothing was dropped here before."""
    return False


class Took(NamedTuple):
    """Seconds, by the clock on the wall and by this thread's processor."""

    wall: float
    busy: float

    def since(self, earlier: Took) -> Took:
        return Took(self.wall - earlier.wall, self.busy - earlier.busy)


def now() -> Took:
    return Took(time.perf_counter(), time.thread_time())


def _row(name: str, took: list[Took], bare: list[Took] | None) -> str:
    """Without a ratio where there is nothing to compare with."""
    told = [f"    {name:26}"]
    for clock in (0, 1):
        for share in (0.5, 0.99):
            ours = percentile([one[clock] * 1e6 for one in took], share)
            plain = percentile([one[clock] * 1e6 for one in bare], share) if bare else 0.0
            told.append(f"{ours:8.0f} {ours / plain:5.2f}" if bare else f"{ours:8.0f}      ")
    return " ".join(told)


def _active(store: Store) -> ActivePolicy:
    found = store.policy.current()
    assert found is not None
    return found


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
