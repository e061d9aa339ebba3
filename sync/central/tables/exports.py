"""What a tenant's places and parties are called in files that it gives to others."""

from __future__ import annotations

import sqlalchemy as sa

from sync.central.tables.base import metadata, text

epcis_names = sa.Table(
    "epcis_names",
    metadata,
    sa.Column("tenant", sa.Text, sa.ForeignKey("tenants.tenant"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),  # sync.central.exports.epcis.names.Named
    sa.Column("name", sa.Text, primary_key=True),  # of a site, merchant or partner; "" for us
    text("value"),  # a GLN, an address, "gtin"
)
