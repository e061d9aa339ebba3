"""What bytes tell a receipt printer to do: an ESC/POS reader of its own.

Written from the command reference, not from the encoder, so that the two check each other.
Pure: `push` bytes, take commands with `next_command` until it says None (more bytes needed).
"""

from __future__ import annotations

from dataclasses import dataclass

DLE, ESC, FS, GS = 0x10, 0x1B, 0x1C, 0x1D


@dataclass(frozen=True, slots=True)
class Initialise:
    pass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of dots, highest bit first, 1 is black."""

    dots: bytes


@dataclass(frozen=True, slots=True)
class Write:
    """Characters in the current code page, up to the next command."""

    data: bytes


@dataclass(frozen=True, slots=True)
class EndLine:
    pass


@dataclass(frozen=True, slots=True)
class Feed:
    """Whole lines, or dots where `dots`."""

    count: int
    dots: bool = False


@dataclass(frozen=True, slots=True)
class CutPaper:
    """`to_blade` first feeds what was printed past the blade, and `extra` dots more."""

    to_blade: bool
    extra: int = 0


@dataclass(frozen=True, slots=True)
class JobMark:
    """GS ( H function 48."""

    job: bytes


@dataclass(frozen=True, slots=True)
class AskSensor:
    """GS r."""

    n: int


@dataclass(frozen=True, slots=True)
class AskName:
    """GS I."""

    n: int


@dataclass(frozen=True, slots=True)
class Automatic:
    """GS a."""

    n: int


@dataclass(frozen=True, slots=True)
class Set:
    """A print mode: align, bold, size, page, spacing."""

    what: str
    value: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """A kick for a cash drawer; a returns kiosk never asks for one."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Understood and without effect here."""


Command = (
    Initialise
    | Row
    | Write
    | EndLine
    | Feed
    | CutPaper
    | JobMark
    | AskSensor
    | AskName
    | Automatic
    | Set
    | Pulse
    | Skip
)

# ESC commands with their number of parameter bytes.
_ESC_MODES = {
    0x21: "mode",
    0x33: "spacing",
    0x45: "bold",
    0x47: "bold",
    0x61: "align",
    0x74: "page",
}
_ESC_SKIP = dict.fromkeys((0x20, 0x25, 0x2D, 0x4D, 0x52, 0x56, 0x7B), 1) | dict.fromkeys(
    (0x24, 0x5C, 0x63), 2
)
_GS_SKIP = {0x42: 1, 0x48: 1, 0x66: 1, 0x68: 1, 0x77: 1, 0x4C: 2, 0x57: 2, 0x50: 2}


class Reader:
    """Bytes in, commands out, one at a time; a picture comes row by row."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._rows_left = 0
        self._row_bytes = 0

    def __len__(self) -> int:
        return len(self._data)

    def push(self, data: bytes) -> None:
        self._data += data

    def clear(self) -> None:
        """Power was lost."""
        self._data.clear()
        self._rows_left = 0

    def next_command(self) -> Command | None:
        if self._rows_left:
            if len(self._data) < self._row_bytes:
                return None
            self._rows_left -= 1
            return Row(self._take(self._row_bytes))
        if not self._data:
            return None
        match self._data[0]:
            case 0x0A:
                self._take(1)
                return EndLine()
            case 0x10:
                return self._real_time()
            case 0x1B:
                return self._escape()
            case 0x1C:
                return self._fixed(2 if self._byte(1) in (0x26, 0x2E) else 3, Skip())
            case 0x1D:
                return self._group()
            case first if first < 0x20:
                self._take(1)
                return Skip()
            case _:
                end = next((i for i, b in enumerate(self._data) if b < 0x20), len(self._data))
                return Write(self._take(end))

    def _take(self, count: int) -> bytes:
        taken = bytes(self._data[:count])
        del self._data[:count]
        return taken

    def _fixed(self, size: int, command: Command) -> Command | None:
        """`command`, once its `size` bytes are there."""
        if len(self._data) < size:
            return None
        self._take(size)
        return command

    def _byte(self, at: int) -> int:
        return self._data[at] if at < len(self._data) else 0

    def _word(self, at: int) -> int:
        return self._byte(at) + 256 * self._byte(at + 1)

    def _real_time(self) -> Command | None:
        # DLE EOT and DLE ENQ were obeyed when they arrived; here they only pass through.
        if len(self._data) < 2:
            return None
        match self._data[1]:
            case 0x04 | 0x05:
                return self._fixed(3, Skip())
            case 0x14:
                return self._fixed(5, Pulse())
            case _:
                return self._fixed(1, Skip())

    def _escape(self) -> Command | None:
        if len(self._data) < 2:
            return None
        code, n = self._data[1], self._byte(2)
        match code:
            case 0x40:
                return self._fixed(2, Initialise())
            case 0x32:
                return self._fixed(2, Set("spacing", 30))
            case 0x64:
                return self._fixed(3, Feed(n))
            case 0x4A:
                return self._fixed(3, Feed(n, dots=True))
            case 0x70:
                return self._fixed(5, Pulse())
            case 0x2A:
                if len(self._data) < 5:
                    return None
                return self._fixed(5 + self._word(3) * (3 if n >= 32 else 1), Skip())
            case 0x44:
                end = self._data.find(0, 2)
                return None if end < 0 else self._fixed(end + 1, Skip())
            case _ if code in _ESC_MODES:
                return self._fixed(3, Set(_ESC_MODES[code], n))
            case _:
                return self._fixed(2 + _ESC_SKIP.get(code, 0), Skip())

    def _group(self) -> Command | None:
        if len(self._data) < 3:
            return None
        code, n = self._data[1], self._data[2]
        match code:
            case 0x76:
                return self._picture()
            case 0x56 if n in (0, 1, 48, 49):
                return self._fixed(3, CutPaper(to_blade=False))
            case 0x56:
                return self._fixed(4, CutPaper(to_blade=True, extra=self._byte(3)))
            case 0x28:
                return self._function()
            case 0x61:
                return self._fixed(3, Automatic(n))
            case 0x72:
                return self._fixed(3, AskSensor(n))
            case 0x49:
                return self._fixed(3, AskName(n))
            case 0x21:
                return self._fixed(3, Set("size", n))
            case _:
                return self._fixed(2 + _GS_SKIP.get(code, 0), Skip())

    def _picture(self) -> Command | None:
        """GS v 0 m xL xH yL yH: the dots follow."""
        if len(self._data) < 8:
            return None
        self._row_bytes, self._rows_left = self._word(4), self._word(6)
        self._take(8)
        if not self._row_bytes:
            self._rows_left = 0
        return Skip()

    def _function(self) -> Command | None:
        """GS ( x pL pH: says itself how long it is."""
        if len(self._data) < 5:
            return None
        size = 5 + self._word(3)
        if len(self._data) < size:
            return None
        whole = self._take(size)
        if whole[2:3] == b"H" and whole[5:7] == b"00" and size == 11:
            return JobMark(whole[7:])
        return Skip()
