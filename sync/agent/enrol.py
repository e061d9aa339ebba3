"""Becoming a kiosk of somebody: a one-time code against an identity, the key made in place.

Two files in the data directory: `device.key` (the 32-byte Ed25519 seed in hex, mode 0600; it
never leaves) and `identity.toml` (what the centre answered). The key is kept before the centre is
asked, so that a lost reply is mended by asking again with the same code.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from kiosk import __version__
from kiosk.ports import Clock, Ids
from kiosk.seal.keys import SigningKey
from kiosk.store import StoreFailed, device_key
from kiosk.store.device_key import KEY_FILE as KEY_FILE
from kiosk.store.directory import make_directory
from kiosk.store.placing import put
from sync.agent.client import MAX_ANSWER, Busy, Ok, Refused, exchange
from sync.agent.secure import Tls
from sync.agent.secure import session as session_for
from sync.wire import codec
from sync.wire.messages import Enrol, Enrolled

IDENTITY_FILE = "identity.toml"
TIMEOUT_S = 15.0
NO_TLS = Tls()


class EnrolFault(StrEnum):
    """Why there is no identity."""

    CODE_REFUSED = "code_refused"  # unknown, used or older than ten minutes
    TOO_MANY_TRIES = "too_many_tries"
    CENTRE_AWAY = "centre_away"
    ALREADY_ENROLLED = "already_enrolled"
    NOT_ENROLLED = "not_enrolled"
    UNREADABLE = "unreadable"  # a file is damaged
    SEALED = "sealed"  # the device key is encrypted, and the store's key is not to be had


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this kiosk is. `bundle_keys` are raw Ed25519 public keys by name."""

    centre_url: str
    device_id: str
    tenant: str
    site: str
    kiosk_code: str
    bundle_keys: Mapping[str, bytes]
    key: SigningKey


class _File(msgspec.Struct, frozen=True, kw_only=True):
    centre_url: str
    device_id: str
    tenant: str
    site: str
    kiosk_code: str
    bundle_keys: dict[str, str]


def enrol(
    url: str, code: str, data_dir: Path, clock: Clock, ids: Ids, tls: Tls = NO_TLS
) -> Identity | EnrolFault:
    """Trade a one-time code for an identity. Raises OSError where `data_dir` cannot be written."""
    make_directory(data_dir)
    if (data_dir / IDENTITY_FILE).exists():
        return EnrolFault.ALREADY_ENROLLED
    key = _own_key(data_dir, ids)
    if isinstance(key, EnrolFault):
        return key
    ask = Enrol(
        code=code.strip(),
        public_key=key.public.hex(),
        proof=key.sign(code.strip().encode()).hex(),
        version=__version__,
    )
    told = _ask(url.rstrip("/"), ask, clock, tls)
    if isinstance(told, EnrolFault):
        return told
    put(data_dir / IDENTITY_FILE, _toml(url.rstrip("/"), told), 0o644)
    return load_identity(data_dir)


def load_identity(data_dir: Path) -> Identity | EnrolFault:
    """The identity that `enrol` left here."""
    try:
        told = msgspec.convert(
            tomllib.loads((data_dir / IDENTITY_FILE).read_text("utf-8")), type=_File
        )
        seed = device_key.read(data_dir)
        return Identity(
            centre_url=told.centre_url,
            device_id=told.device_id,
            tenant=told.tenant,
            site=told.site,
            kiosk_code=told.kiosk_code,
            bundle_keys={kid: bytes.fromhex(key) for kid, key in told.bundle_keys.items()},
            key=SigningKey(told.device_id, seed),
        )
    except FileNotFoundError:
        return EnrolFault.NOT_ENROLLED
    except StoreFailed:
        return EnrolFault.SEALED
    except (OSError, ValueError, msgspec.ValidationError):
        return EnrolFault.UNREADABLE


def _own_key(data_dir: Path, ids: Ids) -> SigningKey | EnrolFault:
    """The key of an earlier try, or a new one. Never overwritten: it may already be known."""
    try:
        if not (data_dir / KEY_FILE).exists():
            device_key.write(data_dir, ids.token(256).to_bytes(32), ids)
    except StoreFailed:
        return EnrolFault.SEALED
    try:
        return SigningKey("", device_key.read(data_dir))
    except StoreFailed:
        return EnrolFault.SEALED
    except (OSError, ValueError):
        return EnrolFault.UNREADABLE


def _ask(url: str, ask: Enrol, clock: Clock, tls: Tls) -> Enrolled | EnrolFault:
    headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
    with session_for(tls) as session:
        answer = exchange(
            session,
            "POST",
            f"{url}/v1/enrol",
            codec.encode(ask),
            headers,
            clock,
            TIMEOUT_S,
            MAX_ANSWER,
        )
    match answer:
        case Ok():
            return codec.decode(answer.body, Enrolled) or EnrolFault.CENTRE_AWAY
        case Busy(status=429):
            return EnrolFault.TOO_MANY_TRIES
        case Refused(status=403):
            return EnrolFault.CODE_REFUSED
        case _:
            return EnrolFault.CENTRE_AWAY


def _toml(url: str, told: Enrolled) -> bytes:
    # JSON strings without escapes beyond ASCII control are TOML basic strings as they stand.
    lines = [
        f"{name} = {json.dumps(value, ensure_ascii=False)}"
        for name, value in (
            ("centre_url", url),
            ("device_id", told.device_id),
            ("tenant", told.tenant),
            ("site", told.site),
            ("kiosk_code", told.kiosk_code),
        )
    ]
    lines += ["", "[bundle_keys]"]
    lines += [f"{json.dumps(kid)} = {json.dumps(key)}" for kid, key in told.bundle_keys.items()]
    return ("\n".join(lines) + "\n").encode()
