"""Messages to recipients and shoppers: what is to be sent, by which ways, in whose words."""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.tables.base import Moment, flag, metadata, number, text

# What is to be sent, and what became of it. `hidden` is all that nobody may read (addresses, code,
# a name), sealed; it is "" as soon as nothing is sent any more.
notices = sa.Table(
    "notices",
    metadata,
    sa.Column("notice_id", sa.Text, primary_key=True),
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), nullable=False),
    text("kind"),  # sync.central.notices.model.Kind
    text("thing"),  # parcel | return
    text("about"),  # the parcel's number, the return's id
    text("recipient"),  # a pseudonym or "": one person may have several parcels
    text("occasion"),  # what tells this notice from an earlier one of the same kind
    text("site", ""),
    text("merchant_id", ""),
    text("language"),
    text("told", "{}"),  # what its words need and anybody may know, as JSON
    text("hidden"),
    number("way", "0"),  # which of its addresses is tried
    text("channel", ""),  # the one that it goes by, or went
    text("state", "queued"),  # queued | sending | handing | sent | failed | dropped
    text("why", ""),  # of failed and dropped
    text("answer", ""),  # what the provider said last, without any address
    number("attempts", "0"),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("not_after", Moment, nullable=False),
    sa.Column("held_until", Moment),  # by whoever is sending it
    sa.Column("settled_at", Moment),
    sa.Index(
        "uq_notices_once",
        *("tenant", "kind", "thing", "about", "recipient", "occasion"),
        unique=True,
    ),
    sa.Index(None, "tenant", "state", "due_at"),
    sa.Index(None, "tenant", "created_at"),
    sa.Index(None, "tenant", "thing", "about"),
)

# Whom to tell of a parcel or a return, as long as there is something to tell.
notice_contacts = sa.Table(
    "notice_contacts",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("thing", sa.Text, primary_key=True),  # parcel | return
    sa.Column("about", sa.Text, primary_key=True),
    text("site", ""),  # of a parcel: where it is expected
    text("merchant_id", ""),
    text("recipient", ""),
    text("language"),
    text("hidden"),  # addresses in the order of wish, name, code; sealed
    flag("coded"),  # whether there is a pick-up code in it
    sa.Column("came_at", Moment, nullable=False),
    sa.Column("until", Moment, nullable=False),  # it goes then, whatever was sent
    sa.Index(None, "tenant", "site", "recipient"),
    sa.Index(None, "tenant", "until"),
)

# The ways that a tenant has: a mail server, a provider.
notice_channels = sa.Table(
    "notice_channels",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("channel", sa.Text, primary_key=True),  # email | sms | whatsapp | ...
    sa.Column("channel_id", sa.Text, nullable=False, unique=True),  # what it is sealed for
    text("hidden"),  # server, user and password, or the provider's address; sealed
    text("shown"),  # what of it anybody may read
    text("state", "active"),  # active | paused
    number("a_minute", "60"),
    number("a_day", "5000"),
    number("failures", "0"),  # in a row, of the channel itself
    text("fault", ""),
    sa.Column("next_at", Moment, nullable=False),  # nothing is sent before
    sa.Column("changed_at", Moment, nullable=False),
)

# A tenant's own words, or one merchant's; the newest version counts. One without words takes the
# shipped ones again.
notice_templates = sa.Table(
    "notice_templates",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("merchant_id", sa.Text, primary_key=True),  # "" for all
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("language", sa.Text, primary_key=True),
    sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
    text("subject"),
    text("body"),
    text("short"),  # where there is room for a few words alone
    sa.Column("saved_at", Moment, nullable=False),
    text("saved_by"),
)

# Who does not want to be told, as a keyed digest of the address alone.
notice_refusals = sa.Table(
    "notice_refusals",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("at", Moment, nullable=False),
)

# How a tenant sends at all.
notice_settings = sa.Table(
    "notice_settings",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    number("quiet_from", "1260"),  # minutes of the site's day; the same as the end is never
    number("quiet_until", "480"),
    text("pepper"),  # hex, sealed: of the refusals' digests
)
