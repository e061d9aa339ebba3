"""Questions to a machine that changes while it is asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from drivers.printers.conversation import Conversation, Silent
from drivers.printers.status import Condition
from kiosk.ports import DeviceFault, DeviceState

WELL, OFFLINE = 0x12, 0x1A  # DLE EOT 1
CLOSED, OPEN, BROKEN = 0x12, 0x16, 0x52  # DLE EOT 2
PAPER = 0x12  # DLE EOT 4
NO_CAUSE, CUTTER = 0x12, 0x1A  # DLE EOT 3


class Scripted:
    """A transport that answers question after question with the bytes given."""

    answers = True

    def __init__(self, *replies: int) -> None:
        self.asked: list[int] = []
        self._replies: Iterator[int] = iter(replies)
        self._next = b""

    def send(self, data: bytes, timeout: float) -> None:
        self.asked.append(data[2])
        reply = next(self._replies, None)
        self._next = b"" if reply is None else bytes((reply,))

    def receive(self, timeout: float) -> bytes:
        said, self._next = self._next, b""
        return said


def _found(transport: Scripted) -> Condition | Silent:
    ticks = iter(range(1000))
    return Conversation(transport, lambda: float(next(ticks)), 2.0).condition()


def test_a_machine_that_is_well_is_asked_three_questions() -> None:
    transport = Scripted(WELL, CLOSED, PAPER)
    assert _found(transport) == Condition()
    assert transport.asked == [1, 2, 4]


@pytest.mark.parametrize(
    "first",
    [(OFFLINE, CLOSED, PAPER), (OFFLINE, BROKEN, PAPER, NO_CAUSE)],
    ids=["cover closed meanwhile", "error gone meanwhile"],
)
def test_a_fault_that_ends_between_two_questions_is_no_broken_printer(first) -> None:
    transport = Scripted(*first, WELL, CLOSED, PAPER)
    assert _found(transport) == Condition()


def test_offline_without_a_cause_is_believed_when_it_is_said_twice() -> None:
    found = _found(Scripted(*(OFFLINE, CLOSED, PAPER) * 2))
    assert isinstance(found, Condition)
    assert (found.state, found.fault) == (DeviceState.FAULTY, DeviceFault.INTERNAL)


def test_a_named_cause_is_believed_at_once() -> None:
    transport = Scripted(OFFLINE, OPEN, PAPER)
    found = _found(transport)
    assert isinstance(found, Condition)
    assert found.fault is DeviceFault.COVER_OPEN
    assert transport.asked == [1, 2, 4]
    cutter = _found(Scripted(OFFLINE, BROKEN, PAPER, CUTTER))
    assert isinstance(cutter, Condition)
    assert cutter.broken
    assert cutter.fault is DeviceFault.CUTTER


def test_silence_in_the_second_round_is_silence() -> None:
    assert isinstance(_found(Scripted(OFFLINE, CLOSED, PAPER)), Silent)
