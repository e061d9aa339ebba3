"""kiosk.flows.counter.model.Do whole: the desk's verbs, and beside them paper, sound, the status
bar and a shopper's visit. All on the core thread."""

from __future__ import annotations

import logging
from collections.abc import Callable

from kiosk.app.counter.desk import Desk
from kiosk.flows.counter.model import Bar, Tone
from kiosk.flows.counter.printing import Papers
from kiosk.flows.model import Do as VisitDo
from kiosk.flows.model import Timing as VisitTiming

log = logging.getLogger(__name__)


class Doing:
    """`sound` plays a tone, `look` tells what the status bar shows, `visiting` gives the verbs of a
    shopper's return at the counter."""

    def __init__(
        self,
        desk: Desk,
        papers: Papers,
        sound: Callable[[Tone], None],
        look: Callable[[], Bar],
        visiting: Callable[[], tuple[VisitDo, VisitTiming]],
    ) -> None:
        self._sound = sound
        self.bar, self.visit, self.print = look, visiting, papers.print
        self.now, self.at = desk.now, desk.at
        self.shop, self.rules, self.house = desk.shop, desk.rules, desk.house
        self.identify, self.act, self.plan = desk.identify, desk.act, desk.plan
        self.sign_in, self.choose_pin, self.unlock = desk.sign_in, desk.choose_pin, desk.unlock
        self.record, self.train, self.keep_signature = desk.record, desk.train, desk.keep_signature
        self.practice_code = desk.practice_code
        self.take_drop, self.new_id, self.device_id = desk.take_drop, desk.new_id, desk.device_id
        self.carriers = desk.carriers
        self.drop_qr, self.handed_over_qr = desk.drop_qr, desk.handed_over_qr
        self.received_qr = desk.received_qr

    def cue(self, tone: Tone) -> None:
        """Company for what the screen shows: one that fails is only logged."""
        try:
            self._sound(tone)
        except Exception:
            log.exception("no sound for %s", tone)
