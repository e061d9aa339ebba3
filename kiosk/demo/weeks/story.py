"""Day by day: what happens in the shops, and what the centre makes of it at night."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from kiosk.demo.weeks import office, rules
from kiosk.demo.weeks.boxes import Box, Place, enrolled
from kiosk.demo.weeks.clock import StoryClock
from kiosk.demo.weeks.dice import Dice
from kiosk.demo.weeks.faults import Fault, Faults
from kiosk.demo.weeks.files import file_of
from kiosk.demo.weeks.health import Health, Spell, Turn, usual
from kiosk.demo.weeks.hooks import hooks
from kiosk.demo.weeks.shopping import ZONE, Market, Visit
from kiosk.demo.weeks.street import Rules, Street
from kiosk.demo.weeks.way import CARRIER, HUB, Taken, Way
from kiosk.domain.events import PolicyActivated
from kiosk.domain.policy.model import Policy
from kiosk.domain.policy.rules import build
from kiosk.ports import Clock, Ids, Trouble
from kiosk.seal.keys import SigningKey
from sync.central import demo, policy
from sync.central.audit import at_console
from sync.central.database import Database, migrate
from sync.central.demo import TENANT
from sync.central.people import make_password
from sync.central.recheck.running import run as recheck
from sync.central.reconcile import books
from sync.central.reconcile.importing import Imported
from sync.central.reconcile.model import Movement
from sync.central.reconcile.record import record_many
from sync.central.reconcile.run import reconcile
from sync.central.reconcile.uploading import take_at_once
from sync.central.tables import drops
from sync.wire.messages import Manifest

PLACES: Final = (
    Place("K2", "Berlin, Alexanderplatz 4", 15),
    Place("K3", "Berlin, Alexanderplatz 4", 8),
    Place("K4", "Hamburg, Spitalerstraße 12", 13),
    Place("K5", "Leipzig, Grimmaische Straße 30", 9),
    Place("K6", "Köln, Schildergasse 88", 11),
    Place("K7", "München, Kaufingerstraße 9", 14),
)
_NO_PAPER: Final = "K4"
_OLD_POLICY: Final = "K5"
CUT_OFF: Final = "K6"
_LISTENING: Final = 6  # days since the shops want to be told
LEAST_WEEKS, MOST_WEEKS = 1, 8


@dataclass(frozen=True, slots=True)
class Told:
    """What the story came to; `world` is what `sync.central.demo.fill` makes beside it."""

    world: demo.DemoWorld
    weeks: int
    kiosks: int
    drops: int
    movements: int
    days_closed: int
    cases_settled: int
    people: tuple[str, ...]


def tell_weeks(
    database_url: str,
    clock: Clock,
    ids: Ids,
    keys_dir: Path,
    weeks: int,
    *,
    zone: ZoneInfo,
    seed: int = 1,
    busy: int = 100,
) -> Told:
    """The demo's tenant with so many weeks behind it, up to now; `zone` is the back office's,
    `busy` the visitors in per cent of a usual day's.
    ValueError where the tenant has drops already, or a colleague's name is taken."""
    if not LEAST_WEEKS <= weeks <= MOST_WEEKS:
        raise ValueError(f"a story has {LEAST_WEEKS} to {MOST_WEEKS} weeks")
    database = Database(database_url)
    try:
        migrate(database)
        if _has_drops(database):
            raise ValueError(f"the tenant {TENANT} has drops already: take a new database")
        return _Story(database, database_url, clock, ids, keys_dir, weeks, zone, seed, busy).tell()
    finally:
        database.close()


def _has_drops(database: Database) -> bool:
    with database.reading() as c:
        mine = sa.select(drops.c.drop_id).where(drops.c.tenant == TENANT)
        return c.execute(mine.limit(1)).first() is not None


