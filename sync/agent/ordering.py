"""Orders of the centre: fetched when a heartbeat hints at them, believed for their signature alone.

The keys are those of the policy bundles. An order is for one kiosk and numbered, so it can be
neither another's nor an old one. Settings are judged here and wait for a quiet moment; so do
commands, but for those that are the agent's own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, assert_never

from kiosk.ports import Ids
from kiosk.seal.keys import SigningKey
from kiosk.store.orders import CommandKind, Outcome, Waiting
from kiosk.store.orders import Orders as Kept
from sync.agent.client import Away, Busy, Client, Ok, Refused
from sync.agent.device_keys import DeviceKeys
from sync.agent.pushing import Shut
from sync.agent.rotation import RotateFault, rotate
from sync.agent.trust import Trust
from sync.wire import codec, orders
from sync.wire.messages import Command, DeviceSettings, Orders

if TYPE_CHECKING:
    from kiosk.store.store import Store

_LOG = logging.getLogger(__name__)
_LONGEST_CAUSE = 300
KINDS = frozenset(CommandKind)

Judge = Callable[[Mapping[str, Any]], str]


def no_settings(_values: Mapping[str, Any]) -> str:
    """The judge of an agent without a kiosk around it."""
    return "nothing here can be set"


@dataclass(frozen=True, slots=True)
class Fetched:
    """The centre answered; what was good of it is kept."""


@dataclass(frozen=True, slots=True)
class Did:
    """What the agent's own commands ask of the rest: `pull` a bundle now, and go on with a key
    that was `rekeyed`."""

    pull: bool = False
    rekeyed: bool = False


@dataclass(slots=True)
class Ordering:
    """`judge` says why settings cannot be used, "" for good ones. Raises StoreFailed."""

    store: Store
    client: Client
    trust: Trust
    ids: Ids
    judge: Judge
    keys: DeviceKeys | None
    kept: Kept = field(init=False)
    _bad: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.kept = Kept(self.store)

    def hear(self, settings_version: int, commands: int) -> bool:
        """What a heartbeat's answer hints at, unsigned; whether to ask for more."""
        return settings_version > self.kept.version() or commands > self.kept.number()

    def step(self) -> Fetched | Shut | Busy | Away:
        answer = self.client.get(f"/v1/devices/{self.client.device_id}/orders")
        match answer:
            case Ok():
                told = codec.decode(answer.body, Orders)
                if told is None:
                    return Away("an answer that is not the centre's")
                self._settings(told.settings)
                self._commands(told.commands)
                return Fetched()
            case Refused(status=404):
                return Fetched()  # a centre that has none to give
            case Refused(status=status):
                return Shut(status)
            case Busy() | Away():
                return answer
            case _:
                assert_never(answer)

    def _settings(self, text: str) -> None:
        if not text:
            return
        told = orders.open_settings(text, self.trust.keys())
        if told is None or not self._ours(told):
            _LOG.error("settings that nobody signed who may, or for somebody else")
            return
        if told.version <= self.kept.version():
            return
        why = self.judge(told.values)
        if why:
            _LOG.error("settings %d cannot be used: %s", told.version, why)
            self.kept.refuse(told.version, why[:_LONGEST_CAUSE])
        else:
            self.kept.offer(told.version, told.values)

    def _commands(self, texts: tuple[str, ...]) -> None:
        """One that does not hold may have been bent on the way: what comes behind it would make its
        number an old one, so it waits until that one came again. The very same twice is nobody's
        order, and holds up no other."""
        keys, good, bad = self.trust.keys(), list[Command](), set[str]()
        for text in texts[: orders.MAX_COMMANDS]:
            one = orders.open_command(text, keys)
            if one is not None and self._ours(one):
                good.append(one)
                continue
            _LOG.error("a command that nobody signed who may, or for somebody else")
            bad.add(text)
            if text not in self._bad:
                break
        self._bad = frozenset(bad)
        if good:
            self.kept.add([Waiting(one.number, one.kind, one.expires) for one in good])

    def _ours(self, told: DeviceSettings | Command) -> bool:
        return (told.tenant, told.device_id) == (self.trust.tenant, self.client.device_id)

    # --- the agent's own ---

    def work(self) -> Did:
        """Settle what waits and is the agent's to do, or nobody's any more."""
        did = Did()
        for command in self.kept.waiting():
            if command.kind not in KINDS:
                self.kept.settle(command, Outcome.UNKNOWN)
            elif command.expires <= self.store.now():
                self.kept.settle(command, Outcome.EXPIRED)
            elif command.kind == CommandKind.PULL_POLICY:
                self.kept.settle(command, Outcome.DONE)
                did = Did(True, did.rekeyed)
            elif command.kind == CommandKind.ROTATE_KEY:
                did = Did(did.pull, self._rotate(command) or did.rekeyed)
        return did

    def _rotate(self, command: Waiting) -> bool:
        try:
            made = RotateFault.UNREADABLE if self.keys is None else self._new_key(self.keys)
        except OSError as error:
            self.kept.settle(command, Outcome.FAILED, (str(error.strerror or error),))
            return False
        match made:
            case RotateFault.CENTRE_AWAY:
                return False  # with the next heartbeat the same new key is offered
            case RotateFault():
                self.kept.settle(command, Outcome.FAILED, (made.value,))
                return False
            case _:
                self.kept.settle(command, Outcome.DONE, (made.public.hex(),))
                return True

    def _new_key(self, keys: DeviceKeys) -> SigningKey | RotateFault:
        return rotate(self.client, keys, self.ids)
