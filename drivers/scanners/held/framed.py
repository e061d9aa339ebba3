"""From the bytes of a serial line to payloads."""

from __future__ import annotations

from drivers.scanners.held.typed import PATIENCE_S, End, Gathering, Sent

_STX, _ETX = 2, 3
_ERROR = 0xFF  # how the kernel marks a byte that the line damaged (termios(3), PARMRK)
SUFFIXES = {
    "line": (b"\r\n", End.LINE),
    "tab": (b"\t", End.TAB),
    "etx": (b"", End.ETX),
    "none": (b"", End.SILENCE),
}


class Framed:
    """Cuts the stream into payloads. `suffix` is "line" (CR, LF or both), "tab", "etx" (from STX
    to ETX, for payloads that hold line ends) or "none" (a pause of `gap_s`). A code's own
    separators (GS, RS, EOT) stay in it. `marked`: the kernel marks damaged bytes."""

    def __init__(self, suffix: str = "line", gap_s: float = 0.1, marked: bool = True) -> None:
        self._suffix = suffix
        self._ends, self._end = SUFFIXES[suffix]
        self._gap_s = gap_s if suffix == "none" else PATIENCE_S
        self._gathering = Gathering()
        self._marked = marked
        self._rest = b""
        self._inside = False

    def feed(self, data: bytes, at: float) -> list[Sent]:
        complete = self.late(at)
        for good, piece in self._undamaged(data):
            if not good:
                self._gathering.spoil(at)
            elif self._suffix == "etx":
                complete += self._enclosed(piece, at)
            else:
                complete += self._ended(piece, at)
        return complete

    def due(self) -> float | None:
        return self._gathering.last_at + self._gap_s if self._gathering.begun else None

    def late(self, at: float) -> list[Sent]:
        due = self.due()
        if due is None or at < due:
            return []
        self._inside = False
        return self._complete(self._end if self._suffix == "none" else End.NONE)

    def _complete(self, end: End) -> list[Sent]:
        sent = self._gathering.end(end)
        return [] if sent is None else [sent]

    def _ended(self, data: bytes, at: float) -> list[Sent]:
        complete: list[Sent] = []
        for end in self._ends[1:]:
            data = data.replace(bytes([end]), self._ends[:1])
        *whole, rest = data.split(self._ends[:1]) if self._ends else [data]
        for piece in whole:
            if piece:
                self._gathering.add(piece, at)
            complete += self._complete(self._end)
        if rest:
            self._gathering.add(rest, at)
        return complete

    def _enclosed(self, data: bytes, at: float) -> list[Sent]:
        """What lies between STX and ETX; all else is noise."""
        complete: list[Sent] = []
        for byte in data:
            if byte == _STX:
                complete += self._complete(End.NONE)
                self._inside = True
            elif byte == _ETX and self._inside:
                self._inside = False
                complete += self._complete(End.ETX)
            elif self._inside:
                self._gathering.add(bytes([byte]), at)
        return complete

    def _undamaged(self, data: bytes) -> list[tuple[bool, bytes]]:
        """Runs of good bytes, and (False, b"") for each that the line damaged: the kernel writes
        FF 00 and the byte for those, FF 00 00 for a break, and FF FF for a true FF."""
        if not self._marked:
            return [(True, data)]
        data, self._rest = self._rest + data, b""
        runs: list[tuple[bool, bytes]] = []
        good = bytearray()
        place = 0
        while place < len(data):
            if data[place] != _ERROR:
                good.append(data[place])
                place += 1
                continue
            mark = data[place : place + 3]
            if len(mark) < 2 or (mark[1] == 0 and len(mark) < 3):
                self._rest = mark
                break
            if mark[1] == 0:
                runs += [(True, bytes(good)), (False, b"")]
                good.clear()
                place += 3
            else:
                good.append(_ERROR)
                place += 2 if mark[1] == _ERROR else 1
        return [*runs, (True, bytes(good))]
