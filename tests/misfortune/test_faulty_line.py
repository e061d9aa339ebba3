"""The whole kiosk at the end of a faulty line: visits go on while the line is stuck, and what was
promised arrives once when it is well again. The faults themselves: tests/proxy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from kiosk.flows.model import Items, Receipt
from kiosk.ports import Trouble
from kiosk.settings import Centre
from tests.misfortune.street import Kiosk
from tests.proxy.answering import CutAnswer, LostAnswer, OneWayThere
from tests.proxy.asking import Held, Overtaken
from tests.proxy.cases import CASES
from tests.proxy.line import Fault, Line
from tests.proxy.strangers import endless

VISITS = ("simple", "fee", "review")
LONGER_THAN_A_VISIT_S = 100.0
SHORT_S = 0.5


@pytest.fixture
def line(street) -> Iterator[Line]:
    made = Line(lambda: street.server.port)
    yield made
    made.close()


def behind(line: Line, install, timeout_s: float) -> Kiosk:
    kiosk = install()
    centre = Centre(url=line.url, timeout_s=timeout_s)
    kiosk.settings = replace(kiosk.settings, centre=centre)
    return kiosk.ready()


def visit(kiosk: Kiosk, line: Line, fault: Fault, number: int) -> str:
    """From the code to the receipt and home again, all of it under the fault; the drop's number."""
    line.meets(fault)
    if fault.strikes:
        line.until_met()  # a request is in its hands, or has been
    kiosk.hold_return(VISITS[number])
    kiosk.sees(Items)
    kiosk.hold_bag(number)
    told = kiosk.until(
        lambda s: isinstance(s.screen, Receipt) and s.screen.outcome is not None, "the paper"
    )
    kiosk.hold_nothing()
    kiosk.go_home()
    return told.screen.drop.drop_number


def arrives_once(kiosk: Kiosk, line: Line, promised: list[str]) -> None:
    line.is_well()
    kiosk.street.clock.later(4500)
    kiosk.core.agent.wake()
    kiosk.is_over(Trouble.OFFLINE)
    kiosk.all_sent()
    arrived = sorted(kiosk.street.drops, key=lambda row: row["told_at"])
    assert [row["drop_number"] for row in arrived] == promised
    assert kiosk.street.cases == []
    kiosk.is_whole()


def test_no_screen_waits_for_a_line_that_is_stuck(line, install) -> None:
    """One request hangs through three whole visits, in three ways: the agent waits for it, and
    nobody else."""
    kiosk = behind(line, install, LONGER_THAN_A_VISIT_S)
    promised = []
    for number, fault in enumerate((Held(), OneWayThere(), endless()["dripping head"])):
        promised.append(visit(kiosk, line, fault, number))
        with line.now() as phase:
            assert (phase.met, phase.users) == (1, 3)  # the line, that request, and we who look
    arrives_once(kiosk, line, promised)


@pytest.mark.long
def test_a_line_that_breaks_at_the_worst_moments(line, install) -> None:
    kiosk = behind(line, install, SHORT_S)
    faults = (LostAnswer(), CutAnswer(head=False, reset=True), Overtaken())
    promised = [visit(kiosk, line, fault, number) for number, fault in enumerate(faults)]
    arrives_once(kiosk, line, promised)


KINDS = {case.kind: case for case in CASES}
PLAIN = [case for case in KINDS.values() if case.name not in ("no name", "silent resolver")]


@pytest.mark.long
@pytest.mark.parametrize("first", range(0, len(PLAIN), len(VISITS)))
def test_visits_under_every_kind_of_fault(line, install, first) -> None:
    kiosk = behind(line, install, SHORT_S)
    promised = []
    for number, case in enumerate(PLAIN[first : first + len(VISITS)]):
        promised.append(visit(kiosk, line, case.make(), number))
    line.is_well()
    kiosk.street.clock.later(4500)  # a body that was refused is offered again
    kiosk.core.agent.wake()
    kiosk.is_over(Trouble.OFFLINE)
    kiosk.all_sent()
    kiosk.eventually(lambda: len(kiosk.street.drops) == len(promised), "the returns")
    assert sorted(row["drop_number"] for row in kiosk.street.drops) == sorted(promised)
    kiosk.is_whole()
