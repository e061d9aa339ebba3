"""What became of the goods after their drop, and the books over it (sync.central.reconcile).

`movements` is a record of facts and is only ever added to. `differences` and `awaited` are what
the matching found last, and could be built again from the facts; `books` never change.
"""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.tables.base import Moment, metadata, number, text


def _tenant() -> sa.Column[str]:
    return sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True)


# One fact of one source; which of the five names are given says what it is about.
movements = sa.Table(
    "movements",
    metadata,
    _tenant(),
    sa.Column("source", sa.Text, primary_key=True),  # carrier:swift | hub:north | merchant:linden
    sa.Column("source_id", sa.Text, primary_key=True),  # the source's own: told twice, kept once
    text("kind"),  # sync.central.reconcile.model.Kind
    text("site", ""),
    text("return_id", ""),
    text("line_id", ""),
    text("bag_id", ""),
    text("container_id", ""),
    text("manifest_id", ""),
    number("count", "-1"),  # of what is inside, as counted there; -1 where nobody counted
    number("amount", "0"),  # minor units
    text("currency", ""),
    text("detail", ""),  # a grade, a seal, what is done with the goods
    sa.Column("told_at", Moment, nullable=False),  # when it happened, by its source
    sa.Column("received_at", Moment, nullable=False),  # by the centre's clock
    text("digest"),  # SHA-256 of what was told, to tell a repeat from a clash
    sa.Index(None, "tenant", "told_at"),
    sa.Index(None, "tenant", "received_at"),
)
# Most facts name one or two things: an index holds those that name its own.
for _name in ("bag_id", "container_id", "manifest_id", "return_id"):
    _named = movements.c[_name] != ""
    sa.Index(
        None,
        movements.c.tenant,
        movements.c[_name],
        sqlite_where=_named,
        postgresql_where=_named,
    )

# What is not complete and not late either: looked at again when its time is over.
awaited = sa.Table(
    "awaited",
    metadata,
    _tenant(),
    sa.Column("unit_kind", sa.Text, primary_key=True),  # bag | container | manifest | line | return
    sa.Column("unit_id", sa.Text, primary_key=True),
    sa.Column("part_id", sa.Text, primary_key=True),  # of a return: its line
    sa.Column("rule", sa.Text, primary_key=True),
    sa.Column("since", Moment, nullable=False),
    sa.Index(None, "tenant", "rule", "since"),
)

# What is wrong now, each with the case that it opened.
differences = sa.Table(
    "differences",
    metadata,
    _tenant(),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("unit_kind", sa.Text, primary_key=True),
    sa.Column("unit_id", sa.Text, primary_key=True),
    sa.Column("part_id", sa.Text, primary_key=True),
    text("digest"),  # SHA-256 of the evidence, to tell news from a repeat
    sa.Column("found_at", Moment, nullable=False),
    sa.Index(None, "tenant", "unit_kind", "unit_id"),
)

tolerances = sa.Table(
    "tolerances",
    metadata,
    _tenant(),
    sa.Column("name", sa.Text, primary_key=True),  # a field of model.Tolerances
    number("value"),
)

# How far the matching has come: facts received before `at` were looked at.
reconciled = sa.Table(
    "reconciled",
    metadata,
    _tenant(),
    sa.Column("what", sa.Text, primary_key=True),  # drops | movements
    sa.Column("at", Moment, nullable=False),
)

# Which drop numbers of a kiosk have come: runs without a hole, as [[first, last], ...].
numberings = sa.Table(
    "numberings",
    metadata,
    _tenant(),
    sa.Column("device_id", sa.Text, sa.ForeignKey("devices.device_id"), primary_key=True),
    sa.Column("runs", sa.JSON, nullable=False),
)

closings = sa.Table(
    "closings",
    metadata,
    _tenant(),
    sa.Column("day", sa.Text, primary_key=True),  # YYYY-MM-DD in the back office's time zone
    sa.Column("starts_at", Moment, nullable=False),
    sa.Column("ends_at", Moment, nullable=False),
    sa.Column("until", Moment, nullable=False),  # what was received by then is in the day's books
    sa.Column("closed_at", Moment, nullable=False),
    sa.Index(None, "tenant", "starts_at"),
)

books = sa.Table(
    "books",
    metadata,
    _tenant(),
    sa.Column("day", sa.Text, primary_key=True),
    sa.Column("site", sa.Text, primary_key=True),  # "" for hubs, carriers and merchants
    sa.Column("stages", sa.JSON, nullable=False),  # {stage: {facts, units, late, amounts}}
    text("facts"),  # SHA-256 over the sorted ids of all facts in it
    text("previous"),  # the digest of this site's book before it
    text("digest"),
)

# What the columns of a carrier's or hub's files mean, as its map was given last.
import_maps = sa.Table(
    "import_maps",
    metadata,
    _tenant(),
    sa.Column("name", sa.Text, primary_key=True),
    text("body"),  # TOML, as sync.central.reconcile.columns reads it
    text("person"),
    sa.Column("at", Moment, nullable=False),
)

# Files that were looked at in the back office, and those that were taken, by whatever door.
imports = sa.Table(
    "imports",
    metadata,
    _tenant(),
    sa.Column("import_id", sa.Text, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    text("person"),
    text("state"),  # looked_at | taken
    text("file_name"),
    text("sha256"),
    number("size"),
    text("source", ""),
    text("map"),  # TOML
    number("new", "0"),
    number("known", "0"),
    sa.Column("opened", sa.JSON, nullable=False),  # {kind of case: how many}, as looked at
    number("gone", "0"),
    sa.Column("data", sa.LargeBinary, nullable=False),  # the file, until it is taken
    sa.Index(None, "tenant", "state", "at"),
)
