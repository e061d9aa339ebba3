"""The border of the core: what devices, clocks and id makers must offer, and the values that cross.

Nothing here imports anything of the project. Times: `seen_at` and `Clock.monotonic` are seconds
of a clock that only runs forward; `Clock.now` is an aware UTC datetime.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

# --- scanning ----------------------------------------------------------------------------------


class Symbology(StrEnum):
    """A barcode family as the decoders name it."""

    QR = "qr"
    MICRO_QR = "micro_qr"
    RMQR = "rmqr"
    DATA_MATRIX = "data_matrix"
    AZTEC = "aztec"
    PDF417 = "pdf417"
    MAXICODE = "maxicode"
    CODE_128 = "code_128"
    CODE_39 = "code_39"
    ITF = "itf"
    EAN_13 = "ean_13"
    EAN_8 = "ean_8"
    UPC_A = "upc_a"
    UPC_E = "upc_e"
    DATABAR = "databar"
    DATABAR_EXPANDED = "databar_expanded"
    CODABAR = "codabar"
    CODE_93 = "code_93"
    MICRO_PDF417 = "micro_pdf417"
    TELEPEN = "telepen"
    DX_FILM_EDGE = "dx_film_edge"
    AZTEC_RUNE = "aztec_rune"
    UNKNOWN = "unknown"  # a hand-held scanner that sends no identifier


@dataclass(frozen=True, slots=True)
class Scanned:
    """One code read by a scanner. Route on `aim` and `raw`; `text` is for people and patterns.

    `aim` is the symbology identifier of ISO/IEC 15424 (`]Q1`), "" when the device sends none.
    """

    text: str
    raw: bytes
    symbology: Symbology
    aim: str
    source: str
    seen_at: float


class HintKind(StrEnum):
    """What would help the code to be read."""

    HOLD_STILL = "hold_still"
    CLOSER = "closer"
    FURTHER = "further"
    BRIGHTER = "brighter"
    GLARE = "glare"
    TYPE_INSTEAD = "type_instead"


@dataclass(frozen=True, slots=True)
class ScanHint:
    """Something that looks like a code is in view and cannot be read; a screen drops the hint
    after two seconds without another."""

    kind: HintKind
    source: str
    seen_at: float


# --- devices -----------------------------------------------------------------------------------


class DeviceFamily(StrEnum):
    """What a device is for."""

    SCANNER = "scanner"
    PRINTER = "printer"


class DeviceState(StrEnum):
    """UNKNOWN is an honest state: asked and not answered is not the same as well."""

    UNKNOWN = "unknown"
    READY = "ready"
    WARNING = "warning"
    FAULTY = "faulty"
    ABSENT = "absent"


class DeviceFault(StrEnum):
    """What is wrong, each with a sentence and a mend for the engineer."""

    NONE = ""
    NOT_FOUND = "not_found"
    NOT_ANSWERING = "not_answering"
    DISCONNECTED = "disconnected"
    PERMISSION = "permission"
    PAPER_OUT = "paper_out"
    PAPER_LOW = "paper_low"
    COVER_OPEN = "cover_open"
    RIBBON_OUT = "ribbon_out"
    PAUSED = "paused"
    CUTTER = "cutter"
    OVERHEATED = "overheated"
    PICTURE_BLACK = "picture_black"
    PICTURE_FROZEN = "picture_frozen"
    PICTURE_BLURRED = "picture_blurred"
    PICTURE_DAZZLED = "picture_dazzled"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """A device's own account of itself; `detail` is for the engineer's log, never for a screen."""

    device: str
    family: DeviceFamily
    state: DeviceState
    fault: DeviceFault = DeviceFault.NONE
    detail: str = ""


ScannerReport = Scanned | ScanHint | DeviceStatus


class Scanner(Protocol):
    """A source of codes with a thread of its own. `start` returns at once; every later failure
    is a DeviceStatus, never an exception. `stop` may be called twice and joins the thread."""

    name: str

    def start(self, emit: Callable[[ScannerReport], None]) -> None: ...

    def expect(self, symbologies: frozenset[Symbology]) -> None:
        """Narrow the search to what the current screen can use."""
        ...

    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph of goods, ready to be kept: JPEG (ISO/IEC 10918) with nothing in it but the
    picture. `jpeg` has `width` x `height` pixels; `preview` is the same picture, small."""

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    preview: bytes = field(repr=False)


class Photographer(Protocol):
    """What can photograph goods. Both calls answer at once, from any thread, and never raise."""

    def sees(self) -> bool:
        """Whether a photograph could be taken now: it is there, and neither black nor frozen."""
        ...

    def photograph(self) -> Photo | None:
        """What it sees at this moment; None where it sees nothing."""
        ...


# --- paper -------------------------------------------------------------------------------------


class Align(StrEnum):
    """Along the reading direction: START is left in English and right in Arabic."""

    START = "start"
    CENTER = "center"
    END = "end"


