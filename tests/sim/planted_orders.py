"""Planted bugs of what the centre orders: numbers that go back, orders that work twice or never."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from kiosk.domain import events as facts
from kiosk.quiet import Quiet
from kiosk.store import orders as store_orders
from kiosk.store.orders import CommandKind, Orders, Outcome
from sync.agent.ordering import Ordering
from sync.central import fold
from sync.central.tables import device_commands, device_settings
from sync.wire import orders as sealed
from tests.sim.line import Fault
from tests.sim.planting import Plant, swap
from tests.sim.story import SHORT_BELOW, Deed


def _any_number(self: Any, commands: Any) -> None:
    """A command joins the line unless it waits there already."""

    def task(work: Any) -> None:
        held = store_orders._read(work.get("orders.commands"), tuple[store_orders.Waiting, ...])
        there = {one.number for one in held or ()}
        new = [one for one in commands if one.number not in there]
        work.set("orders.commands", store_orders._text((*(held or ()), *new)))

    self._store.run(task)


def _restart_first(self: Any, command: Any) -> bool:
    """The restart is told when it is over, by whoever wakes up then; nobody does."""
    if command.kind == CommandKind.RESTART:
        self._again()
        return False
    return _DO(self, command)


def _in_silence(self: Any, command: Any, outcome: Outcome, report: Any = ()) -> bool:
    def task(work: Any) -> bool:
        held = store_orders._read(work.get("orders.commands"), tuple[store_orders.Waiting, ...])
        left = tuple(one for one in held or () if one.number != command.number)
        work.set("orders.commands", store_orders._text(left))
        return len(left) < len(held or ())

    return bool(self._store.run(task))


def _pass_over(self: Any, texts: tuple[str, ...]) -> None:
    """What was bent on the way is left out, and what comes behind it taken."""
    told = [sealed.open_command(text, self.trust.keys()) for text in texts]
    good = [one for one in told if one is not None and self._ours(one)]
    self.kept.add([store_orders.Waiting(one.number, one.kind, one.expires) for one in good])


def _only_what_is_known(c: Any, device_id: str, at: Any, fact: Any) -> None:
    """A centre from a backup passes over what it is told of orders that it lost."""
    if isinstance(fact, facts.CommandSettled):
        row = device_commands.c
        mine = sa.and_(row.device_id == device_id, row.number == fact.number)
        told = {"outcome": fact.outcome, "report": list(fact.report), "settled_at": at}
        c.execute(device_commands.update().where(mine, row.outcome == "").values(told))
        return
    mine = sa.and_(
        device_settings.c.device_id == device_id, device_settings.c.version == fact.version
    )
    state = "taken" if isinstance(fact, facts.SettingsTaken) else "refused"
    c.execute(device_settings.update().where(mine).values(state=state, settled_at=at))


_DO = Quiet._do
_OFTEN = {Deed.ORDER: 80.0}
_BACKUPS = {Deed.ORDER: 60.0, Deed.CENTRE_BACKUP: 20.0, Deed.CENTRE_RESTORE: 20.0}

PLANTS: Sequence[Plant] = (
    Plant(
        "a command that comes again is done again",
        swap(Orders, "add", _any_number),
        _OFTEN,
        SHORT_BELOW + 13,
        begin=(Fault.OLD_REPLY, Fault.LOST_REPLY),
    ),
    Plant(
        "a restart is told when it is over", swap(Quiet, "_do", _restart_first), _OFTEN, first=501
    ),
    Plant(
        "what became of a command is not told",
        swap(Orders, "settle", _in_silence),
        _OFTEN,
        first=508,
    ),
    Plant(
        "a command bent on the way is passed over",
        swap(Ordering, "_commands", _pass_over),
        _OFTEN,
        SHORT_BELOW + 8,
        begin=(Fault.OTHER_NUMBER,),
    ),
    Plant(
        "an order that a backup lacks is forgotten",
        swap(fold, "settle", _only_what_is_known),
        _BACKUPS,
        SHORT_BELOW + 9,
    ),
)
