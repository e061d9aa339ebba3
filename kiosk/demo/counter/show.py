"""The demo of a counter: its window with a dock, or a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.demo.counter.things import things
from kiosk.demo.counter.world import CounterWorld
from kiosk.demo.hands import LEVERS, Hands
from kiosk.demo.show import DOCK, MM_PER_SECOND, SIZES, Player, Wishes, say, serve_window
from kiosk.demo.world import HANDS, QUICK, cameras
from kiosk.flows.counter.model import Session
from kiosk.glimpse import of

if TYPE_CHECKING:
    from drivers.virtual.printer import Slip

WIDTH, HEIGHT = SIZES["landscape"]


def hands_in(world: CounterWorld) -> Hands:
    return Hands(world, things(world.sample.staff, world.parcels))


def by_hand(world: CounterWorld, wishes: Wishes) -> int:
    from kiosk.bootstrap import Installation, counter
    from ui.dock import Dock, open_window

    serve_window(wishes)
    hands = hands_in(world)
    say("drawing badges, parcels and shelves")
    dock = Dock(hands.cards(), LEVERS, hands.hold, hands.pull)

    def paper(slip: Slip) -> None:
        if slip.path is not None:
            dock.paper_came(slip.path)

    world.open(paper, MM_PER_SECOND)
    settings = world.settings(cameras(wishes.camera), wishes.timezone)
    installation = Installation(
        counter(),
        of(settings),
        lambda: settings,
        size=(WIDTH // 2, HEIGHT // 2),
        watch=lambda session: dock.status_is(_status(session)),
        built=lambda core: hands.take(core.scanners, HANDS),
        pace=QUICK,
    )
    window = open_window(installation.window.engine, dock, WIDTH // 2, *DOCK)
    window.closing.connect(installation.window.quit)
    installation.window.window.closing.connect(installation.window.quit)
    say(
        f"back office: {world.centre.url}  (sign in as {world.sample.admin}, "
        f"password {world.sample.password})"
    )
    for who in world.sample.staff:
        say(f"{who.name}, {who.role}: first PIN {who.pin}")
    say(f"everything lies in {wishes.folder}")
    say("close the window or press Ctrl+C to end")
    return installation.run()


def scripted(world: CounterWorld, wishes: Wishes) -> int:
    from kiosk.bootstrap import Installation, counter
    from kiosk.demo.counter.journey import Stage, play
    from ui.drive import Hand

    hands = hands_in(world)
    world.open(None, 0)
    settings = world.settings(cameras(wishes.camera), wishes.timezone)
    told: list[Session] = []
    installation = Installation(
        counter(),
        of(settings),
        lambda: settings,
        size=(WIDTH, HEIGHT),
        reduced_motion=True,
        watch=told.append,
        built=lambda core: hands.take(core.scanners, HANDS),
        pace=QUICK,
    )
    window = installation.window
    hand = Hand(window.window, lambda: window.props)
    stage = Stage(world, hands, hand, wishes.out, world.sample.staff[0], say)
    player = Player(stage, play(stage), told, window.quit)
    player.start()
    installation.run()
    return player.code


def _status(session: Session) -> str:
    troubles = ", ".join(sorted(t.value for t in session.service.troubles)) or "none"
    return (
        f"Screen: {type(session.screen).__name__}. Waiting for the centre: {session.bar.queued}. "
        f"Troubles: {troubles}."
    )
