"""What the centre ordered: settings in force, settings that wait for a quiet moment, commands that
wait. In the ledger's database, so that a restart forgets none and answers none twice.

Whoever hands something in has checked its signature and its form. Numbers only ever grow, so an
old order that comes again is nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from kiosk.domain.events import CommandSettled, SettingsRefused, SettingsTaken
from kiosk.store.work import Work

if TYPE_CHECKING:
    from kiosk.store.store import Store

_FORCE, _COMING, _VERSION = "orders.settings", "orders.coming", "orders.version"
_BEFORE, _TRIAL = "orders.before", "orders.trial"
TRIES = 2
"""Starts that settings have, before they count as what keeps the kiosk from starting. Two: a power
cut may fall into one."""
_WAITING, _NUMBER = "orders.commands", "orders.number"
_SUBJECT = "kiosk"
T = TypeVar("T")


class CommandKind(StrEnum):
    """All that a kiosk can be told to do."""

    DIAGNOSTICS = "diagnostics"  # tell all that the kiosk finds about itself
    SELF_TEST = "self_test"  # look everything over; tell what is wrong
    PULL_POLICY = "pull_policy"  # ask for a bundle now
    ROTATE_KEY = "rotate_key"  # make a new device key
    RESTART = "restart"  # close and open the kiosk's core in a quiet moment
    LOGS = "logs"  # tell the newest lines of the program's log
    PICTURE = "picture"  # send a picture of the screen, once no visit is on it


class Outcome(StrEnum):
    """What became of a command."""

    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"  # this version does not know it


class Ordered(msgspec.Struct, frozen=True):
    """Settings by dotted name, as JSON values; version 0 are none."""

    version: int = 0
    values: dict[str, Any] = {}


class Waiting(msgspec.Struct, frozen=True):
    """A command that was not settled yet."""

    number: int
    kind: str
    expires: datetime


class Orders:
    """May be used from any thread. Raises StoreFailed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # --- settings ---

    def version(self) -> int:
        """The highest that was ever taken or refused."""
        return int(self._store.meta.get(_VERSION) or 0)

    def in_force(self) -> Ordered:
        return _read(self._store.meta.get(_FORCE), Ordered) or Ordered()

    def coming(self) -> Ordered | None:
        """What should come into force in the next quiet moment."""
        return _read(self._store.meta.get(_COMING), Ordered)

    def offer(self, version: int, values: Mapping[str, Any]) -> None:
        """They are good, and newer than any before."""

        def task(work: Work) -> None:
            work.set(_VERSION, str(version))
            work.set(_COMING, _text(Ordered(version, dict(values))))

        self._store.run(task)

    def refuse(self, version: int, cause: str) -> None:
        """They are newer and no good: told once, and what is in force stays."""

        def task(work: Work) -> None:
            work.set(_VERSION, str(version))
            work.record(SettingsRefused(version, cause), _SUBJECT)

        self._store.run(task)

    def take(self) -> bool:
        """What was coming is in force from now on; False where nothing was. It is on trial until
        `proved`, and what was proven last is kept beside it."""

        def task(work: Work) -> bool:
            coming = _read(work.get(_COMING), Ordered)
            if coming is None:
                return False
            before = _read(work.get(_FORCE), Ordered) or Ordered()
            if not work.get(_TRIAL):
                work.set(_BEFORE, _text(before))
            work.set(_TRIAL, "0")
            work.set(_FORCE, _text(coming))
            work.set(_COMING, "")
            told: dict[str, str | int] = {
                name: msgspec.json.encode(value).decode() for name, value in coming.values.items()
            }
            work.record(SettingsTaken(coming.version, before.version, told), _SUBJECT)
            return True

        return self._store.run(task)

    def begin(self) -> Ordered:
        """What to start with. Settings on trial have one start less from then on; where they have
        none left, the last proven ones are in force again and the centre is told."""
        if not self._store.meta.get(_TRIAL):
            return self.in_force()

        def task(work: Work) -> None:
            tries = _tries(work)
            if tries < TRIES:
                work.set(_TRIAL, str(tries + 1))
            else:
                _undo(work, f"the kiosk did not come up with them in {TRIES} starts")

        self._store.run(task)
        return self.in_force()

    def undo(self, cause: str) -> bool:
        """The kiosk does not start with what is on trial: the last proven ones are in force again.
        False where nothing is on trial: then it is not these settings."""

        def task(work: Work) -> bool:
            if not work.get(_TRIAL):
                return False
            _undo(work, cause)
            return True

        return self._store.run(task)

    def proved(self) -> None:
        """The kiosk serves with what is in force."""
        if self._store.meta.get(_TRIAL):
            self._store.run(_end_trial)

    # --- commands ---

    def number(self) -> int:
        """The highest command that was ever taken in."""
        return int(self._store.meta.get(_NUMBER) or 0)

    def waiting(self) -> tuple[Waiting, ...]:
        return _read(self._store.meta.get(_WAITING), tuple[Waiting, ...]) or ()

    def add(self, commands: Sequence[Waiting]) -> None:
        """Those whose number was never seen join the line; the others are passed over."""

        def task(work: Work) -> None:
            highest = int(work.get(_NUMBER) or 0)
            new = sorted(
                (one for one in commands if one.number > highest), key=lambda one: one.number
            )
            if new:
                held = _read(work.get(_WAITING), tuple[Waiting, ...]) or ()
                work.set(_WAITING, _text((*held, *new)))
                work.set(_NUMBER, str(new[-1].number))

        self._store.run(task)

    def settle(self, command: Waiting, outcome: Outcome, report: Sequence[str] = ()) -> bool:
        """Tell the centre, once, and forget the command: both or neither is on the disk. False
        where it was settled already."""

        def task(work: Work) -> bool:
            held = _read(work.get(_WAITING), tuple[Waiting, ...]) or ()
            left = tuple(one for one in held if one.number != command.number)
            if len(left) == len(held):
                return False
            work.set(_WAITING, _text(left))
            fact = CommandSettled(command.number, command.kind, outcome.value, tuple(report))
            work.record(fact, _SUBJECT)
            return True

        return self._store.run(task)


def _tries(work: Work) -> int:
    text = work.get(_TRIAL) or ""
    return int(text) if text.isascii() and text.isdigit() else TRIES


def _undo(work: Work, cause: str) -> None:
    tried = _read(work.get(_FORCE), Ordered) or Ordered()
    work.set(_FORCE, _text(_read(work.get(_BEFORE), Ordered) or Ordered()))
    _end_trial(work)
    work.record(SettingsRefused(tried.version, cause), _SUBJECT)


def _end_trial(work: Work) -> None:
    work.set(_TRIAL, "")
    work.set(_BEFORE, "")


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _read(text: str | None, type_: type[T]) -> T | None:
    """None where nothing is kept; also where a damaged disk left something else."""
    try:
        return msgspec.json.decode(text, type=type_) if text else None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
