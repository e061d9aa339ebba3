"""Is everything there that a kiosk needs? Each finding with its mend, in an engineer's words.

Never raises and never hangs: every look has a thread and a time of its own, so that what is wrong
with one part of an installation cannot hide what is wrong with the next.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from kiosk.checks import Check, device_mends
from kiosk.settings import Settings

__all__ = ["Check", "device_mends", "examine"]

Look = Callable[[], Iterable[Check]]
CHAIN_S = 120.0  # a month of events on a slow disk
DEVICE_S = 25.0  # a print may take fifteen
SPARE_S = 10.0  # on top of the time that a look keeps itself


def examine(settings: Settings, *, print_test: bool = False) -> list[Check]:
    """Look at everything, in the order in which an engineer mends it. `print_test` also prints a
    small slip on every printer."""
    found: list[Check] = []
    for name, patience_s, look in _looks(settings, print_test):
        found += within(name, patience_s, look)
    return found


def within(name: str, patience_s: float, look: Look) -> list[Check]:
    """What `look` finds, or the one finding that it failed or did not come back in time."""
    found: list[Check] = []
    done = threading.Event()

    def run() -> None:
        try:
            found.extend(look())
        except Exception as error:  # noqa: BLE001 - whatever is broken, the others are still looked at
            found.append(Check(name, False, f"could not be looked at: {error!r}", REPORT))
        done.set()

    threading.Thread(target=run, name=f"doctor: {name}", daemon=True).start()
    if done.wait(patience_s):
        return found
    late = f"no answer within {patience_s:.0f} s"
    return [
        Check(name, False, late, "Switch the device or the machine off and on, then try again.")
    ]


REPORT = (
    "This is a fault of the program or of its installation: run `make setup` again; if it stays, \
report this line."
)


def _looks(settings: Settings, print_test: bool) -> Iterator[tuple[str, float, Look]]:
    from kiosk.checks import counter, keeping, machine, outside

    data = settings.data
    yield "python", SPARE_S, machine.python
    yield "window", 60.0, machine.window
    yield "pictures", SPARE_S, machine.pictures
    yield "zxing-cpp", SPARE_S, machine.zxing
    yield "zbar", SPARE_S, machine.zbar
    yield "database", SPARE_S, machine.database
    yield "settings", SPARE_S, partial(machine.settled, settings)
    yield "data directory", SPARE_S, partial(keeping.directory, data)
    yield "encryption", SPARE_S, partial(keeping.encryption, settings)
    yield "enrolment", SPARE_S, partial(keeping.enrolment, data)
    yield "ledger", CHAIN_S, partial(keeping.ledger, data)
    yield "photographs", SPARE_S, partial(keeping.photographs, data)
    yield "policy", SPARE_S, partial(keeping.policy, data)
    if settings.profile == "counter":
        yield counter.NAME, SPARE_S, partial(counter.book, settings)
        yield counter.OTHERS, SPARE_S, partial(counter.others, settings)
        yield counter.PAPER, SPARE_S, partial(counter.papers, settings)
    wait = settings.centre.timeout_s
    yield "centre", 2 * wait + SPARE_S, partial(outside.centre, settings)
    for scanner in settings.scanners or (None,):
        name = f"scanner {scanner.name}" if scanner else "scanners"
        yield name, DEVICE_S, partial(outside.scanner, data, scanner)
    for printer in settings.printers or (None,):
        name = f"printer {printer.name}" if printer else "printers"
        yield name, DEVICE_S, partial(outside.printer, data, printer, print_test)
