"""Every answer of a printer, told apart by its fixed bits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.printers import status
from drivers.printers.status import Automatic, Condition, JobDone, PaperSensor, RealTime
from kiosk.ports import DeviceFault, DeviceState

JOB = b"\x37\x22AB12\x00"


def test_a_question_is_three_bytes() -> None:
    assert status.ask(status.PAPER) == b"\x10\x04\x04"


@pytest.mark.parametrize(
    ("n", "value", "expected"),
    [
        (1, 0x12, Condition()),
        (1, 0x16, Condition()),  # the drawer's pin is nobody's business here
        (1, 0x1A, Condition(offline=True)),
        (2, 0x12, Condition()),
        (2, 0x16, Condition(cover_open=True)),
        (2, 0x1A, Condition()),  # somebody presses the feed key
        (2, 0x32, Condition(paper_out=True)),
        (2, 0x52, Condition(broken=True)),
        (3, 0x1A, Condition(cutter=True)),
        (3, 0x32, Condition(broken=True)),
        (3, 0x52, Condition(overheated=True)),
        (4, 0x12, Condition()),
        (4, 0x1E, Condition(paper_low=True)),
        (4, 0x72, Condition(paper_out=True)),
        (4, 0x7E, Condition(paper_low=True, paper_out=True)),
    ],
)
def test_a_real_time_status_says_what_is_wrong(n: int, value: int, expected: Condition) -> None:
    assert status.real_time(n, value) == expected


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (b"\x10\x00\x00\x0f", Condition()),
        (b"\x38\x00\x00\x0f", Condition(offline=True, cover_open=True)),
        (b"\x18\x00\x0f\x0f", Condition(offline=True, paper_low=True, paper_out=True)),
        (b"\x10\x00\x03\x0f", Condition(paper_low=True)),
        (b"\x18\x08\x00\x0f", Condition(offline=True, cutter=True)),
        (b"\x18\x40\x00\x0f", Condition(offline=True, overheated=True)),
        (b"\x18\x20\x00\x0f", Condition(offline=True, broken=True)),
    ],
)
def test_an_automatic_status_says_the_same_in_four_bytes(block: bytes, expected: Condition) -> None:
    assert status.split(block) == ((Automatic(expected),), b"")


@pytest.mark.parametrize(
    ("condition", "fault", "state"),
    [
        (Condition(), DeviceFault.NONE, DeviceState.READY),
        (Condition(paper_low=True), DeviceFault.PAPER_LOW, DeviceState.WARNING),
        (Condition(paper_low=True, paper_out=True), DeviceFault.PAPER_OUT, DeviceState.FAULTY),
        (Condition(paper_out=True, cover_open=True), DeviceFault.COVER_OPEN, DeviceState.FAULTY),
        (Condition(offline=True, cutter=True), DeviceFault.CUTTER, DeviceState.FAULTY),
        (Condition(offline=True, overheated=True), DeviceFault.OVERHEATED, DeviceState.FAULTY),
        (Condition(offline=True), DeviceFault.INTERNAL, DeviceState.FAULTY),
    ],
)
def test_the_thing_to_mend_first_leads(
    condition: Condition, fault: DeviceFault, state: DeviceState
) -> None:
    assert (condition.fault, condition.state) == (fault, state)
    assert condition.blocked is (state is DeviceState.FAULTY)


def test_answers_of_all_kinds_are_told_apart_in_one_stream() -> None:
    stream = b"\x12" + JOB + b"\x10\x00\x00\x0f" + b"\x00" + b"\x0c" + b"\x16"
    answers, rest = status.split(stream)
    assert answers == (
        RealTime(0x12),
        JobDone(b"AB12"),
        Automatic(Condition()),
        PaperSensor(low=False, out=False),
        PaperSensor(low=False, out=True),
        RealTime(0x16),
    )
    assert rest == b""


def test_an_answer_cut_in_two_waits_for_its_rest() -> None:
    answers, rest = status.split(JOB[:4])
    assert (answers, rest) == ((), JOB[:4])
    assert status.split(rest + JOB[4:]) == ((JobDone(b"AB12"),), b"")


def test_flow_control_and_other_noise_is_dropped() -> None:
    assert status.split(b"\x11\x13\xff\x80") == ((), b"")


def test_a_block_that_is_no_job_mark_is_passed_over() -> None:
    assert status.split(b"\x5fTM-T20\x00" + b"\x12") == ((RealTime(0x12),), b"")
    assert status.split(b"\x37\x22AB\x00") == ((), b"")


@given(st.binary(max_size=64), st.integers(0, 64))
def test_where_the_stream_is_cut_makes_no_difference(data: bytes, at: int) -> None:
    whole, rest = status.split(data)
    first, tail = status.split(data[:at])
    second, last = status.split(tail + data[at:])
    assert (first + second, last) == (whole, rest)
