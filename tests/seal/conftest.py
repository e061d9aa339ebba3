"""Keys and moments of the seal's tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kiosk.domain.codes import parse
from kiosk.domain.codes.model import SignedReturn
from kiosk.domain.policy.bundle import CodeKey
from kiosk.seal import codes
from kiosk.seal.keys import SigningKey


@dataclass(frozen=True)
class Merchant:
    """A merchant that signs codes, and the kiosk's pinned view of its key."""

    key: SigningKey
    pinned: CodeKey
    claims: codes.ReturnClaims
    now: datetime

    def code(self, **changes: Any) -> bytes:
        """The envelope of a code with these claims changed."""
        text = codes.issue(replace(self.claims, **changes), self.key)
        found = parse(text, text.encode(), "]Q1")
        assert isinstance(found, SignedReturn)
        return found.cose

    def verify(self, data: bytes, **changes: Any) -> codes.ReturnClaims | Any:
        given = {
            "code_keys": [self.pinned],
            "audience": "network-1",
            "now": self.now,
            **changes,
        }
        return codes.verify(data, **given)


@pytest.fixture(scope="session")
def merchant() -> Merchant:
    now = datetime(2025, 3, 10, 12, tzinfo=UTC)
    key = SigningKey("m1-2025", bytes(range(32)))
    pinned = CodeKey(
        kid=key.kid,
        public=key.public.hex(),
        merchant_id="M-1",
        not_before=now - timedelta(days=90),
        not_after=now + timedelta(days=90),
    )
    claims = codes.ReturnClaims(
        issuer="M-1",
        audience="network-1",
        issued_at=now - timedelta(days=1),
        expires_at=now + timedelta(days=30),
        code_id="c-1",
        return_id="R-1",
    )
    return Merchant(key, pinned, claims, now)
