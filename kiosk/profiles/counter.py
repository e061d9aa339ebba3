"""The staffed counter: its flow over the desk, devices and paper of the house."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from kiosk.app.committing import Promisor
from kiosk.app.counter.desk import Desk
from kiosk.app.counter.pins import SealedPins
from kiosk.app.printing import Receipts
from kiosk.flows.counter import step
from kiosk.flows.counter.doing import Doing
from kiosk.flows.counter.faults import after_fault
from kiosk.flows.counter.model import (
    Bar,
    CounterEvent,
    Do,
    Heard,
    OfVisit,
    Ready,
    Screen,
    ServiceChanged,
    Session,
    Tick,
    Timing,
    Tone,
)
from kiosk.flows.counter.printing import Papers, Place
from kiosk.flows.counter.states.desk import OutOfService, SignIn, Starting
from kiosk.flows.doing import Doing as VisitDoing
from kiosk.flows.keys import Comfort
from kiosk.flows.model import Do as VisitDo
from kiosk.flows.model import FlowEvent
from kiosk.flows.model import Timing as VisitTiming
from kiosk.flows.runner import Runner
from kiosk.ports import ScanHint, Scanned, Service, Trouble
from kiosk.profiles import House
from kiosk.profiles.shopper import drop_off, timing
from kiosk.settings import Settings
from kiosk.store import StoreFailed
from kiosk.store.counter_keeping import CounterKeeping
from kiosk.store.counter_signatures import SignatureFiles
from kiosk.words import words
from sync.agent.counter_book import standing

log = logging.getLogger("takeback")

Show = Callable[[Session], None]

EXPIRE_EVERY_S = 60.0
TIDY_EVERY_S = 72_000.0
DOUBT = timedelta(hours=1)
"""So far the centre's time may be from ours where a parcel is given up by it."""
QUIET_S = 1800.0
"""Nobody has been signed in for so long: the shop may be folded anew, which takes seconds."""
_NO_PAPER = frozenset({Trouble.PAPER_OUT, Trouble.PRINTER_SILENT, Trouble.PRINTER_ABSENT})


class Counter:
    """kiosk.profiles.Face; `show` only hands a session on."""

    def __init__(self, show: Show) -> None:
        self._show = show

    def closed(self, settings: Settings, trouble: Trouble) -> None:
        comfort = Comfort(settings.languages[0])
        service = Service(frozenset({trouble}))
        self._show(Session(OutOfService(trouble), comfort=comfort, service=service))

    def resting(self, settings: Settings) -> None:
        self._show(Session(Starting(), comfort=Comfort(settings.languages[0])))

    def open(self, house: House) -> Serving:
        return Serving(house, self._show)


