"""The part of the composition that takes time: store, use cases, devices, flow and agent.

Imported on a thread of its own after the first frame (see kiosk.bootstrap).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Generic

from drivers import registry
from drivers.scanners.camera import Camera
from drivers.sound.aplay import Aplay
from drivers.supervisor import Supervisor
from kiosk import __version__
from kiosk.app import service
from kiosk.app.photographs import Photographs
from kiosk.app.recover import recover
from kiosk.checks.outside import tls
from kiosk.domain import codes
from kiosk.domain.events import DeviceChanged, KioskStarted
from kiosk.health import Health
from kiosk.later import Later
from kiosk.picturing import Picturing
from kiosk.ports import (
    Clock,
    DeviceStatus,
    Ids,
    Printer,
    Rasteriser,
    ScanHint,
    Scanned,
    Scanner,
    ScannerReport,
    ScreenLook,
    Service,
    Trouble,
)
from kiosk.profiles import Event, Face, House
from kiosk.quiet import Quiet, unusable
from kiosk.settings import Settings
from kiosk.store import Store, StoreFailed
from kiosk.store.backup import Plan
from kiosk.store.photos import PhotoFiles
from kiosk.store.screens import ScreenFiles
from kiosk.upkeep import Upkeep
from kiosk.world import SystemClock, SystemIds
from sync.agent import secure
from sync.agent.agent import Agent
from sync.agent.device_keys import DeviceKeys
from sync.agent.enrol import Identity
from sync.agent.pace import Pace
from sync.agent.state import AgentState

if TYPE_CHECKING:
    from kiosk.store.counter import CounterFacts
    from kiosk.store.counter_keeping import CounterKeeping

log = logging.getLogger("takeback")

Preview = Callable[[bytes, int, int, int], None]

SOUNDS = Path(__file__).resolve().parent.parent / "assets" / "sounds"
SERVICE_S = 20.0  # how often policy age, disk and clock are looked at


class Core(Generic[Event]):
    """A kiosk without its window: `face` says what it shows. `post` is the door for everything
    that happens."""

    def __init__(
        self,
        settings: Settings,
        identity: Identity,
        store: Store,
        face: Face[Event],
        rasterise: Rasteriser,
        preview: Preview,
        pace: Pace | None = None,
        clock: Clock | None = None,
        ids: Ids | None = None,
        screen: ScreenLook | None = None,
    ) -> None:
        clock, ids = clock or SystemClock(), ids or SystemIds()
        self.settings = settings
        self.store = store
        self._clock = clock
        self._leaving = threading.Event()
        self._speaker = Aplay()
        self._look_now = threading.Event()
        self._broken = threading.Event()
        store.when_broken(self._broken.set)
        self.scanners = {s.name: self._scanner(s, preview) for s in make_scanners(settings)}
        self._printers = make_printers(settings, rasterise)
        self.printer, labels = _chosen(settings, self._printers)
        self.photos = photo_files(settings, ids)
        self.screens = ScreenFiles(settings.data, ids)
        self._picturing = Picturing(store, self.screens, screen, clock, lambda: self.agent.wake())
        plates = frozenset(p.name for p in settings.printers if p.driver in registry.LABELS)
        receipts = len(self._printers) - len(plates)
        self.health = Health(self._changed, receipts, len(self.scanners), plates)
        self._supervisor = Supervisor(self._printers, self._device)
        books, hearing = _of_counters(settings, store, identity)
        self.agent = Agent(
            store,
            settings.centre.url or identity.centre_url,
            identity.device_id,
            identity.key,
            identity.bundle_keys,
            clock,
            ids,
            __version__,
            settings.centre.timeout_s,
            self._centre,
            tenant=identity.tenant,
            pace=pace,
            troubles=self.health.troubles,
            session=secure.session(tls(settings)),
            keys=DeviceKeys(settings.data, identity.device_id),
            judge=lambda values: unusable(settings, values),
            photos=self.photos,
            screens=self.screens,
            books=books,
            counter=hearing,
            site=identity.site,
        )
        self._photographs = self._pictures()
        house = House(
            settings=settings,
            identity=identity,
            store=store,
            clock=clock,
            ids=ids,
            agent=self.agent,
            scanners=tuple(self.scanners.values()),
            receipts=self.printer,
            labels=labels,
            photographs=self._photographs,
            sound=self._sound,
            stepped=self._stepped,
            look_at_paper=self._supervisor.check_now,
        )
        self.profile = face.open(house)
        self._stood = threading.Event()  # a screen was shown
        self.again = False
        """Whether it ended, or will, to be opened anew, with nothing wrong."""
        self._quiet = Quiet(
            store,
            settings,
            self.health.devices,
            self._open_anew,
            clock,
            self._picturing.take,
        )
        self._later = Later(codes.prepare, self.profile.at_rest)
        self._service = threading.Thread(target=self._keep_looking, name="service", daemon=True)
        told = settings.store
        self.upkeep = Upkeep(
            store,
            clock,
            Plan(told.backups, told.backup_mb << 20),
            timedelta(hours=told.backup_every_h),
            self.profile.at_rest,
        )

    def start(self) -> None:
        """Put right what a crash left, open for service, then let the devices in."""
        clock = self._clock
        done = recover(self.store, clock)
        self._photographs.recover(self.store)
        self._picturing.begin()
        self.store.record(KioskStarted(__version__, done.abandoned, done.unprinted), "kiosk")
        self.profile.start()
        if self.agent.state.revoked:
            self.health.centre(troubles=frozenset({Trouble.REVOKED}), queued=0)
        self._look_at_service()
        self.profile.ready()
        for scanner in self.scanners.values():
            scanner.start(self._report)
        self._supervisor.start()
        self.agent.start()
        self._service.start()
        self._later.start()
        self.upkeep.start()

    def post(self, event: Event) -> None:
        self.profile.post(event)

    def until_broken(self) -> None:
        """Returns once the store is damaged, or gone, or `let_go` was called."""
        self._broken.wait()

    def let_go(self) -> None:
        self._broken.set()

    def _open_anew(self) -> None:
        self.again = True
        self._broken.set()

    def stop(self) -> None:
        """Devices first, so that nothing new comes in; the store last."""
        self._leaving.set()
        self._look_now.set()
        self._later.stop()
        self.upkeep.stop()
        for scanner in self.scanners.values():
            scanner.stop()
        self._supervisor.stop()
        self.agent.stop()
        if self._service.ident is not None:
            self._service.join()
        self.profile.stop()
        self._speaker.stop()
        for printer in self._printers:
            printer.close()
        self.store.close()

    def _scanner(self, scanner: Scanner, preview: Preview) -> Scanner:
        if isinstance(scanner, Camera):
            scanner.preview = lambda rgb, width, height: preview(rgb, width, height, 3)
        return scanner

    def _pictures(self) -> Photographs:
        """The cameras among the scanners, unless the settings say that none may be used so."""
        cameras = [one for one in self.scanners.values() if isinstance(one, Camera)]
        return Photographs(self.photos, cameras if self.settings.photos.enabled else ())

    def _sound(self, name: str) -> None:
        self._speaker.play(SOUNDS / f"{name}.wav")

    def _report(self, report: ScannerReport) -> None:
        match report:
            case DeviceStatus():
                self._device(report)
            case Scanned() | ScanHint():
                self.profile.scanned(report)

    def _device(self, status: DeviceStatus) -> None:
        """Any device's thread. The record is company; what matters is that the screen knows."""
        self.health.device(status)
        fact = DeviceChanged(
            status.device, status.family.value, status.state.value, status.fault.value
        )
        try:
            self.store.record(fact, status.device)
            self.agent.wake()
        except StoreFailed:
            log.exception("the change of %s was not recorded", status.device)

    def _changed(self, now: Service) -> None:
        self._picturing.standing(now.troubles)
        self.profile.serve(now)

    def _centre(self, state: AgentState) -> None:
        """The agent's thread."""
        troubles = set() if state.online else {Trouble.OFFLINE}
        if state.revoked:
            troubles.add(Trouble.REVOKED)
        self.health.centre(troubles=frozenset(troubles), queued=state.queued)
        self.profile.told()
        self._look_now.set()  # a new bundle may have come

    def _keep_looking(self) -> None:
        """While the house is open: how old the policy is, and how full the disk."""
        while not self._leaving.is_set():
            try:
                self._look_at_service()
                self._look_at_orders()
            except Exception:
                # Policy age and disk must go on being looked at, whatever one look met.
                log.exception("the state of the service could not be told")
            self._look_now.wait(SERVICE_S)
            self._look_now.clear()

    def _look_at_orders(self) -> None:
        """What the centre ordered is done while nobody is there; what it ordered before proves
        itself whoever is."""
        if not self._stood.is_set() or self._broken.is_set():
            return
        try:
            self._quiet.prove()
            if self.profile.at_rest():
                self._quiet.look(rekeyed=self.agent.state.rekeyed)
                self._picturing.look()
        except StoreFailed as failure:
            log.warning("what the centre ordered waits for the disk: %s", failure)

    def _look_at_service(self) -> None:
        troubles = service.service(self.store, self._clock.now(), online=True)
        if not self.settings.store.backups:
            troubles -= {Trouble.BACKUP_FAILED}  # none are wanted any more
        if self._photographs.full:
            troubles |= {Trouble.PHOTOS_FULL}
        if self.photos.aside():
            troubles |= {Trouble.PHOTOS_ASIDE}
        self.health.policy(troubles=troubles, number=self.store.policy.number)

    def _stepped(self, nobodys: bool) -> None:
        self._stood.set()
        self.agent.wake()
        if nobodys:
            self._look_now.set()  # what the centre ordered waited for this