class TextSize(StrEnum):
    SMALL = "small"
    BODY = "body"
    LARGE = "large"
    HUGE = "huge"
    GIANT = "giant"  # as large as one line over the whole width takes, for labels


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    size: TextSize = TextSize.BODY
    bold: bool = False
    align: Align = Align.START


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and its value on one line, the value at the far end."""

    label: str
    value: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Divider:
    """A thin line over the full width."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Empty height in millimetres."""

    mm: int


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code with a quiet zone of four modules; `caption` below it is what a person can type."""

    data: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Emblem:
    """A shop's mark with its `name` below: SVG path data, each filled even-odd in one colour, in a
    box of `width` by `height` units. Where it cannot be drawn the name stands in large type."""

    width: int
    height: int
    paths: tuple[str, ...]
    name: str


Block = Text | Pair | Divider | Gap | Qr | Emblem


@dataclass(frozen=True, slots=True)
class Document:
    """What is to be on the paper, free of any printer. `language` is BCP 47."""

    title: str
    language: str
    right_to_left: bool
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Bitmap:
    """One bit a dot, 1 is black; rows padded to whole bytes, highest bit first (PBM P4)."""

    width: int
    height: int
    rows: bytes


class Rasteriser(Protocol):
    """Draws a document for a paper of `width` dots at `dpi`."""

    def __call__(self, document: Document, width: int, dpi: int) -> Bitmap: ...


@dataclass(frozen=True, slots=True)
class Printed:
    """The printer itself confirmed that the paper came out."""


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Sent without complaint, and nothing came back to prove it."""

    detail: str = ""


@dataclass(frozen=True, slots=True)
class NotPrinted:
    """The paper did not come out, or not wholly. Never reprint by yourself: the printer may
    resume from its own buffer."""

    fault: DeviceFault
    detail: str = ""


PrintOutcome = Printed | Unconfirmed | NotPrinted


class Printer(Protocol):
    """A receipt printer. Both calls may take as long as the hardware does (15 s at most), so
    they run on the printer's own thread; neither raises."""

    name: str

    def status(self) -> DeviceStatus: ...

    def print(self, document: Document) -> PrintOutcome: ...

    def close(self) -> None: ...


# --- the world's other inputs ------------------------------------------------------------------


class Clock(Protocol):
    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...


class Ids(Protocol):
    """Unique and random values. `uuid` is a UUIDv7 (RFC 9562) in its text form."""

    def uuid(self) -> str: ...

    def token(self, bits: int) -> int: ...


class Pins(Protocol):
    """Makes and checks the verifiers of PINs: all at one cost, whoever's they are."""

    @property
    def nobodys(self) -> str:
        """A verifier of a secret that nobody knows, of the same cost as all others."""
        ...

    def make(self, pin: str) -> str: ...

    def matches(self, verifier: str, pin: str) -> bool:
        """Takes as long for every verifier that one of these made."""
        ...


# --- the state of the service, as screens show it -----------------------------------------------


class Trouble(StrEnum):
    """What degrades the service; each has a sentence in every language and one next step."""

    OFFLINE = "offline"
    POLICY_STALE = "policy_stale"
    POLICY_EXPIRED = "policy_expired"
    POLICY_MISSING = "policy_missing"
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    PRINTER_SILENT = "printer_silent"
    PRINTER_ABSENT = "printer_absent"
    SCANNER_ABSENT = "scanner_absent"
    SCANNER_COVERED = "scanner_covered"
    STORE_FULL = "store_full"
    STORE_FAILED = "store_failed"
    PHOTOS_FULL = "photos_full"  # no more can be kept: rules that want one send to staff
    PHOTOS_ASIDE = "photos_aside"  # the centre waits for none of that name
    RECORDS_ASIDE = "records_aside"  # the centre has them and could not use them
    BACKUP_FAILED = "backup_failed"  # the last copy of the ledger did not come about
    STORE_MENDED = "store_mended"
    STORE_GAPS = "store_gaps"
    CLOCK_JUMPED = "clock_jumped"
    REVOKED = "revoked"
    NOT_ENROLLED = "not_enrolled"


class Unseen(StrEnum):
    """Why there is no picture of the screen at the moment."""

    BUSY = "busy"  # somebody's visit is on it, or was a moment ago
    SILENT = "silent"  # the window did not answer in time
    FAILED = "failed"  # nothing could be drawn


ScreenLook = Callable[[], bytes | Unseen]
"""A picture of the screen as a small JPEG, without what a camera sees. Waits for the window: never
call it on the window's own thread."""


@dataclass(frozen=True, slots=True)
class Service:
    """What works at the moment, gathered from agent, store and devices.

    `queued` counts events not yet acknowledged by the centre.
    """

    troubles: frozenset[Trouble] = field(default_factory=frozenset)
    queued: int = 0
    policy_number: int = 0
