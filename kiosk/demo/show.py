"""The demo itself: a window, its dock or its script, and a world round them."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from kiosk import logbook
from kiosk.demo.world import HANDS, QUICK, World, cameras
from kiosk.flows.model import Session
from kiosk.glimpse import of

if TYPE_CHECKING:
    from drivers.virtual.printer import Slip
    from kiosk.core import Core
    from kiosk.demo.journey import Until
    from kiosk.flows.model import FlowEvent

S = TypeVar("S")

SIZES = {"portrait": (1080, 1920), "landscape": (1920, 1080)}
DOCK = (900, 960)
VNC_PORT = 5900
MM_PER_SECOND = 150  # a common receipt printer's


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asked for."""

    folder: Path
    out: Path
    journey: bool = False
    offline: bool = False
    camera: Path | None = None
    language: str = "en"
    orientation: str = "portrait"
    timezone: str = "UTC"
    vnc_port: int = VNC_PORT
    counter: bool = False


def say(sentence: str) -> None:
    print(sentence, flush=True)


def has_screen() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def run(wishes: Wishes) -> int:
    """Exit code: 0 when the window was closed or the journey came to its end."""
    _choose_platform(wishes)
    logging.basicConfig(
        filename=wishes.folder / "kiosk.log",
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s",
    )
    logbook.begin()
    if wishes.camera is not None and not _can_be_shown(wishes.camera):
        return 2
    if wishes.counter:
        return _counter(wishes)
    world = World(wishes.folder)
    try:
        world.centre.launch()
        return _scripted(world, wishes) if wishes.journey else _by_hand(world, wishes)
    finally:
        world.close()


def _counter(wishes: Wishes) -> int:
    from kiosk.demo.counter import show
    from kiosk.demo.counter.world import CounterWorld

    world = CounterWorld(wishes.folder)
    try:
        world.centre.launch()
        return show.scripted(world, wishes) if wishes.journey else show.by_hand(world, wishes)
    finally:
        world.close()


def _can_be_shown(file: Path) -> bool:
    from drivers.scanners.camera.sources import file_source

    try:
        file_source(file, True, time.monotonic)
    except ValueError as error:
        print(f"takeback: {error}", file=sys.stderr)
        return False
    return True


def _choose_platform(wishes: Wishes) -> None:
    """Before Qt is imported: a journey draws unseen, a demo without a screen over VNC."""
    wishes.folder.mkdir(parents=True, exist_ok=True)
    wishes.out.mkdir(parents=True, exist_ok=True)
    if wishes.journey:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ["QT_QUICK_BACKEND"] = "software"
    elif not has_screen() and "QT_QPA_PLATFORM" not in os.environ:
        from ui import vnc

        width, height = _window_size(wishes.orientation)
        os.environ["QT_QPA_PLATFORM"] = vnc.platform(width + DOCK[0], max(height, DOCK[1]))
        os.environ["QT_QUICK_BACKEND"] = "software"


def _window_size(orientation: str) -> tuple[int, int]:
    """Half the canvas: kiosk and dock fit beside each other on a common monitor."""
    width, height = SIZES[orientation]
    return width // 2, height // 2


# --- by hand -------------------------------------------------------------------------------------


def _by_hand(world: World, wishes: Wishes) -> int:
    from kiosk.bootstrap import Installation, shopper
    from kiosk.demo.hands import LEVERS, Hands
    from ui.dock import Dock, open_window

    serve_window(wishes)
    hands = Hands(world)
    say("drawing phones, labels and bags")
    dock = Dock(hands.cards(), LEVERS, hands.hold, hands.pull)

    def paper(slip: Slip) -> None:
        if slip.path is not None:
            dock.paper_came(slip.path)

    world.open(paper, MM_PER_SECOND)
    settings = world.settings(cameras(wishes.camera), wishes.timezone)

    def watch(session: Session) -> None:
        dock.status_is(_status(session))

    def built(core: Core[FlowEvent]) -> None:
        hands.take(core.scanners, HANDS)

    size = _window_size(wishes.orientation)
    installation = Installation(
        shopper(), of(settings), lambda: settings, size=size, watch=watch, built=built, pace=QUICK
    )
    window = open_window(installation.window.engine, dock, size[0], *DOCK)
    window.closing.connect(installation.window.quit)
    installation.window.window.closing.connect(installation.window.quit)
    say(
        f"back office: {world.centre.url}  (sign in as {world.sample.admin}, "
        f"password {world.sample.password})"
    )
    say(f"everything lies in {wishes.folder}")
    say("close the window or press Ctrl+C to end")
    return installation.run()


