"""The declared schema of ledger.db. Migrations build it; a test compares the two.

Times are text in `values.stamp` form, amounts minor units, states the values of their enums.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)

VERSION = 5
"""PRAGMA user_version of this schema; the head revision bears the same number."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, default: str | None = None) -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


OPEN_STATES = ("open", "decided", "bagged")
GIVEN_STATES = ("committed", "contained", "handed_over", "received")
"""Promised and standing: what these drops took cannot be brought again."""
TAKEN = ("accepted", "returnless")
"""Lines that a standing drop settled."""
DROP_STATES = (*OPEN_STATES, *GIVEN_STATES, "abandoned", "refused", "voided")


def among(column: str, values: tuple[str, ...]) -> str:
    """As SQL."""
    return f"{column} IN ({', '.join(repr(v) for v in values)})"


meta = Table(
    "meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False)
)

drops = Table(
    "drops",
    metadata,
    Column("drop_id", Text, primary_key=True),
    Column("drop_number", Text),
    _text("visit_id"),
    _text("return_id"),
    _text("merchant_id"),
    _text("state"),
    _text("identified_by"),
    _text("code_id"),
    _number("policy_number"),
    _number("offline"),
    _text("bag_id"),
    _text("opened_at"),
    _text("changed_at"),
    Column("committed_at", Text),
    Column("receipt", Text),  # JSON of what the receipt told, for reprints
    _text("customer", ""),  # the authorisation's pseudonym, for limits over several returns
    _text("day", ""),  # the merchant's local day of the promise
    CheckConstraint(among("state", DROP_STATES), name="state"),
    CheckConstraint(
        "state IN ('open', 'decided', 'bagged', 'abandoned', 'refused') OR"
        " (drop_number IS NOT NULL AND committed_at IS NOT NULL AND receipt IS NOT NULL)",
        name="promise",
    ),
)
Index("uq_drops_number", drops.c.drop_number, unique=True)
# The same return cannot be open twice, whatever the code above believes.
Index(
    "uq_drops_open",
    drops.c.return_id,
    unique=True,
    sqlite_where=text(among("state", OPEN_STATES)),
)
Index("ix_drops_return", drops.c.return_id)
Index("ix_drops_customer", drops.c.customer, drops.c.merchant_id)

# The lines of drops as limits need them, and the money of their first form. The record of a line is
# its event (kiosk.domain.events.LineFact, and the receipt for reprints): what facts and rules were
# added since stand there alone, and no reader may take this table for all of it. A column comes
# only with a query of the kiosk's own that needs it.
lines = Table(
    "drop_lines",
    metadata,
    Column("drop_id", Text, ForeignKey("drops.drop_id"), primary_key=True),
    Column("line_id", Text, primary_key=True),
    _text("return_id"),
    _text("sku"),
    _text("state"),
    _text("outcome"),
    _text("reason"),
    _number("brought"),
    _number("price"),
    _number("refund"),
    _number("fee"),
    _number("withheld"),
    _text("currency"),
    _text("fees_once", "[]"),  # JSON of ChargedOnce: what a later drop of the return must know
    _text("bonuses_once", "[]"),
)
Index("ix_drop_lines_return", lines.c.return_id)

bags = Table(
    "bags",
    metadata,
    Column("number", Integer, primary_key=True),
    _text("bag_id"),
    Column("drop_id", Text, ForeignKey("drops.drop_id"), nullable=False),
    _text("taken_at"),
    Column("released_at", Text),
)
Index("uq_bags_held", bags.c.bag_id, unique=True, sqlite_where=text("released_at IS NULL"))

redeemed = Table(
    "redeemed_codes",
    metadata,
    Column("code_id", Text, primary_key=True),
    Column("drop_id", Text, ForeignKey("drops.drop_id"), primary_key=True),
)

print_jobs = Table(
    "print_jobs",
    metadata,
    Column("drop_id", Text, ForeignKey("drops.drop_id"), primary_key=True),
    _text("state"),
    _text("fault"),
    _number("attempts"),
    _text("changed_at"),
    CheckConstraint(
        among("state", ("queued", "printing", "printed", "unconfirmed", "failed")), name="state"
    ),
)

# What happened. Never updated; removed only by retention, after the centre has it.
events = Table(
    "events",
    metadata,
    Column("number", Integer, primary_key=True),
    _text("id"),
    _text("type"),
    _text("time"),
    _text("subject"),
    _text("hlc"),
    _number("monotonic_ms"),
    _number("policyversion"),
    _text("data"),
    Column("offset_ms", Integer),  # the centre's clock minus ours, where it was known
    sqlite_autoincrement=True,
)
Index("uq_events_id", events.c.id, unique=True)

# Where each event stands in the sequence told to the centre. An event has one row per epoch:
# a new epoch re-enqueues the same facts under new numbers and leaves the old links as evidence.
outbox = Table(
    "outbox",
    metadata,
    Column("epoch", Text, ForeignKey("epochs.epoch"), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("event", Integer, ForeignKey("events.number"), nullable=False),
    _text("chain"),
    Column("acked_at", Text),
)
Index("ix_outbox_event", outbox.c.event)

# `base_*` is the last link removed by retention, `sequence` and `chain` the newest link,
# `cursor` the last one that the centre holds. The highest `number` is the current epoch.
epochs = Table(
    "epochs",
    metadata,
    Column("epoch", Text, primary_key=True),
    _number("number"),
    _text("started_at"),
    _number("base_sequence"),
    _text("base_chain"),
    _number("sequence"),
    _text("chain"),
    _number("cursor"),
)
Index("uq_epochs_number", epochs.c.number, unique=True)

# What happened at the site's counters, told here or heard (kiosk.store.counter): what the shop is
# folded from. Own facts are among `events` too, and go from there sooner. A stamp is one fact's;
# `twin` tells those apart that a cloned device gave one stamp.
counter_facts = Table(
    "counter_facts",
    metadata,
    Column("number", Integer, primary_key=True),  # the order in which they came
    _text("hlc"),
    _text("device"),
    _number("part"),
    _number("twin"),
    _text("type"),
    _text("data"),
    sqlite_autoincrement=True,
)
_fact = counter_facts.c
Index("uq_counter_facts_stamp", _fact.hlc, _fact.device, _fact.part, _fact.twin, unique=True)

# What the centre swore to hold (kiosk.store.anchors): the newest of each epoch and day of its
# time. Not tied to `epochs`: they stay when events and epochs go.
anchors = Table(
    "anchors",
    metadata,
    Column("epoch", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    _text("device"),
    _number("sequence"),
    _text("chain"),
    _text("time"),
    _text("kid"),
    _text("signature"),
    _text("public_key"),  # hex; the one that it was checked with, as keys are retired
)
