"""What kiosks suffer from in these weeks: paper, a printer, a line that is down; most of them
nothing. At each turn the kiosk beats, so the centre keeps what beats a minute apart would leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from kiosk.ports import Trouble


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in which a kiosk is not well: in `trouble`, or not heard of where that is None."""

    code: str
    trouble: Trouble | None
    began: datetime
    ended: datetime

    def goes_on(self, at: datetime) -> bool:
        return self.began <= at < self.ended


@dataclass(frozen=True, slots=True)
class Turn:
    """A spell of this kiosk begins or ends; `back` where it was not heard of until now."""

    at: datetime
    code: str
    back: bool


# Per cent of the weeks that are over, the kiosk, what it is, when on that day, and for how long.
_USUAL: Final[tuple[tuple[int, str, Trouble | None, float, float], ...]] = (
    (16, "K7", None, 13.2, 3.4),  # the shop's line is down
    (30, "K2", Trouble.PAPER_LOW, 10.1, 5.6),
    (30, "K2", Trouble.PAPER_OUT, 15.7, 0.4),
    (45, "K4", None, 2.1, 0.3),  # the provider at night
    (58, "K5", Trouble.SCANNER_COVERED, 7.1, 0.7),  # before the shop opens
    (72, "K7", Trouble.PRINTER_SILENT, 20.2, 10.9),  # found in the morning
    (80, "K2", None, 17.9, 1.2),
)


def usual(midnights: Sequence[datetime]) -> list[Spell]:
    """`midnights` are those of the story's days, today's last; nothing of it lasts until today."""
    days = len(midnights) - 1
    spells: list[Spell] = []
    for percent, code, trouble, hour, hours in _USUAL:
        began = midnights[days * percent // 100] + timedelta(hours=hour)
        spells.append(Spell(code, trouble, began, began + timedelta(hours=hours)))
    return spells


@dataclass(slots=True)
class Health:
    """All spells of the story, and how far time has gone on among them."""

    spells: list[Spell] = field(default_factory=list)
    told: datetime | None = None

    def add(self, spells: Iterable[Spell]) -> None:
        """Of what is still to come."""
        self.spells.extend(spells)

    def silent(self, code: str, at: datetime) -> bool:
        return any(one.trouble is None for one in self._of(code, at))

    def troubles(self, code: str, at: datetime) -> tuple[Trouble, ...]:
        found = (one.trouble for one in self._of(code, at))
        return tuple(sorted(trouble for trouble in found if trouble is not None))

    def turns(self, until: datetime) -> list[Turn]:
        """What begins or ends up to `until` and was not given yet, in order."""
        since, self.told = self.told, until
        found = [
            Turn(at, one.code, one.trouble is None and at == one.ended)
            for one in self.spells
            for at in (one.began, one.ended)
            if (since is None or since < at) and at <= until
        ]
        return sorted(found, key=lambda turn: (turn.at, turn.code))

    def _of(self, code: str, at: datetime) -> Iterable[Spell]:
        return (one for one in self.spells if one.code == code and one.goes_on(at))
