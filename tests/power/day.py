"""A day of a real kiosk, to be recorded: python -m tests.power.day FOLDER

The centre, the kiosk's threads, the agent over HTTP and the printer's driver over TCP are those
of the shop (see tests.misfortune.street). Codes come in where a scanner hands them over: what a
camera sees is written nowhere.

The first bundle comes; a visit with a bag and paper; one that is given up at a question; a bundle
as a change of the last, merged into one file afterwards; a full disk that costs the ballast; a
visit without paper; the program closed and started again; a last visit, and the process ends
without a word.
"""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path

import pytest

import kiosk.store.database as database_module
from drivers.virtual.printer import VirtualPrinter
from kiosk.flows.model import Asking, Attract, Bagging, Items, Press, Receipt, Session
from kiosk.ports import Scanned, Symbology
from kiosk.profiles.shopper import Shopper
from kiosk.settings import Centre, Printer, Settings
from kiosk.waking import wake
from sync.agent.enrol import Identity, load_identity
from sync.central import policy
from sync.central.database import Database
from sync.central.demo import DemoWorld
from sync.central.serve import CentralServer
from tests.misfortune.street import IDS, PACE, Eyes, Kiosk, Street, TurnableClock, eventually
from tests.power.shop import KIOSK, SAMPLE
from tests.power.telling import Telling

SIX_MINUTES = 360.0
CHECKPOINT_BYTES = 160 << 10
"""In the shop 4 MiB, which a day of three visits does not reach; so that the log starts over
several times here."""


class Watching(Eyes):
    """A shopper to whom a shown receipt is a promise."""

    def __init__(self, telling: Telling) -> None:
        super().__init__()
        self._telling = telling

    def __call__(self, session: Session) -> None:
        if isinstance(session.screen, Receipt):
            self._telling.promised(session.screen.drop)
        super().__call__(session)


class Day:
    def __init__(self, folder: Path) -> None:
        self.sample: DemoWorld = pickle.loads((folder / SAMPLE).read_bytes())
        self.telling = Telling(folder / "told", [one.return_id for one in self.sample.returns])
        self.telling.listen(pytest.MonkeyPatch())
        clock = TurnableClock()
        url = f"sqlite:///{folder / 'central.db'}"
        self.server = CentralServer(url, clock, IDS)
        self.server.start()
        self.street = Street(folder, self.sample, clock, self.server, Database(url))
        self.machine = VirtualPrinter()
        self.machine.start()
        identity = load_identity(folder / KIOSK)
        assert isinstance(identity, Identity), identity
        settings = _settings(folder / KIOSK, self.machine.port, self.server.url)
        self.kiosk = Kiosk(self.street, folder / KIOSK, identity, self.machine, settings)
        self.bags = iter(self.sample.bags)

    def run(self) -> None:
        kiosk = self.start()
        self.visit("simple", paper=True)
        self.give_up_at_a_question()
        self.change_of_policy()
        kiosk.core.store._database.ballast.release()  # what a full disk makes the store do
        self.visit("fee", paper=False)
        self.street.clock.later(SIX_MINUTES)
        kiosk.core.store.keep_time()
        self.street.publish()
        eventually(lambda: kiosk.core.store.policy.number == 3, "the third bundle")
        kiosk.stop()
        self.start()
        self.visit("three", paper=True)
        kiosk.all_sent()

    def start(self) -> Kiosk:
        """As Kiosk.ready, with eyes that take a receipt for a promise."""
        kiosk = self.kiosk
        kiosk.eyes = Watching(self.telling)
        see, print_ = kiosk.eyes, kiosk.paper
        clock = self.street.clock
        kiosk.core = wake(
            kiosk.settings, Shopper(see), print_, _no_preview, kiosk.leaving, pace=PACE, clock=clock
        )
        self.kiosk.sees(Attract)
        self.kiosk.all_sent()
        return self.kiosk

    def visit(self, slug: str, *, paper: bool) -> None:
        kiosk = self.kiosk
        self.scan(self.sample.find(slug).signed_code)
        kiosk.sees(Items)
        kiosk.press(Press.ALL_HERE)
        kiosk.sees(Bagging)
        self.scan(next(self.bags))
        kiosk.sees(Receipt)
        if paper:
            kiosk.until(lambda s: getattr(s.screen, "outcome", None) is not None, "the paper")
        kiosk.go_home()

    def give_up_at_a_question(self) -> None:
        self.scan(self.sample.find("condition").signed_code)
        self.kiosk.sees(Items)
        self.kiosk.press(Press.ALL_HERE)
        self.kiosk.sees(Asking)
        self.kiosk.press(Press.CANCEL)
        self.kiosk.sees(Attract)

    def change_of_policy(self) -> None:
        gone = self.sample.find("expired").return_id
        policy.remove_authorisations(self.street.database, self.sample.tenant, [gone])
        self.street.publish()
        store = self.kiosk.core.store
        eventually(lambda: store.policy.number == 2, "the second bundle")
        assert store.policy.current().base == 1, "it came as a whole, not as a change"
        assert store.policy.merge()

    def scan(self, text: str) -> None:
        """A code before a scanner."""
        data = text.encode()
        self.kiosk.post(Scanned(text, data, Symbology.QR, "]Q1", "scanner", 0.0))


def _no_preview(*_: object) -> None:
    """Nobody looks at the camera's picture."""


def _settings(data: Path, port: int, url: str) -> Settings:
    where: dict[str, str | int | bool] = {"host": "127.0.0.1", "port": port}
    return Settings(
        site_name="Street 1",
        data_dir=str(data),
        centre=Centre(url=url),
        printers=(Printer(name="receipts", driver="escpos-network", options=where),),
    )


def main(folder: Path) -> None:
    database_module.CHECKPOINT_BYTES = CHECKPOINT_BYTES
    Day(folder).run()
    sys.stdout.flush()
    os._exit(0)  # as the power would end it, and quicker than taking the street down


if __name__ == "__main__":
    main(Path(sys.argv[1]))
