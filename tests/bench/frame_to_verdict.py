"""From the camera's frame to the verdict on the screen: the whole kiosk, virtual camera 1280 x 720.

The clock starts when the frame that could be read was captured, and stops when the items' first
frame has been drawn. The hand's own movement into view is told beside it.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from tests.bench.environment import percentile

ROUNDS = 36
RETURNS = ("simple", "three", "fee", "condition", "keep", "donate")


def run(rounds: int = ROUNDS) -> list[str]:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_QUICK_BACKEND"] = "software"
    from kiosk.bootstrap import Installation, shopper
    from kiosk.demo.hands import Hands
    from kiosk.demo.world import HANDS, QUICK, World, cameras
    from kiosk.flows.model import Attract, Items, Press, Pressed, Session, StaffCalled, Starting
    from kiosk.glimpse import of
    from kiosk.ports import Scanned, ScannerReport
    from ui.drive import Pulse

    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        world.open(None, 0)
        hands = Hands(world)
        seen: list[float] = []
        held = [0.0]
        from_frame: list[float] = []
        from_hand: list[float] = []
        latest = [Session(Starting())]
        drawn = [0.0]
        core_of: list = []

        def built(core) -> None:
            hands.take(core, HANDS)
            core_of.append(core)
            report = core._report

            def listening(told: ScannerReport) -> None:
                if isinstance(told, Scanned):
                    seen.append(told.seen_at)
                report(told)

            core._report = listening

        def watch(session: Session) -> None:
            if type(session.screen) is not type(latest[0].screen):
                drawn[0] = 0.0
            latest[0] = session

        settings = world.settings(cameras(None), "UTC")
        house = Installation(
            shopper(),
            of(settings),
            lambda: settings,
            size=(1080, 1920),
            watch=watch,
            built=built,
            pace=QUICK,
        )

        def swapped() -> None:
            # The bridge takes a session one turn later: only a frame that shows it counts.
            if isinstance(latest[0].screen, Items) and "totals" in house.window.props:
                drawn[0] = drawn[0] or time.monotonic()

        house.window.window.frameSwapped.connect(swapped)
        state = {"turn": 0, "held": False}

        def look() -> None:
            session = latest[0]
            if len(from_frame) >= rounds:
                pulse.stop()
                house.window.quit()
            elif isinstance(session.screen, Attract) and not state["held"]:
                if session.service.policy_number:
                    seen.clear()
                    held[0] = time.monotonic()
                    hands.hold(RETURNS[state["turn"] % len(RETURNS)])
                    state["held"] = True
            elif isinstance(session.screen, Items) and drawn[0] and state["held"]:
                from_frame.append((drawn[0] - seen[0]) * 1000)
                from_hand.append((drawn[0] - held[0]) * 1000)
                hands.hold("")
                state["held"] = False
                state["turn"] += 1
                core_of[0].post(Pressed(Press.CANCEL))
            elif isinstance(session.screen, StaffCalled):
                core_of[0].post(Pressed(Press.FINISH))

        pulse = Pulse(5, look)
        pulse.start()
        house.run()
        world.close()
    return [
        f"frame to verdict on the screen, {rounds} visits, 1280 x 720, software rendering",
        f"  from the frame that was read   median {percentile(from_frame, 0.5):5.0f} ms"
        f"   p95 {percentile(from_frame, 0.95):5.0f} ms      (goal: p95 under 150)",
        f"  from the hand's first movement median {percentile(from_hand, 0.5):5.0f} ms"
        f"   p95 {percentile(from_hand, 0.95):5.0f} ms      (250 ms of it the hand's way)",
    ]
