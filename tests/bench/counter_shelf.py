"""How soon the shelf is on the screen after a pick-up code was scanned, with 20,000 parcels on the
shelves; beside a bare look-up by an indexed key in SQLite, in the same run. And how long the fold
of their 60,000 facts takes at the start. `make bench ARGS=counter_shelf`.

Timed is `kiosk.flows.counter.step.step` from the `Scanned` event to the session with the shelf on
it, over a real desk and ledger; drawing it is not.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from datetime import time as hour
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.app.committing import Promisor
from kiosk.app.counter.desk import Desk
from kiosk.domain import codes
from kiosk.domain.codes.model import PickUpCode
from kiosk.domain.counter.book import Book
from kiosk.domain.counter.commands import Role
from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.holding import Opening
from kiosk.domain.counter.outbound_facts import ShelfSet
from kiosk.domain.counter.parcel_facts import ParcelReceived, ParcelShelved, PickUpCodeIssued
from kiosk.domain.counter.pick_up import digest
from kiosk.domain.counter.proving import Proof, ProofRule
from kiosk.domain.counter.rules import Rules
from kiosk.domain.staff import sessions
from kiosk.domain.staff.people import Member, Roster
from kiosk.flows.counter.model import Bar, Key, Pressed, Printable, Session, Timing, Tone
from kiosk.flows.counter.states.desk import Home
from kiosk.flows.counter.states.outbound import HandingOut
from kiosk.flows.counter.step import initial, step
from kiosk.ports import Scanned, Symbology
from kiosk.seal.keys import SigningKey
from kiosk.store import Store, events, open_store, peppers
from kiosk.store.counter import ToldFact
from kiosk.store.counter_signatures import SignatureFiles
from kiosk.world import SystemClock, SystemIds
from tests.bench.environment import percentile

PARCELS, SHELVES, SCANS = 20_000, 400, 2_000
GOAL_MS = 50
PEPPER = hashlib.sha256(b"bench").digest()
ANNA = Member("anna", "Anna", frozenset({Role.ASSOCIATE}), must_choose_pin=False)
TIMING = Timing()


class Pins:
    """Nobody signs in here."""

    nobodys = ""

    def make(self, pin: str) -> str:
        return pin

    def matches(self, verifier: str, pin: str) -> bool:
        return verifier == pin


class Wired(Desk):
    """What the composition adds, without devices."""

    def bar(self) -> Bar:
        return Bar()

    def cue(self, tone: Tone) -> None:
        pass

    def print(self, what: Printable) -> int:
        raise AssertionError(what)

    def visit(self) -> tuple[object, object]:  # type: ignore[override]
        raise AssertionError


def run() -> list[str]:
    dice = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with closing(open_store(place / "data", SystemClock(), SystemIds())) as store:
            peppers.keep(place / "data", (("p", PEPPER),), SystemIds())
            _fill(store)
            desk = _desk(store)
            begun = time.perf_counter()
            desk.begin(_book())
            fold = time.perf_counter() - begun
            values = dice.sample(range(PARCELS), SCANS)
            with closing(_bare(place / "bare.db")) as bare:
                ours, theirs = _taking_turns(desk, bare, values)
    return list(_told(ours, theirs, fold))


def _taking_turns(
    desk: Wired, bare: sqlite3.Connection, values: list[int]
) -> tuple[list[float], list[float]]:
    session, ours, theirs = _signed_in(desk), [], []
    codes.prepare()
    for at, value in enumerate(values):
        text = codes.pick_up_code(value)
        scan = Scanned(text, text.encode(), Symbology.QR, "]Q1", "gun", 0.0)
        begun = time.perf_counter()
        after = step(session, scan, desk, TIMING)
        took = time.perf_counter() - begun
        assert isinstance(after.screen, HandingOut), after.screen
        assert after.screen.plan.stops[0].shelf_id == _shelf(value)
        session = step(after, Pressed(Key.BACK), desk, TIMING)
        assert isinstance(session.screen, Home)
        begun = time.perf_counter()
        found = bare.execute("SELECT shelf FROM parcels WHERE code = ?", (_digest(value),))
        assert found.fetchone()[0] == _shelf(value)
        bare_took = time.perf_counter() - begun
        if at >= SCANS // 20:  # the first ones make what is made once
            ours.append(took)
            theirs.append(bare_took)
    return ours, theirs


def _told(ours: list[float], theirs: list[float], fold: float) -> Iterator[str]:
    yield f"counter_shelf: {PARCELS:,} parcels on {SHELVES} shelves, {len(ours):,} codes scanned"
    yield "                             p50 ms   p95 ms   p99 ms"
    rows = (("scan to shelf on the session", ours), ("bare look-up by a key", theirs))
    for name, times in rows:
        shares = [percentile(times, share) * 1e3 for share in (0.5, 0.95, 0.99)]
        yield f"  {name:28}" + "".join(f"{value:7.3f}  " for value in shares).rstrip()
    ratio = percentile(ours, 0.95) / percentile(theirs, 0.95)
    met = "met" if percentile(ours, 0.95) * 1e3 < GOAL_MS else "MISSED"
    yield f"  of the p95: {ratio:.1f} look-ups; goal under {GOAL_MS} ms: {met}"
    rate = 3 * PARCELS / fold
    yield f"  start: {3 * PARCELS:,} facts read and folded in {fold:.2f} s, {rate:,.0f} a second"


def _desk(store: Store) -> Wired:
    clock, ids = SystemClock(), SystemIds()
    me = Promisor("K1", "counter-1", SigningKey("counter-1", PEPPER))
    return Wired(store, clock, ids, me, Pins(), SignatureFiles(store.directory, ids))


def _signed_in(desk: Wired) -> Session:
    at = desk.at()
    staff = sessions.Screen(sessions.Session("anna", at, at))
    return replace(initial(TIMING), screen=Home(), staff=staff)


def _book() -> Book:
    opening = Opening(ZoneInfo("Europe/Berlin"), {day: hour(18) for day in range(6)})
    rules = Rules(opening, proofs={"dhl": ProofRule(frozenset({Proof.CODE}))})
    shelves = tuple(ShelfSet(f"S{n}", f"zone {n % 9}", 60) for n in range(SHELVES))
    roster = Roster(1, (ANNA,))
    times = sessions.Times(idle=1 << 30, absolute=1 << 30)
    issued = SystemClock().now()
    return Book(1, issued, roster, rules, times=times, shelves=shelves, peppers=("p",))


def _shelf(value: int) -> str:
    return f"S{value % SHELVES}"


def _digest(value: int) -> str:
    found = codes.parse_pick_up(codes.typed_pick_up_code(value))
    assert isinstance(found, PickUpCode)
    return digest(found, PEPPER)


def _facts() -> Iterator[Fact]:
    """Of each parcel three, as they come about over a day: all received, coded, shelved."""
    came = date(2025, 3, 10)
    until = (came + timedelta(days=366)).isoformat()
    for value in range(PARCELS):
        yield ParcelReceived(f"0034043416109{value:07d}", "dhl", came.isoformat(), until, "anna")
    for value in range(PARCELS):
        yield PickUpCodeIssued((f"0034043416109{value:07d}",), _digest(value))
    for value in range(PARCELS):
        yield ParcelShelved(f"0034043416109{value:07d}", _shelf(value), "anna")


def _fill(store: Store) -> None:
    told = [
        ToldFact(
            f"{0x195_0000_0000 + at:012x}-0000",
            "counter-2",
            fact.type,
            events.canonical_form(events.facts(fact)).decode(),
        )
        for at, fact in enumerate(_facts())
    ]
    _desk(store).premises.facts.hear(told, len(told))


def _bare(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE parcels (number TEXT, code TEXT UNIQUE, shelf TEXT)")
    rows = [(f"P{value}", _digest(value), _shelf(value)) for value in range(PARCELS)]
    connection.executemany("INSERT INTO parcels VALUES (?, ?, ?)", rows)
    connection.commit()
    return connection
