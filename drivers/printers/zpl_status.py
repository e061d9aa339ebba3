"""What a label printer says of itself. Pure: bytes in, values out.

Source: Zebra's ZPL II programming guide, ~HS. Three lines, each between STX and ETX, of fields
with commas between them. Of the first: the second is "media out", the third "pause", the fifth
the formats in the buffer, the tenth "RAM corrupt", the eleventh and twelfth too cold and too hot.
Of the second: the third is "head up", the fourth "ribbon out", the eighth "label waits to be
taken", the ninth the labels that remain of the batch.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.ports import DeviceFault, DeviceState

STX, ETX = 0x02, 0x03
LINES = 3
LONGEST = 1024  # bytes of an answer; what is longer is none


@dataclass(frozen=True, slots=True)
class Report:
    """One answer to ~HS. `formats` are labels not begun, `remaining` those of the batch that are
    not out."""

    media_out: bool = False
    ribbon_out: bool = False
    head_open: bool = False
    paused: bool = False
    too_hot: bool = False
    too_cold: bool = False
    broken: bool = False
    label_waits: bool = False
    formats: int = 0
    remaining: int = 0

    @property
    def fault(self) -> DeviceFault:
        """The one thing to mend first: an open head also tells of no media, and of a pause."""
        causes = (
            (self.head_open, DeviceFault.COVER_OPEN),
            (self.media_out, DeviceFault.PAPER_OUT),
            (self.ribbon_out, DeviceFault.RIBBON_OUT),
            (self.too_hot, DeviceFault.OVERHEATED),
            (self.broken, DeviceFault.INTERNAL),
            (self.paused, DeviceFault.PAUSED),
        )
        return next((fault for present, fault in causes if present), DeviceFault.NONE)

    @property
    def state(self) -> DeviceState:
        return DeviceState.READY if self.fault is DeviceFault.NONE else DeviceState.FAULTY

    @property
    def idle(self) -> bool:
        """Nothing that was sent is still to come out."""
        return self.formats == 0 and self.remaining == 0


def read(data: bytes) -> Report | None:
    """The answer in these bytes; None while it is not whole, or for what is none."""
    lines: list[list[str]] = []
    rest = data
    while len(lines) < LINES:
        begin = rest.find(STX)
        end = rest.find(ETX, begin + 1)
        if begin < 0 or end < 0:
            return None
        lines.append(rest[begin + 1 : end].decode("ascii", "replace").split(","))
        rest = rest[end + 1 :]
    first, second, _ = lines
    if len(first) < 12 or len(second) < 9:
        return None
    numbers = _numbers((first[4], second[8]))
    if numbers is None:
        return None
    return Report(
        media_out=first[1] == "1",
        paused=first[2] == "1",
        broken=first[9] == "1",
        too_cold=first[10] == "1",
        too_hot=first[11] == "1",
        head_open=second[2] == "1",
        ribbon_out=second[3] == "1",
        label_waits=second[7] == "1",
        formats=numbers[0],
        remaining=numbers[1],
    )


def _numbers(fields: tuple[str, str]) -> tuple[int, int] | None:
    if not all(f.isascii() and f.isdigit() and len(f) <= 8 for f in fields):
        return None
    return int(fields[0]), int(fields[1])