class Serving:
    """kiosk.profiles.Profile. The desk is touched on the flow's thread alone."""

    def __init__(self, house: House, show: Show) -> None:
        settings, identity = house.settings, house.identity
        self._house, self._show = house, show
        self._screen: Screen | None = None
        self._keeping = CounterKeeping(house.store)
        self._books = 0
        """So many books the agent took that the desk goes by."""
        self._expired_at = self._signed_in_at = self._tidied_at = house.clock.monotonic()
        self._told = (0, 0)
        self._service = Service()
        me = Promisor(identity.kiosk_code, identity.device_id, identity.key)
        signatures = SignatureFiles(settings.data, house.ids)
        pins = SealedPins(house.ids)
        self.desk = Desk(house.store, house.clock, house.ids, me, pins, signatures, house.forms)
        self._drop_off = drop_off(house, self.desk)
        place = Place(settings.site_name, settings.timezone, settings.languages)
        self._papers = Papers(
            self.desk, place, words, house.receipts, house.labels, self._from_paper
        )
        self._visit_timing = timing(settings)
        self._visiting: VisitDoing | None = None
        self._doing = Doing(self.desk, self._papers, self._sound, self._bar, self._visit)
        told = Timing(default_language=settings.languages[0], languages=settings.languages)
        self.runner = Runner[Session, CounterEvent, Do, Timing](
            self._step,
            self._doing,
            told,
            self._shown,
            step.initial(told),
            tick=Tick(),
            rescue=after_fault,
        )

    def start(self) -> None:
        """Raises StoreFailed where what happened at the counter cannot be read."""
        self.desk.begin(standing(self._keeping))
        self.runner.start()

    def post(self, event: CounterEvent) -> None:
        self.runner.post(event)

    def scanned(self, report: Scanned | ScanHint) -> None:
        self.post(report)

    def ready(self) -> None:
        self.post(Ready())

    def serve(self, service: Service) -> None:
        self._service = service
        self.post(ServiceChanged(service, self._bar()))

    def told(self) -> None:
        """The agent's thread: something of the others, or a book, may have come."""
        state = self._house.agent.state
        if (state.heard, state.books) != self._told:
            self._told = state.heard, state.books
            self.post(Heard())

    def at_rest(self) -> bool:
        return isinstance(self._screen, SignIn | OutOfService)

    def stop(self) -> None:
        self.runner.stop()
        self._papers.close()
        if self._visiting is not None:
            self._visiting.close()

    # --- on the flow's thread --------------------------------------------------------------------

    def _step(self, session: Session, event: CounterEvent, do: Do, timing: Timing) -> Session:
        match event:
            case Heard():
                if not self._caught_up():
                    return session
            case Tick():
                self._house_keeping(session)
            case _:
                pass
        return step.step(session, event, do, timing)

    def _caught_up(self) -> bool:
        """Whether the desk knows anything that it did not before."""
        new = self.desk.heard()
        books = self._house.agent.state.books
        if books != self._books:
            book = standing(self._keeping)
            if book is not None:
                self.desk.take_book(book)
                new = True
            self._books = books
        return new

    def _house_keeping(self, session: Session) -> None:
        """What the hour asks for: parcels whose last day is over, and what left long ago. Both
        cannot be taken back, and wait until the centre says that the hour is what we think."""
        now = self._house.clock.monotonic()
        if session.staff.session is not None:
            self._signed_in_at = now
        expires = now - self._expired_at >= EXPIRE_EVERY_S
        quiet = now - self._signed_in_at >= QUIET_S
        tidies = quiet and now - self._tidied_at >= TIDY_EVERY_S
        if not (expires or tidies) or not self._sure_of_the_time():
            return
        if expires:
            self._expired_at = now
            self.desk.expire()
        if tidies:
            self._tidied_at = now
            try:
                self.desk.tidy()
            except StoreFailed:
                log.exception("what left long ago could not be let go of")

    def _sure_of_the_time(self) -> bool:
        there = self._house.agent.centre_time()
        return there is not None and abs(self._house.store.now() - there) <= DOUBT

    def _visit(self) -> tuple[VisitDo, VisitTiming]:
        """The shopper's own verbs, made at the first return: most counters never have one."""
        if self._visiting is None:
            house, settings = self._house, self._house.settings
            self._visiting = VisitDoing(
                self._drop_off,
                Receipts(house.store, house.clock),
                house.clock,
                house.ids,
                printer=house.receipts,
                scanners=(),  # the counter's look for everything, always
                words=words,
                timezone=settings.timezone,
                site_name=settings.site_name,
                post=self._of_visit,
                sound=lambda cue: house.sound(cue.value),
                photographs=house.photographs,
            )
        return self._visiting, self._visit_timing

    def _of_visit(self, event: FlowEvent) -> None:
        self.post(OfVisit(event))
        self._house.look_at_paper()

    def _from_paper(self, event: CounterEvent) -> None:
        self.post(event)
        self._house.look_at_paper()

    def _sound(self, tone: Tone) -> None:
        self._house.sound(tone.value)

    def _bar(self) -> Bar:
        state, service = self._house.agent.state, self._service
        policy = self._house.store.policy.current()
        age = None if policy is None else self._house.store.now() - policy.info.issued
        return Bar(
            online=state.online,
            queued=state.queued,
            policy_hours=None if age is None else int(age.total_seconds() // 3600),
            paper_ok=not service.troubles & _NO_PAPER,
            others_seen_s=self._others_seen(state.heard_at),
        )

    def _others_seen(self, heard_at: float) -> int | None:
        if not self.desk.premises.others:
            return None
        return int(self._house.clock.monotonic() - heard_at) if heard_at else None

    def _shown(self, session: Session) -> None:
        """Pass on; and send what a step has recorded without waiting for the agent's own time."""
        self._show(session)
        if session.screen != self._screen:
            self._screen = session.screen
            nobodys = self.at_rest()
            if nobodys:
                self._drop_off.let_go()
            self._house.stepped(nobodys)
