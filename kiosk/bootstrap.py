"""The composition root: the only place that knows every room, and joins them into a kiosk.

The window comes first, because a shopper must never face a dark panel: what needs time (store,
devices, agent) is imported by `kiosk.core` on a thread of its own while the window is drawn.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from kiosk import glimpse, logbook
from kiosk.glimpse import Glimpse
from kiosk.words import words

if TYPE_CHECKING:
    from kiosk.core import Core
    from kiosk.flows.counter.model import CounterEvent
    from kiosk.flows.counter.model import Session as AtCounter
    from kiosk.flows.model import FlowEvent, Session
    from kiosk.ports import Scanned
    from kiosk.profiles import Face
    from kiosk.settings import Settings
    from sync.agent.pace import Pace
    from ui.app import Kiosk
    from ui.face import Face as Window

S = TypeVar("S")
E = TypeVar("E")

log = logging.getLogger("takeback")

LANDSCAPE = (960, 540)
DEFAULT_SETTINGS = "/etc/takeback/takeback.toml"


class Mailbox(Generic[E]):
    """Where the window posts before the core lives; afterwards it passes straight on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Callable[[Core[E]], None]] = []
        self._core: Core[E] | None = None
        self._closed = False

    def post(self, event: E) -> None:
        self._pass(lambda core: core.post(event))

    def scanned(self, scan: Scanned) -> None:
        self._pass(lambda core: core.profile.scanned(scan))

    def attach(self, core: Core[E]) -> None:
        with self._lock:
            for waiting in self._waiting:
                waiting(core)
            self._waiting.clear()
            self._core, self._closed = core, False

    def detach(self) -> None:
        """Until the next core lives, nothing is passed on and nothing is kept."""
        with self._lock:
            self._core, self._closed = None, True

    def _pass(self, what: Callable[[Core[E]], None]) -> None:
        with self._lock:
            if self._core is not None:
                what(self._core)
            elif not self._closed:
                self._waiting.append(what)


@dataclass(frozen=True, slots=True)
class Kind(Generic[S, E]):
    """What a machine is: how its window looks, and what its core runs. Both are asked for once
    they are needed: the first frame waits for the one and not for the other."""

    window: Callable[[], Window[S, E]]
    profile: Callable[[Callable[[S], None]], Face[E]]


def shopper() -> Kind[Session, FlowEvent]:
    """The self-service kiosk."""

    def window() -> Window[Session, FlowEvent]:
        from ui.face import shopper

        return shopper()

    def profile(show: Callable[[Session], None]) -> Face[FlowEvent]:
        from kiosk.profiles.shopper import Shopper

        return Shopper(show)

    return Kind(window, profile)


def counter() -> Kind[AtCounter, CounterEvent]:
    """The staffed counter."""

    def window() -> Window[AtCounter, CounterEvent]:
        from ui.counter.face import counter

        return counter()

    def profile(show: Callable[[AtCounter], None]) -> Face[CounterEvent]:
        from kiosk.profiles.counter import Counter

        return Counter(show)

    return Kind(window, profile)


