"""The shopper's kiosk: its flow over the use cases, devices and paper of the house."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.app.committing import Goods
from kiosk.app.drop_off import DropOff
from kiosk.app.printing import Receipts
from kiosk.app.site import Site
from kiosk.flows import shopper
from kiosk.flows.doing import Doing
from kiosk.flows.faults import after_fault
from kiosk.flows.model import (
    Attract,
    Comfort,
    Do,
    FlowEvent,
    OutOfService,
    Ready,
    ReceiptDone,
    Screen,
    ServiceChanged,
    Session,
    Starting,
    Tick,
    Timing,
)
from kiosk.flows.runner import Runner
from kiosk.ports import NotPrinted, ScanHint, Scanned, Service, Trouble
from kiosk.profiles import House
from kiosk.settings import Settings
from kiosk.words import words

Show = Callable[[Session], None]


class Shopper:
    """kiosk.profiles.Face; `show` only hands a session on."""

    def __init__(self, show: Show) -> None:
        self._show = show

    def closed(self, settings: Settings, trouble: Trouble) -> None:
        self._show(closed(settings, trouble))

    def resting(self, settings: Settings) -> None:
        self._show(resting(settings))

    def open(self, house: House) -> Serving:
        return Serving(house, self._show)


class Serving:
    """kiosk.profiles.Profile."""

    def __init__(self, house: House, show: Show) -> None:
        settings = house.settings
        self._house = house
        self._show = show
        self._screen: Screen | None = None
        self._drop_off = drop_off(house, beside(settings))
        self._doing = Doing(
            self._drop_off,
            Receipts(house.store, house.clock),
            house.clock,
            house.ids,
            printer=house.receipts,
            scanners=house.scanners,
            words=words,
            timezone=settings.timezone,
            site_name=settings.site_name,
            post=self._from_paper,
            sound=lambda cue: house.sound(cue.value),
            identifiers=house.identifiers,
            photographs=house.photographs,
        )
        told = timing(settings)
        self.runner: Runner[Session, FlowEvent, Do, Timing] = Runner(
            shopper.step,
            self._doing,
            told,
            self._shown,
            shopper.initial(told),
            tick=Tick(),
            rescue=after_fault,
        )

    def start(self) -> None:
        self.runner.start()

    def post(self, event: FlowEvent) -> None:
        self.runner.post(event)
        if isinstance(event, ReceiptDone):
            self._house.look_at_paper()  # it may have run out on this one

    def scanned(self, report: Scanned | ScanHint) -> None:
        self.post(report)

    def ready(self) -> None:
        self.post(Ready())

    def serve(self, service: Service) -> None:
        self.post(ServiceChanged(service))

    def told(self) -> None:
        """What shoppers need of it comes as `Service`."""

    def at_rest(self) -> bool:
        return isinstance(self._screen, Attract | OutOfService)

    def stop(self) -> None:
        self.runner.stop()
        self._doing.close()

    def _from_paper(self, event: FlowEvent) -> None:
        """The paper's thread. What went wrong is asked for at once: the next shopper wants to
        know before the visit, not after it."""
        self.post(event)
        if isinstance(event, ReceiptDone) and isinstance(event.outcome, NotPrinted):
            self._house.look_at_paper()

    def _shown(self, session: Session) -> None:
        """Pass on; and send what a step has recorded without waiting for the agent's own time."""
        self._show(session)
        # A countdown changes the session and not the screen: it records nothing.
        if session.screen != self._screen:
            self._screen = session.screen
            if not session.visit_id:
                self._drop_off.let_go()
            self._house.stepped(not session.visit_id)


def beside(settings: Settings) -> Goods | None:
    """Who takes a drop's bag on, where a staffed counter stands beside the kiosk."""
    if not settings.counter:
        return None
    from kiosk.app.counter.beside import Beside

    return Beside(settings.timezone)


def drop_off(house: House, goods: Goods | None = None) -> DropOff:
    """The use cases of a return; `goods` is the counter that takes its bag on."""
    settings, identity = house.settings, house.identity
    return DropOff(
        house.store,
        house.clock,
        house.ids,
        identity.kiosk_code,
        identity.device_id,
        identity.key,
        lambda: house.agent.state.behind,
        counter=settings.counter or goods is not None,
        timezone=settings.timezone,
        site=Site.of(settings),
        photographs=house.photographs,
        goods=goods,
    )


def closed(settings: Settings, trouble: Trouble) -> Session:
    """A kiosk that cannot serve, and says why."""
    return Session(
        OutOfService(trouble),
        Comfort(settings.languages[0]),
        Service(frozenset({trouble})),
    )


def resting(settings: Settings) -> Session:
    """A kiosk that is closed for a moment, with nothing wrong."""
    return Session(Starting(), Comfort(settings.languages[0]))


def timing(settings: Settings) -> Timing:
    told = settings.timing
    return Timing(
        told.problem,
        told.idle,
        told.warning,
        told.receipt,
        told.done,
        settings.languages[0],
        settings.languages,
        settings.photos.keep_days,
    )
