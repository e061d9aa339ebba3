"""What a machine is: a shopper's kiosk, or a staffed counter. One core (kiosk.core) serves both.

A `Face` is what a profile shows and how it begins; opened in a `House` it is a running `Profile`,
which owns its flow and the thread of it. The house has what every profile shares.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from kiosk.app.photographs import Photographs
from kiosk.domain.codes.third_party import ThirdPartyForm
from kiosk.ports import Clock, Ids, Printer, ScanHint, Scanned, Scanner, Service, Trouble
from kiosk.settings import Settings
from kiosk.store import Store
from sync.agent.agent import Agent
from sync.agent.enrol import Identity

Event = TypeVar("Event")
In = TypeVar("In", contravariant=True)


@dataclass(frozen=True, slots=True)
class House:
    """What a profile finds when it opens. `receipts` and `labels` are the printers of these, where
    there are any. `sound` plays one of assets/sounds by name; `stepped` is
    told after every step that changed the screen, with whether it is nobody's visit now: what was
    recorded is sent, and what waited for a quiet moment is done."""

    settings: Settings
    identity: Identity
    store: Store
    clock: Clock
    ids: Ids
    agent: Agent
    scanners: tuple[Scanner, ...]
    receipts: Printer | None
    labels: Printer | None
    photographs: Photographs
    sound: Callable[[str], None]
    stepped: Callable[[bool], None]
    look_at_paper: Callable[[], None]

    def forms(self) -> tuple[ThirdPartyForm, ...]:
        """What other networks' codes look like, by the bundle in force."""
        policy = self.store.policy.current()
        return () if policy is None else tuple(policy.content.third_party)

    def identifiers(self) -> frozenset[str]:
        """What those come in."""
        return frozenset(one for form in self.forms() for one in form.identifiers)


class Profile(Protocol[In]):
    """A running flow. Everything but `start` and `stop` may be called from any thread."""

    def start(self) -> None:
        """Show the first screen; the flow's thread begins. What is posted from now on counts."""
        ...

    def post(self, event: In) -> None: ...

    def scanned(self, report: Scanned | ScanHint) -> None: ...

    def ready(self) -> None:
        """The house is awake."""
        ...

    def serve(self, service: Service) -> None:
        """The machine's own state changed."""
        ...

    def told(self) -> None:
        """The line, or what came over it, changed. On the agent's thread."""
        ...

    def at_rest(self) -> bool:
        """Whether what is on the screen is nobody's visit."""
        ...

    def stop(self) -> None:
        """Finish what is queued, then end; nothing is recorded afterwards."""
        ...


class Face(Protocol[In]):
    """A profile before it lives."""

    def closed(self, settings: Settings, trouble: Trouble) -> None:
        """Show that nothing can be served, and why."""
        ...

    def resting(self, settings: Settings) -> None:
        """Show "one moment": nothing is wrong."""
        ...

    def open(self, house: House) -> Profile[In]: ...
