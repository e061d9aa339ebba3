"""What an attacker, or a bad day, may put in the place of the next bundle: forged in the centre's
own database, so that the real server hands it out."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from kiosk.domain.policy.bundle import PolicyContent
from kiosk.domain.returns import Authorisation
from kiosk.seal.keys import SigningKey
from sync.central.policy import packing
from sync.central.tables import bundle_chunks, bundle_files, bundles
from sync.wire import bundle, codec
from sync.wire.lines import Change
from sync.wire.messages import BundleFile, Manifest
from tests.sync.conftest import BUNDLE_KEY, TENANT, Centre


@dataclass
class Forger:
    """Makes bundle `number`; every part of it can be another than it should be."""

    centre: Centre
    number: int = 3
    key: SigningKey = BUNDLE_KEY
    tenant: str = TENANT
    heard: Callable[[], None] = lambda: None
    """Lets the kiosk hear from the centre before the next forgery."""

    def policy(self, **changes: Any) -> BundleFile:
        content = PolicyContent(self.number, "acme-kiosks", (), {}, ())
        told = {**msgspec.to_builtins(content), **changes}
        return self.file([told], bundle.POLICY)

    def whole(self, *returns: Authorisation) -> BundleFile:
        return self.file(list(returns))

    def delta(self, base: int, at: int, *changes: Change) -> BundleFile:
        return self.file(list(changes), kind="delta", base=base, at=at)

    def file(
        self,
        rows: list[Any],
        name: str = "authorisations",
        kind: str = "full",
        base: int = 0,
        at: int = 0,
    ) -> BundleFile:
        told = [codec.encode(row) for row in rows]
        return self.centre.database.write(
            lambda c: packing.put(c, self.tenant, told, name, kind, base, at)
        )

    def raw(self, text: bytes, name: str = "authorisations", **says: Any) -> BundleFile:
        """Any bytes at all, packed, with whatever the manifest is to say of them."""
        return self.bytes(gzip.compress(text), name, **{"unpacked": len(text), "rows": 1, **says})

    def bytes(
        self, data: bytes, name: str = "authorisations", sha256: str = "", **says: Any
    ) -> BundleFile:
        sha256 = sha256 or hashlib.sha256(data).hexdigest()
        row = {"tenant": self.tenant, "sha256": sha256, "size": len(data)}

        def work(c: sa.Connection) -> None:
            c.execute(bundle_files.insert(), row)
            c.execute(bundle_chunks.insert(), {**row, "start": 0, "data": data})

        self.centre.database.write(work)
        return BundleFile(name=name, size=len(data), sha256=sha256, **says)

    def manifest(self, *files: BundleFile, **changes: Any) -> Manifest:
        now = self.centre.clock.now()
        made = Manifest(
            tenant=self.tenant,
            scope="all",
            number=self.number,
            previous=self.number - 1,
            issued=now,
            warn_after=now + timedelta(hours=24),
            accept_until=now + timedelta(hours=72),
            files=files or (self.policy(), self.whole()),
        )
        return msgspec.structs.replace(made, **changes)

    def plant(self, *files: BundleFile, **changes: Any) -> None:
        """In the place of the next bundle, signed."""
        manifest = self.manifest(*files, **changes)
        self.put(bundle.seal(manifest, self.key))

    def put(self, envelope: bytes) -> None:
        now = self.centre.clock.now()
        row = {
            "tenant": self.tenant,
            "number": self.number,
            "previous": self.number - 1,
            "issued": now,
            "warn_after": now,
            "accept_until": now,
            "envelope": envelope,
            "files": [],
            "etag": hashlib.sha256(envelope).hexdigest(),
        }
        self.centre.database.write(lambda c: c.execute(bundles.insert(), row))

    def envelope_of(self, number: int) -> bytes:
        [row] = self.centre.rows(bundles, number=number)
        return bytes(row["envelope"])
