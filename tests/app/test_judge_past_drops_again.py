"""What a kiosk recorded of its drops is enough to judge them again, under its rules and others:
a customer's earlier returns and a return's earlier parts are put together from the drops."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk import audit
from kiosk.cli.policy_replay import judge, past
from kiosk.domain.money import Money
from kiosk.domain.policy.model import Policy, Verdict
from kiosk.domain.policy.rules import build
from kiosk.domain.returns import PastReturn
from kiosk.store import beside

RULES = (
    {"rule": "window", "id": "month", "days": 30},
    {"rule": "fee", "id": "post", "per": "return", "amount": 390, "currency": "EUR"},
    {"rule": "serial_limit", "id": "often", "days": 90, "returns": 2, "then": "staff"},
)


@pytest.fixture
def history(ready, tmp_path, make_line, make_return):
    """Three returns of one customer in four visits; the second comes in two parts."""
    returns = (
        make_return(1, make_line("L-1"), customer="c-1"),
        make_return(2, make_line("L-1", quantity=2), make_line("L-2", 1999), customer="c-1"),
        make_return(3, make_line("L-1", 990), customer="c-1"),
    )
    ready.install(2, returns, rules={"shoes": RULES})
    ready.drop(1, bag=1, visit="v-1")
    ready.clock.pass_time(timedelta(hours=1))
    part = ready.open(2, "v-2")
    part = ready.drop_off.reconsider(part, some(part, "L-1", 0))
    ready.drop_off.commit(part, ready.bag(2))
    ready.clock.pass_time(timedelta(hours=1))
    ready.drop(2, bag=3, visit="v-3")
    ready.clock.pass_time(timedelta(hours=1))
    third = ready.open(3, "v-4")
    ready.drop_off.refuse(third)
    log = tmp_path / "log.jsonl"
    with beside.look(ready.directory) as connection:
        lines = audit.export(connection, "device-1", ready.clock.now())
        log.write_bytes(b"".join(one + b"\n" for one in lines))
    return log


def some(drop, line_id, brought):
    item = next(one for one in drop.items if one.line.line_id == line_id)
    return replace(item, brought=brought)


def again(log, *specs):
    """Each brought line under these rules: drop, before, after, missing."""
    policy = Policy(1, "shoes", tuple(build(spec) for spec in specs))
    return [
        (drop.told.subject, one.line, one.decision, one.missing)
        for drop in past([log], None, "UTC")
        for one in judge(policy, drop)
    ]


def test_under_the_same_rules_everything_is_the_same(history):
    told = again(history, *RULES)
    assert len(told) == 4
    for subject, line, decision, missing in told:
        assert missing == (), subject
        assert isinstance(decision, Verdict)
        assert (line.outcome, line.refund, line.fee) == (
            decision.outcome.value,
            decision.refund.minor,
            decision.fee.minor,
        )
    assert [line.outcome for _, line, _, _ in told][-1] == "staff"  # the third return of theirs


def test_a_tighter_limit_counts_the_returns_in_their_order(history):
    limit = {**RULES[2], "returns": 1}
    outcomes = [one.outcome.value for _, _, one, _ in again(history, RULES[0], limit)]
    assert outcomes == ["accept", "staff", "staff", "staff"]


def test_a_fee_once_a_return_is_not_charged_for_its_second_part(history):
    dear = {**RULES[1], "amount": 500}
    fees = [one.fee.minor for _, _, one, _ in again(history, RULES[0], dear)]
    assert fees[1] == 500
    assert fees[2] == 110  # 390 were really paid with the first part


def test_with_a_part_of_the_history_it_says_what_is_missing(history):
    lines = history.read_text().splitlines(keepends=True)
    first = next(n for n, line in enumerate(lines) if "drop.committed" in line)
    history.write_text("".join(lines[:first] + lines[first + 1 :]))
    told = again(history, *RULES)
    assert [missing for _, _, _, missing in told] == [("history",)] * 3
    assert {missing for _, _, _, missing in again(history, RULES[0])} == {()}


def test_without_its_first_part_a_return_cannot_be_told(history):
    lines = history.read_text().splitlines(keepends=True)
    second = [n for n, line in enumerate(lines) if "drop.committed" in line][1]
    history.write_text("".join(lines[:second] + lines[second + 1 :]))
    told = again(history, RULES[0], RULES[1])
    assert ("drops",) in {missing for _, _, _, missing in told}
    part = {"rule": "refuse", "id": "part", "when": {"part": "partial"}}
    missing = [missing for _, _, _, missing in again(history, RULES[0], part)]
    assert "whole.units_before" in missing[1]


def test_an_event_of_two_chains_and_two_files_is_one_drop(history, tmp_path):
    twice = tmp_path / "twice.jsonl"
    twice.write_text(history.read_text())
    told = list(past([history, twice], None, "UTC"))
    assert len(told) == 4
    assert told[3].facts[0].history == (
        PastReturn("R-1", told[0].facts[0].local.date(), 1, Money(4999, "EUR")),
        PastReturn("R-2", told[0].facts[0].local.date(), 3, Money(4999 * 2 + 1999, "EUR")),
    )
