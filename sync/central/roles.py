"""Who may do what in the back office: closed lists, and one question, `may`.

A role is a bundle of permissions; a person has one or more roles. Every page and every action
names one permission (sync.central.pages), and nothing asks for a role by its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum, unique
from typing import Final, Protocol


@unique
class Permission(StrEnum):
    """What a page or an action asks for."""

    OWN_ACCOUNT = "own_account"  # one's own password, second factor, sessions
    SEE_DROPS = "see_drops"  # today, drops, their photographs
    SEE_CASES = "see_cases"
    SETTLE_CASES = "settle_cases"  # take, comment, settle, reopen
    SEE_BOOKS = "see_books"  # reconciliation and its days
    CLOSE_BOOKS = "close_books"  # import carriers' and hubs' files, close a day
    EXPORT = "export"
    SEE_KIOSKS = "see_kiosks"
    ENROL_KIOSKS = "enrol_kiosks"
    REVOKE_KIOSKS = "revoke_kiosks"
    ORDER_KIOSKS = "order_kiosks"  # settings and commands from afar
    RUN_COUNTERS = "run_counters"  # people, shelves and rules of staffed counters
    SEE_POLICY = "see_policy"
    DRAFT_POLICY = "draft_policy"
    PUBLISH_POLICY = "publish_policy"  # and roll back
    CHANGE_RETURNS = "change_returns"  # cancel and extend what merchants authorised
    MANAGE_PEOPLE = "manage_people"
    MANAGE_KEYS = "manage_keys"  # machine keys, webhooks
    SEE_AUDIT = "see_audit"


@unique
class Role(StrEnum):
    VIEWER = "viewer"
    AGENT = "agent"
    POLICY = "policy"
    FLEET = "fleet"
    ADMIN = "admin"
    AUDITOR = "auditor"


_LOOKING: Final = frozenset(
    {
        Permission.OWN_ACCOUNT,
        Permission.SEE_DROPS,
        Permission.SEE_CASES,
        Permission.SEE_BOOKS,
        Permission.SEE_KIOSKS,
        Permission.SEE_POLICY,
    }
)

GRANTS: Final[dict[Role, frozenset[Permission]]] = {
    Role.VIEWER: _LOOKING,
    Role.AGENT: _LOOKING
    | {
        Permission.SETTLE_CASES,
        Permission.CLOSE_BOOKS,
        Permission.EXPORT,
        Permission.CHANGE_RETURNS,
    },
    Role.POLICY: _LOOKING
    | {Permission.DRAFT_POLICY, Permission.PUBLISH_POLICY, Permission.CHANGE_RETURNS},
    Role.FLEET: _LOOKING
    | {
        Permission.ENROL_KIOSKS,
        Permission.REVOKE_KIOSKS,
        Permission.ORDER_KIOSKS,
        Permission.RUN_COUNTERS,
    },
    Role.ADMIN: _LOOKING
    | {
        Permission.MANAGE_PEOPLE,
        Permission.MANAGE_KEYS,
        Permission.SEE_AUDIT,
        Permission.RUN_COUNTERS,
    },
    Role.AUDITOR: _LOOKING | {Permission.SEE_AUDIT, Permission.EXPORT},
}

OF_A_MERCHANT: Final = frozenset({Permission.OWN_ACCOUNT, Permission.SEE_DROPS, Permission.EXPORT})
"""What is left to somebody who is bound to one merchant, whatever the roles: pages whose every
row has a merchant and which are narrowed to it. Kiosks, books and people belong to the house."""

ALL_ROLES: Final = tuple(Role)


class Bearer(Protocol):
    """Somebody with roles; `merchant` is "" for a person of the house."""

    @property
    def roles(self) -> frozenset[Role]: ...

    @property
    def merchant(self) -> str: ...


def permissions(roles: Iterable[Role], merchant: str = "") -> frozenset[Permission]:
    granted = frozenset[Permission]().union(*(GRANTS[role] for role in roles))
    return granted & OF_A_MERCHANT if merchant else granted


def may(person: Bearer, permission: Permission) -> bool:
    """The one question. Nobody may anything without a role."""
    return permission in permissions(person.roles, person.merchant)


def read_roles(text: str) -> frozenset[Role]:
    """As they are kept: joined by a space. A role that this version does not know grants nothing,
    so that going back to an older version opens no door."""
    known = set(Role)
    return frozenset(Role(one) for one in text.split() if one in known)


def write_roles(roles: Iterable[Role]) -> str:
    chosen = set(roles)
    return " ".join(role for role in Role if role in chosen)
