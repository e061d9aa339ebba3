"""What the staffed counters of a site told, in one order, and what follows from it.

The truth is `counter_facts`, a copy of what `events` holds of counters, with the facts that the
centre itself told. `counter_things` is folded from them (sync.central.counter.folding) and could
be built again.
"""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.tables.base import Moment, flag, metadata, number, text


def _tenant() -> sa.Column[str]:
    return sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True)


# Whoever adds facts of a site holds its row until commit: places are given in the order in which
# they become visible, and what two counters told of one parcel is folded one after the other.
counter_sites = sa.Table(
    "counter_sites",
    metadata,
    _tenant(),
    _key("site"),
    number("position", "0"),  # of the newest fact
    text("hlc", ""),  # the highest stamp of any of its facts
)

# The newest fact of each teller: whether there is anything for the others to hear.
counter_tellers = sa.Table(
    "counter_tellers",
    metadata,
    _tenant(),
    _key("site"),
    _key("device"),
    number("position"),
    sa.Column("at", Moment, nullable=False),
)

counter_facts = sa.Table(
    "counter_facts",
    metadata,
    _tenant(),
    _key("site"),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("event_id", sa.Text, unique=True),  # NULL where the centre told it
    text("device"),  # or sync.central.counter.telling.CENTRE
    text("hlc"),
    text("type"),
    text("body"),  # the fact's fields as JSON
    sa.Column("at", Moment, nullable=False),  # by the corrected clock
    sa.Column("received_at", Moment, nullable=False),
)

# Which facts touch a thing.
counter_touched = sa.Table(
    "counter_touched",
    metadata,
    _tenant(),
    _key("site"),
    _key("kind"),  # kiosk.domain.counter.facts.Kind
    _key("name"),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
)

counter_things = sa.Table(
    "counter_things",
    metadata,
    _tenant(),
    _key("site"),
    _key("kind"),
    _key("name"),
    text("state"),
    text("carrier", ""),
    text("size", ""),
    text("shelf", ""),  # where it lies, or lay last; of a shelf: its zone
    text("container", ""),
    text("manifest", ""),
    text("plate", ""),
    text("until", ""),  # the last day on which a parcel waits
    text("recipient", ""),  # a pseudonym
    number("room", "0"),  # of a shelf or a container
    flag("here"),  # in the shop
    flag("announced"),
    flag("left_behind"),  # in a container that went without it
    number("facts"),
    sa.Column("conflicts", sa.JSON, nullable=False),  # keys of the cases that it is about
    flag("disputed"),  # whether there are any
    sa.Column("first_at", Moment, nullable=False),
    sa.Column("since", Moment, nullable=False),  # it is in this state
    sa.Column("changed_at", Moment, nullable=False),  # its newest fact
    sa.Index(None, "tenant", "kind", "name"),
    sa.Index(None, "tenant", "kind", "changed_at", "site", "name"),
    sa.Index(None, "tenant", "kind", "state", "changed_at"),
    sa.Index(None, "tenant", "site", "kind", "state", "until"),
    sa.Index(None, "tenant", "site", "container"),
)
