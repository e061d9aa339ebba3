"""the first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sync.central.database import Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("attempt_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_attempts")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attempts_kind_source_at"), ["kind", "source", "at"], unique=False
        )

    op.create_table(
        "tenants",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_tenants")),
    )
    op.create_table(
        "authorisations",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=False),
        sa.Column("merchant_id", sa.Text(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant"], ["tenants.tenant"], name=op.f("fk_authorisations_tenant")
        ),
        sa.PrimaryKeyConstraint("tenant", "return_id", name=op.f("pk_authorisations")),
    )
    op.create_table(
        "bundle_files",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant"], ["tenants.tenant"], name=op.f("fk_bundle_files_tenant")
        ),
        sa.PrimaryKeyConstraint("tenant", "sha256", name=op.f("pk_bundle_files")),
    )
    op.create_table(
        "bundle_keys",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_bundle_keys_tenant")),
        sa.PrimaryKeyConstraint("tenant", "kid", name=op.f("pk_bundle_keys")),
    )
    op.create_table(
        "bundles",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("previous", sa.BigInteger(), nullable=False),
        sa.Column("issued", Moment(), nullable=False),
        sa.Column("warn_after", Moment(), nullable=False),
        sa.Column("accept_until", Moment(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_bundles_tenant")),
        sa.PrimaryKeyConstraint("tenant", "number", name=op.f("pk_bundles")),
    )
    op.create_table(
        "cases",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), server_default="", nullable=False),
        sa.Column("return_id", sa.Text(), server_default="", nullable=False),
        sa.Column("line_id", sa.Text(), server_default="", nullable=False),
        sa.Column("first_drop_id", sa.Text(), server_default="", nullable=False),
        sa.Column("first_bag_id", sa.Text(), server_default="", nullable=False),
        sa.Column("second_drop_id", sa.Text(), server_default="", nullable=False),
        sa.Column("second_bag_id", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_cases_tenant")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_cases")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_cases_tenant_state_opened_at"),
            ["tenant", "state", "opened_at"],
            unique=False,
        )

    op.create_table(
        "code_keys",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_code_keys_tenant")),
        sa.PrimaryKeyConstraint("tenant", "kid", name=op.f("pk_code_keys")),
    )
    op.create_table(
        "devices",
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("kiosk_code", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="enrolled", nullable=False),
        sa.Column("enrolled_at", Moment(), nullable=False),
        sa.Column("last_seen_at", Moment(), nullable=True),
        sa.Column("version", sa.Text(), server_default="", nullable=False),
        sa.Column("epoch", sa.Text(), server_default="", nullable=False),
        sa.Column("queued", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("oldest_queued_s", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("policy_number", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("troubles", sa.Text(), server_default="", nullable=False),
        sa.Column("disk_free_mb", sa.BigInteger(), server_default="-1", nullable=False),
        sa.Column("clock_offset_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_devices_tenant")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_devices")),
    )
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_devices_tenant_kiosk_code"), ["tenant", "kiosk_code"], unique=False
        )

    op.create_table(
        "merchants",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("merchant_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_merchants_tenant")),
        sa.PrimaryKeyConstraint("tenant", "merchant_id", name=op.f("pk_merchants")),
    )
    op.create_table(
        "people",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_people_tenant")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_people")),
    )
    op.create_table(
        "revoked_codes",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("code_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant"], ["tenants.tenant"], name=op.f("fk_revoked_codes_tenant")
        ),
        sa.PrimaryKeyConstraint("tenant", "code_id", name=op.f("pk_revoked_codes")),
    )
    op.create_table(
        "drops",
        sa.Column("drop_id", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("drop_number", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Text(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=False),
        sa.Column("merchant_id", sa.Text(), nullable=False),
        sa.Column("order_number", sa.Text(), server_default="", nullable=False),
        sa.Column("bag_id", sa.Text(), nullable=False),
        sa.Column("policy_number", sa.BigInteger(), nullable=False),
        sa.Column("offline", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("provisional", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("disputed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("identified_by", sa.Text(), nullable=False),
        sa.Column("code_id", sa.Text(), nullable=False),
        sa.Column("told_at", Moment(), nullable=False),
        sa.Column("corrected_at", Moment(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("refund", sa.BigInteger(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), server_default="", nullable=False),
        sa.Column("receipt_fault", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.device_id"], name=op.f("fk_drops_device_id")
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_drops_tenant")),
        sa.PrimaryKeyConstraint("drop_id", name=op.f("pk_drops")),
    )
    with op.batch_alter_table("drops", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_drops_tenant_bag_id"), ["tenant", "bag_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_drops_tenant_drop_number"), ["tenant", "drop_number"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_drops_tenant_order_number"), ["tenant", "order_number"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_drops_tenant_received_at"), ["tenant", "received_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_drops_tenant_return_id"), ["tenant", "return_id"], unique=False
        )

    op.create_table(
        "enrolments",
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("kiosk_code", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.Column("device_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.device_id"], name=op.f("fk_enrolments_device_id")
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_enrolments_tenant")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_enrolments")),
    )
    op.create_table(
        "epochs",
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("chain_head", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.device_id"], name=op.f("fk_epochs_device_id")
        ),
        sa.PrimaryKeyConstraint("device_id", "epoch", name=op.f("pk_epochs")),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("told_at", Moment(), nullable=False),
        sa.Column("corrected_at", Moment(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.device_id"], name=op.f("fk_events_device_id")
        ),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_events_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_events_device_id_received_at"),
            ["device_id", "received_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_events_tenant_subject"), ["tenant", "subject"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_events_tenant_type_received_at"),
            ["tenant", "type", "received_at"],
            unique=False,
        )

    op.create_table(
        "links",
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("clash", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.device_id"], name=op.f("fk_links_device_id")
        ),
        sa.PrimaryKeyConstraint("device_id", "epoch", "sequence", name=op.f("pk_links")),
    )
    op.create_table(
        "nonces",
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.device_id"], name=op.f("fk_nonces_device_id")
        ),
        sa.PrimaryKeyConstraint("device_id", "nonce", name=op.f("pk_nonces")),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("csrf", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["name"], ["people.name"], name=op.f("fk_sessions_name")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_table(
        "claims",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("return_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("drop_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["drop_id"], ["drops.drop_id"], name=op.f("fk_claims_drop_id")),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_claims_tenant")),
        sa.PrimaryKeyConstraint("tenant", "return_id", "line_id", "unit", name=op.f("pk_claims")),
    )
    op.create_table(
        "drop_lines",
        sa.Column("drop_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reason_values", sa.JSON(), nullable=False),
        sa.Column("brought", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("refund", sa.BigInteger(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("withheld", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("disposal", sa.Text(), nullable=False),
        sa.Column("provisional", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("rule_ids", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["drop_id"], ["drops.drop_id"], name=op.f("fk_drop_lines_drop_id")),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f("fk_drop_lines_tenant")),
        sa.PrimaryKeyConstraint("drop_id", "position", name=op.f("pk_drop_lines")),
    )


def downgrade() -> None:
    op.drop_table("drop_lines")
    op.drop_table("claims")
    op.drop_table("sessions")
    op.drop_table("nonces")
    op.drop_table("links")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_events_tenant_type_received_at"))
        batch_op.drop_index(batch_op.f("ix_events_tenant_subject"))
        batch_op.drop_index(batch_op.f("ix_events_device_id_received_at"))

    op.drop_table("events")
    op.drop_table("epochs")
    op.drop_table("enrolments")
    with op.batch_alter_table("drops", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drops_tenant_return_id"))
        batch_op.drop_index(batch_op.f("ix_drops_tenant_received_at"))
        batch_op.drop_index(batch_op.f("ix_drops_tenant_order_number"))
        batch_op.drop_index(batch_op.f("ix_drops_tenant_drop_number"))
        batch_op.drop_index(batch_op.f("ix_drops_tenant_bag_id"))

    op.drop_table("drops")
    op.drop_table("revoked_codes")
    op.drop_table("people")
    op.drop_table("merchants")
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_devices_tenant_kiosk_code"))

    op.drop_table("devices")
    op.drop_table("code_keys")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cases_tenant_state_opened_at"))

    op.drop_table("cases")
    op.drop_table("bundles")
    op.drop_table("bundle_keys")
    op.drop_table("bundle_files")
    op.drop_table("authorisations")
    op.drop_table("tenants")
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempts_kind_source_at"))

    op.drop_table("attempts")
