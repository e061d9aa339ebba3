"""The demo's staffed counter: three people with their cards, forty shelves, three carriers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from kiosk.domain.counter.commands import Role
from kiosk.ports import Clock, Ids
from kiosk.seal.keys import SigningKey
from sync.central.audit import at_console
from sync.central.counter_book import files, houses, people, publishing
from sync.central.counter_book.people import Card, Changing, NotDone
from sync.central.counter_book.publishing import NotPublished
from sync.central.database import Database

HOUSE = Path(__file__).parents[2] / "assets" / "demo" / "counter.toml"
PEOPLE = (
    ("Amina", frozenset({Role.ASSOCIATE})),
    ("Bruno", frozenset({Role.SUPERVISOR})),
    ("Chloé", frozenset({Role.ENGINEER})),
)


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """Somebody behind the demo's counter. The badge is what its code says; the PIN is for the
    first sign-in, at which they choose their own."""

    staff_id: str
    name: str
    role: str
    badge: str = field(repr=False)
    pin: str = field(repr=False)


def fill(
    database: Database, clock: Clock, ids: Ids, tenant: str, site: str, key: SigningKey
) -> tuple[DemoStaff, ...]:
    """The site's counter with its book published. Filled again, everybody gets a new card."""
    by = at_console(tenant)
    database.write(lambda c: houses.begin(c, ids, clock.now(), by, site))
    house = files.read(HOUSE.read_text("utf-8"))
    changed = houses.change(database, clock, by, site, "all", lambda _: house)
    assert isinstance(changed, houses.House), "it was begun before"
    do = Changing(database, clock, ids, by, key)
    staff = tuple(_card(do, tenant, site, name, roles) for name, roles in PEOPLE)
    made = publishing.publish(database, clock, key, by, site, changed.digest)
    if isinstance(made, NotPublished):
        raise ValueError(f"the demo's counter book is not fit: {made.why}")
    return staff


def _card(do: Changing, tenant: str, site: str, name: str, roles: frozenset[Role]) -> DemoStaff:
    with do.database.reading() as c:
        there = [one for one in people.everybody(c, tenant, site) if one.name == name]
    card: Card | NotDone
    if there and there[0].active:
        card = people.issue(do, there[0].staff_id, badge=True, pin=True)
    elif there:
        card = people.restore(do, there[0].staff_id)
    else:
        card = people.add(do, name, roles, frozenset({site}))
    assert isinstance(card, Card), card
    (role,) = roles
    return DemoStaff(card.staff_id, name, role.value, card.badge, card.pin)