@dataclass
class _Story:
    database: Database
    url: str
    real: Clock
    ids: Ids
    keys_dir: Path
    weeks: int
    zone: ZoneInfo
    seed: int
    busy: int
    closed: int = 0
    movements: int = 0
    settled: int = 0
    specs: dict[str, rules.Specs] = field(default_factory=dict)
    before: dict[str, rules.Specs] = field(default_factory=dict)
    good: int = 0  # the bundle to go back to
    number: int = 0
    bundles: dict[int, Rules] = field(default_factory=dict)
    drops: int = 0
    health: Health = field(default_factory=Health)

    def __post_init__(self) -> None:
        self.now = self.real.now()
        self.days = self.weeks * 7
        today = datetime.combine(self.now.astimezone(ZONE).date(), time(), ZONE)
        self.midnights = [today - timedelta(days=ago) for ago in range(self.days, -1, -1)]
        self.clock = StoryClock((self.midnights[0] + timedelta(hours=5)).astimezone(UTC))
        self.dice = Dice(self.seed)
        self.faults = Faults(self.days)
        self.health.add(usual(self.midnights))
        self.health.add(self._as_it_is_now())
        self.shops = {shop.id: shop for shop in demo.shops()}
        self.key: SigningKey = demo.load_key(
            self.keys_dir / "bundle.key", demo.BUNDLE_KID, self.ids
        )

    def _as_it_is_now(self) -> list[Spell]:
        """One is without paper, one without the rules of a day, one cut off since yesterday."""
        yesterday, after = self.midnights[-2], self.now + timedelta(days=1)
        dry, stale = self.now - timedelta(minutes=40), yesterday + timedelta(hours=6)
        return [
            Spell(_NO_PAPER, Trouble.PAPER_OUT, dry, after),
            Spell(_OLD_POLICY, Trouble.POLICY_STALE, stale, after),
            Spell(CUT_OFF, None, yesterday + timedelta(hours=16), after),
        ]

    def tell(self) -> Told:
        self._found()
        self.way = Way(self.dice, self.faults, self.dice.below(1 << 31))
        self.boxes = [enrolled(self.database, self.clock, self.ids, one) for one in self._places()]
        market = Market.of(
            demo.goods(), {shop.id: shop.order_prefix for shop in self.shops.values()}
        )
        self.street = Street(self.dice, self.faults, market, self.ids)
        self.desk = office.Desk(self.database, self.clock, self.dice)
        for number, midnight in enumerate(self.midnights[:-_LISTENING]):
            self._day(number, midnight)
        first = len(self.midnights) - _LISTENING
        with hooks(self.database, self.clock, self.ids) as listening:
            for number, midnight in enumerate(self.midnights[first:], first):
                self._day(number, midnight)
                listening.send()
        return self._end()

    def _found(self) -> None:
        """The tenant, its shops with the rules of then, and the first bundle."""
        policy.put_tenant(self.database, TENANT, "Takeback demo", demo.AUDIENCE)
        policy.put_bundle_key(self.database, TENANT, self.key)
        for shop in self.shops.values():
            self._set(shop.id, rules.at_first(shop))
        self._published(policy.publish(self.database, self.clock, TENANT, self.key))
        self.password = make_password(self.ids)
        office.engage(self.database, self.clock, self.ids, self.password)
        office.hand_out_keys(self.database, self.clock, self.ids, tuple(self.shops))

    def _places(self) -> list[Place]:
        return [replace(one, usual=one.usual * self.busy // 100) for one in PLACES]

    def _set(self, shop_id: str, specs: rules.Specs) -> None:
        shop = self.shops[shop_id]
        self.before = dict(self.specs)
        self.specs[shop_id] = specs
        policy.put_merchant(self.database, TENANT, shop.merchant, specs, shop.look)

    def _published(self, made: Manifest | policy.NotPublished | None) -> None:
        if isinstance(made, policy.NotPublished):
            raise ValueError("; ".join(made.problems))
        if made is not None:
            self.number = made.number
            self.bundles[made.number] = Rules(
                made.number,
                {
                    shop_id: Policy(made.number, shop_id, tuple(build(one) for one in specs))
                    for shop_id, specs in self.specs.items()
                },
                {shop.id: shop.merchant for shop in self.shops.values()},
            )

    # --- a day -----------------------------------------------------------------------------------

    def _day(self, number: int, midnight: datetime) -> None:
        last = number == self.days
        self.faults.day(number)
        self._at(midnight + timedelta(hours=6))
        self._policy(number)
        self._at(midnight + timedelta(hours=7, minutes=30))
        self._hear()
        if 2 < number < self.days - 2:
            self.settled += self.desk.morning()
        came = self._shopping(midnight)
        self._at(midnight + timedelta(hours=22))
        self._hear()
        if last:
            return
        for site, taken in came.items():
            self.way.evening(site, midnight, taken)
        self._night(midnight + timedelta(hours=23, minutes=30))

    def _at(self, moment: datetime) -> None:
        """Time goes on, and never beyond what it really is; kiosks tell of what it brings."""
        until = min(moment.astimezone(UTC), self.now)
        for turn in self.health.turns(until):
            self.clock.set(turn.at.astimezone(UTC))
            self._turn(turn)
        self.clock.set(until)

    def _turn(self, turn: Turn) -> None:
        box = next(one for one in self.boxes if one.place.code == turn.code)
        if turn.back:
            box.tell(self.database, self.clock)
        troubles = self.health.troubles(turn.code, turn.at)
        box.beat(self.database, self.clock, troubles, back=turn.back)

    def _policy(self, number: int) -> None:
        """What the house changed that day, and the daily renewal."""
        for step, change in enumerate(rules.CHANGES):
            if self.days * change.percent // 100 != number:
                continue
            if change.back:
                self.specs = self.before
                back = policy.roll_back(self.database, self.clock, TENANT, self.key, self.good)
                self._published(back)
            else:
                self.good = self.number
                self._set(change.shop, rules.after(self.shops[change.shop], step))
                made = policy.publish(self.database, self.clock, TENANT, self.key)
                self._published(made)
        self._published(policy.renew(self.database, self.clock, TENANT, self.key))
        for box in self.boxes:
            old = box.place.code == _OLD_POLICY and number > self.days - 2
            if box.bundle != self.number and not (old and box.bundle):
                fact = PolicyActivated(self.number, box.bundle)
                box.bundle = self.number
                box.record(self.ids, fact, box.device.device_id, self.clock.now())

    def _shopping(self, midnight: datetime) -> dict[str, list[Taken]]:
        """By site: what was taken that day, as far as it is over."""
        came: dict[str, list[Taken]] = defaultdict(list)
        coming = [one for one in self.street.day(self.boxes, midnight) if one[0].at < self._latest]
        given = [visit.authorisation for visit, _ in coming]
        policy.put_authorisations(self.database, TENANT, given)
        self._cut_off(midnight)
        for visit, box in coming:
            self._visit(visit, box, came)
        return came

    @property
    def _latest(self) -> datetime:
        """A visit that began by then is over now."""
        return self.now - timedelta(minutes=2)

    def _visit(self, visit: Visit, box: Box, came: dict[str, list[Taken]]) -> None:
        code, rules_of = box.place.code, self.bundles[box.bundle]
        away = self.health.silent(code, visit.at)
        paper = Trouble.PAPER_OUT not in self.health.troubles(code, visit.at)
        taken = self.street.serve(box, visit, rules_of, cut_off=away, paper=paper)
        self._tell(box, visit.at + timedelta(minutes=1))
        if taken is None:
            return
        self.drops += 1
        came[box.place.site].append(taken)
        if taken.fact.bag_id and self.faults.happens(Fault.DUPLICATE):
            other = next(one for one in self.boxes if one.place.site != box.place.site)
            twice = self.street.again(other, visit, self.bundles[other.bundle])
            self._tell(other, visit.at + timedelta(minutes=30))
            if twice is not None:
                self.drops += 1
                came[other.place.site].append(twice)

    def _tell(self, box: Box, at: datetime) -> None:
        self._at(at)
        if not self.health.silent(box.place.code, at):
            box.tell(self.database, self.clock)

    def _cut_off(self, midnight: datetime) -> None:
        """Who has no network from today on."""
        if self.faults.happens(Fault.OFFLINE):
            # It is back when the books of the first of these days are about to be closed: too late.
            since, until = timedelta(hours=10), timedelta(days=2, hours=23, minutes=25)
            self.health.add([Spell("K3", None, midnight + since, midnight + until)])

    def _hear(self) -> None:
        """What shops, carrier, hub and merchants tell by now: by files, or one by one."""
        by_source: dict[str, list[Movement]] = defaultdict(list)
        for one in self.way.due(self.clock.now()):
            by_source[one.source].append(one)
        for source, told in sorted(by_source.items()):
            self.movements += len(told)
            if source in (CARRIER, HUB):
                self._import(source, told)
            else:
                now = self.clock.now()
                self.database.write(partial(record_many, tenant=TENANT, rows=told, now=now))

    def _import(self, source: str, told: list[Movement]) -> None:
        file = file_of(source, self.clock.now().date(), told)
        who = at_console(TENANT)
        done = take_at_once(self.database, self.clock, self.ids, who, file)
        assert isinstance(done, Imported), done

    def _night(self, at: datetime) -> None:
        self._at(at)
        for box in self.boxes:
            self._tell(box, at)
            if not self.health.silent(box.place.code, at):
                troubles = self.health.troubles(box.place.code, at)
                box.beat(self.database, self.clock, troubles)
        self._match()

    def _match(self) -> None:
        """What the centre's jobs do."""
        recheck(self.database, self.clock, TENANT)
        reconcile(self.database, TENANT, self.clock.now())
        self.closed += len(books.close(self.database, TENANT, self.clock.now(), self.zone))

    # --- and now ---------------------------------------------------------------------------------

    def _end(self) -> Told:
        self._at(self.now)
        self._match()
        world = demo.fill(self.url, self.real, self.ids, self.keys_dir, password=self.password)
        for box in self.boxes:
            self._last_beat(box, world.policy_number)
        return Told(
            world=world,
            weeks=self.weeks,
            kiosks=len(self.boxes),
            drops=self.drops,
            movements=self.movements,
            days_closed=self.closed,
            cases_settled=self.settled,
            people=tuple(one.name for one in office.COLLEAGUES),
        )

    def _last_beat(self, box: Box, newest: int) -> None:
        if box.place.code == CUT_OFF:
            return
        if box.place.code != _OLD_POLICY:
            fact = PolicyActivated(newest, box.bundle)
            box.bundle = newest
            box.record(self.ids, fact, box.device.device_id, self.real.now())
            box.tell(self.database, self.real)
        box.beat(self.database, self.real, self.health.troubles(box.place.code, self.now))
