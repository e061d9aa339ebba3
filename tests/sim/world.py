"""Kiosks, lines and a centre in one virtual time, one thing after the other."""

from __future__ import annotations

import heapq
import itertools
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.sim import photos
from tests.sim.kiosk import SimKiosk
from tests.sim.line import Fault
from tests.sim.truth import Broken, Truth

if TYPE_CHECKING:
    from kiosk.domain.visit import CommittedDrop
    from tests.sim.stage import Stage

LONGEST_WAIT_S = 3_600 * 1.2 + 300
"""No state of the agent may wait longer before it looks again."""
MOST_TURNS = 300
MOST_ASKED = 3
"""Requests that a kiosk may spend while the centre tells everybody when to come back. One whose
answer the line swallows does not count: nobody can keep a time that was not heard."""
_DROPS_OF = (
    "SELECT subject FROM events WHERE device_id = :d AND state = 'accepted'"
    " AND type LIKE '%drop.committed%'"
)


class World:
    """`chance` decides all faults; everything else follows from it. `quiet` once faults stopped.
    `poisoned` are events whose content something on the way refuses for ever; `pictures` all that
    was photographed."""

    def __init__(self, seed: int, stage: Stage, folder: Path) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.folder = folder
        self.time = stage.time
        self.ids = stage.ids
        self.centre = stage.centre
        self.truth = Truth()
        self.kiosks: list[SimKiosk] = []
        self.trace: list[str] = []
        self.quiet = False
        self.poisoned: set[str] = set()
        self.pictures: list[bytes] = []
        self.poison_status = self.chance.choice((400, 413, 422))
        self.revoked: set[str] = set()
        self.overloaded_until = -math.inf
        self.requests = 0
        self.turns = 0
        self._factory = stage.folder / "kiosks"
        self._asked: Counter[str] = Counter()
        self._later: list[tuple[float, int, Callable[[], object]]] = []
        self._order = itertools.count()
        self._bags = itertools.count(1)
        self._returns = 3 + self.chance.randrange(8)
        ballast = stage.folder / "ballast"
        if ballast.exists():
            (folder / "ballast").hardlink_to(ballast)

    # --- time ---

    def tell(self, what: str) -> None:
        self.trace.append(f"{self.time.at:10.1f}  {what}")

    def later(self, seconds: float, work: Callable[[], object]) -> None:
        heapq.heappush(self._later, (self.time.at + seconds, next(self._order), work))

    def run(self, until: float, settled: Callable[[], bool] = lambda: False) -> bool:
        """Let time run; whether `settled` became true before its end."""
        while True:
            next_due = min(self.kiosks, key=lambda kiosk: kiosk.due, default=None)
            due = math.inf if next_due is None else next_due.due
            at = self._later[0][0] if self._later else math.inf
            if min(due, at) > until:
                self.time.at = max(self.time.at, until)
                return False
            self.time.at = max(self.time.at, min(due, at))
            if at <= due or next_due is None:
                heapq.heappop(self._later)[2]()
                continue
            self._turn(next_due)
            if settled():
                return True

    def _turn(self, kiosk: SimKiosk) -> None:
        self.turns += 1
        if self.turns > MOST_TURNS:
            raise Broken(11, f"{kiosk.name} turns without end")
        kiosk.guard(kiosk.turn)

    def waits(self, kiosk: SimKiosk, seconds: float) -> None:
        if not 0 <= seconds <= LONGEST_WAIT_S:
            raise Broken(11, f"{kiosk.name} waits {seconds} s: no timer will wake it")

    # --- what shoppers bring ---

    def next_return(self) -> int:
        return self.chance.randrange(self._returns)

    def next_bag(self) -> int:
        return next(self._bags)

    def factory(self, device_id: str) -> Path:
        """The disk that a kiosk began with."""
        return self._factory / device_id.removeprefix("device-")

    # --- what must hold at once ---

    def promised(self, kiosk: SimKiosk, drop: CommittedDrop, allowed: bool) -> None:
        """A receipt was shown: it and its event are on the disk, under a policy in force."""
        if not allowed:
            raise Broken(9, f"{drop.drop_number} was taken outside a policy in force")
        found = kiosk.rows(
            "SELECT d.state, e.id, o.sequence FROM drops d LEFT JOIN events e ON"
            " e.subject = d.drop_id AND e.type LIKE '%drop.committed%' LEFT JOIN outbox o ON"
            f" o.event = e.number WHERE d.drop_id = '{drop.drop_id}'"
        )
        if not found or None in found[0] or found[0][0] != "committed":
            raise Broken(3, f"{drop.drop_number}: {found}")
        kiosk.observe()
        missing = set(self.truth.facts[found[0][1]].photos) - photos.held(kiosk.folder)
        if missing:
            raise Broken(15, f"{drop.drop_number} names {missing}, which is not on the disk")
        self.truth.promises[drop.drop_id] = drop

    def acknowledged(self, kiosk: SimKiosk, epoch: str, cursor: int) -> None:
        """The kiosk believes that the centre has it: so it must, and under the same hash."""
        if kiosk.line.meets is Fault.OLD_REPLY:
            return  # an answer that was true once
        ours = kiosk.rows(
            f"SELECT chain FROM outbox WHERE epoch = '{epoch}' AND sequence = {cursor}"
        )
        theirs = self.centre.rows(
            "SELECT chain FROM links WHERE device_id = :d AND epoch = :e AND sequence = :s",
            d=kiosk.device_id,
            e=epoch,
            s=cursor,
        )
        if not theirs or (ours and ours[0] != theirs[0]):
            raise Broken(5, f"{kiosk.name} believes {cursor} durable: ours {ours}, there {theirs}")

    def told_to_wait(self, kiosk: SimKiosk) -> None:
        """An overloaded centre's answer has come back."""
        self._asked[kiosk.name] += 1
        if self._asked[kiosk.name] > MOST_ASKED:
            raise Broken(13, f"{kiosk.name} asks again and again in an overload")

    def overload(self, seconds: float) -> None:
        self.overloaded_until = self.time.at + seconds
        self._asked.clear()

    @contextmanager
    def losing(self, kiosk: SimKiosk, now: str) -> Iterator[None]:
        """A disk goes, or a part of it: what had its last copy there is excused, nothing else."""
        self.must_be_somewhere()
        before, shown = self._held(), self._shown()
        yield
        self.truth.uprooted |= before - self._held()
        self.truth.torn |= shown - self._shown()
        self._excuse()
        self.tell(f"{kiosk.name} has {now}")

    def _excuse(self) -> None:
        self.truth.destroyed |= self.truth.must_exist() - self.somewhere()
        self.truth.unseen |= self.truth.must_show() - self.photographs()

    @contextmanager
    def forgetting(self) -> Iterator[None]:
        """The centre loses what it had last: every kiosk with its own disk still holds its part,
        for that is what the retention is for."""
        self.must_be_somewhere()
        yield
        gone = self.truth.must_exist() - self.somewhere()
        for name in sorted(gone - self.truth.uprooted):
            raise Broken(6, f"{name} was forgotten by its kiosk while the centre may need it")
        unseen = self.truth.must_show() - self.photographs()
        for name in sorted(unseen - self.truth.torn):
            raise Broken(15, f"photograph {name} was forgotten while the centre may need it")
        self._excuse()
        for kiosk in self.kiosks:
            kiosk.owed &= self.accepted(kiosk.device_id)

    def accepted(self, device_id: str) -> set[str]:
        """The drops that the centre has of this device."""
        return {row[0] for row in self.centre.rows(_DROPS_OF, d=device_id)}

    def photographs(self) -> set[str]:
        """All that are whole on a disk or at the centre."""
        rows = self.centre.rows("SELECT sha256 FROM photos WHERE came_at IS NOT NULL")
        return self._shown() | {row[0] for row in rows}

    def _shown(self) -> set[str]:
        return set().union(*(photos.held(kiosk.folder) for kiosk in self.kiosks))

    def somewhere(self) -> set[str]:
        """Every event that a disk or the centre holds."""
        return self._held() | {row[0] for row in self.centre.rows("SELECT id FROM events")}

    def _held(self) -> set[str]:
        found: set[str] = set()
        for kiosk in self.kiosks:
            found |= kiosk.held()
        return found

    def must_be_somewhere(self) -> None:
        lost = self.truth.must_exist() - self.somewhere()
        for name in sorted(lost):
            raise Broken(1, f"{name} {self.truth.facts[name].type} is nowhere")
        for name in sorted(self.truth.must_show() - self.photographs()):
            raise Broken(15, f"photograph {name} is nowhere")
