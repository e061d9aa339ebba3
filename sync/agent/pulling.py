"""Fetching policy bundles: believed only in the order signature, tenant, number, time, hashes.

Whatever is wrong with an offered bundle, the old one goes on serving; the refusal is a fact in
the ledger, once for each bundle and cause. Files come in slices, one a step; the bundle comes into
force in one stroke, and a drop that is open goes on under the rules it was begun with.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.ports import Ids
from sync.agent.client import Away, Busy, Client, Ok, Refused
from sync.agent.fetching import Fetching, More
from sync.agent.pushing import Shut
from sync.agent.refusals import Refusals
from sync.agent.timing import DOUBT, Timing
from sync.agent.trust import Trust
from sync.wire import bundle, codec, lines, rings
from sync.wire.bundle import Plan
from sync.wire.faults import Broken, BundleFault
from sync.wire.lines import Change
from sync.wire.messages import BundleFile, KeyRings, Manifest

if TYPE_CHECKING:
    from kiosk.domain.policy.bundle import PolicyContent
    from kiosk.domain.returns import Authorisation
    from kiosk.store.store import Store

_LOG = logging.getLogger(__name__)
_ETAG = "policy.etag"
_DIGEST = "policy.digest"
INCOMING = "incoming"
FUTURE = timedelta(hours=1)
"""How far ahead of our time a bundle may say it was issued: clocks differ."""
_OF_TIME = (BundleFault.EXPIRED, BundleFault.FROM_THE_FUTURE, BundleFault.KEY_NOT_VALID)
_OF_KEYS = (BundleFault.UNKNOWN_KEY, BundleFault.KEY_NOT_VALID)


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


Pull = Same | Installed | NotTaken | More | Shut | Busy | Away


@dataclass(slots=True)
class Pulling:
    store: Store
    client: Client
    tenant: str
    bundle_keys: Mapping[str, bytes]
    version: str
    ids: Ids
    doubt: bool = False
    """Somebody says that our time is wrong: look into it at the next step."""
    keys_hint: int = 0
    """The newest key ring that somebody spoke of."""
    trust: Trust = field(init=False)
    _timing: Timing = field(init=False)
    _fetching: Fetching = field(init=False)
    _refusals: Refusals = field(init=False)
    _hopeless: tuple[str, BundleFault] | None = None
    """A bundle (its digest) whose files were all fetched and are bad: not fetched again."""
    _whole_only: int = 0
    """The bundle whose deltas did not fit: its whole files are taken."""

    def __post_init__(self) -> None:
        self.trust = Trust(self.store, self.tenant, self.bundle_keys)
        self._timing = Timing(self.store, self.client, self.trust, self.ids)
        self._fetching = Fetching(self.store.directory / INCOMING, self.client)
        self._refusals = Refusals(self.store)

    def hear(self, keys_version: int, there: datetime) -> bool:
        """What a heartbeat's answer hints at, unsigned; whether a step should follow soon."""
        self.keys_hint = keys_version
        off = there.tzinfo is not None and abs(there - self.store.now()) > DOUBT
        self.doubt = off and self._timing.due()
        return self.doubt or keys_version > self.trust.ring.version

    def step(self) -> Pull:
        """Ask once. Raises StoreFailed when our own disk fails."""
        if self.doubt:
            self.doubt = False
            self._timing.ask()
        if self.keys_hint > self.trust.ring.version:
            self.keys_hint = 0
            self._ask_keys()
        serving = self.store.policy.current() is not None
        etag = (self.store.meta.get(_ETAG) or "") if serving else ""
        answer = self.client.get("/v1/policy/manifest", etag, 4 * bundle.MAX_ENVELOPE)
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

    # --- whether ---

    def _consider(self, answer: Ok) -> Pull:
        manifest = self._judge(answer.body)
        if manifest in _OF_KEYS and self._ask_keys():
            manifest = self._judge(answer.body)
        if manifest in _OF_TIME and self._timing.ask():
            manifest = self._judge(answer.body)
        if isinstance(manifest, BundleFault):
            return self._refuse(self._number(answer.body), manifest)
        if manifest.keys_version > self.trust.ring.version:
            self._ask_keys()
        if manifest.number == self.store.policy.number:
            # Also after a power cut between the bundle's coming into force and these two.
            self._remember(manifest, answer.etag)
            return Same()
        return self._fetch(manifest, answer.etag)

    def _judge(self, data: bytes) -> Manifest | BundleFault:
        manifest = self.trust.open(data)
        return manifest if isinstance(manifest, BundleFault) else self._fault(manifest) or manifest

    def _number(self, data: bytes) -> int:
        """Which bundle was refused; 0 where no signature says so."""
        manifest = bundle.open_manifest(data, self.trust.unrevoked())
        return manifest.number if isinstance(manifest, Manifest) else 0

    def _fault(self, manifest: Manifest) -> BundleFault | None:
        highest = self.store.policy.highest()
        now = self.store.now()
        if manifest.tenant != self.tenant:
            return BundleFault.WRONG_TENANT
        if manifest.scope not in (bundle.SCOPE_ALL, bundle.scope_of(self.client.device_id)):
            return BundleFault.WRONG_SCOPE
        if manifest.number < highest:
            return BundleFault.ROLLBACK
        if manifest.number == highest and self._other(manifest):
            return BundleFault.NUMBER_REUSED
        if manifest.issued > now + FUTURE:
            return BundleFault.FROM_THE_FUTURE
        if manifest.accept_until <= now:
            return BundleFault.EXPIRED
        if _parts(manifest.min_client) > _parts(self.version):
            return BundleFault.CLIENT_TOO_OLD
        return None

    def _other(self, manifest: Manifest) -> bool:
        number, _, kept = (self.store.meta.get(_DIGEST) or "").partition(" ")
        return number == str(manifest.number) and kept != bundle.digest(manifest)

    def _remember(self, manifest: Manifest, etag: str) -> None:
        """What is in force, in words of its manifest. With the number: what is remembered may be
        the bundle's before, and says nothing about this one then."""
        self.store.meta.set(_DIGEST, f"{manifest.number} {bundle.digest(manifest)}")
        self.store.meta.set(_ETAG, etag)

    def _ask_keys(self) -> bool:
        """Whether newer keys came; that nothing did is no fault: nothing then is trusted more."""
        answer = self.client.get("/v1/policy/keys", limit=rings.MAX_ANSWER)
        told = codec.decode(answer.body, KeyRings) if isinstance(answer, Ok) else None
        return told is not None and self.trust.learn(rings.envelopes(told))

    # --- what ---

    def _fetch(self, manifest: Manifest, etag: str) -> Pull:
        if self._hopeless is not None and self._hopeless[0] == bundle.digest(manifest):
            return NotTaken(manifest.number, self._hopeless[1])
        current = self.store.policy.current()
        have = 0 if current is None or manifest.number == self._whole_only else current.number
        policy, way = bundle.find_policy(manifest), bundle.plan(manifest, have)
        if isinstance(policy, BundleFault):
            return self._refuse(manifest.number, policy)
        if isinstance(way, BundleFault):
            return self._refuse(manifest.number, way)
        wanted = (policy, *way.files)
        self._fetching.keep_only(wanted)
        paths: dict[str, Path] = {}
        for file in wanted:
            got = self._fetching.step(file)
            if isinstance(got, BundleFault):
                return self._refuse(manifest.number, got)
            if not isinstance(got, Path):
                return got
            paths[file.sha256] = got
        return self._put_in_force(manifest, etag, policy, way, paths)

    def _put_in_force(
        self,
        manifest: Manifest,
        etag: str,
        policy: BundleFile,
        way: Plan,
        paths: Mapping[str, Path],
    ) -> Pull:
        try:
            with paths[policy.sha256].open("rb") as stream:
                content = bundle.read_policy(stream, policy, manifest.number)
            if way.base:
                self._apply(manifest, content, way, paths)
            else:
                self._install(manifest, content, way, paths)
        except Broken as broken:
            self._fetching.keep_only(())
            return self._not_so(manifest, way, broken.fault)
        except ValueError:
            return self._not_so(manifest, way, BundleFault.WRONG_BASE)
        self._remember(manifest, etag)
        self._fetching.keep_only(())
        self._refusals.over()
        _LOG.info("policy bundle %d is in force", manifest.number)
        return Installed(manifest.number)

    def _not_so(self, manifest: Manifest, way: Plan, fault: BundleFault) -> Pull:
        """Deltas that do not fit are not the end: the whole may still be good."""
        refused = self._refuse(manifest.number, fault)
        if way.base:
            self._whole_only = manifest.number
            return More()
        self._hopeless = bundle.digest(manifest), fault
        return refused

    def _install(
        self, manifest: Manifest, content: PolicyContent, way: Plan, paths: Mapping[str, Path]
    ) -> None:
        with ExitStack() as files:
            self.store.policy.install(
                number=manifest.number,
                previous=manifest.previous,
                tenant=manifest.tenant,
                scope=manifest.scope,
                issued=manifest.issued,
                warn_after=manifest.warn_after,
                accept_until=manifest.accept_until,
                content=content,
                authorisations=_puts(_read(way, paths, files)),
            )

    def _apply(
        self, manifest: Manifest, content: PolicyContent, way: Plan, paths: Mapping[str, Path]
    ) -> None:
        with ExitStack() as files:
            self.store.policy.apply(
                number=manifest.number,
                previous=manifest.previous,
                tenant=manifest.tenant,
                scope=manifest.scope,
                issued=manifest.issued,
                warn_after=manifest.warn_after,
                accept_until=manifest.accept_until,
                content=content,
                puts=_puts(_read(way, paths, files)),
                removes=_removes(_read(way, paths, files)),
                base=way.base,
            )

    def _refuse(self, number: int, fault: BundleFault) -> NotTaken:
        self._refusals.tell(number, fault)
        return NotTaken(number, fault)


def _read(way: Plan, paths: Mapping[str, Path], files: ExitStack) -> Iterator[Change]:
    """All files of the way laid over each other; they stay open as long as `files`."""
    opened = [(files.enter_context(paths[file.sha256].open("rb")), file) for file in way.files]
    return lines.laid_over(lines.changes(stream, file) for stream, file in opened)


def _puts(changes: Iterator[Change]) -> Iterator[Authorisation]:
    return (change.put for change in changes if change.put is not None)


def _removes(changes: Iterator[Change]) -> Iterator[str]:
    return (change.remove for change in changes if change.put is None)


def _parts(version: str) -> tuple[int, ...]:
    """A version for comparing: its leading numbers."""
    numbers: list[int] = []
    for part in version.split(".")[:4]:
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits[:9]))
    return tuple(numbers)