def serve_window(wishes: Wishes) -> None:
    """Over VNC, where there is no screen."""
    if not os.environ.get("QT_QPA_PLATFORM", "").startswith("vnc"):
        return
    from ui import vnc
    from ui.app import application

    application()
    taken = vnc.hold_to_loopback(wishes.vnc_port)
    say("there is no screen here, so the window is served over VNC, on loopback only:")
    say(f"point a VNC viewer at 127.0.0.1:{taken}")


def _status(session: Session) -> str:
    troubles = ", ".join(sorted(t.value for t in session.service.troubles)) or "none"
    return (
        f"Screen: {type(session.screen).__name__}. Waiting for the centre: "
        f"{session.service.queued}. Policy bundle {session.service.policy_number}. "
        f"Troubles: {troubles}."
    )


# --- by script -----------------------------------------------------------------------------------


def _scripted(world: World, wishes: Wishes) -> int:
    from kiosk.bootstrap import Installation, shopper
    from kiosk.demo.hands import Hands
    from kiosk.demo.journey import Stage, play
    from ui.drive import Hand

    hands = Hands(world)
    world.open(None, 0)
    settings = world.settings(cameras(wishes.camera), wishes.timezone)
    told: list[Session] = []
    installation = Installation(
        shopper(),
        of(settings),
        lambda: settings,
        size=SIZES[wishes.orientation],
        reduced_motion=True,
        watch=told.append,
        built=lambda core: hands.take(core.scanners, HANDS),
        pace=QUICK,
    )
    kiosk = installation.window
    stage = Stage(
        world,
        hands,
        Hand(kiosk.window, lambda: kiosk.props),
        wishes.out,
        wishes.offline,
        wishes.camera is not None,
        wishes.language,
        say,
    )
    player = Player(stage, play(stage), told, installation.window.quit)
    player.start()
    installation.run()
    return player.code


class Onstage(Protocol[S]):
    """What a script's stage is to the player."""

    session: S

    @property
    def folder(self) -> Path: ...

    @property
    def pictures(self) -> int: ...

    @property
    def screen(self) -> object: ...

    @property
    def problem(self) -> object: ...

    def picture(self, name: str) -> None: ...


class Player(Generic[S]):
    """Plays a script on the GUI thread: looks every few milliseconds whether it may go on."""

    SETTLE_S = 0.35  # a screen is looked at when its parts have come to rest

    def __init__(
        self,
        stage: Onstage[S],
        script: Iterator[Until],
        told: list[S],
        leave: Callable[[], None],
    ) -> None:
        from ui.drive import Pulse

        self.code = 1
        self._stage = stage
        self._script = script
        self._told = told
        self._leave = leave
        self._waiting: Until | None = None
        self._began = self._met = 0.0
        self._pulse = Pulse(20, self._look)

    def start(self) -> None:
        self._pulse.start()

    def _look(self) -> None:
        from kiosk.demo.journey import StepFailed

        # One by one: the core's thread may add another between a look at the last and a clear().
        while self._told:
            self._stage.session = self._told.pop(0)
        try:
            self._go_on()
        except StopIteration:
            say(f"journey done: {self._stage.pictures} pictures in {self._stage.folder}")
            self._end(0)
        except StepFailed as failure:
            say(f"journey FAILED: {failure}")
            self._stage.picture("failed")
            self._end(1)
        except Exception:
            logging.getLogger("takeback").exception("the journey broke")
            say(f"journey FAILED: {sys.exc_info()[1]!r}")
            self._end(1)

    def _go_on(self) -> None:
        from kiosk.demo.journey import StepFailed

        now = time.monotonic()
        if self._waiting is not None and not self._met:
            if self._waiting.true():
                self._met = now
            elif now - self._began > self._waiting.within:
                here = type(self._stage.screen).__name__
                problem = self._stage.problem
                raise StepFailed(f"{self._waiting.what} did not come (on {here}, {problem})")
            return
        if self._waiting is not None:
            if now - self._met < self.SETTLE_S:
                return
            say(f"step: {self._waiting.what} ({self._met - self._began:.2f} s)")
        self._waiting, self._began, self._met = next(self._script), time.monotonic(), 0.0

    def _end(self, code: int) -> None:
        self._pulse.stop()
        self.code = code
        self._leave()
