"""Policy bundles: files of gzipped JSON, named by their hash in one signed manifest.

The signature covers the manifest, the manifest covers the files (DSSE envelope round a
Manifest; see kiosk.seal.envelope). Everything read here is bounded before it is interpreted.
Which authorisation files a kiosk needs depends on what it has: `plan`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from kiosk.domain.policy.bundle import PolicyContent
from kiosk.seal import envelope
from kiosk.seal.keys import SigningKey
from sync.wire import codec, lines
from sync.wire.faults import Broken, BundleFault
from sync.wire.messages import BundleFile, Manifest

PAYLOAD_TYPE = "application/vnd.takeback.policy-manifest.v1+json"
POLICY = "policy"
AUTHORISATIONS = "authorisations"
FULL, BASE, DELTA = "full", "base", "delta"
SCOPE_ALL = "all"
MAX_ENVELOPE = 64 << 10
MAX_FILES = 200
MAX_PACKED = {POLICY: 8 << 20, AUTHORISATIONS: 4 << 30}
MAX_POLICY = 8 << 20
MAX_NUMBER = 1 << 53
MAX_RULE_DEPTH = 32

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def scope_of(device_id: str) -> str:
    """The scope of a bundle for one kiosk only."""
    return f"device/{device_id}"


def seal(manifest: Manifest, *signers: SigningKey) -> bytes:
    """The envelope. Two signers while keys are changed: whoever trusts one of them opens it."""
    return envelope.seal_by(codec.encode(manifest), PAYLOAD_TYPE, signers)


def digest(manifest: Manifest) -> str:
    """What tells two bundles of one number apart, whoever signed them."""
    return hashlib.sha256(codec.encode(manifest)).hexdigest()


def open_manifest(data: bytes, keys: Mapping[str, bytes]) -> Manifest | BundleFault:
    """The manifest of a signed envelope, only after its signature held against `keys`."""
    if len(data) > MAX_ENVELOPE:
        return BundleFault.TOO_LARGE
    match envelope.open(data, PAYLOAD_TYPE, keys):
        case bytes() as payload:
            return _read(payload)
        case envelope.Fault.BAD_SIGNATURE:
            return BundleFault.BAD_SIGNATURE
        case envelope.Fault.UNKNOWN_KEY:
            return BundleFault.UNKNOWN_KEY
        case _:
            return BundleFault.UNREADABLE


def _read(payload: bytes) -> Manifest | BundleFault:
    manifest = codec.decode(payload, Manifest)
    if manifest is None:
        return BundleFault.UNREADABLE
    return _malformed(manifest) or manifest


def _malformed(manifest: Manifest) -> BundleFault | None:
    """What no centre of ours would sign, though its key did."""
    times = (manifest.issued, manifest.warn_after, manifest.accept_until)
    if any(time.tzinfo is None for time in times) or manifest.issued > min(times[1:]):
        return BundleFault.UNREADABLE
    if not 0 <= manifest.previous < manifest.number < MAX_NUMBER:
        return BundleFault.UNREADABLE
    if len(manifest.files) > MAX_FILES:
        return BundleFault.TOO_LARGE
    named: set[tuple[str, str, int]] = set()
    for file in manifest.files:
        if not _NAME.fullmatch(file.name) or not _SHA256.fullmatch(file.sha256):
            return BundleFault.BAD_NAME
        if min(file.size, file.unpacked, file.rows, file.base, file.at) < 0:
            return BundleFault.UNREADABLE
        whole = "" if file.kind == DELTA else file.kind
        if (mark := (file.name, whole, file.base)) in named:
            return BundleFault.NAMED_TWICE
        named.add(mark)
    return None


def find_policy(manifest: Manifest) -> BundleFile | BundleFault:
    for file in manifest.files:
        if file.name == POLICY and file.kind == FULL:
            return _bounded(file)
    return BundleFault.INCOMPLETE


def _bounded(file: BundleFile) -> BundleFile | BundleFault:
    if file.size > MAX_PACKED[file.name]:
        return BundleFault.TOO_LARGE
    limit = MAX_POLICY if file.name == POLICY else lines.MAX_UNPACKED
    if file.unpacked > min(limit, lines.most_unpacked(file.size)) or file.rows > lines.MAX_ROWS:
        return BundleFault.BOMB
    return file


@dataclass(frozen=True, slots=True)
class Plan:
    """Files to lay one over the other, oldest first: on bundle `base`, or on nothing where 0."""

    base: int
    files: tuple[BundleFile, ...]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


def plan(manifest: Manifest, have: int) -> Plan | BundleFault:
    """The cheaper way from bundle `have` (0 for none) to this one."""
    files = [file for file in manifest.files if file.name == AUTHORISATIONS]
    deltas = {file.base: file for file in files if file.kind == DELTA}
    if any(not file.base < file.at <= manifest.number for file in deltas.values()):
        return BundleFault.WRONG_BASE
    ways: list[Plan] = []
    for file in files:
        if file.kind in (FULL, BASE):
            at = manifest.number if file.kind == FULL else file.at
            onward = _onward(deltas, at, manifest.number)
            if onward is not None:
                ways.append(Plan(0, (file, *onward)))
    if have:
        chain = _onward(deltas, have, manifest.number)
        if chain:
            ways.append(Plan(have, chain))
    if not ways:
        return BundleFault.WRONG_BASE if files else BundleFault.INCOMPLETE
    best = min(ways, key=lambda way: way.size)
    for file in best.files:
        if isinstance(bad := _bounded(file), BundleFault):
            return bad
    return best


def _onward(
    deltas: Mapping[int, BundleFile], at: int, number: int
) -> tuple[BundleFile, ...] | None:
    found = []
    while at != number:
        if at not in deltas:
            return None
        found.append(deltas[at])
        at = deltas[at].at
    return tuple(found)


def read_policy(stream: BinaryIO, file: BundleFile, number: int) -> PolicyContent:
    """Raises Broken where it is not the content of bundle `number`."""
    text = b"".join(lines.inflate(stream, file, MAX_POLICY))
    content = codec.decode(text, PolicyContent)
    if content is None or content.number != number:
        raise Broken(BundleFault.BOMB if codec.nests(text) else BundleFault.UNREADABLE)
    if not codec.depth(content.looks, MAX_RULE_DEPTH):
        raise Broken(BundleFault.BOMB)
    for specs in content.rules.values():
        if not all(codec.depth(spec, MAX_RULE_DEPTH) for spec in specs):
            raise Broken(BundleFault.BOMB)
    return content
