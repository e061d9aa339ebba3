"""Fetching policy bundles: believed only in the order signature, tenant, number, time, hashes.

Whatever is wrong with an offered bundle, the old one goes on serving; the refusal is a fact in
the ledger, once for each bundle and cause.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.policy.bundle import PolicyContent
from kiosk.domain.returns import Authorisation
from sync.agent.client import Away, Busy, Client, Ok, Refused
from sync.agent.pushing import Shut
from sync.wire import bundle
from sync.wire.bundle import BundleFault
from sync.wire.messages import BundleFile, Manifest

if TYPE_CHECKING:
    from kiosk.store.store import Store

_LOG = logging.getLogger(__name__)
_ETAG = "policy.etag"
_REFUSED = "policy.refused"


@dataclass(frozen=True, slots=True)
class Same:
    """Nothing newer is offered."""


@dataclass(frozen=True, slots=True)
class Installed:
    number: int


@dataclass(frozen=True, slots=True)
class NotTaken:
    number: int
    fault: BundleFault


Pull = Same | Installed | NotTaken | Shut | Busy | Away


@dataclass(slots=True)
class Pulling:
    store: Store
    client: Client
    tenant: str
    bundle_keys: Mapping[str, bytes]
    version: str

    def step(self) -> Pull:
        """Ask once. Raises StoreFailed when our own disk fails."""
        serving = self.store.policy.current() is not None
        etag = (self.store.meta.get(_ETAG) or "") if serving else ""
        answer = self.client.get("/v1/policy/manifest", etag, bundle.MAX_ENVELOPE)
        match answer:
            case Ok(status=304):
                return Same()
            case Ok():
                return self._consider(answer)
            case Refused(status=404):
                return Same()  # nothing is published yet
            case Refused(status=status):
                return Shut(status)
            case Busy() | Away():
                return answer

    def _consider(self, answer: Ok) -> Pull:
        manifest = bundle.open_manifest(answer.body, self.bundle_keys)
        if isinstance(manifest, BundleFault):
            return self._refuse(0, manifest)
        fault = self._fault(manifest)
        if fault is not None:
            return self._refuse(manifest.number, fault)
        highest = self.store.policy.highest()
        if manifest.number == highest and self.store.policy.current() is not None:
            self.store.meta.set(_ETAG, answer.etag)
            return Same()
        content = self._content(manifest)
        if isinstance(content, BundleFault):
            return self._refuse(manifest.number, content)
        if not isinstance(content, tuple):
            return content
        self._install(manifest, *content)
        self.store.meta.set(_ETAG, answer.etag)
        return Installed(manifest.number)

    def _fault(self, manifest: Manifest) -> BundleFault | None:
        if manifest.tenant != self.tenant:
            return BundleFault.WRONG_TENANT
        if manifest.number < self.store.policy.highest():
            return BundleFault.ROLLBACK
        if manifest.accept_until <= self.store.now():
            return BundleFault.EXPIRED
        if _parts(manifest.min_client) > _parts(self.version):
            return BundleFault.CLIENT_TOO_OLD
        return None

    def _content(
        self, manifest: Manifest
    ) -> tuple[PolicyContent, tuple[Authorisation, ...]] | BundleFault | Shut | Busy | Away:
        policy = self._file(manifest, bundle.POLICY)
        if not isinstance(policy, bytes):
            return policy
        returns = self._file(manifest, bundle.AUTHORISATIONS)
        if not isinstance(returns, bytes):
            return returns
        content = bundle.read_policy(policy)
        if isinstance(content, BundleFault):
            return content
        if content.number != manifest.number:
            return BundleFault.UNREADABLE
        authorisations = bundle.read_authorisations(returns)
        if isinstance(authorisations, BundleFault):
            return authorisations
        return content, authorisations

    def _file(self, manifest: Manifest, name: str) -> bytes | BundleFault | Shut | Busy | Away:
        file = bundle.find_file(manifest, name)
        if not isinstance(file, BundleFile):
            return file
        answer = self.client.get(f"/v1/policy/files/{file.sha256}", limit=bundle.MAX_PACKED)
        match answer:
            case Ok():
                return answer.body if bundle.matches(file, answer.body) else BundleFault.WRONG_HASH
            case Refused(status=404):
                return Away("a file of the bundle is not there yet")
            case Refused(status=status):
                return Shut(status)
            case Busy() | Away():
                return answer

    def _install(
        self, manifest: Manifest, content: PolicyContent, returns: tuple[Authorisation, ...]
    ) -> None:
        self.store.policy.install(
            number=manifest.number,
            previous=manifest.previous,
            tenant=manifest.tenant,
            scope=manifest.scope,
            issued=manifest.issued,
            warn_after=manifest.warn_after,
            accept_until=manifest.accept_until,
            content=content,
            authorisations=returns,
        )
        _LOG.info("policy bundle %d is in force", manifest.number)

    def _refuse(self, number: int, fault: BundleFault) -> NotTaken:
        told = f"{number} {fault}"
        if self.store.meta.get(_REFUSED) != told:
            _LOG.error("policy bundle %d is not taken: %s", number, fault)
            self.store.policy.refuse(number, fault.value)
            self.store.meta.set(_REFUSED, told)
        return NotTaken(number, fault)


def _parts(version: str) -> tuple[int, ...]:
    """A version for comparing: its leading numbers."""
    numbers: list[int] = []
    for part in version.split(".")[:4]:
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits[:9]))
    return tuple(numbers)
