"""What the counters of a site go by: people, shelves, carriers, hours."""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.tables.base import Moment, flag, metadata, number, text


def _tenant() -> sa.Column[str]:
    return sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True)


# One row for each site with a counter; whoever publishes holds it until commit.
counter_houses = sa.Table(
    "counter_houses",
    metadata,
    _tenant(),
    _key("site"),
    number("number", "0"),  # of the newest book; 0 where none went out yet
    text("etag", ""),  # of that book and its peppers
    text(
        "draft", ""
    ),  # sync.wire.counter_book.HouseTold as JSON, "" where nothing is being changed
    sa.Column("saved_at", Moment),
    text("saved_by", ""),
)

counter_books = sa.Table(
    "counter_books",
    metadata,
    _tenant(),
    _key("site"),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("issued_at", Moment, nullable=False),
    sa.Column("envelope", sa.LargeBinary, nullable=False),
    text("house"),  # HouseTold as JSON
    text("people"),  # what is shown of its members, as JSON: nothing secret
    text("members_digest"),  # SHA-256 of all that it says of them
    text("published_by"),
    text("note", ""),
)

counter_members = sa.Table(
    "counter_members",
    metadata,
    _tenant(),
    _key("staff_id"),
    text("name"),
    text("roles"),  # of kiosk.domain.counter.commands.Role, joined by a space
    text("verifier", ""),  # of the start PIN of this round; "" while there is none
    number("pin_round", "1"),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    number("not_before", "0"),  # Unix seconds
    sa.Column("until", sa.BigInteger),  # the second not included
    sa.Column("added_at", Moment, nullable=False),
    sa.Column("badge_at", Moment),  # when the badge in force was issued
)

# Where somebody works, and the digest of their badge there: each site has a pepper of its own.
counter_member_sites = sa.Table(
    "counter_member_sites",
    metadata,
    _tenant(),
    _key("site"),
    _key("staff_id"),
    text("badge", ""),
    text("pepper_id", ""),
    sa.Index(None, "tenant", "staff_id"),
)

counter_peppers = sa.Table(
    "counter_peppers",
    metadata,
    _key("pepper_id"),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    text("site"),
    text("secret"),  # hex, sealed (sync.central.sealing)
    sa.Column("made_at", Moment, nullable=False),
    flag("retired"),
    sa.Index(None, "tenant", "site"),
)
