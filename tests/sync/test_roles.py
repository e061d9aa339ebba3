"""Roles: what each may, in one table."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from sync.central.roles import (
    ALL_ROLES,
    OF_A_MERCHANT,
    Permission,
    Role,
    may,
    permissions,
    read_roles,
    write_roles,
)

LOOKING = "own_account see_drops see_cases see_books see_kiosks see_policy"
BEYOND = {
    Role.VIEWER: "",
    Role.AGENT: "settle_cases close_books export change_returns",
    Role.POLICY: "draft_policy publish_policy change_returns",
    Role.FLEET: "enrol_kiosks revoke_kiosks order_kiosks run_counters",
    Role.ADMIN: "manage_people manage_keys see_audit run_counters",
    Role.AUDITOR: "see_audit export",
}


@dataclass(frozen=True)
class Somebody:
    roles: frozenset[Role]
    merchant: str = ""


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_what_the_table_says_and_nothing_else(role):
    wanted = set(f"{LOOKING} {BEYOND[role]}".split())
    assert {one.value for one in Permission if may(Somebody(frozenset({role})), one)} == wanted


def test_nobody_may_anything_without_a_role():
    assert not any(may(Somebody(frozenset()), one) for one in Permission)


def test_every_permission_is_given_by_some_role():
    assert permissions(ALL_ROLES) == set(Permission)


def test_several_roles_add_up():
    both = Somebody(frozenset({Role.AGENT, Role.FLEET}))
    assert may(both, Permission.SETTLE_CASES)
    assert may(both, Permission.ENROL_KIOSKS)
    assert not may(both, Permission.MANAGE_PEOPLE)


def test_a_merchants_person_may_no_more_than_see_and_take_its_own():
    bound = Somebody(frozenset(ALL_ROLES), merchant="linden")
    assert {one for one in Permission if may(bound, one)} == OF_A_MERCHANT


def test_a_role_of_a_newer_version_opens_nothing():
    assert read_roles("viewer emperor") == {Role.VIEWER}
    assert read_roles("") == frozenset()


def test_roles_are_kept_in_one_order():
    assert write_roles([Role.ADMIN, Role.VIEWER]) == "viewer admin"
    assert read_roles(write_roles(ALL_ROLES)) == set(ALL_ROLES)
