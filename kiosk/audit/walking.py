"""From link to link: chains, events and where anchors stand among them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kiosk.audit.findings import Found, Vouched
from kiosk.audit.lines import Chain, Event
from kiosk.domain import chain as chains
from kiosk.domain import link_code
from kiosk.seal.sworn import Sworn

RECOVERED = "takeback.store.recovered.v1"


class Walk:
    """Each answer is "" or why the line cannot stand there. `note` takes line, kind and words."""

    def __init__(self, receipt: str, note: Callable[[int, str, str], None]) -> None:
        self._receipt = receipt
        self._note = note
        self._chain: Chain | None = None
        self._sequence = 0
        self._time = ""
        self._vouched: tuple[int, str] | None = None
        self._anchored = 0
        self.link = ""
        self.chains = 0
        self.events = 0
        self.found: Found | None = None

    def chain(self, one: Chain, line: int) -> str:
        if why := self._whole():
            return why
        if self._chain is not None:
            if one.number <= self._chain.number:
                return "is a chain out of order"
            what = "the kiosk began anew: restored, copied, repaired or parted from the centre"
            self._note(line, "forked", f"{what}; epoch {one.epoch}")
        if not 0 <= one.base_sequence <= one.sequence:
            return "is a chain that ends before it begins"
        if not one.base_sequence and one.base_chain != chains.GENESIS:
            return "is a chain that does not begin at the beginning"
        if one.base_sequence:
            what = f"events 1 to {one.base_sequence} of epoch {one.epoch} were removed"
            self._note(line, "shortened", f"{what}, as the centre had held them long enough")
        self._chain, self._sequence, self.link = one, one.base_sequence, one.base_chain
        self._time, self._vouched, self._anchored = "", None, 0
        self.chains += 1
        return ""

    def event(self, event: Event, line: int) -> str:
        if self._chain is None or event.epoch != self._chain.epoch:
            return "is an event outside its chain"
        self._sequence += 1
        self.events += 1
        if event.sequence != self._sequence:
            return f"is event {event.sequence}, where {self._sequence} belongs"
        if chains.moment(event.time) != event.time:
            return "has a time that is not in its one form"
        self.link = event.link(self.link)
        if event.chain != self.link:
            return "does not follow from the line before it"
        self._look(event, line)
        return ""

    def _look(self, event: Event, line: int) -> None:
        """What a reader should know of an event that is as it was written."""
        if event.time < self._time:
            self._note(line, "clock-back", f"the clock ran back from {self._time} to {event.time}")
        self._time = event.time
        if event.type == RECOVERED:
            missing = event.data.get("missing", "some")
            what = f"a damaged ledger was replaced here; {missing} events could not be read again"
            self._note(line, "gap", what)
        if self.found is None and self._is_receipts(self.link):
            self.found = Found(
                line, event.epoch, event.sequence, event.type, event.subject, event.time, self.link
            )

    def _is_receipts(self, link: str) -> bool:
        return bool(self._receipt) and self._receipt in (link, link_code.spell(link))

    def anchor(self, told: Sworn, line: int, counts: bool) -> str:
        if self._chain is None:
            what = f"the centre held event {told.sequence} of epoch {told.epoch} on {told.time}"
            self._note(line, "witness", f"{what}, of which nothing is left here")
            return ""
        if told.epoch != self._chain.epoch:
            return "is an anchor outside its chain"
        if told.sequence < self._anchored:
            return "is an anchor out of order"
        self._anchored = told.sequence
        if told.sequence > self._sequence:
            return f"says that the centre held event {told.sequence}, which is missing here"
        base = self._chain.base_sequence
        if told.sequence < self._sequence and (told.sequence > base or self._sequence > base):
            return "is an anchor out of its place"
        if told.sequence < self._sequence:
            return ""  # of events that were removed: nothing here to compare it with
        if told.chain != self.link:
            return f"swears to another event {told.sequence} than the one before it"
        if counts:
            self._vouch(told)
        return ""

    def _vouch(self, told: Sworn) -> None:
        self._vouched = (told.sequence, told.time)
        found = self.found
        if found and not found.vouched and found.epoch == told.epoch:
            self.found = replace(found, vouched=told.time)

    def _whole(self) -> str:
        """Whether the chain so far has come to its end."""
        if self._chain is None:
            return ""
        ends = (self._chain.sequence, self._chain.chain)
        return "" if ends == (self._sequence, self.link) else "comes where events are missing"

    def end(self, expected: int) -> str:
        if why := self._whole():
            return why
        return "" if self.chains == expected else "comes where a whole chain is missing"

    def vouched(self) -> Vouched | None:
        """For the newest chain."""
        if self._chain is None or self._vouched is None:
            return None
        sequence, time = self._vouched
        return Vouched(self._chain.epoch, sequence, time, self._sequence - sequence)
