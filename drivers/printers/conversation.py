"""Questions and answers over one open transport."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from drivers.printers import status
from drivers.printers.status import Condition
from drivers.printers.transports import Lost, Transport
from kiosk.ports import DeviceFault


@dataclass(frozen=True, slots=True)
class Silent:
    """Asked, and nothing came back: the printer may be well, mute or switched off."""


@dataclass(slots=True)
class Conversation:
    """What a printer said since the transport was opened; `answer_s` is the patience a question.

    `jobs` are the job marks it reported as printed; `sensor` is its answer to GS r 1,
    `unasked` its last automatic status.
    """

    transport: Transport
    monotonic: Callable[[], float]
    answer_s: float
    jobs: set[bytes] = field(default_factory=set)
    sensor: status.PaperSensor | None = None
    unasked: Condition = field(default_factory=Condition)
    _tail: bytes = b""
    _real_time: list[int] = field(default_factory=list)

    def listen(self, timeout: float) -> Lost | None:
        """Take in what arrives within `timeout`, returning at the first of it."""
        data = self.transport.receive(timeout)
        if isinstance(data, Lost):
            return data
        answers, self._tail = status.split(self._tail + data)
        for answer in answers:
            match answer:
                case status.JobDone(job):
                    self.jobs.add(job)
                case status.PaperSensor():
                    self.sensor = answer
                case status.Automatic(condition):
                    self.unasked = condition
                case status.RealTime(value):
                    self._real_time.append(value)
        return None

    def condition(self) -> Condition | Silent | Lost:
        """Ask the machine (DLE EOT 1, 2, 4; 3 only where 2 speaks of an error).

        One question at a time: the answers look alike, only their order tells them apart. The
        first silence ends it, because a late answer would be taken for the next one.

        The answers are not of one moment: a cover closed between two of them leaves "offline"
        without a cause. So what names no cause is asked once more before it is believed.
        """
        if not self.transport.answers:
            return Silent()
        found = self._round()
        if isinstance(found, Condition) and found.fault is DeviceFault.INTERNAL:
            return self._round()
        return found

    def _round(self) -> Condition | Silent | Lost:
        found = Condition()
        questions = [status.PRINTER, status.OFFLINE_CAUSE, status.PAPER]
        for n in questions:
            value = self._ask(n)
            if not isinstance(value, int):
                return value
            told = status.real_time(n, value)
            if n == status.OFFLINE_CAUSE and told.broken:
                questions.append(status.ERROR_CAUSE)
            found = found | told
        return found

    def _ask(self, n: int) -> int | Silent | Lost:
        self._real_time.clear()
        lost = self.transport.send(status.ask(n), self.answer_s)
        if lost is not None:
            return Silent() if lost.fault is DeviceFault.NOT_ANSWERING else lost
        deadline = self.monotonic() + self.answer_s
        while not self._real_time:
            left = deadline - self.monotonic()
            if left <= 0 or not self.transport.answers:
                return Silent()
            lost = self.listen(left)
            if lost is not None:
                return lost
        return self._real_time[-1]
