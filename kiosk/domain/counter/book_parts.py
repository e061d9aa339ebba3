"""The parts of a counter book, each read on its own: see kiosk.domain.counter.book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk.domain.counter.commands import Role
from kiosk.domain.counter.holding import LONGEST, Counts, Hold, Opening
from kiosk.domain.counter.outbound_facts import ShelfSet
from kiosk.domain.policy import calendar
from kiosk.domain.policy.calendar import Calendar, Yearly
from kiosk.domain.staff.people import Member
from kiosk.domain.staff.permits import Amount, Limited, Limits
from kiosk.domain.staff.pins import PinRule
from kiosk.domain.staff.sessions import Times
from kiosk.domain.staff.signing_in import SignInRule

_DAY = 86_400
_BIG = 1 << 53
LEAST_PIN, MOST_PIN = 6, 32
KEEP = Hold(LONGEST, remind=(), extensions=0)
"""The hold period where none can be read: as long as any."""
_STAFF = frozenset(Role) - {Role.HOUSE}


@dataclass(frozen=True, slots=True)
class Told:
    """A map as it came, where it stood, and what was found wrong so far (shared by all parts)."""

    data: object
    path: str = ""
    doubts: set[str] = field(default_factory=set)

    def value(self, name: str) -> object:
        return self.data.get(name) if isinstance(self.data, Mapping) else None

    def doubt(self, name: str = "") -> None:
        self.doubts.add(self._at(name) if name else self.path)

    def part(self, name: str) -> Told:
        """A map; an empty one, and a doubt, for what is none."""
        found = self.value(name)
        if found is not None and not isinstance(found, Mapping):
            self.doubt(name)
        return Told(found, self._at(name), self.doubts)

    def parts(self, name: str) -> Iterator[Told]:
        """The maps of a list; what is none is passed over."""
        found = self.value(name)
        if not isinstance(found, list | tuple):
            if found is not None:
                self.doubt(name)
            return
        for number, one in enumerate(found):
            part = Told(one, f"{self._at(name)}.{number}", self.doubts)
            if isinstance(one, Mapping):
                yield part
            else:
                part.doubt()

    def text(self, name: str) -> str:
        """ "" for what is missing or no text."""
        found = self.value(name)
        if found is not None and not isinstance(found, str):
            self.doubt(name)
        return found if isinstance(found, str) else ""

    def texts(self, name: str) -> tuple[str, ...] | None:
        """() for what is missing, None for what is no list of texts."""
        found = self.value(name)
        if found is None:
            return ()
        if isinstance(found, list | tuple) and all(isinstance(one, str) for one in found):
            return tuple(found)
        self.doubt(name)
        return None

    def whole(self, name: str, missing: int, least: int, most: int) -> int:
        """`missing` for what is not there, or cannot be so."""
        found = self.value(name)
        if found is None:
            return missing
        if isinstance(found, int) and not isinstance(found, bool) and least <= found <= most:
            return found
        self.doubt(name)
        return missing

    def sound(self) -> bool:
        """Whether nothing here or beneath is in doubt."""
        beneath = f"{self.path}."
        return not any(one == self.path or one.startswith(beneath) for one in self.doubts)

    def _at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name


def members(told: Told) -> tuple[Member, ...]:
    found = (_member(one) for one in told.parts("members"))
    return tuple(one for one in found if one is not None)


def _member(one: Told) -> Member | None:
    roles = one.texts("roles") or ()
    known = {role.value: role for role in _STAFF}
    flags = {name: one.value(name) for name in ("active", "must_choose_pin")}
    until = one.value("until")
    ends = None if until is None else one.whole("until", 0, 0, _BIG)
    member = Member(
        one.text("staff_id"),
        one.text("name"),
        frozenset(known[role] for role in roles if role in known),
        one.text("badge"),
        one.text("verifier"),
        flags["must_choose_pin"] is not False,
        one.whole("pin_round", 0, 1, _BIG) if one.value("pin_round") is not None else 1,
        flags["active"] is True,
        one.whole("not_before", _BIG, 0, _BIG) if one.value("not_before") is not None else 0,
        ends,
    )
    # A role that is not known grants nothing; the others of the same person do.
    named = member.staff_id and member.roles and member.pin_round
    if not named or not all(flag in (True, False, None) for flag in flags.values()):
        one.doubt()
        return None
    if not set(roles) <= set(known):
        one.doubt("roles")
    return member


def sign_in(told: Told) -> SignInRule:
    if told.data is None:
        return SignInRule()
    alone = [_roles(told, name) for name in ("badge_alone", "pin_alone")]
    return SignInRule(alone[0], alone[1])


def _roles(told: Told, name: str) -> frozenset[Role]:
    """Only those of the table can be let off: whatever else is named shows both."""
    found = told.texts(name) or ()
    if not set(found) <= {Role.ASSOCIATE}:
        told.doubt(name)
    return frozenset({Role.ASSOCIATE} & set(found))


def pins(told: Told) -> PinRule:
    least = told.whole("least", LEAST_PIN, LEAST_PIN, MOST_PIN)
    most = told.whole("most", max(12, least), LEAST_PIN, MOST_PIN)
    return PinRule(least, max(least, most))


def times(told: Told) -> Times:
    usual = Times()
    return Times(
        told.whole("idle", usual.idle, 30, 1800),
        told.whole("absolute", usual.absolute, 600, 16 * 3600),
        told.whole("aside", usual.aside, 0, 3600),
        told.whole("second", usual.second, 10, 300),
    )


def limits(house: Told) -> Limits:
    alone: dict[Limited, Amount] = {}
    known = {one.value: one for one in Limited}
    for one in house.parts("limits"):
        limited = known.get(one.text("limited"))
        minor, currency = one.whole("minor", -1, 0, _BIG), one.text("currency")
        if limited is None or minor < 0 or len(currency) != 3 or limited in alone:
            one.doubt()
            # Named twice it is nobody's: which one was meant cannot be known.
            if limited is not None:
                alone.pop(limited, None)
            continue
        alone[limited] = Amount(minor, currency)
    return Limits(alone)


def hold(told: Told) -> Hold:
    """What is missing is as usual; what is wrong keeps parcels."""
    usual = Hold()
    if told.data is None:
        return usual
    remind = told.value("remind")
    days = told.whole("days", usual.days, 0, LONGEST)
    counts = told.text("counts") or Counts.DAYS
    extend = told.whole("extend_by", usual.extend_by, 0, LONGEST)
    times_ = told.whole("extensions", usual.extensions, 0, 100)
    if counts not in list(Counts):
        told.doubt("counts")
    reminded = _remind(told, remind)
    return Hold(days, Counts(counts), reminded, extend, times_) if told.sound() else KEEP


def _remind(told: Told, found: object) -> tuple[int, ...]:
    if found is None:
        return Hold().remind
    good = isinstance(found, list | tuple) and all(
        isinstance(one, int) and not isinstance(one, bool) and 0 <= one <= LONGEST for one in found
    )
    if good and isinstance(found, list | tuple):
        return tuple(found)
    told.doubt("remind")
    return Hold().remind


def opening(told: Told) -> Opening:
    """A shop without a zone that is known, or without hours, opens on no day: parcels stay."""
    name = told.text("zone")
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        told.doubt("zone")
        return Opening(ZoneInfo("UTC"), {})
    closes: dict[int, time] = {}
    for one in told.parts("closes"):
        weekday, at = one.whole("weekday", -1, 0, 6), _time(one.text("at"))
        if weekday < 0 or at is None:
            one.doubt()
        else:
            closes[weekday] = max(at, closes.get(weekday, at))
    weekend = told.value("weekend")
    days = (
        {one for one in weekend if one in range(7)} if isinstance(weekend, list | tuple) else {5, 6}
    )
    working = Calendar(frozenset(days), _days(told, "no_work"))
    return Opening(zone, closes, Calendar(frozenset(), _days(told, "holidays")), working)


def _time(text: str) -> time | None:
    try:
        found = time.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat("minutes") == text else None


def _days(told: Told, name: str) -> frozenset[date | Yearly]:
    found: set[date | Yearly] = set()
    for text in told.texts(name) or ():
        day = calendar.parse(text)
        if day is None:
            told.doubt(name)
        else:
            found.add(day)
    return frozenset(found)


def shelves(house: Told) -> tuple[ShelfSet, ...]:
    found: dict[str, ShelfSet] = {}
    for one in house.parts("shelves"):
        shelf_id, room = one.text("shelf_id"), one.whole("room", 0, 0, 100_000)
        carriers, sizes = one.texts("carriers"), one.texts("sizes")
        if not shelf_id or carriers is None or sizes is None or shelf_id in found:
            one.doubt()
            continue
        returns = one.value("returns") is True
        found[shelf_id] = ShelfSet(shelf_id, one.text("zone"), room, carriers, sizes, returns)
    return tuple(found.values())
