"""Orders of the centre in a history: settings and commands are given, and what they do is counted.

The kiosk does them in quiet moments, which are here the ends of its agent's turns: real
`kiosk.quiet`, but for what a real box would find out about itself.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from kiosk.checks import Check
from kiosk.domain.events import CommandSettled
from kiosk.ports import Unseen
from kiosk.quiet import Quiet, installed, unusable
from kiosk.settings import Settings
from kiosk.store import StoreFailed
from kiosk.store.orders import Orders, Outcome, Waiting
from sync.central import orders
from tests.sim.shop import BUNDLE_KEY
from tests.sim.truth import Broken

if TYPE_CHECKING:
    from kiosk.store import Store
    from sync.agent.ordering import Ordering
    from tests.sim.kiosk import SimKiosk
    from tests.sim.world import World

_SETTINGS = Settings()
_KINDS = ("restart", "diagnostics", "self_test", "pull_policy", "rotate_key", "sing")
_LIVES = (timedelta(minutes=8), timedelta(hours=24))
_EFFECTS = 1
_REFUSED = "SELECT data FROM events WHERE type LIKE '%settings.refused%'"
_LAST = (
    "SELECT version, state, body FROM device_settings WHERE device_id = :d"
    " ORDER BY version DESC LIMIT 1"
)
_SETTLED = (
    "SELECT device_id, number, kind, outcome, report FROM device_commands WHERE outcome != ''"
)
_UNTOLD = (
    "SELECT number FROM device_commands WHERE device_id = :d AND outcome = ''"
    " AND expires_at > :now ORDER BY number"
)


def judge(values: Mapping[str, Any]) -> str:
    """As the kiosk judges them."""
    return unusable(_SETTINGS, values)


@dataclass
class Done:
    """What one disk has seen of its orders; another disk begins with what that one saw."""

    version: int = 0
    effects: Counter[int] = field(default_factory=Counter)
    restarts: Counter[int] = field(default_factory=Counter)

    def copy(self) -> Done:
        return Done(self.version, Counter(self.effects), Counter(self.restarts))


class _Seen(Orders):
    """Counts what is settled; the disk's own word is not asked."""

    def __init__(self, store: Store, kiosk: SimKiosk) -> None:
        super().__init__(store)
        self._kiosk = kiosk

    def settle(self, command: Waiting, outcome: Outcome, report: Sequence[str] = ()) -> bool:
        settled = super().settle(command, outcome, report)
        if settled:
            _count(self._kiosk, self._kiosk.done.effects, command)
        return settled


def _no_window(_number: int) -> Unseen:
    return Unseen.SILENT


class SimQuiet(Quiet):
    """`look` is called when no shopper stands there."""

    def __init__(self, kiosk: SimKiosk, store: Store) -> None:
        super().__init__(store, _SETTINGS, tuple, self._anew, kiosk.clock, _no_window)
        self._orders = _Seen(store, kiosk)
        self._kiosk = kiosk
        self._doing: Waiting | None = None
        self.anew = False

    def _do(self, command: Waiting) -> bool:
        self._doing = command
        try:
            return super()._do(command)
        finally:
            self._doing = None

    def _anew(self) -> None:
        self.anew = True
        if self._doing is not None:
            _count(self._kiosk, self._kiosk.done.restarts, self._doing)

    def _findings(self) -> list[Check]:
        return [Check("ledger", True, "whole")]


def watch(kiosk: SimKiosk, ordering: Ordering) -> None:
    """The agent settles some by itself."""
    ordering.kept = _Seen(ordering.store, kiosk)


def begin(kiosk: SimKiosk, store: Store) -> None:
    """A start: settings on trial may be undone, and only if the centre is told."""
    installed(_SETTINGS, store)
    version, before = Orders(store).in_force().version, kiosk.done.version
    told = (json.loads(row[0])["version"] for row in kiosk.rows(_REFUSED))
    if version < before and before not in told:
        raise Broken(17, f"{kiosk.name} goes from settings {before} to {version} and tells nobody")
    kiosk.done.version = version


