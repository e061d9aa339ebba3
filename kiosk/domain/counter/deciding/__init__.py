"""`decide`: what a command comes to in this shop, now. It changes nothing.

Every decision ends in `would`: the facts are tried against the lifecycles, in their order, so that
no decider can forget one. What else a decider checks is what the tables cannot say: room, proof,
people, reasons.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never, get_args

from kiosk.domain.counter import commands as ask
from kiosk.domain.counter.commands import Command, Role, Who
from kiosk.domain.counter.deciding import arriving, containing, leaving, listing
from kiosk.domain.counter.deciding.setting import Decided, Setting
from kiosk.domain.counter.deciding.trying import would
from kiosk.domain.counter.rules import Rules
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.domain.counter.shop import Shop

BY_THE_HOUSE: tuple[type, ...] = (
    ask.Expire,
    ask.RecordNotice,
    ask.IssueCode,
    ask.RecordArrival,
    ask.SettleContainer,
    ask.CountManifest,
)
"""What needs nobody signed in."""


def decide(shop: Shop, rules: Rules, command: Command, who: Who, at: datetime) -> Decided:
    """The facts that a command makes, in order and to be recorded in one transaction; () where
    there is nothing to do. Or why not. `at` is an aware instant."""
    if not _may(command, who):
        return Refused(Because.NOT_ALLOWED, Then.ASK_SUPERVISOR)
    decided = _decided(Setting(shop, rules, who, at), command)
    if isinstance(decided, Refused):
        return decided
    return would(shop, decided) or decided


def _may(command: Command, who: Who) -> bool:
    match who.role:
        case Role.HOUSE:
            return isinstance(command, BY_THE_HOUSE)
        case Role.ASSOCIATE | Role.SUPERVISOR:
            return who.staff_id != ""
        case Role.ENGINEER:
            return False
        case _:
            assert_never(who.role)


def _decided(here: Setting, command: Command) -> Decided:
    if isinstance(command, ask.ContainerCommand):
        return containing.decided(here, command)
    if isinstance(command, ask.ManifestCommand):
        return listing.decided(here, command)
    match command:
        case ask.Receive():
            return arriving.received(here, command)
        case ask.RefuseIn():
            return arriving.refused_in(here, command)
        case ask.Shelve():
            return arriving.shelved(here, command)
        case ask.RecordNotice():
            return arriving.notified(command)
        case ask.IssueCode():
            return arriving.code_issued(command)
        case ask.HandOut():
            return leaving.handed_out(here, command)
        case ask.RefuseOut():
            return leaving.refused_out(here, command)
        case ask.ReportMissing():
            return leaving.missing(here, command)
        case ask.ReportFound():
            return leaving.found(here, command)
        case ask.Expire():
            return leaving.expired(here)
        case ask.Extend():
            return leaving.extended(here, command)
        case ask.Stage():
            return leaving.staged(here, command)
        case _:
            assert_never(command)


COMMANDS: tuple[type, ...] = get_args(Command)
