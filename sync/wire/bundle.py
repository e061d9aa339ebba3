"""Policy bundles: files of gzipped JSON, named by their hash in one signed manifest.

The signature covers the manifest, the manifest covers the files (DSSE envelope round a
Manifest; see kiosk.seal.envelope). Everything read here is bounded before it is interpreted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from kiosk.domain.policy.bundle import PolicyContent
from kiosk.domain.returns import Authorisation
from kiosk.seal import envelope
from kiosk.seal.keys import SigningKey
from sync.wire import codec
from sync.wire.messages import BundleFile, Manifest

PAYLOAD_TYPE = "application/vnd.takeback.policy-manifest.v1+json"
POLICY = "policy"
AUTHORISATIONS = "authorisations"
MAX_ENVELOPE = 64 << 10
MAX_PACKED = 64 << 20
MAX_POLICY = 8 << 20
MAX_AUTHORISATIONS = 512 << 20


class BundleFault(StrEnum):
    """Why an offered bundle is not taken; the words that PolicyRejected carries as its cause."""

    BAD_SIGNATURE = "bad_signature"
    UNREADABLE = "unreadable"
    WRONG_TENANT = "wrong_tenant"
    WRONG_SCOPE = "wrong_scope"
    ROLLBACK = "rollback"
    EXPIRED = "expired"
    CLIENT_TOO_OLD = "client_too_old"
    INCOMPLETE = "incomplete"  # a file the kiosk needs is not named
    TOO_LARGE = "too_large"
    WRONG_HASH = "wrong_hash"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle ready to be published: the signed manifest and its files by hash."""

    manifest: Manifest
    envelope: bytes
    files: Mapping[str, bytes]


def file_of(name: str, data: bytes) -> BundleFile:
    return BundleFile(name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest())


def pack_policy(content: PolicyContent) -> bytes:
    return codec.pack(codec.encode(content))


def pack_authorisations(authorisations: Iterable[Authorisation]) -> bytes:
    """JSON lines in the order given; the caller sorts for a stable hash."""
    return codec.pack(b"".join(codec.encode(a) + b"\n" for a in authorisations))


def build(
    manifest: Manifest,
    content: PolicyContent,
    authorisations: Iterable[Authorisation],
    key: SigningKey,
) -> Bundle:
    """Sign `manifest` with its `files` replaced by the packed content."""
    packed = {
        POLICY: pack_policy(content),
        AUTHORISATIONS: pack_authorisations(authorisations),
    }
    files = tuple(file_of(name, data) for name, data in packed.items())
    whole = msgspec.structs.replace(manifest, files=files)
    return Bundle(
        manifest=whole,
        envelope=envelope.seal(codec.encode(whole), PAYLOAD_TYPE, key),
        files={file.sha256: packed[file.name] for file in files},
    )


def open_manifest(data: bytes, keys: Mapping[str, bytes]) -> Manifest | BundleFault:
    """The manifest of a signed envelope, only after its signature held against pinned `keys`."""
    if len(data) > MAX_ENVELOPE:
        return BundleFault.TOO_LARGE
    payload = envelope.open(data, PAYLOAD_TYPE, keys)
    if not isinstance(payload, bytes):
        return BundleFault.BAD_SIGNATURE
    return codec.decode(payload, Manifest) or BundleFault.UNREADABLE


def find_file(manifest: Manifest, name: str) -> BundleFile | BundleFault:
    for file in manifest.files:
        if file.name == name and file.kind == "full":
            return BundleFault.TOO_LARGE if file.size > MAX_PACKED else file
    return BundleFault.INCOMPLETE


def matches(file: BundleFile, data: bytes) -> bool:
    """Whether these are the very bytes that the manifest names."""
    return len(data) == file.size and hashlib.sha256(data).hexdigest() == file.sha256


def read_policy(data: bytes) -> PolicyContent | BundleFault:
    text = codec.unpack(data, MAX_POLICY)
    if text is None:
        return BundleFault.UNREADABLE
    return codec.decode(text, PolicyContent) or BundleFault.UNREADABLE


def read_authorisations(data: bytes) -> tuple[Authorisation, ...] | BundleFault:
    text = codec.unpack(data, MAX_AUTHORISATIONS)
    if text is None:
        return BundleFault.UNREADABLE
    decoder = msgspec.json.Decoder(Authorisation)
    try:
        return tuple(decoder.decode(line) for line in text.splitlines() if line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return BundleFault.UNREADABLE
