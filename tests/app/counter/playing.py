"""The play of two counters (tests.domain.counter.play) over two real desks with ledgers of their
own: what is decided is asked of the desk, recorded, told to the other one late, and read back from
the disk after a crash. The play itself is the simple model: it knows where each thing really is.
"""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

from kiosk.domain.counter.acting import Acted
from kiosk.domain.counter.commands import Command, Expire, Role, Who
from kiosk.domain.counter.deciding import decide
from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.invariants import broken
from kiosk.domain.counter.log import Recorded
from kiosk.domain.counter.saying import Refused
from kiosk.domain.counter.shop import Shop
from kiosk.domain.staff.overrides import Approval, Wanted
from kiosk.domain.staff.permits import Needs
from kiosk.store import events
from kiosk.store.counter import ToldFact
from tests.app.conftest import FakeClock
from tests.app.counter.counting import ANNA, BEN, CARA, TEAM, Counter
from tests.domain.counter.desk import ANNA as ASSOCIATE
from tests.domain.counter.desk import MORNING, Desk
from tests.domain.counter.play import Play

NO_PART = shutil.ignore_patterns("ballast", "lock")
BY = {one.staff_id: one for one in TEAM}


class RealDesk(Desk):
    """The pure desk's verbs over a real one. `acts` counts what was recorded, `together` what of
    it came to several facts."""

    def __init__(self, counter: Counter) -> None:
        self.counter, self.device = counter, counter.device
        self.untold: list[Recorded] = []
        self.told: list[Recorded] = []
        self.acts = self.together = 0
        self._told = 0
        self._asked: tuple[Command, Who] | None = None
        self._lives = itertools.count(1)

    @property
    def shop(self) -> Shop:
        return self.counter.desk.shop()

    def wait(self, **span: int) -> None:
        self.counter.wait(**span)

    def ask(self, command: Command, who: Who = ASSOCIATE) -> tuple[Fact, ...] | Refused:
        """What the domain says; it is done by `record`."""
        self._asked = command, who
        here = self.counter.desk
        return decide(here.shop(), here.rules(), command, who, here.premises.now())

    def record(self, *facts: Fact) -> None:
        """As it was asked, by whoever asked: the desk must come to just these facts."""
        before = self.shop.latest
        if self._asked is None or self._asked[1].role is Role.HOUSE:
            self._by_the_house(facts)
        else:
            command, who = self._asked
            answer = self._by_staff(command, who)
            assert isinstance(answer, Acted), (command, answer)
            assert answer.facts == facts
        self._asked = None
        self.acts += 1
        self.together += len(facts) > 1
        known = self.counter.desk.premises.facts.after(self._told)
        self._told = known.number
        own = [one for one in known.records if one.stamp.device == self.device]
        assert [one.fact for one in own] == list(facts)
        assert all(one.stamp.hlc > before for one in own)
        self.untold += own

    def announce(self, number: str, carrier: str = "dhl", **more: str) -> None:
        self._asked = None
        super().announce(number, carrier, **more)

    def _by_the_house(self, facts: tuple[Fact, ...]) -> None:
        if self._asked is not None and isinstance(self._asked[0], Expire):
            assert self.counter.desk.expire() == len(facts)
        else:  # the centre's: here they only have to be kept
            self.counter.desk.premises.record(lambda _: facts)

    def _by_staff(self, command: Command, who: Who) -> object:
        """With a second person where one is asked for."""
        first = BY[who.staff_id]
        counter, act = self.counter, type(command)
        answer = counter.ask(command, first)
        if not isinstance(answer, Needs):
            return answer
        second = Approval(counter.signed(BEN if first is ANNA else CARA), act, "it")
        wanted = Wanted(act, "it", "goodwill")
        return counter.desk.act(counter.at(first), command, wanted, second)

    def hear(self, *others: Desk) -> None:
        told = [_told(one) for other in others if other is not self for one in other.untold]
        facts = self.counter.desk.premises.facts
        facts.hear(told[::-1], facts.cursor() + len(told))
        self.counter.desk.heard()

    def crash(self) -> None:
        """The power goes: what is on the disk at this moment is all there is."""
        before = self.shop
        counter = self.counter
        left = counter.directory.with_name(f"{counter.device} life {next(self._lives)}")
        shutil.copytree(counter.directory, left, ignore=NO_PART)
        counter.close()
        shutil.rmtree(counter.directory)
        counter.directory = left
        counter.again()
        assert self.shop == before
        assert counter.store.outbox.verify() is None


class RealPlay(Play):
    desks: tuple[RealDesk, RealDesk]

    def __init__(self, directory: Path, online: bool) -> None:
        desks = [
            RealDesk(Counter(directory / f"counter-{n}", FakeClock(MORNING), n, f"counter-{n}"))
            for n in (1, 2)
        ]
        super().__init__(online, (desks[0], desks[1]))

    def crash(self, at: int) -> None:
        self.desks[at].crash()

    def end(self) -> tuple[int, int]:
        """Everything is told and counted; how much was recorded, and how much of it together."""
        self.meet()
        for desk in self.desks:
            counter = desk.counter
            desk.crash()
            assert not broken(desk.shop)
            own = [
                r
                for r in counter.desk.premises.facts.load().records
                if r.stamp.device == desk.device
            ]
            told = [kind for kind, _ in counter.told() if not kind.startswith("staff.")]
            assert len(own) == len(told), "each fact is an event, and each event a fact"
            counter.close()
        return sum(desk.acts for desk in self.desks), sum(desk.together for desk in self.desks)


def _told(record: Recorded) -> ToldFact:
    fact, stamp = record.fact, record.stamp
    data = events.canonical_form(events.facts(fact)).decode()
    return ToldFact(stamp.hlc, stamp.device, fact.type, data, stamp.part)
