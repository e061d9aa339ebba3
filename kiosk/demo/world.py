"""Everything round a demo kiosk: folders, centre, printer, and the settings that join them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kiosk.demo.centre import Centre
from kiosk.settings import Centre as CentreSettings
from kiosk.settings import Printer, Scanner, Screen, Settings
from kiosk.world import SystemClock, SystemIds
from sync.agent.enrol import EnrolFault, Identity, enrol, load_identity
from sync.agent.pace import Pace
from sync.central import demo as sample
from sync.central.database import Database
from sync.central.demo import DemoWorld
from sync.central.devices import create_enrolment

if TYPE_CHECKING:
    from collections.abc import Callable

    from drivers.virtual.printer import Slip, VirtualPrinter

# A demo shows in seconds what a fleet does in minutes.
QUICK = Pace(beat=2.0, policy=20.0, first_contact=0.2, retry_least=0.5, retry_most=3.0)

SITE = "Demo street 1"
KIOSK_CODE = "K1"


class World:
    """A demo in one folder. The same folder again is the same shop, kiosk and ledger."""

    device_code = KIOSK_CODE

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("centre", "kiosk", "pictures", "paper"):
            (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        self.database_url = f"sqlite:///{folder / 'centre' / 'central.db'}"
        key = folder / "centre" / "keys" / "bundle.key"
        self.centre = Centre(
            self.database_url,
            folder / "centre" / "central.log",
            f"{sample.TENANT}:{sample.BUNDLE_KID}:{key}",
        )
        self.sample = self._sample()
        self.printer: VirtualPrinter | None = None

    def _sample(self) -> DemoWorld:
        """Filled once; afterwards what was written down then."""
        file = self.folder / "world.json"
        keys = self.folder / "centre" / "keys"
        clock, ids = SystemClock(), SystemIds()
        if file.exists():
            sample.renew(self.database_url, clock, ids, keys)
            return msgspec.json.decode(file.read_bytes(), type=DemoWorld)
        made = sample.fill(self.database_url, clock, ids, keys, kiosk_code=KIOSK_CODE, site=SITE)
        # Whole or not at all: a demo that is killed here must come up again on this folder.
        new = file.with_suffix(".new")
        new.touch(0o600)
        new.write_bytes(msgspec.json.encode(made))
        new.replace(file)
        return made

    def open(self, on_slip: Callable[[Slip], None] | None, mm_per_second: int) -> None:
        """Centre up, kiosk enrolled, printer switched on. Raises CentreFailed."""
        from drivers.virtual.printer import VirtualPrinter

        self.centre.start()
        if isinstance(load_identity(self.kiosk_dir), EnrolFault):
            self._enrol()
        self.printer = VirtualPrinter(
            self.folder / "paper", on_slip=on_slip, mm_per_second=mm_per_second
        )
        self.printer.start()

    def _enrol(self) -> None:
        """With the sample's code; with a new one where a demo is come back to that was ended
        before it got so far, for a code is good for ten minutes."""
        first = self.device_code == KIOSK_CODE
        made = self._enrol_with(self.sample.enrolment_code if first else self._another_code())
        if made is EnrolFault.CODE_REFUSED:
            made = self._enrol_with(self._another_code())
        if isinstance(made, EnrolFault):
            raise EnrolmentFailed(made.value)

    def _enrol_with(self, code: str) -> Identity | EnrolFault:
        return enrol(self.centre.url, code, self.kiosk_dir, SystemClock(), SystemIds())

    def _another_code(self) -> str:
        database = Database(self.database_url)
        try:
            return create_enrolment(
                database, SystemClock(), SystemIds(), self.sample.tenant, SITE, self.device_code
            )
        finally:
            database.close()

    @property
    def kiosk_dir(self) -> Path:
        return self.folder / "kiosk"

    def close(self) -> None:
        if self.printer is not None:
            self.printer.stop()
        self.centre.stop()

    def settings(self, cameras: tuple[Scanner, ...], timezone: str) -> Settings:
        assert self.printer is not None, "open() comes first"
        return Settings(
            site_name=SITE,
            data_dir=str(self.kiosk_dir),
            timezone=timezone,
            screen=Screen(full_screen=False),
            centre=CentreSettings(url=self.centre.url, timeout_s=5.0),
            scanners=cameras,
            printers=(
                Printer(
                    name="receipt printer",
                    driver="escpos-network",
                    options={"host": "127.0.0.1", "port": self.printer.port},
                ),
            ),
        )


class EnrolmentFailed(Exception):
    """The demo's kiosk was not let in; the message is the fault's code."""


HANDS = "hands"
"""The virtual camera's name: what the dock and the journey hold up comes in there."""


SHOWN = "file"
"""The camera that a photo or film is shown to."""

FIRST_CAMERA = Path("/dev/video0")


def cameras(file: Path | None, device: Path = FIRST_CAMERA) -> tuple[Scanner, ...]:
    """The hands, and before them a file, or the real camera at `device` where there is one."""
    hands = Scanner(name=HANDS, driver="virtual-camera")
    if file is not None:
        shown = Scanner(name=SHOWN, driver="camera", options={"file": str(file), "loop": True})
        return (shown, hands)
    if device.exists():
        return (Scanner(name="camera", driver="camera", options={"device": str(device)}), hands)
    return (hands,)
