"""Drops of exported histories in the order they happened, and what was known before each.

Several kiosks' histories may be read together: a customer's returns, and the drops of one return,
are told by all of them. An event that stands in more than one chain is the same event.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from kiosk.cli.common import fail

if TYPE_CHECKING:
    from kiosk.domain.events import DropCommitted, DropRefused, LineFact
    from kiosk.domain.policy.model import Facts
    from kiosk.domain.returns import PastDrop, PastReturn, ReturnLine

TAKEN = ("accepted", "returnless")
HISTORY, EARLIER = "history", "drops"
"""What is known of other returns and of this one's earlier drops, among the paths of `known`."""


@dataclass(frozen=True, slots=True)
class Told:
    """One drop or refusal as an event tells it. `time` is RFC 3339 in UTC."""

    time: str
    event: DropCommitted | DropRefused

    @property
    def subject(self) -> str:
        """What people call it: the drop's number, or the return's id where nothing was taken."""
        return getattr(self.event, "drop_number", "") or self.event.return_id


@dataclass(frozen=True, slots=True)
class Past:
    """One drop: its lines as recorded, as facts, and what of each is known by path, a path that
    ends in a dot standing for all below it."""

    told: Told
    lines: tuple[LineFact, ...]
    facts: tuple[Facts, ...]
    known: tuple[frozenset[str], ...]


class _Line(msgspec.Struct):
    """One line of an exported history; the head and the chains have other keys."""

    type: str = ""
    id: str = ""
    time: str = ""
    data: dict[str, Any] = {}


def drops(logs: Sequence[Path]) -> list[Told]:
    """Every drop and refusal, the oldest first; a sentence and exit code 2 for a bad line."""
    found: list[Told] = []
    seen: set[str] = set()
    for log in logs:
        for one in _lines(log):
            if one is not None and one[0] not in seen:
                seen |= {one[0]} - {""}
                found.append(one[1])
    return sorted(found, key=lambda one: one.time)


def _lines(log: Path) -> Iterator[tuple[str, Told] | None]:
    from kiosk.domain import chain
    from kiosk.domain.events import DropCommitted, DropRefused

    kinds: dict[str, type[DropCommitted | DropRefused]] = {
        kind.type: kind for kind in (DropCommitted, DropRefused)
    }
    try:
        with log.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    one = msgspec.json.decode(line, type=_Line)
                    if one.type in kinds:
                        event = msgspec.convert(one.data, type=kinds[one.type])
                        yield one.id, Told(chain.moment(one.time), event)
                except (msgspec.MsgspecError, ValueError) as error:
                    fail(f"{log}:{number}: is no event as kiosks export them: {error}", code=2)
    except OSError as error:
        fail(f"{log}: {error.strerror}", code=2)


@dataclass(slots=True)
class Memory:
    """What the drops so far have told, as a ledger would know it: whatever was promised counts as
    it was, not as other rules would have had it."""

    of_return: dict[str, list[PastDrop]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[str, dict[str, ReturnLine]] = field(default_factory=lambda: defaultdict(dict))
    _customers: dict[tuple[str, str], dict[str, PastReturn]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def history(self, merchant_id: str, customer: str) -> tuple[PastReturn, ...]:
        """The customer's returns, by id; () for "", which is nobody."""
        known = self._customers.get((merchant_id, customer), {}) if customer else {}
        return tuple(known[return_id] for return_id in sorted(known))

    def take(self, told: Told, lines: Sequence[ReturnLine], zone: str) -> None:
        """One more drop. `lines` are those of its return that are known again."""
        from kiosk.domain.events import DropCommitted
        from kiosk.domain.returns import PastDrop

        event = told.event
        for line in lines:
            self.lines[event.return_id].setdefault(line.line_id, line)
        taken = [one for one in event.lines if one.state in TAKEN]
        if not isinstance(event, DropCommitted) or not taken:
            return
        units: Counter[str] = Counter()
        for one in taken:
            units[one.line_id] += one.brought
        self.of_return[event.return_id].append(
            PastDrop(event.drop_id, dict(units), _once(taken, "fees"), _once(taken, "bonuses"))
        )
        customer = str(event.facts.get("authorisation.customer", ""))
        if customer:
            self._remember(event, taken, customer, _day(told.time, zone))

    def _remember(
        self, event: DropCommitted, taken: list[LineFact], customer: str, on: date
    ) -> None:
        from kiosk.domain.money import Money
        from kiosk.domain.returns import PastReturn

        known = self._customers[event.merchant_id, customer]
        units, value = sum(one.brought for one in taken), sum(one.price for one in taken)
        old = known.get(event.return_id)
        if old is not None:
            units, value, on = old.units + units, old.value.minor + value, max(old.on, on)
        worth = Money(value, taken[0].currency)
        known[event.return_id] = PastReturn(event.return_id, on, units, worth)


def _once(taken: list[LineFact], kind: str) -> tuple[Any, ...]:
    from kiosk.domain.returns import ChargedOnce

    shares = (share for one in taken for share in getattr(one, kind))
    return tuple(ChargedOnce(one.kind, one.minor, one.base) for one in shares if one.once)


def _day(time: str, zone: str) -> date:
    from kiosk.app.finding import local_day

    return local_day(datetime.fromisoformat(time), zone)


def unsaid(told: Told) -> dict[str, object]:
    """What a return has and no rule looks at, or what nobody tells."""
    return {
        "return_id": told.event.return_id,
        "merchant_id": told.event.merchant_id,
        "order_number": "",
        "postal_code": "",
        "short_code": "",
        "state": "authorised",
        "ordered_on": told.time[:10],
        "delivered_on": None,
        "expires_at": None,
        "lines": (),
    }
