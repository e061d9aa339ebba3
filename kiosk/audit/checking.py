"""Going along an exported ledger, line by line, in constant memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import assert_never

import msgspec

from kiosk.audit.findings import Broken, Given, Note, Proven
from kiosk.audit.keyring import Keyring
from kiosk.audit.lines import FIRST_FORMAT, FORMAT, Anchor, Chain, Event, Head, Key, Line, Seal
from kiosk.audit.lines import sealed as seal_body
from kiosk.audit.walking import Walk
from kiosk.seal import keys, sworn
from kiosk.seal.sworn import Kind

MOST_NOTES = 100
_LINE = msgspec.json.Decoder(Line)


def check(lines: Iterable[bytes], given: Given | None = None, receipt: str = "") -> Proven | Broken:
    """Recompute every link of an exported file and check every signature. `receipt` is a code as
    printed (kiosk.domain.link_code), or a whole link in hex. Never raises for what a file may
    hold."""
    reading = _Reading(given or Given(), receipt)
    number = 0
    for number, line in enumerate(lines, 1):
        try:
            why = reading.take(number, line)
        except (msgspec.MsgspecError, ValueError, TypeError, OverflowError, RecursionError):
            why = "is no line of an exported ledger"
        if why:
            return Broken(number, why)
    why = reading.end()
    return Broken(number + 1, why) if why else reading.proven()


class _Reading:
    """Each answer is "" or why the line cannot stand there."""

    def __init__(self, given: Given, receipt: str) -> None:
        self._given = given
        self._keys = Keyring(given)
        self._head: Head | None = None
        self._walk = Walk(receipt, self._note)
        self._seal: Seal | None = None
        self._sealed = False
        self._digest = hashlib.sha256()
        self._line = 0
        self._anchors = 0
        self._notes: list[Note] = []
        self._notes_left = 0

    def take(self, number: int, data: bytes) -> str:
        self._line = number
        line = _LINE.decode(data)
        if self._seal is not None:
            return "comes after the seal"
        if self._head is None and not isinstance(line, Head):
            return "comes before the head"
        why = self._sort(line)
        self._digest.update(data.rstrip(b"\n") + b"\n")
        return why

    def _sort(self, line: Line) -> str:
        match line:
            case Head():
                return self._begin(line)
            case Key():
                return self._keys.add(line)
            case Chain():
                return self._walk.chain(line, self._line)
            case Event():
                return self._walk.event(line, self._line)
            case Anchor():
                return self._anchor(line)
            case Seal():
                return self._close(line)
            case _:
                assert_never(line)

    def _begin(self, head: Head) -> str:
        if self._head is not None:
            return "is a second head"
        self._head = head
        if head.format in (FIRST_FORMAT, FORMAT):
            return ""
        return f"is of format {head.format}, not {FIRST_FORMAT} to {FORMAT}"

    def _anchor(self, line: Anchor) -> str:
        assert self._head is not None
        told = line.sworn()
        if self._head.device_id not in ("", told.device):
            return "is an anchor of another kiosk"
        candidates = self._keys.candidates("centre", told.kid)
        public = next((key for key in candidates if sworn.holds(Kind.ANCHOR, told, key)), None)
        if public is None:
            return "is an anchor that the centre's key did not sign"
        counts = self._keys.use("centre", told.kid, public)
        if counts:
            self._anchors += 1
        elif not any(note.kind == "key-not-given" for note in self._notes):
            self._note(self._line, "key-not-given", f"the key {told.kid!r} was not given")
        return self._walk.anchor(told, self._line, counts)

    def _close(self, seal: Seal) -> str:
        assert self._head is not None
        if why := self._walk.end(self._head.chains):
            return why
        self._seal = seal
        if (seal.lines, seal.digest) != (self._line - 1, self._digest.hexdigest()):
            return "seals other lines: something above was changed after the export"
        if not self._head.device_id and not seal.kid and not seal.signature:
            return "" if not self._given.device else "is not signed, though a key was given"
        return self._signed(self._head.device_id, seal)

    def _signed(self, device_id: str, seal: Seal) -> str:
        try:
            signature = bytes.fromhex(seal.signature)
        except ValueError:
            signature = b""
        body = seal_body(device_id, seal.lines, seal.digest)
        one_form = signature.hex() == seal.signature
        for public in self._keys.candidates("device", seal.kid):
            if one_form and keys.verify(public, signature, body):
                self._sealed = True
                given = self._keys.use("device", seal.kid, public)
                return "" if given else "is not sealed by a device's key that was given"
        return "is a seal that the device's key did not sign"

    def end(self) -> str:
        if self._head is None:
            return "is missing: the file is empty"
        if self._seal is not None:
            return ""
        if why := self._walk.end(self._head.chains):
            return why
        if self._head.format != FIRST_FORMAT:
            return "is missing: the seal was cut off"
        if self._given.device or self._given.centre:
            return "is missing: a file of format 1 has no signatures that keys could prove"
        return ""

    def _note(self, line: int, kind: str, what: str) -> None:
        if len(self._notes) < MOST_NOTES:
            self._notes.append(Note(line, kind, what))
        else:
            self._notes_left += 1

    def proven(self) -> Proven:
        assert self._head is not None
        if not self._sealed:
            self._note(self._line, "unsigned", "no device has signed this file as a whole")
        return Proven(
            device_id=self._head.device_id,
            chains=self._walk.chains,
            events=self._walk.events,
            newest=self._walk.link,
            anchors=self._anchors,
            sealed=self._sealed,
            vouched=self._walk.vouched(),
            keys=self._keys.told(),
            notes=tuple(self._notes),
            notes_left=self._notes_left,
            receipt=self._walk.found,
        )
