"""Everything at once, from every thread: the core keeps its order, and the centre its peace."""

from __future__ import annotations

import itertools
import threading

from kiosk.flows.model import (
    Answered,
    Attract,
    Field,
    FieldChosen,
    Items,
    LanguageChosen,
    LineToggled,
    Press,
    Pressed,
    Receipt,
    Tick,
    Typed,
)
from kiosk.ports import HintKind, ScanHint, Scanned, Symbology
from sync.central.tables import nonces

THREADS = 6


def at_once(*jobs) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_ten_thousand_rings_at_the_agent_are_no_ten_thousand_requests(kiosk, street) -> None:
    before = len(street.rows(nonces))

    def ring() -> None:
        for _ in range(10_000 // THREADS):
            kiosk.core.agent.wake()

    at_once(*[ring] * THREADS)
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.hold_bag()
    kiosk.sees(Receipt)
    kiosk.all_sent()
    assert len(street.drops) == 1
    assert len(street.rows(nonces)) - before < 60


def test_nonsense_from_six_threads(kiosk, street) -> None:
    """Keys, codes and hints in any order: no step breaks, and the ledger stays whole."""
    codes = [one.signed_code for one in street.sample.returns]
    codes += [*street.sample.bags[:6], "https://example.com", "RK1:X"]
    scans = [Scanned(c, c.encode(), Symbology.QR, "]Q1", "camera", 0.0) for c in codes]
    keys = [Pressed(key) for key in Press]
    others = [
        *(Typed(char) for char in "A1 -\x00é"),
        *(FieldChosen(field) for field in Field),
        *(LineToggled(line) for line in ("L1", "1", "")),
        *(Answered(answer) for answer in ("unopened", "opened", "damaged", "")),
        *(LanguageChosen(language) for language in ("de", "ar", "xx")),
        ScanHint(HintKind.CLOSER, "camera", 0.0),
        Tick(),
    ]

    def talk(number: int):
        # Strides that share no factor with the length walk through all of it, each in its order.
        events = [*scans * 2, *keys, *others]
        stride = (7, 11, 13, 17, 19, 23)[number]

        def run() -> None:
            for place in itertools.islice(itertools.count(number, stride), 400):
                kiosk.post(events[place % len(events)])

        return run

    at_once(*(talk(number) for number in range(THREADS)))
    kiosk.press(Press.CANCEL, Press.BACK, Press.FINISH, Press.CANCEL, Press.FINISH)
    kiosk.restart()
    assert isinstance(kiosk.session.screen, Attract)
    kiosk.is_whole()
    committed = [bag for state, _, bag in kiosk.drops if state == "committed"]
    assert len(committed) > 3
    taken = [bag for bag in committed if bag]
    assert len(taken) == len(set(taken))
    assert sorted(taken) == sorted(kiosk.bags_held)
    assert len(street.drops) == len(committed)
    assert street.cases == []


def test_a_screen_that_breaks_does_not_stop_the_promise(kiosk, street) -> None:
    show, kiosk.core.profile.runner._show = kiosk.core.profile.runner._show, _broken
    kiosk.hold_return("simple")
    kiosk.eventually(lambda: kiosk.drops, "the return in the ledger")
    kiosk.core.profile.runner._show = show
    kiosk.press(Press.ALL_HERE)
    kiosk.hold_bag()
    kiosk.sees(Receipt)
    kiosk.all_sent()
    assert len(street.drops) == 1


def _broken(session: object) -> None:
    raise RuntimeError("no window")
