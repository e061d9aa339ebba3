"""A kiosk's store and agent at one end of a line, with its own thread; the real centre at the
other. What is waited for is told by the agent itself, through `changed`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.domain.events import DropCommitted
from kiosk.store import open_store
from kiosk.store.store import Store
from kiosk.world import SystemIds
from sync.agent import secure
from sync.agent.agent import Agent, AgentState
from sync.agent.enrol import Identity, enrol, load_identity
from sync.agent.pace import Pace
from sync.agent.secure import Tls
from sync.central import devices
from sync.central.tables import cases, claims, drops, epochs, events
from tests.misfortune.street import eventually
from tests.proxy.central import Central
from tests.proxy.line import Line
from tests.sync.conftest import TENANT, drop

IDS = SystemIds()
PATIENCE_S = 10.0
TIMEOUT_S = 0.4
PACE = Pace(beat=2.0, policy=60.0, first_contact=0.0, retry_least=0.05, retry_most=0.2)


@dataclass
class Site:
    """`line` is well while the kiosk is enrolled; a folder that was copied needs no enrolment."""

    central: Central
    line: Line
    folder: Path
    tls: Tls = field(default_factory=Tls)
    timeout_s: float = TIMEOUT_S
    pace: Pace = PACE
    promised: list[DropCommitted] = field(default_factory=list)

    me: Identity = field(init=False)

    def __post_init__(self) -> None:
        found = load_identity(self.folder)
        self.me = found if isinstance(found, Identity) else self._enrolled()
        self._told = threading.Condition()
        self._before: set[str] = set()
        self.state = AgentState()
        self.open()

    def _enrolled(self) -> Identity:
        database, clock = self.central.database, self.central.clock
        code = devices.create_enrolment(database, clock, IDS, TENANT, "Street 1", "K1")
        me = enrol(self.line.url, code, self.folder, clock, IDS, self.tls)
        assert isinstance(me, Identity), me
        return me

    # --- power ---

    def open(self) -> None:
        self.store: Store = open_store(self.folder, self.central.clock, IDS)
        self.agent = Agent(
            self.store,
            self.me.centre_url,
            self.me.device_id,
            self.me.key,
            self.me.bundle_keys,
            self.central.clock,
            IDS,
            "1.2.3",
            self.timeout_s,
            self._changed,
            tenant=TENANT,
            pace=self.pace,
            session=secure.session(self.tls),
        )

    def start(self) -> Site:
        self.agent.start()
        return self

    def close(self) -> None:
        self.agent.stop()
        self.store.close()

    def _changed(self, state: AgentState) -> None:
        with self._told:
            self.state = state
            self._told.notify_all()

    # --- the kiosk goes on ---

    def promise(self, count: int = 1) -> list[DropCommitted]:
        """Returns are taken, as if nothing were wrong with the line."""
        names = self.central.returns(count)
        made = [drop(name, bag_id=f"BAG-{name}") for name in names]
        for one in made:
            self.store.record(one, one.drop_id)
        self.promised += made
        self.agent.wake()
        return made

    def until(self, fits: Callable[[AgentState], bool], what: str) -> AgentState:
        with self._told:
            came = self._told.wait_for(lambda: fits(self.state), PATIENCE_S)
        assert came, f"{what} did not come: {self.state}"
        return self.state

    def ready(self) -> None:
        """One return has gone through, and the rules are in force."""
        self.promise()
        self.drained()
        self.until(lambda state: state.policy_number > 0, "a policy")
        self.drained()  # also of the news that they are

    def hurry(self) -> None:
        """Whatever patience was asked for, it has passed."""
        self.central.clock.later(4500)
        self.agent.wake()

    def drained(self) -> None:
        """Everything recorded was acknowledged, and the agent says that the line is well."""
        # The agent tells what has changed since it told last, so it says nothing of what came and
        # went in between: the store is asked.
        outbox = self.store.outbox
        eventually(lambda: self.state.online and not outbox.position().queued, "an empty queue")

    def has_no_body_left(self) -> None:
        """What somebody refused for good is offered again, an hour later, until it is taken."""
        if self._not_accepted():
            self.hurry()
            eventually(lambda: not self._not_accepted(), "the body of each event")

    def _not_accepted(self) -> list[str]:
        """Why."""
        name, states = self.me.device_id, ("withheld", "quarantined", "unknown")
        rows = [self.central.rows(events, device_id=name, state=state) for state in states]
        return [f"{row['type']}: {row['cause']}" for some in rows for row in some]

    # --- the books ---

    def new_page(self) -> None:
        """The books are looked at from here on."""
        self.promised = []
        self._before |= self.arrived()

    def arrived(self) -> set[str]:
        """Drops that have had their effect at the centre, on this page."""
        rows = self.central.rows(drops, device_id=self.me.device_id)
        return {row["drop_id"] for row in rows} - self._before

    def has_arrived(self, promised: list[DropCommitted]) -> None:
        wanted = {one.drop_id for one in promised}
        eventually(lambda: self.arrived() >= wanted, "the returns at the centre")

    def exactly_once(self, *, forks: int | None = 0) -> None:
        """Both books are equal: each promise has one effect, one refund and its own link. `forks`
        is how often the kiosk began anew, None for whatever."""
        name = self.me.device_id
        assert self.arrived() == {one.drop_id for one in self.promised}
        assert self._not_accepted() == []
        for one in self.promised:
            assert len(self.central.rows(claims, return_id=one.return_id)) == 1
        opened = [row["kind"] for row in self.central.rows(cases, device_id=name)]
        assert [kind for kind in opened if kind not in ("fork", "quarantined_event")] == []
        position = self.store.outbox.position()
        stands = {row["epoch"]: row for row in self.central.rows(epochs, device_id=name)}
        assert opened.count("fork") == len(stands) - 1
        assert forks is None or len(stands) == 1 + forks
        ours = stands[position.epoch]
        assert (ours["cursor"], ours["chain_head"]) == (position.cursor, position.chain_head)
        for epoch, stand in stands.items():
            told = self.central.sequences(name, epoch)
            assert told == list(range(1, stand["cursor"] + 1))
        assert self.store.outbox.verify() is None
