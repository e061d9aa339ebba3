"""Kiosks for tests of the link: a real store and a real agent whose turns the test takes."""

from __future__ import annotations

from kiosk.store import open_store
from kiosk.world import SystemIds
from sync.agent.agent import Agent, AgentState
from sync.agent.enrol import enrol
from sync.agent.pace import Pace
from sync.central import devices, policy
from sync.central.tables import events
from sync.wire import codec
from tests.sync.conftest import BUNDLE_KEY

IDS = SystemIds()
QUICK = Pace(beat=60, policy=300, first_contact=0, retry_least=0.02, retry_most=0.05)


class Box:
    """A kiosk: its folder, its store, and an agent whose turns the test takes itself."""

    def __init__(self, centre, clock, folder, **changes):
        self.centre, self.clock, self.folder = centre, clock, folder
        code = devices.create_enrolment(centre.database, clock, IDS, "acme", "Street 1", "K1")
        self.me = enrol(centre.url, code, folder, clock, IDS)
        self.states: list[AgentState] = []
        self.changes = changes
        self.open()

    def open(self):
        self.store = open_store(self.folder, self.clock, IDS)
        options = {"tenant": "acme", "pace": QUICK, **self.options()}
        self.agent = Agent(
            self.store,
            self.me.centre_url,
            self.me.device_id,
            self.me.key,
            self.me.bundle_keys,
            self.clock,
            IDS,
            "1.2.3",
            5.0,
            self.states.append,
            **options,
        )

    def options(self):
        """Of the agent, once the store is open."""
        return self.changes

    def close(self):
        self.agent.stop()
        self.store.close()

    def record(self, fact):
        self.store.record(fact, getattr(fact, "drop_id", "kiosk"))
        self.agent.wake()

    def settle(self, turns=40):
        """Take turns until nothing is due at once; the fake clock does not run meanwhile."""
        for _ in range(turns):
            if self.agent.turn() > 0:
                return
        raise AssertionError("the agent does not come to rest")

    def wait_out(self):
        """Let the back-off pass."""
        self.clock.advance(seconds=self.agent.turn() + 0.001)
        self.settle()


def publish(centre, **changes):
    made = policy.publish(centre.database, centre.clock, "acme", BUNDLE_KEY, **changes)
    assert not isinstance(made, policy.NotPublished), made
    return made


def rejected(centre):
    """What was refused and why, as the centre was told, in order: (number, cause)."""
    told = facts(centre, "takeback.policy.rejected.v1")
    return [(data["number"], data["cause"]) for data in told]


def facts(centre, kind):
    """The bodies of all events of a kind, as the centre was told, in order."""
    rows = sorted(centre.rows(events), key=lambda row: row["sequence"])
    told = [codec.decode(row["body"].encode(), dict) for row in rows]
    return [one["data"] for one in told if one["type"] == kind]
