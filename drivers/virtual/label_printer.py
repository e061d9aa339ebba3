"""A label printer without hardware: real ZPL in, real labels (as pictures) out.

It stands on a TCP port where the printer would stand, so that the real driver talks to it. People's
verbs change it: `take_out_labels`, `take_out_ribbon`, `open_head`, `pause`, `go_silent`, `unplug`,
and their opposites. Like the real thing it keeps its buffer while it stands and goes on by itself.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from threading import Condition, Thread

from PIL import Image, ImageDraw, ImageFont

from drivers.virtual.links import TcpLink
from drivers.virtual.zpl_commands import Command, NotZpl, commands, graphic

BUFFER = 1 << 20  # bytes it takes before it makes the host wait
_FORMAT = re.compile(rb"\^XA.*?\^XZ", re.DOTALL)
_AT_ONCE = re.compile(rb"~HS|~JA")
_IGNORED = frozenset({"^XA", "^XZ", "^CI", "^LH", "^MN", "^PQ"})


@dataclass(frozen=True, slots=True)
class _State:
    """What people did to it."""

    media_out: bool = False
    ribbon_out: bool = False
    head_open: bool = False
    paused: bool = False
    silent: bool = False

    @property
    def stands(self) -> bool:
        return self.media_out or self.ribbon_out or self.head_open or self.paused


class VirtualLabelPrinter:
    """On a loopback TCP port; `port` 0 takes a free one and keeps it. `labels` are what came out,
    as PNG of one pixel a dot; `wrong` what a real printer would have misread."""

    def __init__(self, folder: Path | None = None, width: int = 576, port: int = 0) -> None:
        self.labels: list[bytes] = []
        self.wrong: list[str] = []
        self._folder = folder
        self._width = width
        self._tcp = TcpLink(port)
        self._changed = Condition()
        self._buffer = b""
        self._state = _State()
        self._stopping = False
        self._thread: Thread | None = None

    @property
    def port(self) -> int:
        return self._tcp.port

    def start(self) -> None:
        self._stopping = False
        self._tcp.open(self._receive, self._ready)
        self._thread = Thread(target=self._work, name="virtual-label-printer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._tcp.shut()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    # --- what people do --------------------------------------------------------------------------

    def take_out_labels(self) -> None:
        self._set(replace(self._state, media_out=True))

    def put_in_labels(self) -> None:
        self._set(replace(self._state, media_out=False))

    def take_out_ribbon(self) -> None:
        self._set(replace(self._state, ribbon_out=True))

    def put_in_ribbon(self) -> None:
        self._set(replace(self._state, ribbon_out=False))

    def open_head(self) -> None:
        self._set(replace(self._state, head_open=True))

    def close_head(self) -> None:
        self._set(replace(self._state, head_open=False))

    def pause(self) -> None:
        self._set(replace(self._state, paused=True))

    def go_on(self) -> None:
        self._set(replace(self._state, paused=False))

    def go_silent(self) -> None:
        """Takes and prints everything, answers nothing."""
        self._set(replace(self._state, silent=True))

    def await_labels(self, count: int, timeout: float = 30.0) -> bool:
        """Whether `count` labels have come out in time."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.labels) >= count, timeout)

    def _set(self, state: _State) -> None:
        with self._changed:
            self._state = state
            self._changed.notify_all()

    # --- bytes in (the link's thread) ------------------------------------------------------------

    def _ready(self, timeout: float) -> bool:
        with self._changed:
            return self._changed.wait_for(
                lambda: self._stopping or len(self._buffer) < BUFFER, timeout
            )

    def _receive(self, data: bytes) -> None:
        """Commands with a tilde are obeyed on arrival, wherever they stand."""
        with self._changed:
            self._buffer += data
            while (found := _AT_ONCE.search(self._buffer)) is not None:
                cancel = found[0] == b"~JA"
                before = b"" if cancel else self._buffer[: found.start()]
                self._buffer = before + self._buffer[found.end() :]
                if not cancel and not self._state.silent:
                    self._tcp.send(self._report())
            self._changed.notify_all()

    def _report(self) -> bytes:
        """The three lines of ~HS."""
        state, waiting = self._state, len(_FORMAT.findall(self._buffer))
        first = f"030,{state.media_out:d},{state.paused:d},1218,{waiting:03d},0,0,0,000,0,0,0"
        second = f"000,0,{state.head_open:d},{state.ribbon_out:d},1,2,4,0,00000000,1,000"
        return b"".join(b"\x02" + line.encode() + b"\x03\r\n" for line in (first, second, "1234,0"))

    # --- the mechanism (its own thread) ----------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(self._may_go_on)
                if self._stopping:
                    return
                found = _FORMAT.search(self._buffer)
                assert found is not None  # _may_go_on saw it
                try:
                    png = drawn(found[0].decode("utf-8", "replace"), self._width)
                except (NotZpl, ValueError) as error:
                    self.wrong.append(str(error))
                else:
                    self._keep(png)
                self._buffer = self._buffer[found.end() :]
                self._changed.notify_all()

    def _may_go_on(self) -> bool:
        return self._stopping or (
            not self._state.stands and _FORMAT.search(self._buffer) is not None
        )

    def _keep(self, png: bytes) -> None:
        self.labels.append(png)
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / f"label-{len(self.labels):04}.png").write_bytes(png)


