"""A receipt printer without hardware: real bytes in, real paper (as pictures) out.

It stands where the printer would stand, on a TCP port (`VirtualPrinter`) or a serial line
(`VirtualSerialPrinter`), so that the real drivers talk to it. People's verbs change it:
`tear_paper`, `refill`, `paper_low`, `open_cover`, `close_cover`, `unplug`, `plug`, `go_silent`,
`speak`, `freeze`, `thaw`, `jam_midway`, `clear_jam`. Like the real thing it keeps its buffer when
the paper ends and goes on by itself when it is fed; it loses the buffer with the power.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Thread
from typing import assert_never

from drivers.virtual import escpos_commands as commands
from drivers.virtual.links import Link, SerialLink, TcpLink
from drivers.virtual.paper_roll import BLADE, Roll

log = logging.getLogger(__name__)

BUFFER = 65536  # bytes a printer takes before it makes the host wait
DOTS_PER_MM = 8
_REAL_TIME = re.compile(rb"\x10\x04([\x01-\x04])")


@dataclass(frozen=True, slots=True)
class Slip:
    """A piece of paper that was cut off. `path` is where its picture lies, if kept."""

    number: int
    png: bytes
    path: Path | None


class Machine:
    """The printer itself; what it hangs on is a Link. All state is guarded by one condition.

    `mm_per_second` 0 prints at once (tests); 150 looks like the real one.
    """

    def __init__(
        self,
        link: Link,
        folder: Path | None = None,
        on_slip: Callable[[Slip], None] | None = None,
        width: int = 576,
        mm_per_second: int = 0,
    ) -> None:
        self.slips: list[Slip] = []
        self.pulses = 0
        self._link = link
        self._folder = folder
        self._on_slip = on_slip
        self._rows_per_second = mm_per_second * DOTS_PER_MM
        self._changed = Condition()
        self._reader = commands.Reader()
        self._roll = Roll(width)
        self._seen = b""
        self._rows_left: int | None = None
        self._rows_to_jam: int | None = None
        self._low = self._cover_open = self._jammed = False
        self._powered = self._silent = self._frozen = self._stopping = False
        self._automatic = 0
        self._told = b""
        self._thread: Thread | None = None

    # --- life --------------------------------------------------------------------------------

    def start(self) -> None:
        self._stopping = False
        self.plug()
        self._thread = Thread(target=self._work, name="virtual-printer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._link.shut()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    # --- what people do ----------------------------------------------------------------------

    def tear_paper(self, after_rows: int = 0) -> None:
        """The roll ends, now or when `after_rows` more rows have come out."""
        self._set(_rows_left=after_rows)

    paper_out = tear_paper

    def refill(self) -> None:
        self._set(_rows_left=None, _low=False)

    def paper_low(self) -> None:
        self._set(_low=True)

    def open_cover(self) -> None:
        self._set(_cover_open=True)

    def close_cover(self) -> None:
        self._set(_cover_open=False)

    def jam_midway(self, after_rows: int = 100) -> None:
        """The blade sticks when `after_rows` more rows have come out."""
        self._set(_rows_to_jam=after_rows)

    def clear_jam(self) -> None:
        self._set(_rows_to_jam=None, _jammed=False)

    def go_silent(self) -> None:
        """Takes and prints everything, answers nothing: a cheap printer, a one-way cable."""
        self._set(_silent=True)

    def speak(self) -> None:
        self._set(_silent=False)

    def freeze(self) -> None:
        """Takes no more bytes and does nothing; the connection stays."""
        self._set(_frozen=True)

    def thaw(self) -> None:
        self._set(_frozen=False)

    def unplug(self) -> None:
        """The power goes, and with it what was not printed yet."""
        self._set(_powered=False)
        self._link.shut()
        with self._changed:
            self._reader.clear()
            self._roll.initialise()
            self._seen = b""

    def plug(self) -> None:
        with self._changed:
            if self._powered:
                return
            self._powered, self._automatic = True, 0
        self._link.open(self._receive, self._ready)
        self._set()

    def _set(self, **state: object) -> None:
        with self._changed:
            for name, value in state.items():
                setattr(self, name, value)
            self._tell_changes()
            self._changed.notify_all()

    def await_slips(self, count: int, timeout: float = 30.0) -> bool:
        """Whether `count` slips have come out in time."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.slips) >= count, timeout)

    def await_stop(self, timeout: float = 30.0) -> bool:
        """Whether the machine came to stand for want of paper, by its cover or a jam."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._can_move(), timeout)

    # --- bytes in (the link's thread) ----------------------------------------------------------

    def _ready(self, timeout: float) -> bool:
        """Whether there is room for more bytes; waits up to `timeout` for it."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._stopping or (not self._frozen and len(self._reader) < BUFFER), timeout
            )

    def _receive(self, data: bytes) -> None:
        with self._changed:
            # Real-time commands are obeyed on arrival, wherever they stand, as real printers do.
            window, done = self._seen + data, 0
            for found in _REAL_TIME.finditer(window):
                self._answer(self._real_time_status(found.group(1)[0]))
                done = found.end()
            self._seen = window[done:][-2:]
            self._reader.push(data)
            self._changed.notify_all()

    def _answer(self, data: bytes) -> None:
        if self._powered and not self._silent and not self._frozen:
            self._link.send(data)

    # --- status --------------------------------------------------------------------------------

    @property
    def _paper_out(self) -> bool:
        return self._rows_left == 0

    def _can_move(self) -> bool:
        stopped = self._paper_out or self._cover_open or self._jammed or self._frozen
        return self._powered and not stopped

    def _real_time_status(self, n: int) -> bytes:
        stopped = self._paper_out or self._cover_open or self._jammed
        low = self._low or self._paper_out
        bits = {
            1: 0x08 * stopped,
            2: 0x04 * self._cover_open | 0x20 * self._paper_out | 0x40 * self._jammed,
            3: 0x08 * self._jammed,
            4: 0x0C * low | 0x60 * self._paper_out,
        }
        return bytes((0x12 | bits[n],))

    def _automatic_status(self) -> bytes:
        stopped = self._paper_out or self._cover_open or self._jammed
        low = self._low or self._paper_out
        return bytes(
            (
                0x10 | 0x08 * stopped | 0x20 * self._cover_open,
                0x08 * self._jammed,
                0x03 * low | 0x0C * self._paper_out,
                0x0F,
            )
        )

    def _tell_changes(self) -> None:
        if self._automatic and self._automatic_status() != self._told:
            self._told = self._automatic_status()
            self._answer(self._told)

    # --- the mechanism (its own thread) ----------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._changed:
                command = None
                while command is None:
                    if self._stopping:
                        return
                    if self._can_move():
                        command = self._reader.next_command()
                    if command is None:
                        self._changed.wait()
                slip = self._obey(command)
                self._tell_changes()
                self._changed.notify_all()
                if self._rows_per_second and isinstance(command, commands.Row):
                    self._changed.wait(1 / self._rows_per_second)
            if slip is not None:
                self._hand_out(slip)

    def _obey(self, command: commands.Command) -> bytes | None:
        """One command; the picture of a slip where it was a cut."""
        match command:
            case commands.Initialise():
                self._roll.initialise()
            case commands.Row(dots):
                self._roll.row(dots)
                self._moved(1)
            case commands.Write(data):
                self._roll.write(data)
            case commands.EndLine():
                self._moved(self._roll.end_line())
            case commands.Feed(count, dots):
                rows = count if dots else count * self._roll.modes["spacing"]
                self._roll.feed(rows)
                self._moved(rows)
            case commands.CutPaper(to_blade, extra):
                self._roll.feed(BLADE + extra if to_blade else 0)
                return self._roll.cut()
            case commands.JobMark(job):
                self._answer(b"\x37\x22" + job + b"\x00")
            case commands.AskSensor():
                self._answer(bytes((0x03 * self._low,)))
            case commands.AskName(n):
                self._answer(b"_TAKEBACK\x00" if n > 3 else b"\x02")
            case commands.Automatic(n):
                self._automatic, self._told = n, b""  # switching it on tells the state at once
            case commands.Set():
                self._roll.set(command)
            case commands.Pulse():
                self.pulses += 1
            case commands.Skip():
                pass
            case _:
                assert_never(command)
        return None

    def _moved(self, rows: int) -> None:
        if self._rows_left is not None:
            self._rows_left = max(0, self._rows_left - rows)
        if self._rows_to_jam is not None:
            self._rows_to_jam -= rows
            self._jammed = self._rows_to_jam <= 0

    def _hand_out(self, png: bytes) -> None:
        path = None
        number = len(self.slips) + 1
        if self._folder is not None:
            path = self._folder / f"receipt-{number:04}.png"
            with suppress(OSError):
                self._folder.mkdir(parents=True, exist_ok=True)
                path.write_bytes(png)
        slip = Slip(number, png, path)
        with self._changed:
            self.slips.append(slip)
            self._changed.notify_all()
        if self._on_slip is not None:
            self._on_slip(slip)


class VirtualPrinter(Machine):
    """On a loopback TCP port; `port` 0 takes a free one and keeps it."""

    def __init__(
        self,
        folder: Path | None = None,
        on_slip: Callable[[Slip], None] | None = None,
        width: int = 576,
        mm_per_second: int = 0,
        port: int = 0,
    ) -> None:
        self._tcp = TcpLink(port)
        super().__init__(self._tcp, folder, on_slip, width, mm_per_second)

    @property
    def port(self) -> int:
        return self._tcp.port


class VirtualSerialPrinter(Machine):
    """On a pseudo terminal; `device` is a stable name for it."""

    def __init__(
        self,
        device: Path,
        folder: Path | None = None,
        on_slip: Callable[[Slip], None] | None = None,
        width: int = 576,
        mm_per_second: int = 0,
    ) -> None:
        self.device = device
        super().__init__(SerialLink(device), folder, on_slip, width, mm_per_second)
