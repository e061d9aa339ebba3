"""Just enough of USB HID 1.11 (section 6.2.2) to find the fields of an input report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

_INPUT, _COLLECTION, _END_COLLECTION = 0x80, 0xA0, 0xC0
_OUTPUT, _FEATURE = 0x90, 0xB0
_USAGE_PAGE, _REPORT_SIZE, _REPORT_ID, _REPORT_COUNT, _PUSH, _POP = (
    0x04, 0x74, 0x84, 0x94, 0xA4, 0xB4,
)  # fmt: skip
_USAGE, _USAGE_MINIMUM, _USAGE_MAXIMUM = 0x08, 0x18, 0x28
_LONG = 0xFE
_MOST = 8192  # bits or fields; a damaged descriptor must not fill the memory


@dataclass(frozen=True, slots=True)
class Field:
    """Where a usage lies in a report, in bits after the report id."""

    start: int
    bits: int

    def number(self, report: bytes) -> int:
        """Its value; what a report that is too short lacks is zero."""
        return int.from_bytes(report, "little") >> self.start & ((1 << self.bits) - 1)

    def bytes(self, report: bytes) -> bytes:
        """Its bytes, where it begins at one; those that came."""
        return report[self.start // 8 : (self.start + self.bits) // 8]


@dataclass(frozen=True, slots=True)
class _Globals:
    page: int = 0
    size: int = 0
    count: int = 0
    report: int = 0


@dataclass(slots=True)
class _State:
    now: _Globals = field(default_factory=_Globals)
    stack: list[_Globals] = field(default_factory=list)
    usages: list[int] = field(default_factory=list)
    minimum: int = 0


def input_fields(descriptor: bytes) -> dict[int, dict[int, Field]]:
    """Report id -> usage (page in the upper 16 bits) -> its field. Of a usage that is repeated,
    as the bytes of a buffer are, the field spans all. Never raises."""
    state = _State()
    places: dict[int, int] = {}
    found: dict[int, dict[int, Field]] = {}
    for tag, value, width in _items(descriptor):
        if tag == _INPUT:
            fields = found.setdefault(state.now.report, {})
            place = places.get(state.now.report, 0)
            places[state.now.report] = _lay(fields, state, place)
        _follow(state, tag, value, width)
    return found


def _items(descriptor: bytes) -> Iterator[tuple[int, int, int]]:
    """(tag, value, bytes of the value) of each short item; long ones are stepped over."""
    place = 0
    while place < len(descriptor):
        head = descriptor[place]
        if head == _LONG:
            place += 3 + (descriptor[place + 1] if place + 1 < len(descriptor) else 0)
            continue
        width = (0, 1, 2, 4)[head & 3]
        value = descriptor[place + 1 : place + 1 + width]
        yield head & 0xFC, int.from_bytes(value, "little"), width
        place += 1 + width


def _lay(fields: dict[int, Field], state: _State, start: int) -> int:
    """Lay the fields of one Input item from `start` on; where the next item begins."""
    now = state.now
    if now.count > _MOST or now.size * now.count > _MOST:
        return start
    for number in range(now.count if state.usages and now.size else 0):
        usage = state.usages[min(number, len(state.usages) - 1)]
        place = start + number * now.size
        before = fields.get(usage)
        if before is None:
            fields[usage] = Field(place, now.size)
        elif before.start + before.bits == place:
            fields[usage] = replace(before, bits=before.bits + now.size)
    return start + now.size * now.count


def _follow(state: _State, tag: int, value: int, width: int) -> None:
    now = state.now
    match tag:
        case _ if tag == _USAGE_PAGE:
            state.now = replace(now, page=value)
        case _ if tag == _REPORT_SIZE:
            state.now = replace(now, size=value)
        case _ if tag == _REPORT_COUNT:
            state.now = replace(now, count=value)
        case _ if tag == _REPORT_ID:
            state.now = replace(now, report=value)
        case _ if tag == _PUSH:
            state.stack = [*state.stack[-16:], now]
        case _ if tag == _POP and state.stack:
            state.now = state.stack.pop()
        case _ if tag == _USAGE:
            state.usages.append(_full(value, width, now))
        case _ if tag == _USAGE_MINIMUM:
            state.minimum = _full(value, width, now)
        case _ if tag == _USAGE_MAXIMUM:
            last = min(_full(value, width, now), state.minimum + _MOST)
            state.usages += range(state.minimum, last + 1)
        case _ if tag in (_INPUT, _OUTPUT, _FEATURE, _COLLECTION, _END_COLLECTION):
            state.usages = []  # local items hold until the next main item


def _full(usage: int, width: int, now: _Globals) -> int:
    return usage if width == 4 else now.page << 16 | usage
