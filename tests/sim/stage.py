"""What one process prepares once and every history copies: the centre's application, a filled
database, and four kiosks that have pulled their first bundle."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from sync.central import recall
from tests.sim import shop
from tests.sim.centre import SimCentre, without_threads
from tests.sim.kiosk import SimKiosk
from tests.sim.ports import SimIds, SimTime
from tests.sim.quick import compiled_once
from tests.sim.world import World

MEMORY = Path("/dev/shm")


class Stage:
    """One history at a time; a context for everything that it needs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.time = SimTime()
        self.chance = random.Random(0)
        self.ids = SimIds(self.time, self.chance)
        path = folder / "centre.db"
        self.centre = SimCentre(path, self.time, self.ids, {shop.TENANT: shop.BUNDLE_KEY})
        shop.fill(self.centre.database, self.time)
        with self._world(-1, folder / "kiosks") as world:
            world.quiet = True
            for name in shop.NAMES:
                (world.folder / name).mkdir()
                kiosk = self._kiosk(world, name)
                kiosk.open()
                kiosk.turn()
                ballast = kiosk.folder / "ballast"
                if ballast.exists() and not (folder / "ballast").exists():
                    os.link(ballast, folder / "ballast")
            world.run(3_000.0)
            for kiosk in world.kiosks:
                store = kiosk.store
                assert store is not None
                assert store.policy.number == 1
                assert store.outbox.position().queued == 0
                kiosk.fall()
                store.close()
        self.centre.keep_backup(folder)
        assert self.centre.backup is not None
        self._template = self.centre.backup.rename(folder / "template.db")
        self._begin = self.time.at
        self._facts = world.truth.facts

    @contextmanager
    def _world(self, seed: int, folder: Path) -> Iterator[World]:
        folder.mkdir()
        self.chance.seed(f"ids of {seed}")
        world = World(seed, self, folder)
        try:
            yield world
        finally:
            for kiosk in world.kiosks:
                kiosk.fall()
            self.centre.restart()
            self.centre.down = False

    def _kiosk(self, world: World, name: str) -> SimKiosk:
        kiosk = SimKiosk(world, name, *shop.device(name), world.folder / name)
        world.kiosks.append(kiosk)
        return kiosk

    @contextmanager
    def history(self, seed: int, kiosks: int) -> Iterator[World]:
        """A world of `kiosks` switched-off kiosks, gone afterwards."""
        self.time.at = self._begin
        self.centre.put_back(self._template)
        self.centre.backup = None
        folder = self.folder / f"history-{seed}"
        try:
            with self._world(seed, folder) as world:
                world.truth.facts |= self._facts
                for name in shop.NAMES[:kiosks]:
                    self._copy(name, folder)
                    self._kiosk(world, name)
                yield world
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _copy(self, name: str, folder: Path) -> None:
        keep = shutil.ignore_patterns("lock", "ballast")
        shutil.copytree(self.folder / "kiosks" / name, folder / name, ignore=keep)
        if (self.folder / "ballast").exists():
            os.link(self.folder / "ballast", folder / name / "ballast")

    def close(self) -> None:
        self.centre.close()


@contextmanager
def stage() -> Iterator[Stage]:
    """In memory where there is a file system in memory: the disk's own misfortunes are not
    simulated here (see tests/power), and a real fsync would only cost time."""
    with (
        tempfile.TemporaryDirectory(
            prefix="takeback-sim-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None
        ) as folder,
        without_threads(),
        compiled_once(),
        mock.patch.object(recall, "PAGE", 2),  # or no history would need a second one
    ):
        made = Stage(Path(folder))
        try:
            yield made
        finally:
            made.close()
