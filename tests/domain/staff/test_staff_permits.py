"""The table of who may do what."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import pytest

from kiosk.domain.counter import commands as ask
from kiosk.domain.counter.commands import Role
from kiosk.domain.counter.deciding import BY_THE_HOUSE, COMMANDS
from kiosk.domain.staff import saying
from kiosk.domain.staff.permits import (
    TABLE,
    Act,
    Allowed,
    Amount,
    Answer,
    DeskAct,
    Limited,
    Limits,
    Needs,
    may,
)
from kiosk.domain.staff.saying import Because, Refused, Then
from tests.domain.staff.permits_table import as_markdown

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "counter.md").read_text(encoding="utf-8")
STAFF = sorted((ROOT / "kiosk" / "domain" / "staff").glob("*.py"))
CODE = "".join(path.read_text(encoding="utf-8") for path in STAFF)
A, S, E, H = Role.ASSOCIATE, Role.SUPERVISOR, Role.ENGINEER, Role.HOUSE
LIMITS = Limits(
    {
        Limited.DROP_VALUE: Amount(50_00, "EUR"),
        Limited.OVERRIDE_VALUE: Amount(100_00, "EUR"),
    }
)
YES, SECOND = Allowed(), Needs(S)
NO = Refused(Because.NOT_ALLOWED, Then.ASK_SUPERVISOR)


def asked(role: Role, act: Act, amount: Amount | None = None) -> Answer:
    return may(frozenset({role}), act, LIMITS, amount)


def test_every_command_of_the_counter_and_every_desk_act_has_its_row() -> None:
    assert set(TABLE) == {*COMMANDS, *DeskAct}


def test_the_house_does_what_the_counter_lets_it_and_nothing_else() -> None:
    """The table and `decide` say the same of the shop's own clock."""
    assert {act for act, row in TABLE.items() if H in row.alone | row.helped} == set(BY_THE_HOUSE)


@pytest.mark.parametrize(
    ("act", "answers"),
    [
        (ask.HandOut, (YES, YES, NO, NO)),
        (ask.ReopenContainer, (SECOND, YES, NO, NO)),
        (ask.IssueCode, (NO, NO, NO, YES)),
        (ask.Expire, (NO, YES, NO, YES)),
        (DeskAct.REPRINT, (YES, YES, NO, NO)),
        (DeskAct.SECOND, (NO, YES, NO, NO)),
        (DeskAct.UNLOCK, (NO, YES, NO, NO)),
        (DeskAct.TRAINING, (YES, YES, YES, NO)),
        (DeskAct.ENGINEER_PAGES, (NO, NO, YES, NO)),
    ],
)
def test_who_may_do_it_alone_with_somebody_or_not(act: Act, answers: tuple[Answer, ...]) -> None:
    assert tuple(asked(role, act) for role in (A, S, E, H)) == answers


@pytest.mark.parametrize(
    ("amount", "associate", "supervisor"),
    [
        (Amount(0, "EUR"), YES, YES),
        (Amount(50_00, "EUR"), YES, YES),
        (Amount(50_01, "EUR"), SECOND, SECOND),
        (Amount(-1, "EUR"), SECOND, SECOND),
        (Amount(10, "GBP"), SECOND, SECOND),
        (None, SECOND, SECOND),
    ],
)
def test_above_a_limit_and_where_it_is_not_known_somebody_signs_besides(
    amount: Amount | None, associate: Answer, supervisor: Answer
) -> None:
    assert asked(A, ask.VoidDrop, amount) == associate
    assert asked(S, ask.VoidDrop, amount) == supervisor


def test_a_limit_that_is_not_set_is_none_that_lets_through() -> None:
    assert may(frozenset({S}), DeskAct.OVERRIDE, Limits(), Amount(1, "EUR")) == SECOND


def test_an_act_that_nobody_knows_is_a_supervisors() -> None:
    assert [asked(role, int) for role in (A, S, E, H)] == [NO, YES, NO, NO]


def test_who_has_several_roles_may_what_any_of_them_may() -> None:
    both = frozenset({A, E})
    assert may(both, DeskAct.ENGINEER_PAGES, LIMITS) == may(both, ask.Shelve, LIMITS) == YES


@pytest.mark.parametrize("kind", [saying.Because, saying.Then])
def test_nothing_is_said_that_nobody_says(kind: type[StrEnum]) -> None:
    """Every reason and every next step is given somewhere: a sentence for each is wanted."""
    unused = [code for code in kind if f"{kind.__name__}.{code.name}" not in CODE]
    assert unused == []


def test_the_document_has_the_table() -> None:
    assert as_markdown() in TEXT, "python -m tests.domain.staff.permits_table prints it"
