"""kill -9 in the middle of a visit, and a new start on what is left.

Nothing that was promised is lost, nothing half done stays, the bag is free or holds its drop, and
the centre that the demo had started does not stay behind as an orphan.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from drivers.virtual import held
from kiosk.core import Core
from kiosk.domain.reasons import Why
from kiosk.flows.model import Attract, Items, Receipt, Session
from kiosk.flows.turns import problem_of
from kiosk.ports import Bitmap, Symbology
from kiosk.profiles.shopper import Shopper
from kiosk.settings import Centre, Scanner, Settings
from kiosk.waking import wake
from kiosk.world import SystemClock, SystemIds
from sync.agent.pace import Pace
from sync.central.serve import CentralServer

pytestmark = [pytest.mark.timeout(180), pytest.mark.usefixtures("nothing_runs_on")]

PATIENCE_S = 60.0
PACE = Pace(beat=1.0, policy=5.0, first_contact=0.0, retry_least=0.2, retry_most=0.6)
STEPS = [
    "the kiosk is ready",
    "a sentence for a foreign code",
    "the items",
    "the bag",
    "the promise",
    "the paper",
    "the end of the visit",
    "everything is wiped",
    "already dropped",
]
PROMISED = STEPS.index("the promise")


@dataclass
class Victim:
    """A journey under way. `last` is the last step that it told of before it was killed."""

    process: subprocess.Popen[str]
    lines: queue.Queue[str]
    last: str = ""

    def until(self, step: str) -> None:
        ends = time.monotonic() + PATIENCE_S
        while self.last != step:
            line = self.lines.get(timeout=max(0.1, ends - time.monotonic()))
            assert "FAILED" not in line, line
            self._note(line)

    def kill(self) -> list[int]:
        """kill -9; the processes that it had started itself."""
        children = _children(self.process.pid)
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        while not self.lines.empty():
            self._note(self.lines.get())
        return children

    def _note(self, line: str) -> None:
        if line.startswith("step: "):
            self.last = line.removeprefix("step: ").rsplit(" (", 1)[0]

    @property
    def promised(self) -> bool:
        """Whether it had told of the promise: a shopper then held the receipt's screen."""
        return self.last in STEPS[PROMISED:]


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