# --- a label -------------------------------------------------------------------------------------


class _Label:
    """A label while it is drawn: fields stand where ^FO says."""

    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("1", (width, height), 1)
        self.at = (0, 0)
        self.letters, self.block = 20, (width, 1, "L")

    def obey(self, command: Command) -> None:
        rest = command.rest
        match command.name:
            case "^FO":
                left, top = rest.split(",")
                self.at = (int(left), int(top))
            case "^GF":
                self._picture(*graphic(rest))
            case "^GB":
                wide, high, _ = (int(part) for part in rest.split(","))
                ImageDraw.Draw(self.image).rectangle(
                    (*self.at, self.at[0] + wide - 1, self.at[1] + high - 1), fill=0
                )
            case "^A0":
                self.letters = int(rest.split(",")[1])
            case "^FB":
                wide_text, lines, _, side = rest.split(",")
                self.block = (int(wide_text), int(lines), side)
            case "^FD":
                self._write(rest)
            case "^FS":
                pass
            case "^PW" | "^LL":
                pass
            case name if name not in _IGNORED:
                raise NotZpl(f"{name} is not known")

    def _picture(self, stride: int, rows: bytes) -> None:
        size = (stride * 8, len(rows) // stride)
        white = Image.frombytes("1", size, bytes(byte ^ 0xFF for byte in rows))
        self.image.paste(white, self.at)

    def _write(self, text: str) -> None:
        width, lines, side = self.block
        font, draw = _font(self.letters), ImageDraw.Draw(self.image)
        step = -(-len(text) // lines)
        for at in range(lines):
            line = text[at * step : (at + 1) * step]
            free = width - draw.textlength(line, font=font)
            left = {"C": free / 2, "R": free}.get(side, 0)
            draw.text((self.at[0] + left, self.at[1] + at * self.letters), line, 0, font)


@cache
def _font(height: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(height)


def drawn(text: str, width: int) -> bytes:
    """One format as the picture of its label."""
    said = commands(text)
    values = {one.name: one.rest for one in said if one.name in ("^PW", "^LL")}
    label = _Label(int(values.get("^PW", width)), int(values.get("^LL") or _bottom(said)))
    for command in said:
        label.obey(command)
    out = io.BytesIO()
    label.image.save(out, "PNG")
    return out.getvalue()


def _bottom(said: list[Command]) -> int:
    """How long a label is that says nothing of it: down to its lowest picture or line."""
    top = lowest = 0
    for one in said:
        if one.name == "^FO":
            top = int(one.rest.split(",")[1])
        elif one.name == "^GF":
            parts = one.rest.split(",", 4)
            lowest = max(lowest, top + int(parts[2]) // int(parts[3]))
        elif one.name == "^A0":
            lowest = max(lowest, top + 3 * int(one.rest.split(",")[1]))
    return max(lowest, 1)
