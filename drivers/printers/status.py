"""What a receipt printer says of itself, byte by byte. Pure: bytes in, values out.

Source: Epson's ESC/POS command reference (DLE EOT, GS a, GS r, GS ( H). All answers share one
line, so each kind has fixed bits that tell it apart: a real-time status matches
``0xx1xx10``, the first byte of an automatic status ``0xx1xx00``, a paper sensor byte ``0xx0xxxx``,
a block answer begins with 37h or 5Fh and ends with NUL.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from kiosk.ports import DeviceFault, DeviceState

PRINTER, OFFLINE_CAUSE, ERROR_CAUSE, PAPER = 1, 2, 3, 4  # the n of DLE EOT n


def ask(n: int) -> bytes:
    """DLE EOT n: answered at once, even when the printer is offline."""
    return bytes((0x10, 0x04, n))


@dataclass(frozen=True, slots=True)
class Condition:
    """What is wrong with the machine; all False is a printer that can print."""

    offline: bool = False
    cover_open: bool = False
    paper_low: bool = False
    paper_out: bool = False
    cutter: bool = False
    overheated: bool = False
    broken: bool = False  # an error that names no cause, or one that only switching off mends

    def __or__(self, other: Condition) -> Condition:
        return Condition(
            **{f.name: getattr(self, f.name) or getattr(other, f.name) for f in fields(self)}
        )

    @property
    def fault(self) -> DeviceFault:
        """The one thing to mend first. An open cover also empties the paper sensor, so it leads."""
        causes = (
            (self.cover_open, DeviceFault.COVER_OPEN),
            (self.paper_out, DeviceFault.PAPER_OUT),
            (self.cutter, DeviceFault.CUTTER),
            (self.overheated, DeviceFault.OVERHEATED),
            (self.broken or self.offline, DeviceFault.INTERNAL),
            (self.paper_low, DeviceFault.PAPER_LOW),
        )
        return next((fault for present, fault in causes if present), DeviceFault.NONE)

    @property
    def state(self) -> DeviceState:
        match self.fault:
            case DeviceFault.NONE:
                return DeviceState.READY
            case DeviceFault.PAPER_LOW:
                return DeviceState.WARNING
            case _:
                return DeviceState.FAULTY

    @property
    def blocked(self) -> bool:
        """Nothing sent now would come out."""
        return self.state is DeviceState.FAULTY


# --- answers -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RealTime:
    """One byte that answers the last DLE EOT; which one, only the asker knows."""

    value: int


@dataclass(frozen=True, slots=True)
class Automatic:
    """Four bytes sent unasked (GS a) whenever something changes."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class PaperSensor:
    """The answer to GS r 1, given when the printer's buffer reached that command."""

    low: bool
    out: bool


@dataclass(frozen=True, slots=True)
class JobDone:
    """GS ( H function 48: everything sent before this mark is on paper."""

    job: bytes


Answer = RealTime | Automatic | PaperSensor | JobDone


def split(data: bytes) -> tuple[tuple[Answer, ...], bytes]:
    """The whole answers in `data`, and the tail that is not complete yet. Noise is dropped."""
    answers: list[Answer] = []
    at = 0
    while at < len(data):
        first = data[at]
        if first in (0x37, 0x5F):
            end = data.find(0, at + 1)
            if end < 0:
                break
            if data[at : at + 2] == b"\x37\x22" and end - at == 6:
                answers.append(JobDone(data[at + 2 : end]))
            at = end + 1
            continue
        if first & 0x93 == 0x10:
            if len(data) - at < 4:
                break
            if all(b & 0x90 == 0 for b in data[at + 1 : at + 4]):
                answers.append(Automatic(automatic(data[at : at + 4])))
                at += 4
                continue
        elif first & 0x93 == 0x12:
            answers.append(RealTime(first))
        elif first & 0x90 == 0:
            answers.append(PaperSensor(low=bool(first & 0x03), out=bool(first & 0x0C)))
        at += 1
    return tuple(answers), data[at:]


# --- masks ---------------------------------------------------------------------------------------


def real_time(n: int, value: int) -> Condition:
    """The answer `value` to DLE EOT `n`."""
    match n:
        case 1:
            return Condition(offline=bool(value & 0x08))
        case 2:
            return Condition(
                cover_open=bool(value & 0x04),
                paper_out=bool(value & 0x20),
                broken=bool(value & 0x40),
            )
        case 3:
            return Condition(
                cutter=bool(value & 0x08),
                overheated=bool(value & 0x40),
                broken=bool(value & 0x24),
            )
        case 4:
            return Condition(paper_low=bool(value & 0x0C), paper_out=bool(value & 0x60))
        case _:
            return Condition()


def automatic(block: bytes) -> Condition:
    """The four bytes of the automatic status."""
    machine, error, paper = block[0], block[1], block[2]
    return Condition(
        offline=bool(machine & 0x08),
        cover_open=bool(machine & 0x20),
        paper_low=bool(paper & 0x03),
        paper_out=bool(paper & 0x0C),
        cutter=bool(error & 0x08),
        overheated=bool(error & 0x40),
        broken=bool(error & 0x24),
    )
