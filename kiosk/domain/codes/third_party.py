"""Other networks' return codes: opaque secrets that fit a configured form."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ThirdPartyForm:
    """What the codes of one network look like. `identifiers` are the symbology identifiers
    (ISO/IEC 15424) that its codes come in; empty for any."""

    name: str
    pattern: str
    identifiers: tuple[str, ...] = ()


def fingerprint(form: str, secret: bytes, pepper: bytes = b"") -> str:
    """What an authorisation keeps of such a code: HMAC-SHA256 in hex, keyed with `pepper`."""
    return hmac.new(pepper, form.encode() + b"\0" + secret, hashlib.sha256).hexdigest()
