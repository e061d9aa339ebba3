"""What a policy bundle's files carry, as values; `sync.wire` and `kiosk.store` (de)serialise them.

File "policy": one JSON object of PolicyContent. File "authorisations": JSON lines, one
kiosk.domain.returns.Authorisation each. Both gzipped.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kiosk.domain.codes.third_party import ThirdPartyForm
from kiosk.domain.returns import Merchant


@dataclass(frozen=True, slots=True)
class CodeKey:
    """A merchant's key for signed return codes. `public` is the raw Ed25519 key in hex."""

    kid: str
    public: str
    merchant_id: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class PolicyContent:
    """Rules, merchants and keys of one numbered bundle.

    `rules` maps a merchant id to its rule specifications (see kiosk.domain.policy.rules.build).
    `audience` is what a signed code's `aud` claim must name. `revoked_codes` are `cti` values and
    fingerprints. `third_party` says which other networks' codes may name a return here;
    `code_pepper` (hex) goes into their fingerprints, so that those of two tenants never agree.
    `looks` maps a merchant id to what kiosk.domain.look.read understands, as far as it is good.
    """

    number: int
    audience: str
    merchants: tuple[Merchant, ...]
    rules: dict[str, tuple[dict[str, Any], ...]]
    code_keys: tuple[CodeKey, ...]
    revoked_codes: tuple[str, ...] = ()
    third_party: tuple[ThirdPartyForm, ...] = ()
    code_pepper: str = ""
    looks: dict[str, dict[str, Any]] = field(default_factory=dict)