def make_scanners(settings: Settings) -> list[Scanner]:
    """Raises KeyError or ValueError, with a sentence, for settings that no driver takes."""
    monotonic = SystemClock().monotonic
    return [
        registry.scanner_factory(s.driver)(s.name, s.options, monotonic) for s in settings.scanners
    ]


def make_printers(settings: Settings, rasterise: Rasteriser) -> list[Printer]:
    """Raises KeyError or ValueError, with a sentence, for settings that no driver takes."""
    monotonic = SystemClock().monotonic
    return [
        registry.printer_factory(p.driver)(
            p.name, p.width_dots, p.dpi, p.options, rasterise, monotonic
        )
        for p in settings.printers
    ]


def _of_counters(
    settings: Settings, store: Store, identity: Identity
) -> tuple[CounterKeeping | None, CounterFacts | None]:
    """What the agent keeps of a counter. Its modules are not imported where there is none."""
    if settings.profile != "counter":
        return None, None
    from kiosk.store.counter import CounterFacts
    from kiosk.store.counter_keeping import CounterKeeping

    return CounterKeeping(store), CounterFacts(store, identity.device_id)


def _chosen(
    settings: Settings, printers: Sequence[Printer]
) -> tuple[Printer | None, Printer | None]:
    """The first that prints receipts, and the first that prints labels."""
    both: list[Printer | None] = [None, None]
    for told, printer in zip(settings.printers, printers, strict=True):
        at = told.driver in registry.LABELS
        both[at] = both[at] or printer
    return both[0], both[1]


def photo_files(settings: Settings, ids: Ids) -> PhotoFiles:
    """Where photographs of goods are kept, within what the settings allow."""
    told = settings.photos
    keep = timedelta(days=told.keep_days)
    return PhotoFiles(settings.data, ids, told.budget_mb << 20, keep)