class Installation(Generic[S, E]):
    """A kiosk or a counter: the window on this thread, the core on its own.

    `look` is what the first frame needs; `settings` gives the whole, or raises SettingsError, on
    the core's thread. `size` is the window's where it does not fill the screen; `built` gets the
    core before it starts; `drawn` is called at the first frame.
    """

    def __init__(
        self,
        kind: Kind[S, E],
        look: Glimpse,
        settings: Callable[[], Settings],
        *,
        size: tuple[int, int] = (540, 960),
        reduced_motion: bool = False,
        watch: Callable[[S], None] | None = None,
        built: Callable[[Core[E]], None] | None = None,
        drawn: Callable[[], None] | None = None,
        pace: Pace | None = None,
    ) -> None:
        from ui.app import Kiosk
        from ui.burst import Bursts

        self._kind = kind
        self._settings = settings
        self._watch = watch
        self._built = built
        self._drawn = drawn
        self._pace = pace
        self._mailbox = Mailbox[E]()
        self._core: Core[E] | None = None
        self._code = 0
        self._waking: threading.Thread | None = None
        self._leaving = threading.Event()
        self._handing_over = threading.Lock()
        self.window: Kiosk[S, E] = Kiosk(
            kind.window(),
            self._mailbox.post,
            words,
            look.languages,
            look.theme,
            look.px_per_mm,
            full_screen=look.full_screen,
            size=size,
            reduced_motion=reduced_motion,
        )
        self._bursts = Bursts(self.window.window, self._typed)
        self.window.window.frameSwapped.connect(self._first_frame)
        self.window.begin(look.languages[0])

    def run(self) -> int:
        """Serve until the window is closed or a signal asks; answers the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.window.quit())
        try:
            self.window.run()
        finally:
            self.close()
        return self._code

    def close(self) -> None:
        with self._handing_over:
            self._leaving.set()
            if self._core is not None:
                self._core.let_go()
        if self._waking is not None:
            self._waking.join()
        if self._core is not None:
            self._core.stop()
            self._core = None
        self.window.close()

    def _show(self, session: S) -> None:
        self.window.show(session)
        if self._watch is not None:
            self._watch(session)

    def _typed(self, text: str) -> None:
        """A scanner of no settings typed into the window."""
        from drivers.scanners.held.typed import scanned
        from kiosk.world import SystemClock

        scan = scanned(text.encode(), "window", SystemClock().monotonic())
        if scan is not None:
            self._mailbox.scanned(scan)

    def _first_frame(self) -> None:
        self.window.window.frameSwapped.disconnect(self._first_frame)
        if self._drawn is not None:
            self._drawn()
        self._waking = threading.Thread(target=self._wake, name="waking", daemon=True)
        self._waking.start()

    def _wake(self) -> None:
        from kiosk.ports import Trouble
        from kiosk.settings import SettingsError
        from kiosk.waking import keep_awake, wake
        from ui.paper import rasterise

        try:
            settings = self._settings()
        except SettingsError as error:
            print(f"takeback: {error}", file=sys.stderr)
            self._code = 2
            self.window.quit()
            return
        face = self._kind.profile(self._show)
        try:
            keep_awake(
                lambda: wake(
                    settings,
                    face,
                    rasterise,
                    self.window.camera,
                    self._leaving,
                    self._built,
                    self._pace,
                    screen=self.window.pictures.take,
                ),
                self._awake,
                lambda: self._asleep(lambda: face.closed(settings, Trouble.STORE_FAILED)),
                self._leaving,
                lambda: self._asleep(lambda: face.resting(self._settings_of(settings))),
            )
        except Exception:
            # Settings that no driver takes, or our own mistake: only a restart mends either, and
            # "one moment" for ever would be a lie.
            log.exception("the core did not wake")
            face.closed(settings, Trouble.STORE_FAILED)

    def _awake(self, core: Core[E]) -> None:
        # The centre may have ordered other ones than the file names.
        self.window.wear(core.settings.languages, core.settings.screen.theme)
        with self._handing_over:
            self._core = core
            self._mailbox.attach(core)
            if self._leaving.is_set():
                core.let_go()

    def _settings_of(self, file: Settings) -> Settings:
        return file if self._core is None else self._core.settings

    def _asleep(self, show: Callable[[], None]) -> None:
        """No core is there: what is touched or scanned meanwhile is nobody's visit."""
        with self._handing_over:
            self._core = None
            self._mailbox.detach()
        show()


def run_command(arguments: Sequence[str]) -> int:
    """`takeback run`. Parsed by argparse: the command-line library would delay the first frame."""
    parser = argparse.ArgumentParser(prog="takeback run", description="Run the kiosk here.")
    parser.add_argument(
        "--settings",
        type=Path,
        default=Path(os.environ.get("TAKEBACK_SETTINGS", DEFAULT_SETTINGS)),
        help=f"the kiosk's settings file (default: {DEFAULT_SETTINGS})",
    )
    parser.add_argument("--windowed", action="store_true", help="in a window, not full screen")
    parser.add_argument(
        "--leave-at",
        choices=["attract"],
        help="print the word and leave once this screen is drawn (for measuring)",
    )
    given = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"
    )
    logbook.begin()
    look = glimpse.read(given.settings)
    if given.windowed or given.leave_at:
        look = replace(look, full_screen=False)

    def settings() -> Settings:
        from kiosk.settings import load

        return load(given.settings)

    if given.leave_at:
        return _until_drawn(look, settings)
    if look.profile == "counter":
        return Installation(counter(), look, settings, size=LANDSCAPE).run()
    return Installation(shopper(), look, settings).run()


def _until_drawn(look: Glimpse, settings: Callable[[], Settings]) -> int:
    """The start as a shopper sees it, and nothing after it."""

    def drawn() -> None:
        print("attract", flush=True)
        os._exit(0)  # the core must not begin to wake only to be stopped

    if look.profile == "counter":
        return Installation(counter(), look, settings, size=LANDSCAPE, drawn=drawn).run()
    return Installation(shopper(), look, settings, drawn=drawn).run()