@pytest.fixture
def start(tmp_path: Path, journey_command) -> Iterator[Callable[..., Victim]]:
    """Starts a journey in this test's folder, to be killed."""
    victims: list[Victim] = []

    def begin(*arguments: str) -> Victim:
        process = subprocess.Popen(
            journey_command(tmp_path / "data", tmp_path / "out", *arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        lines: queue.Queue[str] = queue.Queue()
        stdout = process.stdout

        def read() -> None:
            for line in stdout:
                lines.put(line)

        threading.Thread(target=read, daemon=True).start()
        victims.append(Victim(process, lines))
        return victims[-1]

    yield begin
    for victim in victims:
        if victim.process.poll() is None:
            victim.process.kill()
            victim.process.wait()
        victim.process.stdout.close()


def look_at_what_is_left(world, victim: Victim) -> str:
    """The ledger before anybody has put anything right; the number of the drop, if there is one."""
    store = world.ledger()
    try:
        assert store.outbox.verify() is None
        with store.look() as work:

            def ask(sql: str) -> list[tuple]:
                return [tuple(row) for row in work._connection.execute(text(sql))]

            found = ask("SELECT state, drop_id, drop_number, bag_id FROM drops")
            committed = [row for row in found if row[0] == "committed"]
            if victim.promised:
                assert len(committed) == 1, "a promise that was shown is lost"
            if victim.last in ("", *STEPS[: PROMISED - 1]):
                assert committed == [], "promised before there was a bag"
            ids = [drop_id for _, drop_id, _, _ in committed]
            bags = [bag for _, _, _, bag in committed]
            assert [d for (d,) in ask("SELECT DISTINCT drop_id FROM drop_lines")] == ids
            assert [d for (d,) in ask("SELECT drop_id FROM print_jobs")] == ids
            assert [d for (d,) in ask("SELECT drop_id FROM redeemed_codes")] == ids
            assert [b for (b,) in ask("SELECT bag_id FROM bags WHERE released_at IS NULL")] == bags
            told = ask("SELECT subject FROM events WHERE type = 'takeback.drop.committed.v1'")
            assert [d for (d,) in told] == ids
            assert all(state in ("open", "decided", "committed") for state, *_ in found)
            return committed[0][2] if committed else ""
    finally:
        store.close()


class Eyes:
    def __init__(self) -> None:
        self.now: Session | None = None
        self._more = threading.Condition()

    def __call__(self, session: Session) -> None:
        with self._more:
            self.now = session
            self._more.notify_all()

    def wait(self, fits: Callable[[Session], bool], what: str) -> Session:
        with self._more:
            came = self._more.wait_for(lambda: self.now and fits(self.now), PATIENCE_S)
            assert came, f"{what} did not come, but {self.now}"
            return self.now


@contextmanager
def started_again(world) -> Iterator[tuple[Core, Eyes]]:
    """The same kiosk's core on the same data, with its centre up again and without a window."""
    server = CentralServer(world.central, SystemClock(), SystemIds())
    server.start()
    eyes = Eyes()
    settings = Settings(
        data_dir=str(world.data / "kiosk"),
        centre=Centre(url=server.url, timeout_s=5.0),
        scanners=(Scanner(name="hands", driver="virtual-camera", options={"fps": 10}),),
    )
    core = wake(
        settings,
        Shopper(eyes),
        lambda *_: Bitmap(8, 1, b"\x00"),
        lambda *_: None,
        threading.Event(),
        pace=PACE,
    )
    assert core is not None
    try:
        yield core, eyes
    finally:
        core.stop()
        server.stop()


def goes_on(world, number: str) -> None:
    """Start again: what was promised arrives, what was not can be dropped off now."""
    wanted, bag = world.sample.find("three"), world.sample.bags[0]
    with started_again(world) as (core, eyes):
        eyes.wait(lambda s: isinstance(s.screen, Attract), "the first screen")
        camera = core.scanners["hands"]
        camera.present(held.phone(wanted.signed_code))
        if number:
            told = eyes.wait(lambda s: problem_of(s.screen) is not None, "a sentence")
            problem = problem_of(told.screen)
            assert problem.why is Why.RETURN_ALREADY_DROPPED
            assert problem.values["drop_number"] == number
        else:
            eyes.wait(lambda s: isinstance(s.screen, Items), "the items")
            camera.present(held.bag(bag, bag, Symbology.CODE_128))
            promise = eyes.wait(lambda s: isinstance(s.screen, Receipt), "the promise")
            number = promise.screen.drop.drop_number
        ends = time.monotonic() + PATIENCE_S
        while core.store.outbox.position().queued and time.monotonic() < ends:
            threading.Event().wait(0.05)
        assert core.store.outbox.position().queued == 0
        assert core.store.outbox.verify() is None
    (arrived,) = world.arrived
    assert (arrived["drop_number"], arrived["return_id"]) == (number, wanted.return_id)
    assert arrived["bag_id"] == bag
    assert world.cases == []


def killed_and_gone_on(world, victim: Victim) -> None:
    for child in victim.kill():
        ends = time.monotonic() + PATIENCE_S
        while not _gone(child):
            assert time.monotonic() < ends, "the centre stays behind as an orphan"
            threading.Event().wait(0.05)
    goes_on(world, look_at_what_is_left(world, victim))


@pytest.mark.parametrize("step", ["the items", "the promise"])
def test_at_a_step(start, left_behind, step) -> None:
    victim = start()
    victim.until(step)
    killed_and_gone_on(left_behind, victim)


def test_in_the_moment_of_the_promise_with_the_centre_down(start, left_behind) -> None:
    """The bag is before the camera; a third of a second later the drop is committed."""
    victim = start("--offline")
    victim.until("the bag")
    time.sleep(0.3)
    killed_and_gone_on(left_behind, victim)


@pytest.mark.long
@pytest.mark.parametrize("offline", [(), ("--offline",)], ids=["online", "offline"])
@pytest.mark.parametrize("step", STEPS)
def test_at_every_step(start, left_behind, step, offline) -> None:
    victim = start(*offline)
    victim.until(step)
    killed_and_gone_on(left_behind, victim)


@pytest.mark.long
@pytest.mark.parametrize("after_ms", range(0, 700, 35))
def test_at_many_moments_round_the_promise(start, left_behind, after_ms) -> None:
    victim = start()
    victim.until("the bag")
    time.sleep(after_ms / 1000)
    killed_and_gone_on(left_behind, victim)


@pytest.mark.long
@pytest.mark.parametrize("after_s", [0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0])
def test_while_it_starts_and_then_a_whole_journey(start, left_behind, journey, after_s) -> None:
    """Half a demo in a folder is no folder that cannot be used any more."""
    victim = start()
    time.sleep(after_s)
    victim.kill()
    done = journey(data=left_behind.data)
    assert done.code == 0, done.said + done.complained
    (arrived,) = done.arrived
    assert arrived["drop_number"] == done.proof().drop_number
