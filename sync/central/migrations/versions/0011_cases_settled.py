"""cases that are found once, with their evidence and every step that settles them"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_KINDS = {
    "conflict": "duplicate_drop",
    "quarantined": "quarantined_event",
    "records_lost": "store_mended",
}
_THINGS = {"drops": "drop", "bags": "bag", "events": "event", "returns": "return"}


def _text(name: str, default: str | None = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant"], ["tenants.tenant"], name=op.f(f"fk_{table}_tenant"))


def _case(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_case_id")
    return sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=name)


def upgrade() -> None:
    old = list(op.get_bind().execute(sa.text("SELECT * FROM cases")).mappings())
    op.drop_table("cases")
    _create_cases(
        _text("key", None),
        _text("kind", None),
        _text("subject_kind", None),
        _text("subject", None),
        _text("state", "open"),
        sa.Column("opened_at", _INSTANT, nullable=False),
        _text("device_id"),
        _text("site"),
        sa.Column("evidence", sa.JSON(), nullable=False),
        _text("digest", None),
        sa.Column("amount", sa.BigInteger(), server_default="0", nullable=False),
        _text("currency"),
        sa.Column("steps", sa.BigInteger(), server_default="1", nullable=False),
        _text("owner"),
        sa.Column("settled_at", _INSTANT),
        _text("settled_by"),
        _text("resolution"),
        sa.UniqueConstraint("tenant", "key", name=op.f("uq_cases_tenant_key")),
    )
    op.create_table(
        "case_links",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("tenant", "thing", "id")),
        sa.Column("case_id", sa.Text(), nullable=False),
        _tenant("case_links"),
        _case("case_links"),
        sa.PrimaryKeyConstraint("tenant", "thing", "id", "case_id", name=op.f("pk_case_links")),
    )
    op.create_table(
        "case_events",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        _text("who"),
        _text("step", None),
        _text("resolution"),
        _text("comment"),
        sa.Column("evidence", sa.JSON(), nullable=False),
        _tenant("case_events"),
        _case("case_events"),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_case_events")),
    )
    known: set[tuple[str, str]] = set()
    for row in old:
        _bring(dict(row), known)


def _create_cases(*columns: Any) -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        *columns,
        _tenant("cases"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_cases")),
    )
    op.create_index("ix_cases_tenant_state_opened_at", "cases", ["tenant", "state", "opened_at"])


_NEW_CASE = sa.text(
    "INSERT INTO cases (case_id, tenant, key, kind, subject_kind, subject, opened_at, device_id, "
    "site, evidence, digest) VALUES (:case_id, :tenant, :key, :kind, :subject_kind, :subject, "
    ":opened_at, :device_id, "
    "COALESCE((SELECT site FROM devices WHERE devices.device_id = :device_id), ''), "
    ":evidence, :digest)"
).bindparams(sa.bindparam("evidence", type_=sa.JSON()))
_FIRST_STEP = sa.text(
    "INSERT INTO case_events (case_id, number, tenant, at, step, evidence) "
    "VALUES (:case_id, 1, :tenant, :opened_at, 'opened', :evidence)"
).bindparams(sa.bindparam("evidence", type_=sa.JSON()))
_LINK = sa.text(
    "INSERT INTO case_links (tenant, thing, id, case_id) VALUES (:tenant, :thing, :id, :case_id) "
    "ON CONFLICT DO NOTHING"
)


def _bring(row: dict[str, Any], known: set[tuple[str, str]]) -> None:
    """A case of the old form. Nobody could settle one: all are open. What was opened twice then
    stays two cases."""
    kind = _KINDS.get(row["kind"], row["kind"])
    subject_kind, subject = _subject(kind, row)
    if (row["tenant"], f"{kind}:{subject_kind}:{subject}") in known:
        subject_kind, subject = "case", row["case_id"]
    known.add((row["tenant"], f"{kind}:{subject_kind}:{subject}"))
    evidence = _evidence(row)
    body = json.dumps(evidence, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    told = row | {
        "kind": kind,
        "key": f"{kind}:{subject_kind}:{subject}",
        "subject_kind": subject_kind,
        "subject": subject,
        "evidence": evidence,
        "digest": hashlib.sha256(body.encode()).hexdigest(),
    }
    bind = op.get_bind()
    bind.execute(_NEW_CASE, told)
    bind.execute(_FIRST_STEP, told)
    named = [(subject_kind, subject)]
    named += [(thing, one) for name, thing in _THINGS.items() for one in evidence.get(name, ())]
    for thing, one in named:
        if one:
            bind.execute(_LINK, told | {"thing": thing, "id": one})


def _subject(kind: str, row: dict[str, Any]) -> tuple[str, str]:
    """As it is named when it is found today; a case whose subject was not kept is its own."""
    if kind == "duplicate_drop":
        return "drop_line", f"{row['second_drop_id']}/{row['line_id']}"
    if kind == "fork":
        return "case", row["case_id"]
    return "event", row["event_id"]


def _evidence(row: dict[str, Any]) -> dict[str, Any]:
    told = {
        "drops": [one for one in (row["first_drop_id"], row["second_drop_id"]) if one],
        "events": [one for one in (row["event_id"],) if one],
        "returns": [one for one in (row["return_id"],) if one],
        "lines": [one for one in (row["line_id"],) if one],
        "detail": row["detail"],
    }
    if row["second_bag_id"]:
        told["bags"] = [row["first_bag_id"], row["second_bag_id"]]
    return {name: value for name, value in told.items() if value}


def downgrade() -> None:
    bind = op.get_bind()
    kept = sa.text("SELECT * FROM cases").columns(evidence=sa.JSON())
    new = [dict(row) for row in bind.execute(kept).mappings()]
    for table in ("case_events", "case_links", "cases"):
        op.drop_table(table)
    names = ("event_id", "return_id", "line_id", "first_drop_id", "first_bag_id")
    _create_cases(
        _text("kind", None),
        _text("state", "open"),
        sa.Column("opened_at", _INSTANT, nullable=False),
        _text("device_id", None),
        *(_text(name) for name in (*names, "second_drop_id", "second_bag_id", "detail")),
    )
    for row in new:
        bind.execute(_OLD_CASE, _taken_back(row))


_OLD_CASE = sa.text(
    "INSERT INTO cases VALUES (:case_id, :tenant, :kind, :state, :opened_at, :device_id, "
    ":event_id, :return_id, :line_id, :first_drop_id, :first_bag_id, :second_drop_id, "
    ":second_bag_id, :detail)"
)


def _taken_back(row: dict[str, Any]) -> dict[str, Any]:
    """Who settled it how is lost, and so is what the old form had no place for."""
    old_kinds = {new: old for old, new in _KINDS.items()}
    told = row["evidence"]

    def at(name: str, place: int) -> str:
        named = told.get(name) or []
        return str(named[place]) if len(named) > place else ""

    first, second = (0, 1) if len(told.get("drops") or []) > 1 else (1, 0)
    return row | {
        "kind": old_kinds.get(row["kind"], row["kind"]),
        "state": "settled" if row["state"] == "settled" else "open",
        "event_id": at("events", 0),
        "return_id": at("returns", 0),
        "line_id": at("lines", 0),
        "first_drop_id": at("drops", first),
        "first_bag_id": at("bags", 0),
        "second_drop_id": at("drops", second),
        "second_bag_id": at("bags", 1),
        "detail": told.get("detail", ""),
    }
