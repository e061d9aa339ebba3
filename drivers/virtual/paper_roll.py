"""The paper in a virtual printer: dots as they come out under the head, cut into slips."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from drivers.virtual.escpos_commands import Set

BLADE = 40  # dots of white fed past the blade before a cut
CELL_WIDTH, CELL_HEIGHT = 12, 24  # font A
CODE_PAGES = {0: "cp437", 2: "cp850", 16: "cp1252", 19: "cp858"}


@cache
def _font(height: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(height)


class Roll:
    """Collects rows of `width` dots. `modes` are what ESC and GS commands set."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.stride = (width + 7) // 8
        self.rows = bytearray()
        self.initialise()

    def initialise(self) -> None:
        self.modes = {"align": 0, "bold": 0, "size": 0, "page": 0, "spacing": 30}
        self._line: list[tuple[str, int, int, bool]] = []

    @property
    def height(self) -> int:
        return len(self.rows) // self.stride

    def set(self, mode: Set) -> None:
        value = mode.value % 48 if mode.what in ("align", "bold") else mode.value
        if mode.what == "mode":
            self.modes["bold"] = value & 0x08
            self.modes["size"] = (value & 0x20) >> 1 | (value & 0x10) >> 4
        else:
            self.modes[mode.what] = value

    def row(self, dots: bytes) -> None:
        """One printed line; too long is cut off at the edge, short is aligned."""
        used = min(len(dots) * 8, self.width)
        spare = self.width - used
        left = {1: spare // 2, 2: spare}.get(self.modes["align"], 0)
        total = self.stride * 8
        value = int.from_bytes(dots, "big") >> max(0, len(dots) * 8 - used)
        self.rows += (value << (total - used - left)).to_bytes(self.stride, "big")

    def feed(self, dots: int) -> None:
        self.rows += bytes(self.stride * dots)

    def write(self, data: bytes) -> None:
        page = CODE_PAGES.get(self.modes["page"], "cp437")
        wide, high = (self.modes["size"] >> 4 & 7) + 1, (self.modes["size"] & 7) + 1
        for char in data.decode(page, "replace"):
            if sum(c[1] for c in self._line) * CELL_WIDTH + wide * CELL_WIDTH > self.width:
                self.end_line()
            self._line.append((char, wide, high, bool(self.modes["bold"])))

    def end_line(self) -> int:
        """Print the line that was written; the number of rows it took."""
        if not self._line:
            self.feed(self.modes["spacing"])
            return self.modes["spacing"]
        line, self._line = self._line, []
        height = max(high for _, _, high, _ in line) * CELL_HEIGHT
        length = sum(wide for _, wide, _, _ in line) * CELL_WIDTH
        left = {1: (self.width - length) // 2, 2: self.width - length}.get(self.modes["align"], 0)
        image = Image.new("1", (self.stride * 8, height), 0)
        for char, wide, high, bold in line:
            cell = Image.new("1", (CELL_WIDTH, CELL_HEIGHT), 0)
            ImageDraw.Draw(cell).text((0, 2), char, 1, _font(18), stroke_width=0.5 if bold else 0)
            scaled = cell.resize((CELL_WIDTH * wide, CELL_HEIGHT * high), Image.Resampling.NEAREST)
            image.paste(scaled, (left, height - CELL_HEIGHT * high))
            left += CELL_WIDTH * wide
        self.rows += image.tobytes()
        extra = max(0, self.modes["spacing"] - CELL_HEIGHT)
        self.feed(extra)
        return height + extra

    def cut(self) -> bytes:
        """What hangs out becomes a slip, as a PNG of one pixel a dot."""
        height = max(1, self.height)
        dots = bytes(self.rows) or bytes(self.stride)
        paper = bytes(b ^ 0xFF for b in dots)
        image = Image.frombytes("1", (self.stride * 8, height), paper)
        out = io.BytesIO()
        image.crop((0, 0, self.width, height)).save(out, "PNG")
        self.rows.clear()
        return out.getvalue()