def look(kiosk: SimKiosk) -> bool:
    """A quiet moment; whether the kiosk closes to open anew."""
    quiet, agent = kiosk.quiet, kiosk.agent
    if quiet is None or agent is None or kiosk.store is None:
        return False
    try:
        quiet.look(rekeyed=agent.state.rekeyed)
        version = Orders(kiosk.store).in_force().version
    except StoreFailed:
        return False
    if version < kiosk.done.version:
        raise Broken(17, f"{kiosk.name} goes from settings {kiosk.done.version} to {version}")
    kiosk.done.version = version
    return quiet.anew


def _count(kiosk: SimKiosk, counts: Counter[int], command: Waiting) -> None:
    counts[command.number] += 1
    if counts[command.number] > _EFFECTS:
        raise Broken(18, f"{kiosk.name} does {command.kind} {command.number} once more")


# --- at the centre ---


def give(world: World, kiosk: SimKiosk) -> None:
    """Somebody in the back office orders something, while the centre is well."""
    centre, chance = world.centre, world.chance
    if centre.down:
        return
    with centre.by_hand():
        world.tell(_give(world, kiosk, chance.random() < 0.5))


def _give(world: World, kiosk: SimKiosk, settings: bool) -> str:
    centre, chance, of = world.centre.database, world.chance, kiosk.device_id
    if settings:
        value = chance.choice((90.0, 120.0, 150.0, 1.0))  # the last one no kiosk takes
        made = orders.put_settings(centre, world.time, of, {"timing.idle": value}, BUNDLE_KEY)
        assert not isinstance(made, str), made
        return f"{kiosk.name} is given settings {made.version}"
    kind, life = chance.choice(_KINDS), chance.choice(_LIVES)
    command = orders.put_command(centre, world.time, of, kind, BUNDLE_KEY, life)
    assert not isinstance(command, str), command
    return f"{kiosk.name} is given command {command.number}: {kind}"


def untold(world: World, kiosk: SimKiosk) -> str:
    """What of its orders this box has not heard of, or said nothing about, "" for nothing. A
    command that no kiosk heard of in time has no outcome, and what a revoked one tells counts for
    nothing."""
    if kiosk.device_id in world.revoked or kiosk.store is None:
        return ""
    kept, last = Orders(kiosk.store), world.centre.rows(_LAST, d=kiosk.device_id)
    version, state = last[0][:2] if last else (0, "none")
    if kept.version() < version or kept.coming() is not None:
        return f"has not taken settings {version}"
    if not state:
        return f"does not say what became of settings {version}"
    rows = world.centre.rows(_UNTOLD, d=kiosk.device_id, now=_stamp(world))
    return f"does not say what became of command {rows[0][0]}" if rows else ""


def _stamp(world: World) -> str:
    return world.time.now().replace(tzinfo=None).isoformat(" ")


def check(world: World) -> None:
    """What the centre says of its orders is what became of them, and not of others."""
    for kiosk in world.kiosks:
        if kiosk.device_id not in world.revoked and kiosk.store is not None:
            _settings_agree(world, kiosk, Orders(kiosk.store))
    for device_id, number, kind, outcome, report in world.centre.rows(_SETTLED):
        if orders.USED in report:
            continue  # its number was another's; somebody is told to give it again
        told = {
            (fact.data["kind"], fact.data["outcome"])
            for fact in world.truth.facts.values()
            if fact.device_id == device_id
            and fact.type == CommandSettled.type
            and fact.data["number"] == number
        }
        if (kind, outcome) not in told:
            raise Broken(18, f"{device_id}: command {number} is {kind} {outcome}, told {told}")


def _settings_agree(world: World, kiosk: SimKiosk, kept: Orders) -> None:
    """Of two boxes with one name each tells its own; the centre keeps what it heard last."""
    rows = world.centre.rows(_LAST, d=kiosk.device_id)
    twins = sum(one.device_id == kiosk.device_id for one in world.kiosks) > 1
    if not rows or rows[0][1] != "taken" or twins:
        return
    version, force, given = rows[0][0], kept.in_force(), json.loads(rows[0][2])["values"]
    if (force.version, force.values) != (version, given):
        raise Broken(17, f"{kiosk.name} follows {force}, the centre says {version}: {given}")
